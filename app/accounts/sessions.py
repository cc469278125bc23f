"""Server-side sessions: one row per sign-in, ended at once by sign-out, a new password or a disabled account."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from app.accounts.actor import Actor, valid_grants
from app.accounts.models import RoleGrant, User, UserSession
from app.core import ids
from app.core.db import db, read, write_transaction
from app.core.vietnamese import to_local

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=2)


@dataclass(frozen=True)
class SignedIn:
    """What Flask-Login keeps as the current user of a request."""

    session_id: int
    actor: Actor
    last_seen_at: datetime
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False
    token: str = ""

    def get_id(self) -> str:
        """The token in the cookie."""
        return self.token


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(user: User, *, now: datetime, address: str, agent: str) -> str:
    """Start a session in the open transaction and return its token."""
    token = ids.token()
    db.session.add(
        UserSession(
            token_hash=_hashed(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            address=address[:60],
            agent=agent[:200],
        )
    )
    return token


_LIVE = (
    select(
        UserSession.id,
        UserSession.last_seen_at,
        User.id.label("user_id"),
        User.full_name,
        User.job_title,
        User.organisation_id.label("home_id"),
        RoleGrant.role,
        RoleGrant.organisation_id,
        RoleGrant.contest_id,
        RoleGrant.valid_from,
        RoleGrant.valid_to,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.ended_at.is_(None),
        UserSession.last_seen_at > bindparam("seen_after"),
        UserSession.created_at > bindparam("created_after"),
        User.disabled_at.is_(None),
    )
)


def find(token: str, *, now: datetime) -> SignedIn | None:
    """The live session of this token with its person and today's roles, by one statement; None when it is over."""
    rows = read(_LIVE, token_hash=_hashed(token), seen_after=now - IDLE, created_after=now - ABSOLUTE)
    if not rows:
        return None
    first = rows[0]
    actor = Actor(
        first.user_id,
        first.full_name,
        valid_grants(rows, to_local(now).date()),
        organisation_id=first.home_id,
        job_title=first.job_title,
    )
    return SignedIn(first.id, actor, first.last_seen_at, token=token)


def touch(signed_in: SignedIn, *, now: datetime) -> None:
    """Note that the person is still here, at most once in `TOUCH_EVERY`, in a transaction of its own.

    A session that ended meanwhile is not revived.
    """
    if now - signed_in.last_seen_at < TOUCH_EVERY:
        return
    with write_transaction():
        db.session.execute(
            update(UserSession)
            .where(UserSession.id == signed_in.session_id, UserSession.ended_at.is_(None))
            .values(last_seen_at=now)
        )


def end(session_id: int, *, now: datetime) -> None:
    """End one session."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(ended_at=now))


def end_all(user_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every live session of a person, but for one if given."""
    statement = update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    if but is not None:
        statement = statement.where(UserSession.id != but)
    db.session.execute(statement.values(ended_at=now))
