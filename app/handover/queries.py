"""Reads of packages. What a person may not see is answered like what is not there."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.actor import Actor
from app.audit.models import AuditEvent
from app.contests.models import Contest, Prize
from app.core.db import db
from app.core.errors import NotFound
from app.entries.models import Entry
from app.handover import contents, policy
from app.handover.models import Package, PackageItem
from app.organisations.models import Organisation
from workflows import HANDOVER
from workflows.spec import Role

PAGE = 50
TRAIL_LIMIT = 100
PUBLISHED = ("decided", "closed")
WAITING = ("sent", "acknowledged")
FORWARDED = ("forwarded_to_town", "received", "recognised", "not_recognised")


# --- one package --------------------------------------------------------------------------------------------------
def get_visible(code: str, actor: Actor) -> Package:
    """The package with this code. Raises NotFound when there is none or the person may not know of it."""
    package = db.session.scalar(select(Package).where(Package.code == code.upper()))
    if package is None or not policy.may_see(package, actor):
        raise NotFound
    return package


def shown_entries(package: Package, actor: Actor) -> list[Entry]:
    """Those of its entries that the actor may see: all for the sender, for the receiver what is with it now."""
    entries = contents.entries_of(package)
    if policy.held(package, actor) & policy.SENDERS:
        return entries
    gone = contents.superseded(package)
    return [entry for entry in entries if entry.state in FORWARDED and entry.id not in gone]


def get_received(package: Package, code: str, actor: Actor) -> Entry:
    """One entry of a received package. Raises NotFound."""
    found = next((entry for entry in shown_entries(package, actor) if entry.code == code), None)
    if found is None or Role.UPPER_CLERK not in policy.held(package, actor):
        raise NotFound
    return found


def prize_names(contest_id: int) -> dict[int, str]:
    """Names of a contest's prizes by their keys."""
    rows = db.session.execute(select(Prize.id, Prize.name).where(Prize.contest_id == contest_id))
    return {row.id: row.name for row in rows}


def trail(package: Package) -> list[Row]:
    """The last events of the package, newest first:
    `seq, at, actor_name, actor_role, on_behalf_of, action, from_state, to_state, changes, reason` and the subject."""
    return list(
        db.session.execute(
            select(*AuditEvent.__table__.columns)
            .where(AuditEvent.subject_type == HANDOVER.name, AuditEvent.subject_id == package.id)
            .order_by(AuditEvent.seq.desc())
            .limit(TRAIL_LIMIT)
        )
    )


# --- lists --------------------------------------------------------------------------------------------------------
def list_sent(actor: Actor, before: int | None = None) -> list[Row]:
    """One page of the office's packages, newest first, one row more than `PAGE` when there are older ones:
    `id, code, state, sent_at, created_at, contest, sender, receiver, entries`."""
    return _page(policy.sent_by(actor), before)


def list_received(actor: Actor, before: int | None = None) -> list[Row]:
    """One page of the packages that came to the clerk, with the columns of `list_sent`."""
    return _page(policy.received_by(actor), before)


def _page(condition: ColumnElement[bool], before: int | None) -> list[Row]:
    sender, receiver = Organisation.__table__.alias("sender"), Organisation.__table__.alias("receiver")
    number = select(func.count()).where(PackageItem.package_id == Package.id).scalar_subquery()
    query = (
        select(
            Package.id,
            Package.code,
            Package.state,
            Package.sent_at,
            Package.created_at,
            Contest.title.label("contest"),
            sender.c.short_name.label("sender"),
            receiver.c.short_name.label("receiver"),
            number.label("entries"),
        )
        .join(Contest, Contest.id == Package.contest_id)
        .join(sender, sender.c.id == Package.organisation_id)
        .join(receiver, receiver.c.id == Package.receiver_id)
        .where(condition)
        .order_by(Package.id.desc())
        .limit(PAGE + 1)
    )
    return list(db.session.execute(query.where(Package.id < before) if before else query))


# --- what can be sent ---------------------------------------------------------------------------------------------
def ready_contests(actor: Actor) -> list[Contest]:
    """Contests with published results and a receiver whose office the actor is, the newest first."""
    seats = actor.organisations_as(Role.OFFICE)
    contests = db.session.scalars(
        select(Contest)
        .where(Contest.organisation_id.in_(seats), Contest.state.in_(PUBLISHED), Contest.receiver_id.is_not(None))
        .order_by(Contest.year.desc(), Contest.id.desc())
    )
    return [contest for contest in contests if Role.OFFICE in actor.roles_in(contest.organisation_id, contest.id)]


def candidates(contest: Contest, package: Package | None = None) -> Sequence[Entry]:
    """Ranked entries of the contest that are in no package being prepared (but for this one), best first."""
    preparing = (
        select(PackageItem.id)
        .join(Package, Package.id == PackageItem.package_id)
        .where(PackageItem.entry_id == Entry.id, Package.state == HANDOVER.initial)
    )
    if package is not None:
        preparing = preparing.where(Package.id != package.id)
    return db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.state == "ranked", ~exists(preparing))
        .options(joinedload(Entry.unit), joinedload(Entry.field), selectinload(Entry.authors))
        .order_by(Entry.rank.is_(None), Entry.rank, Entry.id)
    ).all()


def count_waiting(contest_id: int) -> int:
    """How many packages of the contest the body above has not answered."""
    return db.session.scalar(select(func.count()).where(Package.contest_id == contest_id, Package.state.in_(WAITING)))


def count_items(package: Package) -> int:
    """How many entries the package holds."""
    return db.session.scalar(select(func.count()).where(PackageItem.package_id == package.id))


def count_prizes(contest_id: int) -> int:
    """How many entries of the contest have a prize."""
    return db.session.scalar(select(func.count()).where(Entry.contest_id == contest_id, Entry.prize_id.is_not(None)))


def title_of(package: Package) -> str:
    """Sender and season in one line."""
    contest = db.session.get(Contest, package.contest_id)
    sender = db.session.get(Organisation, package.organisation_id)
    return f"{sender.short_name}: {contest.title}"
