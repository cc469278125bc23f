"""A contest in judging for tests: entries, judges and sheets, made by the same services as a person's clicks."""

from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from app import flow
from app.accounts.models import User
from app.contests.models import ChecklistItem, Criterion
from app.core.db import db
from app.entries.models import Entry
from app.scoring import services
from app.scoring.models import ScoreSheet
from app.scoring.services import Mark
from tests.conftest import NOW
from tests.factories import entries as made
from tests.factories.people import actor_of, make_user
from workflows.spec import Role

RUBRIC = (("novelty", "Tính mới", 30), ("effect", "Hiệu quả", 30), ("reach", "Khả năng áp dụng", 40))


class Jury:
    """A contest with a rubric, and everybody who has to do with its scores: `season`, `contest`, `secretary`, `head`,
    `judges`, `entries`. What is read here always belongs to the present session, also after a visitor's request."""

    def __init__(self, **kept):
        self._kept = kept | {"entries": []}

    def __getattr__(self, name: str):
        kept = self.__dict__.get("_kept", {})
        if name not in kept:
            raise AttributeError(name)
        return attached(kept[name])

    def add(self, entry: Entry) -> None:
        """Remember one more entry."""
        self._kept["entries"].append(entry)


def attached(value):
    """The same rows as objects of the present session: of one object, a list of them, or a season."""
    if isinstance(value, list):
        return [attached(one) for one in value]
    if isinstance(value, made.Season):
        return replace(value, **{part.name: attached(getattr(value, part.name)) for part in fields(value)})
    return db.session.get(type(value), sa.inspect(value).identity[0])


def make_jury(entries: int = 1, judges: int = 3, *, assigned: bool = True, now: datetime = NOW, **columns) -> Jury:
    """A contest in judging with accepted entries; every judge has every entry unless `assigned` is false."""
    columns = {"tie_rules": "criterion:novelty,criterion:effect,earlier_submission"} | columns
    season = made.make_season(now=now, **columns)
    season.contest.criteria = [
        Criterion(position=n, key=key, name=name, max_score=Decimal(most), bands="27–30: hoàn toàn mới")
        for n, (key, name, most) in enumerate(RUBRIC)
    ]
    season.contest.checklist = [ChecklistItem(position=1, text="Đúng đối tượng dự thi")]
    host = season.host
    jury = Jury(
        season=season,
        contest=season.contest,
        secretary=make_user("thuky", Role.SECRETARY, at=host, full_name="Lê Thị Thu"),
        head=make_user("truongban", Role.HEAD_OF_JURY, at=host, full_name="Võ Minh Đức"),
        judges=[
            make_user(f"giamkhao{n}", Role.JUDGE, at=host, full_name=f"Phan Thị Hạnh {n}") for n in range(1, judges + 1)
        ],
    )
    for _ in range(entries):
        add_entry(jury, now=now)
    made.put_state(jury.contest, "judging")
    if assigned:
        services.assign_all(actor_of(jury.secretary), jury.contest, now=now)
    db.session.commit()
    return jury


def add_entry(jury: Jury, *, title: str = "", now: datetime = NOW) -> Entry:
    """One more entry that the office has accepted."""
    entry = made.make_submitted(jury.season, title=title, now=now)
    made.put_state(entry, "screened")
    jury.add(entry)
    return entry


def sheet_of(entry: Entry, judge: User) -> ScoreSheet:
    """The judge's sheet for the entry."""
    db.session.flush()
    return db.session.query(ScoreSheet).filter_by(entry_id=entry.id, judge_id=judge.id).one()


def accept(sheet: ScoreSheet, judge: User, *, now: datetime = NOW) -> ScoreSheet:
    """The judge declares that there is no conflict."""
    flow.fire(sheet, "accept", actor_of(judge), now=now)
    return sheet


def marks(sheet: ScoreSheet, *scores: str) -> dict[int, Mark]:
    """Scores in the order of the rubric."""
    criteria = sheet.entry.contest.criteria
    return {criterion.id: Mark(Decimal(score)) for criterion, score in zip(criteria, scores, strict=True)}


def send(entry: Entry, judge: User, *scores: str, now: datetime = NOW) -> ScoreSheet:
    """The judge takes, fills and sends the sheet."""
    sheet = sheet_of(entry, judge)
    if sheet.state == "pending":
        accept(sheet, judge, now=now)
    services.submit_sheet(sheet, marks(sheet, *scores), "", actor_of(judge), now=now, version=sheet.version)
    return sheet
