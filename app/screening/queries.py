"""Reads of screening: the checklist with its answers, similar texts, the queue of entries to be checked."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Row, bindparam, func, or_, select

from app.accounts.actor import Actor
from app.contests.models import ChecklistItem, Contest, EarlierInitiative
from app.core.db import db
from app.entries.models import Entry
from app.organisations.models import Organisation
from app.screening.models import Check, Similarity
from workflows.spec import Role

MOST_CANDIDATES = 5_000
LONGEST_LINE = 20
QUEUE = 200
NOT_COMPARED = ("draft", "withdrawn")


# --- the checklist ------------------------------------------------------------------------------------------------
def checklist(entry: Entry) -> list[Row]:
    """The questions in their order with their answers: `id, text, result, note, checked_by_id, checked_at`."""
    return list(
        db.session.execute(
            select(
                ChecklistItem.id, ChecklistItem.text, Check.result, Check.note, Check.checked_by_id, Check.checked_at
            )
            .outerjoin(Check, (Check.item_id == ChecklistItem.id) & (Check.entry_id == entry.id))
            .where(ChecklistItem.contest_id == entry.contest_id)
            .order_by(ChecklistItem.position, ChecklistItem.id)
        )
    )


_COUNTED = (
    select(func.count(), func.count().filter(Check.result == "passed"))
    .select_from(ChecklistItem)
    .outerjoin(Check, (Check.item_id == ChecklistItem.id) & (Check.entry_id == bindparam("of_entry")))
    .where(ChecklistItem.contest_id == bindparam("of_contest"))
)


def count_checks(entry: Entry) -> tuple[int, int]:
    """How many questions there are, and how many are answered with a pass."""
    row = db.session.execute(_COUNTED, {"of_entry": entry.id, "of_contest": entry.contest_id}).one()
    return row[0], row[1]


def open_points(entry: Entry) -> list[Row]:
    """The questions that did not pass, with what was noted: `text, result, note`."""
    return [row for row in checklist(entry) if row.result in ("failed", "missing")]


# --- the queue ----------------------------------------------------------------------------------------------------
def waiting(actor: Actor) -> list[Row]:
    """Entries that wait for the actor's check, the first submitted first: `id, code, title, unit, submitted_at,
    screening_due_at, contest_title`."""
    grants = [grant for grant in actor.grants if grant.role is Role.OFFICE]
    if not grants:
        return []
    mine = or_(
        *(
            (Contest.organisation_id == grant.organisation_id)
            & ((Contest.id == grant.contest_id) if grant.contest_id is not None else True)
            for grant in grants
        )
    )
    return list(
        db.session.execute(
            select(
                Entry.id,
                Entry.code,
                Entry.title,
                Organisation.short_name.label("unit"),
                Entry.submitted_at,
                Contest.screening_due_at,
                Contest.title.label("contest_title"),
            )
            .join(Contest, Contest.id == Entry.contest_id)
            .join(Organisation, Organisation.id == Entry.unit_id)
            .where(Entry.state == "submitted", mine)
            .order_by(Entry.submitted_at, Entry.id)
            .limit(QUEUE)
        )
    )


def next_waiting(actor: Actor, after: int) -> str:
    """Code of the entry that comes after the one with this id in the queue, going round; "" when none waits."""
    rows = waiting(actor)
    place = next((n for n, row in enumerate(rows) if row.id == after), -1)
    others = [row for row in rows[place + 1 :] + rows[: place + 1] if row.id != after]
    return others[0].code if others else ""


# --- similar texts ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Candidate:
    """A text that an entry is compared with."""

    texts: tuple[str, ...]
    entry_id: int | None = None
    initiative_id: int | None = None


def entry_texts(entry_id: int) -> Row | None:
    """`id, title, solution, benefit, organisation_id` of an entry."""
    return db.session.execute(
        select(Entry.id, Entry.title, Entry.solution, Entry.benefit, Contest.organisation_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.id == entry_id)
    ).first()


def candidates(entry: Row) -> Iterator[Candidate]:
    """Entries of the same organisation and those that it follows, and initiatives applied there, the latest first."""
    line = lineage(entry.organisation_id)
    entries = db.session.execute(
        select(Entry.id, Entry.title, Entry.solution, Entry.benefit)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Contest.organisation_id.in_(line), Entry.state.not_in(NOT_COMPARED), Entry.id != entry.id)
        .order_by(Entry.id.desc())
        .limit(MOST_CANDIDATES)
    )
    yield from (Candidate((row.title, row.solution, row.benefit), entry_id=row.id) for row in entries)
    initiatives = db.session.execute(
        select(EarlierInitiative.id, EarlierInitiative.title, EarlierInitiative.summary)
        .where(EarlierInitiative.organisation_id.in_(line))
        .order_by(EarlierInitiative.id.desc())
        .limit(MOST_CANDIDATES)
    )
    yield from (Candidate((row.title, row.summary), initiative_id=row.id) for row in initiatives)


def lineage(organisation_id: int) -> set[int]:
    """The organisation and all that it took over from, through any number of mergers."""
    found, fresh = {organisation_id}, {organisation_id}
    for _step in range(LONGEST_LINE):
        fresh = set(db.session.scalars(select(Organisation.id).where(Organisation.successor_id.in_(fresh)))) - found
        if not fresh:
            break
        found |= fresh
    return found


@dataclass(frozen=True)
class Similar:
    """A text found to be like an entry, as shown: its name, where it comes from, and the text itself."""

    percent: int
    title: str
    source: str
    text: str
    code: str = ""


def similar(entry: Entry) -> list[Similar]:
    """What the last comparison found, the most alike first."""
    rows = db.session.execute(
        select(Similarity.percent, Similarity.compared_at, Entry, EarlierInitiative)
        .outerjoin(Entry, Entry.id == Similarity.other_entry_id)
        .outerjoin(EarlierInitiative, EarlierInitiative.id == Similarity.initiative_id)
        .where(Similarity.entry_id == entry.id)
        .order_by(Similarity.percent.desc(), Similarity.id)
    )
    return [_similar(row.percent, row.Entry, row.EarlierInitiative) for row in rows]


def _similar(percent: int, other: Entry | None, initiative: EarlierInitiative | None) -> Similar:
    if other is not None:
        text = "\n".join((other.title, other.solution, other.benefit))
        return Similar(percent, other.title, other.code, text, code=other.code)
    source = ", ".join(part for part in (initiative.unit_name, str(initiative.year), initiative.decision) if part)
    return Similar(percent, initiative.title, source, f"{initiative.title}\n{initiative.summary}")
