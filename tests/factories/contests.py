"""Contests for tests: a ward with its people, and a season set up through the services."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app import flow
from app.accounts.actor import Actor
from app.accounts.models import User
from app.contests import services
from app.contests.defaults import DEFAULTS
from app.contests.models import Contest
from app.core import ids
from app.core.db import db
from app.documents.models import Document
from app.organisations.models import Organisation
from tests.conftest import NOW
from tests.factories.people import actor_of, make_organisation, make_user
from workflows.spec import Role


@dataclass
class Ward:
    """An organisation that holds contests, a council above it, two units, and everybody's accounts."""

    host: Organisation
    council: Organisation
    units: list[Organisation]
    office: User
    secretary: User
    head: User
    chairman: User
    clerk: User
    unit_contact: User
    judges: list[User] = field(default_factory=list)

    @property
    def office_actor(self) -> Actor:
        """The office as services get it."""
        return actor_of(self.office)


def make_ward(key: str = "phuong", judges: int = 3) -> Ward:
    """A ward whose people hold their offices for all its contests; secretary, head and judges hold nothing yet."""
    host = make_organisation(key)
    council = make_organisation(f"{key}_hoi_dong", kind="council")
    units = [
        make_organisation(f"{key}_don_vi_{n}", kind="unit", parent=host, name=f"Phòng số {n} phường {key}")
        for n in (1, 2)
    ]
    return Ward(
        host,
        council,
        units,
        office=make_user(f"{key}.vanphong", Role.OFFICE, at=host, full_name="Nguyễn Thị Thanh Huyền"),
        secretary=make_user(f"{key}.thuky", home=host, full_name="Hoàng Thị Diệu Linh"),
        head=make_user(f"{key}.truongban", home=host, full_name="Võ Minh Đức"),
        chairman=make_user(f"{key}.chutich", Role.CHAIRMAN, at=host, full_name="Nguyễn Công Lộc"),
        clerk=make_user(f"{key}.vanthu", Role.CLERK, at=host, full_name="Bùi Thị Ngọc"),
        unit_contact=make_user(f"{key}.donvi", Role.UNIT, at=units[0], full_name="Lê Đình Khải"),
        judges=[make_user(f"{key}.giamkhao{n}", home=host, full_name=f"Phan Văn Thắng {n}") for n in range(judges)],
    )


def make_contest(ward: Ward | None = None, *, now: datetime = NOW, complete: bool = True, **values) -> Contest:
    """A contest in preparation of the ward (a new one by default); everything set up unless `complete` is false.

    `values` replace what the set-up puts in: columns and lists of `app.contests.setup`.
    """
    ward = ward or make_ward()
    title = values.pop("title", "Cuộc thi “Sáng kiến, giải pháp cải cách hành chính năm 2026”")
    contest = services.create_contest(
        ward.office_actor, ward.host, year=values.pop("year", now.year), title=title, now=now
    )
    if complete:
        services.edit(contest, ward.office_actor, setup_values(ward, contest, now) | values, now=now)
    elif values:
        services.edit(contest, ward.office_actor, values, now=now)
    return contest


def setup_values(ward: Ward, contest: Contest, now: datetime = NOW) -> dict:
    """Values of every part: entries are taken from tomorrow for thirty days."""
    values: dict = {}
    for part in ("linh-vuc", "tieu-chi", "danh-muc"):
        values |= DEFAULTS[part](contest)
    return (
        values
        | plan_values()
        | date_values(now)
        | {
            "budget": 10_000_000,
            "budget_text": "Ngân sách phường năm 2026",
            "prizes": [
                {"name": "Giải Nhất", "slots": 1, "amount": 2_000_000},
                {"name": "Giải Nhì", "slots": 2, "amount": 1_500_000},
                {"name": "Giải Khuyến khích", "slots": 4, "amount": 500_000},
            ],
            "legal_bases": [{"text": "Kế hoạch số 12/KH-UBND ngày 30/01/2026 của Ủy ban nhân dân phường"}],
            "tasks": [{"office": "Văn phòng HĐND và UBND", "lines": "Chủ trì tham mưu\nTổ chức trao giải"}],
            "recipients": "Như trên\nCác đơn vị thuộc phường",
            "archive_line": "VT",
            "receiver_id": ward.council.id,
            "members": member_rows(ward),
            "tie_rules": "criterion:novelty,criterion:effect,earlier_submission",
        }
    )


def plan_values() -> dict:
    """Texts of the plan."""
    return {
        "intro": "Ủy ban nhân dân phường xây dựng kế hoạch với các nội dung sau:",
        "purposes": "Nâng cao nhận thức về cải cách hành chính.",
        "requirements": "Khách quan, công khai.",
        "eligible_collective": "Các phòng, đơn vị thuộc phường",
        "eligible_individual": "Cán bộ, công chức, viên chức của phường",
        "content": "Sáng kiến, giải pháp có tính mới.",
        "closing": "Trên đây là Kế hoạch tổ chức cuộc thi.",
        "contact": "Văn phòng, 0239 3 000 000",
    }


def date_values(now: datetime = NOW) -> dict:
    """Dates in their order from tomorrow on."""
    opens = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    return {
        "novelty_cutoff_on": date(now.year, 9, 30),
        "opens_at": opens,
        "closes_at": opens + timedelta(days=30),
        "screening_due_at": opens + timedelta(days=40),
        "judging_due_at": opens + timedelta(days=60),
        "award_on": (opens + timedelta(days=80)).date(),
    }


def member_rows(ward: Ward) -> list[dict]:
    """Seats of the three boards."""
    seats = [
        ("organising", ward.chairman, "Trưởng ban", True),
        ("jury", ward.head, "Trưởng ban", True),
        *(("jury", judge, "Thành viên", False) for judge in ward.judges),
        ("secretariat", ward.secretary, "Tổ trưởng", True),
    ]
    return [member_row(board, user, seat, is_head) for board, user, seat, is_head in seats]


def member_row(board: str, user: User | None, seat: str = "Thành viên", is_head: bool = False, **columns) -> dict:
    """One seat, with the person's own name and post unless given."""
    return {
        "board": board,
        "user_id": user.id if user else None,
        "honorific": "Ông",
        "full_name": user.full_name if user else "Trần Văn Bình",
        "job_title": "Công chức phường",
        "seat": seat,
        "is_head": is_head,
    } | columns


def issue_paper(contest: Contest, template_code: str, *, now: datetime = NOW) -> Document:
    """An issued paper of the contest, as if it had gone through all hands."""
    document = Document(
        code=f"VB-{ids.random_code(8)}",
        verify_code=ids.random_code(12),
        contest_id=contest.id,
        organisation_id=contest.organisation_id,
        template_code=template_code,
        template_sha256="0" * 64,
        type_name="Kế hoạch" if template_code == "plan" else "Quyết định",
        subject=contest.title,
        data="{}",
        render_state="ready",
        series="KH-UBND" if template_code == "plan" else "QĐ-UBND",
        symbol="12/KH-UBND" if template_code == "plan" else "15/QĐ-UBND",
        number=12,
        issued_on=now.date(),
        issued_at=now,
        created_at=now,
        state="issued",
    )
    db.session.add(document)
    db.session.flush()
    return document


def make_open_contest(ward: Ward | None = None, *, now: datetime = NOW, **values) -> Contest:
    """A contest that takes entries at `now`: set up two days before, its papers issued, opened by the system."""
    before = now - timedelta(days=2)
    contest = make_contest(ward, now=before, **values)
    issue_paper(contest, "plan", now=before)
    issue_paper(contest, "board_decision", now=before)
    assert flow.fire_as_system(contest, "open", now=contest.opens_at) is not None
    return contest


def close_intake(contest: Contest) -> None:
    """Let the deadline pass."""
    assert flow.fire_as_system(contest, "close_intake", now=contest.closes_at) is not None


def settle() -> None:
    """Commit, and read everything again, so that it can be looked at after a page has closed the session."""
    db.session.commit()
    for row in db.session:
        db.session.refresh(row)


def utc(*parts: int) -> datetime:
    """An aware moment."""
    return datetime(*parts, tzinfo=UTC)
