"""Who is what towards a package, and who may see it.

The office of the sender holds a package from the start; the clerk of the receiving council learns of it when it is
sent. Who is an author of one of its entries handles no package that holds it.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_

from app.accounts.actor import Actor
from app.accounts.queries import holders
from app.core.clock import utcnow
from app.core.vietnamese import to_local
from app.entries.services import is_author
from app.handover import contents
from app.handover.models import Package
from workflows.spec import Role

SENDERS = frozenset({Role.OFFICE})
RECEIVERS = frozenset({Role.UPPER_CLERK})


def held(package: Package, actor: Actor) -> frozenset[Role]:
    """The roles in which the actor sees the package."""
    if actor.is_system:
        return frozenset({Role.SYSTEM})
    found = actor.roles_in(package.organisation_id, package.contest_id) & SENDERS
    if package.sent_at is not None:
        found |= actor.roles_in(package.receiver_id, package.contest_id) & RECEIVERS
    return found


def roles(package: Package, actor: Actor) -> frozenset[Role]:
    """The roles in which the actor may act on the package: none for an author of an entry in it."""
    found = held(package, actor)
    if actor.is_system or not found:
        return found
    entries = contents.entries_of(package)
    return frozenset() if any(is_author(entry, actor.user_id, actor.name) for entry in entries) else found


def may_see(package: Package, actor: Actor) -> bool:
    """Whether the package exists for the actor."""
    return bool(held(package, actor))


def sent_by(actor: Actor) -> ColumnElement[bool]:
    """Packages of organisations where the actor is the office."""
    return or_(false(), *(_at(Package.organisation_id, grant) for grant in actor.grants if grant.role in SENDERS))


def received_by(actor: Actor) -> ColumnElement[bool]:
    """Packages that were sent to councils where the actor is the clerk."""
    here = (_at(Package.receiver_id, grant) for grant in actor.grants if grant.role in RECEIVERS)
    return and_(Package.sent_at.is_not(None), or_(false(), *here))


def _at(column, grant) -> ColumnElement[bool]:
    here = column == grant.organisation_id
    return here if grant.contest_id is None else and_(here, Package.contest_id == grant.contest_id)


def people(package: Package, role: Role) -> Iterable[int]:
    """Ids of the persons who hold the role towards the package today, for messages."""
    if role is Role.UPPER_CLERK:
        seat = package.receiver_id if package.sent_at is not None else None
    else:
        seat = package.organisation_id if role in SENDERS else None
    if seat is None:
        return ()
    return holders(role, organisation_id=seat, contest_id=package.contest_id, on=to_local(utcnow()).date())
