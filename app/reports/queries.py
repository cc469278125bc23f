"""Reads of many entries of one contest: contests to choose from, choices, counts, one page, all rows.

Rows are tuples; a page costs the same number of statements whatever it holds. All reads obey the same rule on what
the actor sees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Executable, Row, Select, String, bindparam, func, literal, or_, select, text, union_all

from app.accounts.actor import Actor
from app.contests.models import Contest, ContestField
from app.core.db import db, read
from app.entries import queries as entries
from app.entries.models import Entry, EntryCount
from app.organisations.models import Organisation
from app.reports.filters import Filters, Status
from workflows.spec import Role

PAGE = 50
BATCH = 500
SOME_WORD = "x"
KEPT = 200
"""How many built statements of each kind are kept; one serves all pages of a person with the same conditions."""
PERSON, SHARE = "\x1e", "\x1f"
"""Signs between authors and before a share; no stored text holds control characters."""


@dataclass(frozen=True)
class Page:
    """Rows of one page, newest entry first, and whether there are newer and older ones."""

    rows: Sequence[Row]
    has_newer: bool
    has_older: bool


def contests_for(actor: Actor) -> list[Row]:
    """Contests of which the actor sees entries, the newest first:
    `id, code, title, organisation_id, receiver_id, host_name`."""
    return [row for row in read(_contests_statement(actor)) if _sees_some(row, actor)]


@lru_cache(maxsize=KEPT)
def _contests_statement(actor: Actor) -> Select:
    unit_parents = select(Organisation.parent_id).where(Organisation.id.in_(actor.organisations_as(Role.UNIT)))
    return (
        select(
            Contest.id,
            Contest.code,
            Contest.title,
            Contest.organisation_id,
            Contest.receiver_id,
            Organisation.name.label("host_name"),
        )
        .join(Organisation, Organisation.id == Contest.organisation_id)
        .where(
            or_(
                Contest.organisation_id.in_(actor.organisations_as(*entries.HOST_ROLES)),
                Contest.receiver_id.in_(actor.organisations_as(Role.UPPER_CLERK)),
                Contest.organisation_id.in_(unit_parents),
            )
        )
        .order_by(Contest.year.desc(), Contest.id.desc())
    )


def _sees_some(contest: Row, actor: Actor) -> bool:
    return (
        entries.sees_all(contest, actor)
        or entries.is_receiver(contest, actor)
        or bool(entries.units_as_contact(contest, actor))
    )


def reads_as_author(contest: Row, actor: Actor) -> bool:
    """Whether the list speaks in the author's words: for contacts of units, as long as they are nothing else."""
    return not entries.sees_all(contest, actor) and not entries.is_receiver(contest, actor)


_CHOICES = union_all(
    select(literal("field").label("of"), ContestField.id, ContestField.name, ContestField.position).where(
        ContestField.contest_id == bindparam("contest_id")
    ),
    select(literal("unit"), Organisation.id, Organisation.short_name, literal(0)).where(
        Organisation.parent_id == bindparam("organisation_id"), Organisation.kind == "unit"
    ),
)


def choices(contest: Row) -> tuple[list[Row], list[Row]]:
    """Fields and units of a contest as (`id`, `name`), by one statement."""
    rows = read(_CHOICES, contest_id=contest.id, organisation_id=contest.organisation_id)
    in_order = sorted((row for row in rows if row.of == "field"), key=lambda row: (row.position, row.id))
    return in_order, sorted((row for row in rows if row.of == "unit"), key=lambda row: row.name)


def counts(contest: Row, actor: Actor) -> dict[str, int]:
    """How many entries the actor sees in each state.

    From the counters that a trigger keeps; states in which some are hidden are counted by their index.
    """
    return {row.state: row.n for row in read(_counts_statement(contest, actor))}


@lru_cache(maxsize=KEPT)
def _counts_statement(contest: Row, actor: Actor) -> Executable:
    seen = entries.visible_in(contest, actor)
    counted = select(Entry.state, func.count().label("n")).group_by(Entry.state)
    counted = counted.where(Entry.contest_id == contest.id, seen)
    if entries.sees_all(contest, actor):
        kept = select(EntryCount.state, EntryCount.n).where(
            EntryCount.contest_id == contest.id, EntryCount.state.not_in(("draft", "withdrawn"))
        )
        counted = union_all(kept, counted.where(Entry.state.in_(("draft", "withdrawn"))))
    return counted


def page(contest: Row, filters: Filters, status: Status | None, actor: Actor) -> Page:
    """One page: `id, code, title, state, kind, submitted_at, unit, field, people`. See `people_in`."""
    match, edge = entries.match_text(filters.words), filters.after or filters.before
    if filters.words and not match:
        return Page((), has_newer=False, has_older=False)
    shape = replace(filters, words=match and SOME_WORD, after=filters.after and 1, before=filters.before and 1)
    bound = {"match": match} if match else {}
    rows = read(_page_statement(contest, shape, status, actor), **bound | ({"edge": edge} if edge else {}))
    if filters.after:
        return Page(rows[:PAGE][::-1], has_newer=len(rows) > PAGE, has_older=True)
    return Page(rows[:PAGE], has_newer=bool(filters.before), has_older=len(rows) > PAGE)


@lru_cache(maxsize=KEPT)
def _page_statement(contest: Row, shape: Filters, status: Status | None, actor: Actor) -> Select:
    """The statement of all pages of one shape: which conditions there are. Words and edge are bound when it runs."""
    query, key = _narrowed(_columns(), contest, shape, status, actor)
    if shape.after:
        return query.where(key > bindparam("edge")).order_by(key).limit(PAGE + 1)
    if shape.before:
        query = query.where(key < bindparam("edge"))
    return query.order_by(key.desc()).limit(PAGE + 1)


def every(contest: Row, filters: Filters, status: Status | None, actor: Actor) -> Iterator[Row]:
    """All rows of the list in the order of their codes, fetched in batches by one statement: the columns of `page`,
    then `first_applied_on`.

    It begins with the first row asked for: an answer that is sent while it is read has the view's session behind it.
    """
    query, key = _narrowed(_columns().add_columns(Entry.first_applied_on), contest, filters, status, actor)
    yield from db.session.connection().execute(query.order_by(key).execution_options(yield_per=BATCH))


def _columns() -> Select:
    people = (
        text(
            "SELECT string_agg(full_name || :share || share, :person ORDER BY position)"
            " FROM entry_author WHERE entry_id = entry.id"
        )
        .bindparams(share=SHARE, person=PERSON)
        .columns(people=String)
    )
    return (
        select(
            Entry.id,
            Entry.code,
            Entry.title,
            Entry.state,
            Entry.kind,
            Entry.submitted_at,
            Organisation.short_name.label("unit"),
            ContestField.name.label("field"),
            people.scalar_subquery().label("people"),
        )
        .join(Organisation, Organisation.id == Entry.unit_id)
        .outerjoin(ContestField, ContestField.id == Entry.field_id)
    )


def _narrowed(query: Select, contest: Row, filters: Filters, status: Status | None, actor: Actor):
    query = query.where(Entry.contest_id == contest.id, entries.visible_in(contest, actor))
    if status:
        query = query.where(Entry.state.in_(status.states))
    for column, value in (
        (Entry.field_id, filters.field_id),
        (Entry.unit_id, filters.unit_id),
        (Entry.kind, filters.kind),
    ):
        if value:
            query = query.where(column == value)
    return entries.matching(query, filters.words) if filters.words else (query, Entry.id)


def people_in(people: str | None) -> list[tuple[str, int]]:
    """Authors in the column `people` in their order: (full name, share in hundredths of a percent)."""
    parts = [person.split(SHARE) for person in people.split(PERSON)] if people else []
    return [(name, int(share)) for name, share in parts]
