"""Decisions and the letters that undo or correct them, as two wards would write them: one of 2024, one of 2026."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from app.contests.models import Contest
from app.core.db import db
from app.documents import contexts, letters, services
from app.documents.models import Document
from app.entries.models import Entry, EntryAuthor
from app.organisations import services as organisations
from app.organisations.models import Organisation, Signatory
from tests.factories.contests import Ward, make_contest, make_ward
from tests.factories.people import actor_of, make_user
from workflows.spec import Role

WARDS = {2024: "Trung Lương", 2026: "Bắc Hồng Lĩnh"}
TITLE = "Cuộc thi viết “Sáng kiến, giải pháp cải cách hành chính phường {place} năm {year}”"
BASES = (
    "Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
    "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",
)
RECIPIENTS = "Như trên\nThường trực: Đảng ủy, HĐND phường\nBan Tổ chức, Ban Giám khảo, Tổ Thư ký cuộc thi"
POWERS = {
    "KT": ("deputy", "Phó Chủ tịch"),
    "TL": ("order", "Chánh Văn phòng"),
    "TUQ": ("authorised", "Chánh Văn phòng"),
}
WORKS = ("Hẹn giờ làm thủ tục qua mã QR", "Sổ tay điện tử hướng dẫn hộ kinh doanh", "Tổ công nghệ số đến từng nhà")
UNITS = ("Bộ phận văn phòng", "Bộ phận tư pháp - hộ tịch")
AUTHORS = ("Nguyễn Thị Hồng Nhung", "Trần Quốc Toàn", "Phạm Văn Hùng", "Huỳnh Thị Bảy", "Ngô Đức Thuận")


@dataclass(frozen=True)
class Case:
    """One paper: its template and what differs. `prizes` are those given; `about` is the paper it follows."""

    template: str
    year: int = 2026
    prizes: int = 3
    groups: int = 1
    power: str = ""
    issued: tuple[str, ...] = ("plan",)
    about: str = ""
    told: dict[str, str] = field(default_factory=dict)
    bare: bool = False
    judges: int = 3

    @property
    def day(self) -> date:
        """The day on which the paper is issued."""
        return date(self.year, 11, 5)


PUT_OFF = {"reason": "ghi sai nội dung của Điều 1."}
WRONG = {"reason": "sơ suất khi soạn thảo", "wrong": "Phạm Văn Hừng", "right": "Phạm Văn Hùng"}
MANY_WRONG = WRONG | {
    "wrong": "Nguyễn Thị Hồng Nhumg\n3.000.000\nBộ phận một của",
    "right": "Nguyễn Thị Hồng Nhung\n2.000.000\nBộ phận một cửa",
}
ALL = ("plan", "minutes", "submission")
CASES = {
    "result_2024": Case("result_decision", 2024, issued=ALL),
    "result_2026": Case("result_decision", issued=ALL),
    "result_one_winner": Case("result_decision", prizes=1, groups=0),
    "result_only_groups": Case("result_decision", prizes=2, groups=2),
    "result_many_winners": Case("result_decision", prizes=40, groups=12, issued=ALL),
    "rules_2024_deputy": Case("rules", 2024, power="KT"),
    "result_deputy": Case("result_decision", power="KT", issued=ALL),
    "result_by_order": Case("result_decision", power="TL"),
    "result_authorised": Case("result_decision", 2024, power="TUQ"),
    "boards_2024": Case("board_decision", 2024),
    "boards_deputy": Case("board_decision", power="KT"),
    "boards_bare": Case("board_decision", bare=True, issued=()),
    "boards_many_judges": Case("board_decision", judges=20),
    "boards_replacing": Case("board_decision", about="board_decision"),
    "rules_2026": Case("rules"),
    "revoked_plan_deputy": Case("revocation", about="plan", told=PUT_OFF, power="KT"),
    "revoked_result_2024": Case("revocation", 2024, about="result_decision", told=PUT_OFF, issued=ALL),
    "revoked_launch": Case("revocation", about="launch", told=PUT_OFF, issued=("plan", "board_decision")),
    "corrected_result": Case("correction", about="result_decision", told=WRONG, issued=ALL),
    "corrected_boards_deputy": Case("correction", 2024, about="board_decision", told=MANY_WRONG, power="KT"),
}


def data_of(case: Case, name: str) -> dict:
    """What the paper of a case says, as it is when it is issued."""
    contest, ward = _contest(case, name)
    for number, template in enumerate(case.issued, 11):
        _issued(contest, ward, template, number)
    earlier = _earlier(case, contest, ward)
    document = _drawn(case, contest, ward, earlier)
    if case.power:
        document.signatory_id = _delegate(case, ward).id
        document = _drawn(case, contest, ward, earlier)
    symbol = f"112/{document.series}"
    said = json.loads(document.data) | {"verify": services.verification("7K3M9QXT2B4D")}
    return contexts.numbered(case.template, said, symbol, document.series, ward.host.place_name, case.day)


def _moment(case: Case) -> datetime:
    return datetime(case.year, 11, 4, 2, tzinfo=UTC)


def _contest(case: Case, name: str) -> tuple[Contest, Ward]:
    place = WARDS[case.year]
    ward = make_ward(name, judges=case.judges)
    _is_ward(ward.host, place)
    for unit, label in zip(ward.units, UNITS, strict=True):
        unit.name = f"{label} phường {place}"
    _head(ward)
    tasks = {"tasks": []} if case.bare else {}
    contest = make_contest(
        ward,
        now=datetime(case.year, 5, 6, 2, tzinfo=UTC),
        year=case.year,
        title=TITLE.format(place=place, year=case.year),
        recipients=RECIPIENTS,
        budget_text=f"Ngân sách phường năm {case.year}",
        legal_bases=[{"text": text} for text in BASES],
        **tasks,
    )
    for number in range(case.prizes):
        _winner(contest, ward, number, collective=number < case.groups)
    db.session.flush()
    return contest, ward


def _is_ward(host: Organisation, place: str) -> None:
    host.name, host.short_name = f"Ủy ban nhân dân phường {place}", f"UBND phường {place}"
    host.letterhead, host.place_name = f"ỦY BAN NHÂN DÂN\nPHƯỜNG {place.upper()}", place


def _head(ward: Ward) -> None:
    head = Signatory(
        organisation_id=ward.host.id,
        user_id=ward.chairman.id,
        role=Role.CHAIRMAN.value,
        full_name=ward.chairman.full_name,
        title="Chủ tịch Ủy ban nhân dân phường",
        capacity="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
        personal="CHỦ TỊCH",
        valid_from=date(2020, 1, 1),
    )
    db.session.add(head)
    db.session.flush()


def _delegate(case: Case, ward: Ward) -> Signatory:
    """Who signs for the chairman, with the lines that the application itself writes."""
    kind, title = POWERS[case.power]
    head = db.session.query(Signatory).filter_by(organisation_id=ward.host.id, kind="head").one()
    user = make_user(f"{ward.host.key}.thay", Role.CHAIRMAN, at=ward.host, full_name="Trần Thị Thu Hà")
    values = {
        "role": Role.CHAIRMAN.value,
        "kind": kind,
        "principal_id": head.id,
        "basis": "Quyết định số 9/QĐ-UBND",
        "user_id": user.id,
        "full_name": user.full_name,
        "title": title,
        "capacity": "",
        "personal": "",
        "scope": "",
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2030, 1, 1),
    }
    return organisations.create_signatory(actor_of(ward.office), ward.host, values, now=_moment(case))


def _winner(contest: Contest, ward: Ward, number: int, *, collective: bool) -> None:
    prize = contest.prizes[min(number, len(contest.prizes) - 1)]
    entry = Entry(
        contest_id=contest.id,
        code=f"SK-{contest.year}-{list(CASES).index(ward.host.key):02}{number:02}",
        kind="collective" if collective else "individual",
        unit_id=ward.units[number % 2].id,
        created_by_id=ward.unit_contact.id,
        created_at=contest.created_at,
        updated_at=contest.created_at,
        submitted_at=contest.created_at,
        title=WORKS[number % len(WORKS)],
        score_mean=Decimal("88.7") - number,
        rank=number + 1,
        prize_id=prize.id,
        state="ranked",
    )
    names = [AUTHORS[(number + n) % len(AUTHORS)] for n in range(2 if collective else 1)]
    entry.authors = [EntryAuthor(position=n, full_name=one, share=Decimal(50)) for n, one in enumerate(names, 1)]
    db.session.add(entry)


def _issued(contest: Contest, ward: Ward, template: str, number: int) -> Document:
    """The paper of that kind, drawn up as it is and put to the end of its life."""
    office, day = actor_of(ward.office), date(contest.year, 5, number)
    now = datetime(contest.year, 5, number, 2, tzinfo=UTC)
    document = services.draw_up(template, contest, office, now=now)
    document.state, document.issued_on, document.number = "issued", day, number
    document.symbol = f"{number}/{document.series}"
    db.session.flush()
    return document


def _earlier(case: Case, contest: Contest, ward: Ward) -> Document | None:
    if not case.about:
        return None
    found = db.session.query(Document).filter_by(contest_id=contest.id, template_code=case.about).first()
    return found or _issued(contest, ward, case.about, 20)


def _drawn(case: Case, contest: Contest, ward: Ward, earlier: Document | None) -> Document:
    office, now = actor_of(ward.office), _moment(case)
    if case.told:
        relation = next(name for name, template in letters.TEMPLATES.items() if template == case.template)
        drawn = letters.DRAWN[relation](earlier, case.told, now=now)
        return services.put_up(case.template, drawn, office, now=now, relation=relation, related=earlier)
    relation = "replaces" if earlier else ""
    return services.draw_up(case.template, contest, office, now=now, relation=relation, related=earlier)
