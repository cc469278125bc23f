"""Seasons whose results are published, and packages of their best entries, for tests of the handover."""

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal

from app import flow
from app.contests.models import Prize
from app.core import ids
from app.core.db import db
from app.documents.models import Document
from app.entries.models import Entry, EntryAuthor
from app.handover import services
from app.handover.models import Package
from tests.conftest import NOW
from tests.factories.entries import Season, make_season, put_state, start
from tests.factories.people import actor_of


class Living:
    """A season whose people and contest are loaded anew each time, so that it outlives the requests of a visitor."""

    def __init__(self, season: Season):
        parts = {part.name: getattr(season, part.name) for part in fields(season)}
        self._keys = {name: (type(part), part.id) for name, part in parts.items()}

    def __getattr__(self, name: str):
        model, key = self._keys[name]
        return db.session.get(model, key)


def make_decided_season(key: str = "phuong", *, entries: int = 3, prizes: int = 2, **columns) -> Living:
    """A season with ranked entries, the first ones with a prize, and published results."""
    season = make_season(key, **columns)
    contest = season.contest
    contest.prizes = [Prize(position=1, name="Giải Nhất", slots=2, amount=2_000_000)]
    db.session.flush()
    for rank in range(1, entries + 1):
        prize_id = contest.prizes[0].id if rank <= prizes else None
        make_ranked(season, rank, prize_id)
    put_state(contest, "decided")
    db.session.commit()
    return Living(season)


def make_ranked(season: Season, rank: int, prize_id: int | None = None) -> Entry:
    """An entry that was scored and ranked; the better rank has the better score."""
    entry = start(season)
    entry.authors = [author(season)]
    put_state(
        entry,
        "ranked",
        title=f"Mã QR tại tổ dân phố, bản {rank}",
        field_id=season.contest.fields[0].id,
        applicability="Áp dụng được ở mọi tổ dân phố. Đã thử ở ba nơi.",
        first_applied_on=date(2026, 3, 2),
        submitted_at=NOW,
        rank=rank,
        prize_id=prize_id,
        score_mean=Decimal(90 - rank),
    )
    return entry


def author(season: Season) -> EntryAuthor:
    """The only author, who has an account."""
    return EntryAuthor(
        position=1,
        user_id=season.author.id,
        full_name=season.author.full_name,
        workplace="Bộ phận văn phòng",
        job_title="Công chức",
        share=Decimal(100),
    )


def ranked(season: Living) -> list[Entry]:
    """The season's entries, best first."""
    return db.session.query(Entry).filter_by(contest_id=season.contest.id).order_by(Entry.rank).all()


def make_package(season: Living, entries: list[Entry] | None = None, *, now: datetime = NOW) -> Package:
    """A package being prepared, by default with the entries that have a prize."""
    chosen = [entry for entry in ranked(season) if entry.prize_id] if entries is None else entries
    return services.prepare(season.contest, [entry.id for entry in chosen], actor_of(season.office), now=now)


def issue_forwarding(package: Package, *, state: str = "issued", now: datetime = NOW) -> Document:
    """The package's paper in a state, as if it had gone through all hands."""
    document = Document(
        code=f"VB-{ids.random_code(8)}",
        verify_code=ids.random_code(12),
        contest_id=package.contest_id,
        organisation_id=package.organisation_id,
        package_id=package.id,
        template_code="forwarding",
        template_sha256="0" * 64,
        type_name="Tờ trình",
        subject="Về việc đề nghị xét, công nhận sáng kiến",
        data="{}",
        render_state="ready",
        series="TTr-UBND",
        symbol="58/TTr-UBND",
        number=58,
        issued_on=now.date(),
        issued_at=now,
        created_at=now,
        state=state,
    )
    db.session.add(document)
    db.session.flush()
    return document


def make_sent(season: Living, entries: list[Entry] | None = None, *, now: datetime = NOW) -> Package:
    """A package that was sent with its paper."""
    package = make_package(season, entries, now=now)
    issue_forwarding(package, now=now)
    flow.fire(package, "send", actor_of(season.office), now=now)
    db.session.commit()
    return package


def make_acknowledged(season: Living, entries: list[Entry] | None = None, *, now: datetime = NOW) -> Package:
    """A package whose receipt the clerk above confirmed."""
    package = make_sent(season, entries, now=now)
    flow.fire(package, "acknowledge", actor_of(season.upper_clerk), now=now)
    db.session.commit()
    return package
