"""Who is what towards an entry, and which persons hold a role towards it. The veto on own entries comes last."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, Row, and_, false, or_, select

from app.accounts.actor import Actor
from app.accounts.queries import holders
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.core.vietnamese import fold, to_local
from app.entries.models import Entry, EntryAuthor
from workflows.spec import Role

HOST_ROLES = frozenset({Role.OFFICE, Role.SECRETARY, Role.HEAD_OF_JURY, Role.CHAIRMAN})
"""Roles that see every submitted entry of the contests of their organisation."""

VETOED = frozenset({Role.OFFICE, Role.SECRETARY, Role.HEAD_OF_JURY, Role.JUDGE, Role.UPPER_CLERK})
"""Roles that nobody has towards an entry of their own."""

AUTHOR_SIDE = frozenset({Role.AUTHOR, Role.UNIT})
UPPER_STATES = ("forwarded_to_town", "received", "recognised", "not_recognised")
"""States in which an entry is in the hands of the body above, or answered by it."""

UNSEEN_STATES = ("draft", "withdrawn")

Viewer = Callable[[Entry, Actor], bool]
_viewers: list[Viewer] = []


def roles(entry: Entry, actor: Actor) -> frozenset[Role]:
    """Every role in which the actor may act on the entry. Who is an author of it has none of `VETOED`."""
    held = _held(entry, actor)
    return held - VETOED if held & VETOED and is_author(entry, actor.user_id, actor.name) else held


def may_see(entry: Entry, actor: Actor) -> bool:
    """Whether the entry exists for the actor. The veto takes away acts, not the sight of what the office holds."""
    return bool(_held(entry, actor))


def _held(entry: Entry, actor: Actor) -> frozenset[Role]:
    if actor.is_system:
        return frozenset({Role.SYSTEM})
    if actor.user_id is None:
        return frozenset()
    return _own_roles(entry, actor) | _staff_roles(entry, actor)


def _own_roles(entry: Entry, actor: Actor) -> frozenset[Role]:
    held = actor.roles_in(entry.unit_id, entry.contest_id) & {Role.UNIT}
    mine = entry.created_by_id == actor.user_id or any(a.user_id == actor.user_id for a in entry.authors)
    return held | {Role.AUTHOR} if mine else held


def _staff_roles(entry: Entry, actor: Actor) -> frozenset[Role]:
    if not was_submitted(entry):
        return frozenset()
    contest = entry.contest
    held = actor.roles_in(contest.organisation_id, contest.id) & HOST_ROLES
    if entry.state in UPPER_STATES and is_receiver(contest, actor):
        held |= {Role.UPPER_CLERK}
    return held


def was_submitted(entry: Entry) -> bool:
    """Whether the entry has ever left its authors' hands; before, only they and their unit know of it."""
    return entry.state not in UNSEEN_STATES or (entry.state == "withdrawn" and entry.submitted_at is not None)


def is_author(entry: Entry, user_id: int | None, full_name: str) -> bool:
    """Whether this person is named as an author: by account, or by name where the author has no account."""
    name = fold(full_name)
    return any(
        author.user_id == user_id if author.user_id is not None else fold(author.full_name) == name
        for author in entry.authors
    )


def people(entry: Entry, role: Role) -> Iterable[int]:
    """Ids of the persons who hold the role towards the entry today, for messages."""
    if role is Role.AUTHOR:
        return {entry.created_by_id, *(a.user_id for a in entry.authors if a.user_id is not None)}
    organisation_id = _seat_of(entry, role)
    if organisation_id is None or (role is not Role.UNIT and not was_submitted(entry)):
        return ()
    today = to_local(utcnow()).date()
    return holders(role, organisation_id=organisation_id, contest_id=entry.contest_id, on=today)


def authors_in(contest: Contest) -> list[int]:
    """Ids of the persons behind the submitted entries of a contest: who entered them, and authors with an account."""
    submitted = (Entry.contest_id == contest.id, Entry.state.not_in(UNSEEN_STATES))
    creators = select(Entry.created_by_id).where(*submitted)
    named = select(EntryAuthor.user_id).join(Entry, Entry.id == EntryAuthor.entry_id).where(*submitted)
    return list(db.session.scalars(creators.union(named.where(EntryAuthor.user_id.is_not(None)))))


def _seat_of(entry: Entry, role: Role) -> int | None:
    if role is Role.UNIT:
        return entry.unit_id
    if role is Role.UPPER_CLERK:
        return entry.contest.receiver_id
    return entry.contest.organisation_id if role in HOST_ROLES else None


def sees_all(contest: Contest | Row, actor: Actor) -> bool:
    """Whether the actor sees every submitted entry of the contest."""
    return bool(actor.roles_in(contest.organisation_id, contest.id) & HOST_ROLES)


def visible_in(contest: Contest | Row, actor: Actor) -> ColumnElement[bool]:
    """The same rule as `may_see`, as a condition on `Entry` for lists, counts, searches and exports of one contest.

    `contest` has `id`, `organisation_id` and `receiver_id`. The cheapest conditions stand first.
    """
    conditions = []
    if sees_all(contest, actor):
        conditions += [
            Entry.state.not_in(UNSEEN_STATES),
            and_(Entry.state == "withdrawn", Entry.submitted_at.is_not(None)),
        ]
    if units := units_as_contact(contest, actor):
        conditions.append(Entry.unit_id.in_(units))
    if is_receiver(contest, actor):
        conditions.append(Entry.state.in_(UPPER_STATES))
    return or_(*conditions, own(actor))


def units_as_contact(contest: Contest | Row, actor: Actor) -> list[int]:
    """Ids of the units for which the actor is the contact in this contest."""
    grants = [grant for grant in actor.grants if grant.role is Role.UNIT]
    return sorted({grant.organisation_id for grant in grants if grant.contest_id in (None, contest.id)})


def is_receiver(contest: Contest | Row, actor: Actor) -> bool:
    """Whether the actor is a clerk of the body that receives this contest's entries."""
    return contest.receiver_id is not None and Role.UPPER_CLERK in actor.roles_in(contest.receiver_id, contest.id)


def own(actor: Actor) -> ColumnElement[bool]:
    """Entries that the actor created or is an author of."""
    if actor.user_id is None:
        return false()
    named = select(EntryAuthor.entry_id).where(EntryAuthor.user_id == actor.user_id)
    return or_(Entry.created_by_id == actor.user_id, Entry.id.in_(named))


def register_viewer(may_read: Viewer) -> None:
    """Let an upper slice open the files of an entry to further persons, e.g. to its judges."""
    if may_read not in _viewers:
        _viewers.append(may_read)


def may_read_files(entry: Entry, actor: Actor) -> bool:
    """Whether the actor may download the evidence: whoever sees the entry, and whom a viewer lets in."""
    return may_see(entry, actor) or any(may_read(entry, actor) for may_read in _viewers)


def speaks_as_author(entry: Entry, actor: Actor) -> bool:
    """Whether the actor reads the author's words: acts on the author's side, or on no side for being an author."""
    return not roles(entry, actor) - AUTHOR_SIDE
