"""Who is what towards a contest, and who may read its pages."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.accounts import queries as accounts
from app.accounts.actor import Actor, Grant
from app.accounts.models import RoleGrant, User
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.core.vietnamese import to_local
from app.organisations.models import Organisation
from workflows.spec import Role

READERS = (Role.OFFICE, Role.SECRETARY, Role.JUDGE, Role.HEAD_OF_JURY, Role.CHAIRMAN, Role.CLERK)
"""Roles that open the pages of a contest. An administrator has no part in contents."""

TRAIL_READERS = frozenset({Role.OFFICE, Role.SECRETARY, Role.HEAD_OF_JURY, Role.CHAIRMAN})
HOST_ROLES = frozenset(READERS)

Find = Callable[[Contest], Iterable[int]]
_people: dict[Role, Find] = {}


def roles(contest: Contest, actor: Actor) -> frozenset[Role]:
    """Every role of the actor towards the contest: those held at its host, and the clerk's of its receiver."""
    if actor.is_system:
        return frozenset({Role.SYSTEM})
    held = actor.roles_in(contest.organisation_id, contest.id) & HOST_ROLES
    if contest.receiver_id is not None:
        held |= actor.roles_in(contest.receiver_id, contest.id) & {Role.UPPER_CLERK}
    return held


def may_read(contest: Contest, actor: Actor) -> bool:
    """Whether the actor may open the pages of the contest."""
    return actor.is_system or bool(roles(contest, actor) & HOST_ROLES)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The same rule as `may_read`, as a condition on `Contest` for lists."""
    return opened_by(reading_grants(actor))


def reading_grants(actor: Actor) -> frozenset[Grant]:
    """The actor's grants that open pages of contests."""
    return frozenset(grant for grant in actor.grants if grant.role in HOST_ROLES)


def opened_by(grants: Iterable[Grant]) -> ColumnElement[bool]:
    """Condition on `Contest`: one of these grants opens its pages."""
    return or_(false(), *(_of_grant(grant) for grant in grants))


def _of_grant(grant: Grant) -> ColumnElement[bool]:
    here = Contest.organisation_id == grant.organisation_id
    return here if grant.contest_id is None else and_(here, Contest.id == grant.contest_id)


def may_create(organisation_id: int, actor: Actor) -> bool:
    """Whether the actor may set up contests there: the office for all contests of the organisation."""
    return actor.is_system or Role.OFFICE in actor.roles_in(organisation_id)


def add_people(role: Role, find: Find) -> None:
    """Let an upper slice say who holds `role` towards a contest, e.g. the authors of its entries."""
    _people[role] = find


def people(contest: Contest, role: Role) -> Iterable[int]:
    """Ids of the persons who hold the role towards the contest today, for messages."""
    if role in _people:
        return _people[role](contest)
    if role is Role.UNIT:
        return _unit_contacts(contest)
    seat = contest.receiver_id if role is Role.UPPER_CLERK else contest.organisation_id
    if seat is None:
        return ()
    return accounts.holders(role, organisation_id=seat, contest_id=contest.id, on=to_local(utcnow()).date())


def _unit_contacts(contest: Contest) -> list[int]:
    """Contacts of the units under the host."""
    today = to_local(utcnow()).date()
    return list(
        db.session.scalars(
            select(RoleGrant.user_id)
            .join(User, User.id == RoleGrant.user_id)
            .join(Organisation, Organisation.id == RoleGrant.organisation_id)
            .where(
                Organisation.parent_id == contest.organisation_id,
                RoleGrant.role == Role.UNIT.value,
                or_(RoleGrant.contest_id.is_(None), RoleGrant.contest_id == contest.id),
                RoleGrant.valid_from <= today,
                or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
                User.disabled_at.is_(None),
            )
            .distinct()
            .order_by(RoleGrant.user_id)
        )
    )
