"""Reads of people, their roles and their sessions."""

from datetime import date, datetime

from sqlalchemy import Row, func, or_, select

from app.accounts import sessions
from app.accounts.actor import Actor, valid_grants
from app.accounts.models import RoleGrant, User, UserSession
from app.core.db import db
from app.core.vietnamese import clean_line, fold, to_local
from app.organisations.models import Organisation
from workflows.spec import Role

PEOPLE_LIMIT = 500


def sign_in_name(typed: str) -> str:
    """A user name or e-mail address as compared: composed, small letters, no spaces."""
    return clean_line(typed).lower().replace(" ", "")


def credentials(typed: str) -> Row | None:
    """`id, username, password_hash, disabled_at` of the person with this user name, else with this e-mail address.

    An address that two people share names nobody.
    """
    name = sign_in_name(typed)
    if not name:
        return None
    columns = select(User.id, User.username, User.password_hash, User.disabled_at)
    found = db.session.execute(columns.where(or_(User.username == name, func.lower(User.email) == name)).limit(3)).all()
    by_username = [row for row in found if row.username == name]
    if by_username:
        return by_username[0]
    return found[0] if len(found) == 1 else None


def get_user(user_id: int) -> User | None:
    """The person with this number."""
    return db.session.get(User, user_id)


def actor(user_id: int, *, now: datetime) -> Actor:
    """The person with the roles held on that day, for work that goes on in the background; none for who is disabled."""
    user = db.session.get(User, user_id)
    grants = select(RoleGrant.__table__).where(RoleGrant.user_id == user_id)
    rows = [] if user.disabled_at else db.session.execute(grants).all()
    held = valid_grants(rows, to_local(now).date())
    return Actor(user_id, user.full_name, held, user.organisation_id, user.job_title)


def by_username(username: str) -> User | None:
    """The person with exactly this user name."""
    return db.session.scalar(select(User).where(User.username == username))


def find_people(*, words: str = "", organisation_id: int | None = None, role: str = "", on: date) -> list[Row]:
    """People in the order of their given names: `id, username, full_name, job_title, organisation, disabled_at`.

    `words` are looked for in name, user name and job without marks; `role` keeps those who hold it on the day.
    """
    query = (
        select(
            User.id,
            User.username,
            User.full_name,
            User.job_title,
            User.email,
            User.disabled_at,
            Organisation.short_name.label("organisation"),
        )
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .order_by(User.name_key, User.id)
    )
    if organisation_id:
        query = query.where(User.organisation_id == organisation_id)
    if role:
        query = query.where(User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role == role, _holds_on(on))))
    needle = fold(words)
    rows = db.session.execute(query).all()
    return [row for row in rows if needle in fold(f"{row.full_name} {row.username} {row.job_title}")][:PEOPLE_LIMIT]


def _holds_on(day: date):
    return (RoleGrant.valid_from <= day) & or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= day)


def grants_of(*user_ids: int) -> list[Row]:
    """Roles of people, past and future too: `id, user_id, role, organisation, contest_id, valid_from, valid_to`."""
    return db.session.execute(
        select(
            RoleGrant.id,
            RoleGrant.user_id,
            RoleGrant.role,
            RoleGrant.organisation_id,
            Organisation.short_name.label("organisation"),
            RoleGrant.contest_id,
            RoleGrant.valid_from,
            RoleGrant.valid_to,
        )
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.user_id.in_(user_ids))
        .order_by(RoleGrant.user_id, RoleGrant.valid_from.desc(), RoleGrant.id)
    ).all()


def holders(role: Role, *, organisation_id: int | None = None, contest_id: int | None = None, on: date) -> list[int]:
    """Ids of enabled people who hold the role on the day: in the organisation if given, and for the contest if
    given (roles for all contests count)."""
    query = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == role.value, _holds_on(on), User.disabled_at.is_(None))
        .distinct()
        .order_by(RoleGrant.user_id)
    )
    if organisation_id is not None:
        query = query.where(RoleGrant.organisation_id == organisation_id)
    if contest_id is not None:
        query = query.where(or_(RoleGrant.contest_id.is_(None), RoleGrant.contest_id == contest_id))
    return list(db.session.scalars(query))


def live_sessions(user_id: int, now: datetime) -> list[Row]:
    """Sessions of a person that are open now, the latest used first."""
    return db.session.execute(
        select(UserSession.id, UserSession.created_at, UserSession.last_seen_at, UserSession.address, UserSession.agent)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at > now - sessions.IDLE,
            UserSession.created_at > now - sessions.ABSOLUTE,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    ).all()


def demonstration_people(usernames: tuple[str, ...]) -> list[Row]:
    """`username, full_name, job_title, role` of the named enabled people, one row a role, in the order given."""
    rows = db.session.execute(
        select(User.username, User.full_name, User.job_title, RoleGrant.role)
        .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.username.in_(usernames), User.disabled_at.is_(None))
        .order_by(RoleGrant.id)
    ).all()
    return sorted(rows, key=lambda row: usernames.index(row.username))
