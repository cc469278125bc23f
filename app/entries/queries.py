"""Reads of entries. What a person may not see is answered like what is not there."""

import json
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Row, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.actor import Actor
from app.audit.queries import events_of
from app.contests.models import Contest, ContestField
from app.core.db import db
from app.core.errors import NotFound
from app.entries import policy, search
from app.entries.models import Entry, EntryCount, EntryFile
from app.organisations.models import Organisation
from workflows import ENTRY
from workflows.spec import Role

PAGE = 50
LONGEST_TRAIL = 60
EDIT = ENTRY.action_id("edit")

HOST_ROLES = policy.HOST_ROLES
visible_in = policy.visible_in
sees_all = policy.sees_all
units_as_contact = policy.units_as_contact
is_receiver = policy.is_receiver
own = policy.own
matching = search.matching
match_text = search.match_text


def get_visible(code: str, actor: Actor) -> Entry:
    """The entry with its contest, unit, field and authors. Raises NotFound when it is not there for this actor."""
    entry = _load(code)
    if entry is None or not policy.may_see(entry, actor):
        raise NotFound
    return entry


def get_for_files(code: str, actor: Actor) -> Entry:
    """The entry if the actor may read its files (also a judge of it). Raises NotFound."""
    entry = _load(code)
    if entry is None or not policy.may_read_files(entry, actor):
        raise NotFound
    return entry


_BY_CODE = (
    select(Entry)
    .where(Entry.code == bindparam("code"))
    .options(
        joinedload(Entry.contest, innerjoin=True),
        joinedload(Entry.unit, innerjoin=True),
        joinedload(Entry.field),
        joinedload(Entry.authors),
    )
)


def _load(code: str) -> Entry | None:
    return db.session.scalars(_BY_CODE, {"code": code}).unique().one_or_none()


def get_file(entry: Entry, file_id: int) -> EntryFile:
    """A file of the entry that was not removed. Raises NotFound."""
    found = next((file for file in entry.files if file.id == file_id), None)
    if found is None:
        raise NotFound
    return found


def list_own(actor: Actor, before: int | None = None) -> list[Row]:
    """One page of the actor's own entries, newest first, one row more than `PAGE` when there are older ones:
    `id, code, title, state, updated_at, completion_due_at, contest_title, contest_state, closes_at`."""
    query = (
        select(
            Entry.id,
            Entry.code,
            Entry.title,
            Entry.state,
            Entry.updated_at,
            Entry.completion_due_at,
            Contest.title.label("contest_title"),
            Contest.state.label("contest_state"),
            Contest.closes_at,
            Contest.screening_due_at,
        )
        .join(Contest, Contest.id == Entry.contest_id)
        .where(policy.own(actor))
        .order_by(Entry.id.desc())
        .limit(PAGE + 1)
    )
    return list(db.session.execute(query.where(Entry.id < before) if before else query))


def open_contests(actor: Actor, on: date) -> list[Contest]:
    """Contests that take entries now and in which the actor has a unit to submit for, the newest first."""
    contests = db.session.scalars(select(Contest).where(Contest.state == "open").order_by(Contest.id.desc())).all()
    return [contest for contest in contests if units_for(contest, actor, on)]


def units_for(contest: Contest, actor: Actor, on: date) -> list[Row]:
    """Units that exist on the day and for which the actor may submit: `id, name, short_name`.

    The own one, those whose contact they are, and all units of the organisation for those who work in it directly
    or take entries on paper.
    """
    rows = db.session.execute(
        select(Organisation.id, Organisation.name, Organisation.short_name)
        .where(
            Organisation.parent_id == contest.organisation_id,
            Organisation.kind == "unit",
            Organisation.valid_from <= on,
            or_(Organisation.valid_to.is_(None), Organisation.valid_to >= on),
        )
        .order_by(Organisation.name)
    ).all()
    if actor.organisation_id == contest.organisation_id:
        return list(rows)
    if Role.OFFICE in actor.roles_in(contest.organisation_id, contest.id):
        return list(rows)
    allowed = {actor.organisation_id, *actor.organisations_as(Role.UNIT)}
    return [row for row in rows if row.id in allowed]


def fields_of(contest_id: int) -> list[Row]:
    """The fields of a contest in their order: `id, name`."""
    return list(
        db.session.execute(
            select(ContestField.id, ContestField.name)
            .where(ContestField.contest_id == contest_id)
            .order_by(ContestField.position, ContestField.id)
        )
    )


def trail(entry: Entry) -> list[Row]:
    """The last events of the entry, newest first, as `app.audit.sentences` reads them.

    Saves of one person that follow each other and change the same columns count as one, the last of them.
    """
    rows = events_of(ENTRY.name, entry.id, limit=LONGEST_TRAIL)
    return [row for row, newer in zip(rows, [None, *rows], strict=False) if newer is None or _save(row) != _save(newer)]


def _save(row: Row) -> tuple:
    """What makes two saves the same on the timeline; every other event is like no other."""
    if row.action != EDIT:
        return (row.seq,)
    return (row.actor_id, *sorted(json.loads(row.changes)))


_COUNTS = select(EntryCount.n).where(
    EntryCount.contest_id == bindparam("contest"), EntryCount.state.in_(bindparam("states", expanding=True))
)


def count_in_states(contest_id: int, states: Iterable[str]) -> int:
    """How many entries of the contest are in one of the states."""
    return sum(db.session.scalars(_COUNTS, {"contest": contest_id, "states": tuple(states)}))


def with_contest(condition: ColumnElement[bool]) -> list[Entry]:
    """Entries with their contests and authors, for slices that go through many at once."""
    return list(
        db.session.scalars(
            select(Entry)
            .join(Entry.contest)
            .options(contains_eager(Entry.contest), selectinload(Entry.authors))
            .where(condition)
            .order_by(Entry.id)
        )
    )


def status_words(entry: Entry, actor: Actor) -> str:
    """The word for the state that this actor reads (a msgid): the author's, or the staff's."""
    state = ENTRY.state(entry.state)
    return state.author_label if policy.speaks_as_author(entry, actor) else state.label
