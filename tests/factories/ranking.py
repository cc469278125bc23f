"""A jury that has scored everything, ready to be ranked, and one whose ranking is locked."""

from datetime import date, timedelta

from app import flow
from app.contests.models import BoardMember, LegalBasis, Prize
from app.core.db import db
from app.entries.models import Entry
from app.organisations.models import Signatory
from tests.conftest import NOW
from tests.factories.people import actor_of, make_user
from tests.factories.scoring import Jury, make_jury, send
from workflows.spec import Role

PRIZES = (("Giải Nhất", 1, 2_000_000), ("Giải Nhì", 2, 1_000_000), ("Giải Khuyến khích", 1, 500_000))


def make_scored(*scores: tuple[str, str, str], judges: int = 1, **columns) -> Jury:
    """A contest in judging whose entries every judge has given the scores: novelty, effect, reach.

    Three kinds of prize with four seats, 4.500.000 đồng in all, the budget 5.000.000 unless given.
    """
    columns = {"min_judges": judges, "budget": 5_000_000, "budget_text": "Ngân sách phường năm 2026"} | columns
    jury = make_jury(entries=len(scores), judges=judges, **columns)
    contest = jury.contest
    contest.prizes = [
        Prize(position=n, name=name, slots=slots, amount=amount) for n, (name, slots, amount) in enumerate(PRIZES, 1)
    ]
    contest.legal_bases = [LegalBasis(position=1, text="Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022")]
    contest.members = _boards(jury)
    db.session.flush()
    for place, (entry, given) in enumerate(zip(jury.entries, scores, strict=True)):
        for judge in jury.judges:
            send(entry, judge, *given, now=NOW + timedelta(minutes=place))
    db.session.commit()
    db.session.expire_all()
    return jury


def _boards(jury: Jury) -> list[BoardMember]:
    seats = [("jury", jury.head, "Trưởng ban", True), ("secretariat", jury.secretary, "Tổ trưởng", True)]
    seats += [("jury", judge, "Thành viên", False) for judge in jury.judges]
    return [
        BoardMember(
            board=board,
            position=n,
            user_id=user.id,
            honorific="Ông",
            full_name=user.full_name,
            job_title="Công chức",
            seat=seat,
            is_head=is_head,
        )
        for n, (board, user, seat, is_head) in enumerate(seats)
    ]


def lock(jury: Jury, *, now=NOW, reason: str = "", **data) -> Jury:
    """The head locks the ranking, as proposed unless `prizes` are given."""
    flow.fire(jury.contest, "lock_ranking", actor_of(jury.head), now=now, reason=reason, data=data)
    db.session.commit()
    return jury


def make_locked(*scores: tuple[str, str, str], **columns) -> Jury:
    """`make_scored`, locked."""
    return lock(make_scored(*scores, **columns))


def make_chairman(jury: Jury):
    """The chairman's account, and the chairman as the one who signs."""
    host = jury.season.host
    user = make_user("chutich", Role.CHAIRMAN, at=host, full_name="Nguyễn Công Lộc")
    db.session.add(
        Signatory(
            organisation_id=host.id,
            user_id=user.id,
            role="chairman",
            full_name=user.full_name,
            title="Chủ tịch",
            capacity="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
            personal="CHỦ TỊCH",
            valid_from=date(2000, 1, 1),
        )
    )
    db.session.commit()
    return user


def by_rank(jury: Jury) -> list[Entry]:
    """The entries as they stand, best first."""
    query = db.session.query(Entry).filter_by(contest_id=jury.contest.id)
    return query.order_by(Entry.rank, Entry.code).all()
