"""Reads for people who are not signed in. Nothing of an entry leaves here before its contest has announced.

Names of authors, units, titles and prizes are all that is told of a person; no dates of birth, no scores.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Row, Select, case, literal, or_, select, tuple_

from app.accounts.actor import Grant
from app.contests import queries as contests
from app.contests.models import Contest, ContestField, Prize
from app.core.db import db, read
from app.core.errors import NotFound
from app.core.vietnamese import fold
from app.documents.models import Document
from app.entries.models import Entry, EntryAuthor
from app.organisations.models import Organisation

ANNOUNCED = ("decided", "closed")
PAGE = 50
FRAME_STATES = ("open", "screening", "judging", "ranked", "decided", "preparing", "closed")


# --- the frame ----------------------------------------------------------------------------------------------------
def contest_of_frame(organisation_ids: Collection[int], grants: frozenset[Grant]) -> Row | None:
    """`title, organisation, phone` of the contest shown around a page: of the person's own organisation or of the one
    above its unit first, running ones before others, then the newest. One that nobody has been told of yet
    is shown only to those who may open it."""
    return next(iter(read(_frame_statement(frozenset(organisation_ids), grants))), None)


@lru_cache(maxsize=200)
def _frame_statement(organisation_ids: frozenset[int], grants: frozenset[Grant]) -> Select:
    order = [case({state: n for n, state in enumerate(FRAME_STATES)}, value=Contest.state), Contest.id.desc()]
    if organisation_ids:
        above = select(Organisation.parent_id).where(Organisation.id.in_(organisation_ids))
        mine = or_(Contest.organisation_id.in_(organisation_ids), Contest.organisation_id.in_(above))
        order.insert(0, case((mine, 0), else_=1))
    return (
        select(Contest.title, Organisation.name.label("organisation"), Organisation.phone)
        .join(Organisation, Organisation.id == Contest.organisation_id)
        .where(contests.known_to(grants))
        .order_by(*order)
        .limit(1)
    )


# --- results ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choice:
    """What the list of results is narrowed to; "" and None mean everything."""

    field: str = ""
    prize: str = ""
    year: int | None = None
    unit: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return self != Choice()


def _awarded(*columns):
    return (
        select(*columns)
        .select_from(Entry)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Prize, Prize.id == Entry.prize_id)
        .join(Organisation, Organisation.id == Entry.unit_id)
        .outerjoin(ContestField, ContestField.id == Entry.field_id)
        .where(Contest.state.in_(ANNOUNCED))
    )


_ORDER = (-Contest.year, -Contest.id, Entry.rank, Entry.id)


def list_results(choice: Choice, after: str = "") -> list[Row]:
    """Announced winners, the newest contest first, then by rank; one row more than `PAGE` when there are more:
    `id, code, title, prize, unit, field, contest, year`."""
    query = _awarded(
        Entry.id,
        Entry.code,
        Entry.title,
        Prize.name.label("prize"),
        Organisation.name.label("unit"),
        ContestField.name.label("field"),
        Contest.title.label("contest"),
        Contest.year,
    )
    mark = after and db.session.execute(_awarded(*_ORDER).where(Entry.code == after)).first()
    if mark:
        query = query.where(tuple_(*_ORDER) > tuple_(*(literal(value) for value in mark)))
    return list(db.session.execute(_narrowed(query, choice).order_by(*_ORDER).limit(PAGE + 1)))


def _narrowed(query, choice: Choice):
    for column, value in (
        (ContestField.name, choice.field),
        (Prize.name, choice.prize),
        (Contest.year, choice.year),
        (Organisation.name, choice.unit),
    ):
        if value:
            query = query.where(column == value)
    return query


def choices() -> dict[str, list]:
    """Values that the list can be narrowed to, of announced winners only: `field`, `prize`, `year`, `unit`."""
    columns = (ContestField.name, Prize.name, Contest.year, Organisation.name, Prize.position)
    rows = db.session.execute(_awarded(*columns).distinct().order_by(Prize.position)).all()
    return {
        "field": sorted({row[0] for row in rows if row[0]}, key=fold),
        "prize": list(dict.fromkeys(row[1] for row in rows)),
        "year": sorted({row[2] for row in rows}, reverse=True),
        "unit": sorted({row[3] for row in rows}, key=fold),
    }


def author_names(entry_ids: Collection[int]) -> dict[int, list[str]]:
    """Names of authors by entry, in their order."""
    rows = db.session.execute(
        select(EntryAuthor.entry_id, EntryAuthor.full_name)
        .where(EntryAuthor.entry_id.in_(entry_ids))
        .order_by(EntryAuthor.entry_id, EntryAuthor.position)
    )
    names: dict[int, list[str]] = {}
    for entry_id, name in rows:
        names.setdefault(entry_id, []).append(name)
    return names


def one_result(code: str) -> Row:
    """What is told of one announced winner. Raises NotFound, also for an entry that exists but is not announced."""
    row = db.session.execute(
        _awarded(
            Entry.id,
            Entry.code,
            Entry.title,
            Entry.state,
            Entry.contest_id,
            Prize.name.label("prize"),
            Organisation.name.label("unit"),
            ContestField.name.label("field"),
            Contest.title.label("contest"),
            Contest.year,
            case((Entry.confidential == "", Entry.solution), else_="").label("solution"),
            case((Entry.confidential == "", Entry.benefit), else_="").label("benefit"),
        ).where(Entry.code == code)
    ).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True)
class DecisionLine:
    """The decision that gave the prizes: symbol, day and the code under which anybody can check it."""

    symbol: str
    issued_on: date
    verify_code: str


def decision_of(contest_id: int) -> DecisionLine | None:
    """The issued decision on the results of an announced contest."""
    row = db.session.execute(
        select(Document.symbol, Document.issued_on, Document.verify_code)
        .join(Contest, Contest.id == Document.contest_id)
        .where(
            Document.contest_id == contest_id,
            Document.template_code == "result_decision",
            Document.state == "issued",
            Contest.state.in_(ANNOUNCED),
        )
        .order_by(Document.id.desc())
        .limit(1)
    ).first()
    return DecisionLine(*row) if row else None


def is_announced(contest_id: int) -> bool:
    """Whether the results of the contest are public."""
    query = select(Contest.id).where(Contest.id == contest_id, Contest.state.in_(ANNOUNCED))
    return db.session.scalar(query) is not None


# --- one's own entry ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Found:
    """What an author learns of the own entry without signing in."""

    code: str
    contest: str
    state: str
    is_announced: bool
    prize: str
    submitted_at: datetime | None
    completion_due_at: datetime | None


def find_own(code: str, full_name: str) -> Found | None:
    """The submitted entry with this code that names this author (spelled with or without marks), else None."""
    rows = db.session.execute(
        select(
            Entry.code,
            Contest.title,
            Contest.state.label("contest_state"),
            Entry.state,
            Prize.name.label("prize"),
            Entry.submitted_at,
            Entry.completion_due_at,
            EntryAuthor.full_name,
        )
        .join(Contest, Contest.id == Entry.contest_id)
        .join(EntryAuthor, EntryAuthor.entry_id == Entry.id)
        .outerjoin(Prize, Prize.id == Entry.prize_id)
        .where(Entry.code == code, Entry.submitted_at.is_not(None))
    ).all()
    wanted = fold(full_name)
    row = next((row for row in rows if wanted and fold(row.full_name) == wanted), None)
    if row is None:
        return None
    announced = row.contest_state in ANNOUNCED
    return Found(
        row.code,
        row.title,
        row.state,
        announced,
        (row.prize or "") if announced else "",
        row.submitted_at,
        row.completion_due_at,
    )
