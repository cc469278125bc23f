"""Seats give rights: who sits in the jury or the secretariat holds a dated role for this contest and no other."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.accounts import queries as people
from app.accounts import services as accounts
from app.accounts.actor import Actor
from app.accounts.models import RoleGrant
from app.contests.models import BoardMember, Contest
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.vietnamese import to_local
from workflows.spec import Role

Seat = tuple[int, Role]


def role_of(board: str, is_head: bool) -> Role | None:
    """The role that a seat gives; the organising board gives none, its powers are those of the offices held."""
    if board == "jury":
        return Role.HEAD_OF_JURY if is_head else Role.JUDGE
    return Role.SECRETARY if board == "secretariat" else None


def seats_with_role(members: list[BoardMember]) -> dict[Seat, int]:
    """Persons with the roles that their seats give, and the place of the seat in the list."""
    found = {}
    for place, member in enumerate(members):
        role = role_of(member.board, member.is_head)
        if role is not None and member.user_id is not None:
            found.setdefault((member.user_id, role), place)
    return found


def move_roles(contest: Contest, before: set[Seat], actor: Actor, *, now: datetime) -> None:
    """End the roles of seats that are gone and give those of new seats, as of today.

    Raises Invalid at the seat that cannot be given: nobody puts himself into the jury, and a disabled account
    holds nothing.
    """
    wanted = seats_with_role(list(contest.members))
    held = _held(contest, now)
    for seat, grant in held.items():
        if seat in before and seat not in wanted:
            accounts.revoke_role(actor, grant, now=now)
    for seat, place in wanted.items():
        if seat not in held:
            _give(contest, seat, place, actor, now)


def _held(contest: Contest, now: datetime) -> dict[Seat, RoleGrant]:
    today = to_local(now).date()
    grants = db.session.scalars(
        select(RoleGrant).where(
            RoleGrant.contest_id == contest.id,
            RoleGrant.organisation_id == contest.organisation_id,
            RoleGrant.valid_from <= today,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
    )
    return {(grant.user_id, Role(grant.role)): grant for grant in grants}


def _give(contest: Contest, seat: Seat, place: int, actor: Actor, now: datetime) -> None:
    user_id, role = seat
    field = f"members-{place}-user_id"
    user = people.get_user(user_id)
    today = to_local(now).date()
    try:
        accounts.grant_role(actor, user, role, contest.organisation_id, contest.id, today, None, now=now)
    except NotAllowed as error:
        raise Invalid({field: _("Không tự xếp mình vào Ban giám khảo")}) from error
    except Invalid as error:
        raise Invalid({field: " ".join(error.errors.values())}) from error


def may_sit(user_id: int | None, role: Role | None, actor: Actor) -> bool:
    """Whether the actor can give this seat its role; used when seats are copied from an earlier season."""
    if user_id is None or role is None:
        return True
    user = people.get_user(user_id)
    return user is not None and user.disabled_at is None and (user_id != actor.user_id or role is Role.SECRETARY)
