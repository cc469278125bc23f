"""A database of N entries for the benchmark, written in bulk: one contest in judging, three sent sheets an entry.

The rows are like real ones in length; the trail has no events for them, which no measured page asks for.
"""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert

from app.accounts.models import RoleGrant, User
from app.contests.models import BoardMember, ChecklistItem, Contest, ContestField, Criterion, Prize
from app.core.db import db, write_transaction
from app.core.vietnamese import fold
from app.entries.models import Entry, EntryAuthor, EntryFile, EntrySearch
from app.organisations.models import Organisation
from app.scoring.models import ScoreSheet
from app.screening.models import Check

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SINCE = date(2020, 1, 1)
UNITS, JUDGES, CHECKS = 8, 6, 5
CRITERIA = ((30, "novelty"), (30, "effect"), (25, "applicability"), (5, "feasibility"), (10, "presentation"))
WORDS = """
    cải cách thủ tục hành chính một cửa đường phố tổ dân phố hồ sơ trực tuyến người cao tuổi đăng ký khai sinh mã vạch
    nhắc hẹn đối chiếu dữ liệu niêm yết công khai đổi mới sáng tạo giảm thời gian chờ đợi giải quyết đúng hạn
    """.split()  # noqa: SIM905 - a text reads better than a list of fifty strings
CHUNK = 5_000
OPEN_STATES = ("submitted", "screened", "draft")
OPEN_EACH = 200
PEOPLE = {"office": 1, "head": 2, "judge": 3, "author": 9}
"""Who measures what, by the id of the account."""
CSRF_SECRET = "0" * 40
"""What the session cookie holds once a form was shown; each form carries it signed."""


def entry_code(n: int) -> str:
    """Code of the entry with this number."""
    return f"SK-2026-{n:06}"


def sheet_code(n: int) -> str:
    """Code of the first judge's sheet for the entry with this number."""
    return f"{entry_code(n)}-GK1"


def first_of(count: int) -> dict[str, int]:
    """The first of the `OPEN_EACH` entries of each state in which the measured acts begin."""
    return {state: count + 1 + place * OPEN_EACH for place, state in enumerate(OPEN_STATES)}


def build(count: int) -> None:
    """Fill an empty migrated database: `count` scored entries, and some more in the states acts begin in."""
    chance = random.Random(count)
    with write_transaction():
        _frame()
        _entries(count, chance)
        _open_entries(count, chance)


def _frame() -> None:
    add = db.session.execute
    add(insert(Organisation), [_organisation(n) for n in range(1, UNITS + 2)])
    add(insert(User), [_user(n) for n in range(1, JUDGES + 4)])
    roles = ["office", "head_of_jury", *["judge"] * JUDGES]
    add(insert(RoleGrant), [_grant(n + 1, role) for n, role in enumerate(roles)])
    contest = Contest(
        code="CT-2026", entry_prefix="SK-2026", organisation_id=1, year=2026, title="Cuộc thi sáng kiến",
        state="preparing", opens_at=NOW - timedelta(days=30), closes_at=NOW + timedelta(days=3650),
        tie_rules="criterion:novelty,criterion:effect,earlier_submission", created_at=NOW, budget=10**9,
    )  # fmt: skip
    db.session.add(contest)
    contest.fields = [ContestField(position=n, name=f"Lĩnh vực số {n}") for n in range(10)]
    contest.criteria = [
        Criterion(position=n, key=key, name=f"Tiêu chí {key}", max_score=Decimal(most), bands="27–30: rất tốt")
        for n, (most, key) in enumerate(CRITERIA)
    ]
    contest.prizes = [Prize(position=n, name=f"Giải {n}", slots=n + 1, amount=500_000) for n in range(4)]
    contest.checklist = [ChecklistItem(position=n, text=f"Câu hỏi kiểm tra {n}") for n in range(CHECKS)]
    contest.members = [
        BoardMember(board="jury", position=n, user_id=n + 2, full_name=f"Giám khảo {n}", seat="", is_head=n == 0)
        for n in range(JUDGES + 1)
    ]  # fmt: skip
    db.session.flush()


def set_contest_state(state: str) -> None:
    """Put the contest where the measured act needs it, past its life cycle: a benchmark's shortcut."""
    with write_transaction():
        db.session.execute(db.text("UPDATE contest SET state = :state"), {"state": state})


def _organisation(n: int) -> dict:
    unit = n > 1
    return {
        "id": n, "key": f"dv{n}", "kind": "unit" if unit else "authority", "name": f"Đơn vị số {n} của phường",
        "short_name": f"Đơn vị {n}", "letterhead": "ỦY BAN NHÂN DÂN\nPHƯỜNG", "symbol": "UBND", "place_name": "Phường",
        "parent_id": 1 if unit else None, "valid_from": SINCE,
    }  # fmt: skip


def _user(n: int) -> dict:
    return {
        "id": n, "username": f"u{n}", "full_name": f"Nguyễn Văn Số {n}", "password_hash": "-", "organisation_id": 1,
        "created_at": NOW,
    }  # fmt: skip


def _grant(user_id: int, role: str) -> dict:
    return {"user_id": user_id, "role": role, "organisation_id": 1, "contest_id": None, "valid_from": SINCE}


def _entries(count: int, chance: random.Random) -> None:
    for first in range(1, count + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, count + 1))
        _insert([_entry(n, chance, state="scored") for n in numbers], chance, sheets=True)


def _open_entries(count: int, chance: random.Random) -> None:
    """Entries on which acts are measured: checked and waiting for the office, with a sheet begun, complete drafts."""
    add = db.session.execute
    for state, first in first_of(count).items():
        rows = [_entry(n, chance, state=state) for n in range(first, first + OPEN_EACH)]
        _insert(rows, chance, sheets=False)
        add(insert(EntryFile.__table__), [_file(row) for row in rows])
        if state == "submitted":
            add(insert(Check.__table__), [_check(row, item) for row in rows for item in range(1, CHECKS + 1)])
        if state == "screened":
            add(insert(ScoreSheet.__table__), [_sheet(row, 1) for row in rows])


def _file(row: dict) -> dict:
    return {
        "entry_id": row["id"], "name": "ảnh minh chứng.png", "sha256": "0" * 64, "size": 1, "media_type": "image/png",
        "uploaded_by_id": 9, "uploaded_at": NOW,
    }  # fmt: skip


def _check(row: dict, item: int) -> dict:
    return {
        "entry_id": row["id"],
        "item_id": item,
        "result": "passed",
        "note": "",
        "checked_by_id": 1,
        "checked_at": NOW,
    }


def _entry(n: int, chance: random.Random, *, state: str) -> dict:
    mean = Decimal(chance.randrange(400_000, 950_000)).scaleb(-4)
    scored = state == "scored"
    return {
        "id": n, "contest_id": 1, "code": entry_code(n), "kind": "individual", "unit_id": 2 + n % UNITS,
        "field_id": 1 + n % 10, "created_by_id": 9, "created_at": NOW, "updated_at": NOW, "state": state, "version": 1,
        "title": " ".join(chance.choices(WORDS, k=14)).capitalize(), "first_applied_on": SINCE,
        "current_state": _text(chance),
        "solution": _text(chance), "applicability": _text(chance), "conditions": "", "benefit": _text(chance),
        "confidential": "", "confirmed_at": NOW, "confirmed_by": "Lê Văn An",
        "submitted_at": None if state == "draft" else NOW, "returned_parts": "", "return_reason": "",
        "sheets_open": 0 if scored else 1, "sheets_submitted": 3 if scored else 0,
        "score_mean": mean if scored else None, "score_min": Decimal(40) if scored else None,
        "score_max": Decimal(95) if scored else None,
        "spread_over_limit": False, "rank_key": f"{10**8 - int(mean * 10_000):09}-{n:09}" if scored else None,
        "tie_note": "", "upper_decision": "", "upper_reason": "",
    }  # fmt: skip


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=60)).capitalize() + "."


def _insert(rows: list[dict], chance: random.Random, *, sheets: bool) -> None:
    add = db.session.execute
    add(insert(Entry.__table__), rows)
    names = {row["id"]: f"Trần Thị {chance.choice(WORDS).capitalize()} {row['id'] % 97}" for row in rows}
    add(
        insert(EntryAuthor.__table__),
        [
            {
                "entry_id": entry_id, "position": 1, "user_id": 9, "full_name": name, "workplace": "Đơn vị",
                "share": Decimal(100),
            }
            for entry_id, name in names.items()
        ],
    )  # fmt: skip
    add(
        insert(EntrySearch.__table__),
        [
            {"entry_id": row["id"], "contest_id": 1, "folded": fold(f"{row['title']} {row['code']} {names[row['id']]}")}
            for row in rows
        ],
    )  # fmt: skip
    if sheets:
        _sheets(rows, chance)


def _sheets(rows: list[dict], chance: random.Random) -> None:
    """Three sent sheets an entry, of the judges after the first, who has those that are still open."""
    made = [_sheet(row, judge) for row in rows for judge in range(2, 5)]
    db.session.execute(insert(ScoreSheet.__table__), made)
    of_these = "WHERE score_sheet.id BETWEEN :first AND :last"
    for statement in (
        "INSERT INTO score_line SELECT score_sheet.id, criterion.id, max_score / 2, '' FROM score_sheet, criterion",
        "UPDATE score_sheet SET state = 'submitted', total = 5000, submitted_at = assigned_at",
    ):
        text = db.text(f"{statement} {of_these}")
        db.session.execute(text, {"first": made[0]["id"], "last": made[-1]["id"]})


def _sheet(row: dict, judge: int) -> dict:
    """A sheet that the judge has begun."""
    return {
        "id": row["id"] * 10 + judge, "code": f"{row['code']}-GK{judge}", "contest_id": 1, "entry_id": row["id"],
        "judge_id": 2 + judge, "total": None, "comment": "", "assigned_at": NOW, "state": "draft", "version": 1,
        "submitted_at": None,
    }  # fmt: skip
