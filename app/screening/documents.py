"""The papers of intake and screening: the book of entries received, and the minutes on what was checked."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.contests.models import BoardMember, Contest
from app.core.db import db
from app.core.errors import Refused
from app.core.vietnamese import official_date, short_date, to_local
from app.documents import contexts
from app.documents import queries as papers
from app.documents.services import Drawn, draws
from app.entries.models import Entry
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.screening.models import Check
from workflows import CONTEST
from workflows.spec import N_, Refusal

SECRETARIES = "Tổ Thư ký cuộc thi"
ORGANISERS = "Ban Tổ chức cuộc thi"
ORGANISERS_ISSUER = "BTC"
SIGNER = "chairman"
NOTHING_RECEIVED = Refusal("nothing_received", N_("Chưa có hồ sơ nào được nộp."))
NOTHING_CHECKED = Refusal("nothing_checked", N_("Chưa có hồ sơ nào được kiểm tra."))
MARKS = {"passed": "Đ", "failed": "K", "missing": "T", None: "–"}
CONCLUSIONS = {
    "submitted": "Chờ kiểm tra",
    "returned": "Chờ bổ sung",
    "rejected": "Không hợp lệ",
    "withdrawn": "Đã rút",
}
VALID = "Hợp lệ"
BOARDS = {"organising": "Ban Tổ chức", "secretariat": "Tổ Thư ký"}


# --- the book -----------------------------------------------------------------------------------------------------
@draws("intake_book", CONTEST)
def intake_book(contest: Contest, *, now: datetime) -> Drawn:
    """Every entry that was handed in, in the order of time. Raises Refused before the first one."""
    entries = _received(contest)
    if not entries:
        raise Refused(NOTHING_RECEIVED)
    host = _host(contest)
    days = [short_date(to_local(entry.submitted_at).date()) for entry in (entries[0], entries[-1])]
    secretaries = _members(contest, "secretariat")
    subject = contest.title
    context = contexts.frame("intake_book", host, now=now, body=SECRETARIES) | {
        "subject": subject,
        "span_text": f"Từ ngày {days[0]} đến ngày {days[1]} nhận {len(entries):02} hồ sơ",
        "rows": _book_rows(contest, entries),
        "left_signature": _by_hand(secretaries[-1:], host, "NGƯỜI GHI SỔ"),
        "signature": _by_hand(secretaries[:1], host, "TỔ TRƯỞNG TỔ THƯ KÝ"),
    }
    return Drawn(context, f"Sổ tiếp nhận hồ sơ {subject}", contest.id, host.id, signer_role="")


def _received(contest: Contest) -> list[Entry]:
    query = select(Entry).where(Entry.contest_id == contest.id, Entry.submitted_at.is_not(None))
    query = query.options(joinedload(Entry.unit), selectinload(Entry.files))
    return list(db.session.scalars(query.order_by(Entry.submitted_at, Entry.id)))


def _book_rows(contest: Contest, entries: list[Entry]) -> list[dict[str, str]]:
    people = select(User.id, User.full_name).where(User.id.in_({entry.created_by_id for entry in entries}))
    names = dict(tuple(row) for row in db.session.execute(people))
    reply_by = contest.screening_due_at
    answer = short_date(to_local(reply_by).date()) if reply_by else "–"
    return [
        {
            "stt": str(number),
            "received_text": _moment(entry.submitted_at),
            "code": entry.code,
            "submitter": f"{names[entry.created_by_id]}, {entry.unit.name}",
            "title": entry.title,
            "parts": f"Đơn, bản mô tả, {len(entry.files):02} tệp minh chứng",
            "reply_by_text": answer,
            "receiver": "Hệ thống",
        }
        | ({"note": CONCLUSIONS[entry.state]} if entry.state in ("rejected", "withdrawn") else {})
        for number, entry in enumerate(entries, 1)
    ]


def _moment(at: datetime) -> str:
    local = to_local(at)
    return f"{local:%H} giờ {local:%M}, {short_date(local.date())}"


def _by_hand(members: list[BoardMember], host: Organisation, title: str) -> dict[str, Any]:
    name = members[0].full_name if members else host.short_name
    return contexts.block(name, title, note="(Ký, ghi rõ họ tên)")


# --- the minutes --------------------------------------------------------------------------------------------------
@draws("screening_record", CONTEST)
def screening_record(contest: Contest, *, now: datetime) -> Drawn:
    """What was found of every entry. The work lasted from the first answer to the last. Raises Refused before."""
    checks = _checks(contest)
    if not checks:
        raise Refused(NOTHING_CHECKED)
    host = _host(contest)
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    secretary = next(iter(_members(contest, "secretariat")), None)
    subject = f"Sơ loại hồ sơ {_in_sentence(contest)}"
    context = contexts.frame(
        "screening_record",
        host,
        now=now,
        body=ORGANISERS,
        signatory=signatory,
        recipients=f"{ORGANISERS}\nBan Giám khảo cuộc thi",
        archive_line="VT, hồ sơ cuộc thi",
    )
    context |= {
        "subject": subject,
        "started_text": _when(min(check.checked_at for check in checks)),
        "ended_text": _when(max(check.checked_at for check in checks)),
        "place": f"Trụ sở {host.name}",
        "chair": f"{signatory.full_name}, {signatory.title}" if signatory else ORGANISERS,
        "secretary": _with_seat(secretary) if secretary else SECRETARIES,
        "present": _present(contest),
        "left_signature": contexts.block(secretary.full_name if secretary else host.short_name, "THƯ KÝ"),
        "signature": contexts.block(signatory.full_name if signatory else host.short_name, "CHỦ TRÌ"),
    }
    context |= _findings(contest, checks) | _plan_basis(contest)
    return Drawn(context, subject, contest.id, host.id, issuer=ORGANISERS_ISSUER, signer_role=SIGNER)


def _checks(contest: Contest) -> list[Check]:
    query = select(Check).join(Entry, Entry.id == Check.entry_id).where(Entry.contest_id == contest.id)
    return list(db.session.scalars(query.order_by(Check.id)))


def _findings(contest: Contest, checks: list[Check]) -> dict[str, Any]:
    answers = {(check.entry_id, check.item_id): check for check in checks}
    entries = _received(contest)
    concluded = [CONCLUSIONS.get(entry.state, VALID) for entry in entries]
    counts = "; ".join(
        f"{words[:1].lower()}{words[1:]}: {concluded.count(words):02}"
        for words in (VALID, *CONCLUSIONS.values())
        if words in concluded
    )
    return {
        "questions": [item.text.rstrip(" .;?") for item in contest.checklist],
        "heads": [str(number) for number, _item in enumerate(contest.checklist, 1)],
        "results": [
            _finding(number, entry, [answers.get((entry.id, item.id)) for item in contest.checklist])
            for number, entry in enumerate(entries, 1)
        ],
        "conclusions": [
            f"Số hồ sơ đã nhận: {len(entries):02}; {counts}",
            "Chuyển các hồ sơ hợp lệ cho Ban Giám khảo chấm điểm",
        ],
    }


def _finding(number: int, entry: Entry, answers: list[Check | None]) -> dict[str, Any]:
    reasons = [answer.note for answer in answers if answer and answer.result != "passed" and answer.note]
    return {
        "stt": str(number),
        "code": entry.code,
        "title": entry.title,
        "marks": [MARKS[answer.result if answer else None] for answer in answers],
        "conclusion": CONCLUSIONS.get(entry.state, VALID),
    } | ({"reason": "; ".join(reasons)} if reasons else {})


def _present(contest: Contest) -> list[dict[str, str]]:
    there = [*_members(contest, "organising"), *_members(contest, "secretariat")]
    return [
        {
            "stt": str(number),
            "honorific_name": f"{member.honorific} {member.full_name}".strip(),
            "role": f"{member.seat} {BOARDS[member.board]}",
        }
        for number, member in enumerate(there, 1)
    ]


def _with_seat(member: BoardMember) -> str:
    return f"{member.honorific} {member.full_name}, {member.seat} {BOARDS[member.board]}".strip()


def _plan_basis(contest: Contest) -> dict[str, list[str]]:
    plan = papers.paper_of("plan", contest_id=contest.id)
    if plan is None or plan.issued_on is None:
        return {}
    return {"legal_bases": [f"Căn cứ {contexts.cited(plan)} về việc tổ chức {_in_sentence(contest)}"]}


# --- words --------------------------------------------------------------------------------------------------------
def _host(contest: Contest) -> Organisation:
    return db.session.get(Organisation, contest.organisation_id)


def _members(contest: Contest, board: str) -> list[BoardMember]:
    """The seats of a board, its head first."""
    seats = [member for member in contest.members if member.board == board]
    return sorted(seats, key=lambda member: not member.is_head)


def _in_sentence(contest: Contest) -> str:
    return f"{contest.title[:1].lower()}{contest.title[1:]}"


def _when(at: datetime) -> str:
    local = to_local(at)
    return f"{local:%H} giờ {local:%M} phút, {official_date(local.date())}"
