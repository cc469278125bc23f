"""Signing in and changing a password: everything that looks at one, with its limits.

Hashing takes tens of milliseconds and a writing transaction keeps all others out of an embedded database, so the
transaction is closed before each hash; what was read before is checked again after it.
"""

from datetime import datetime

from flask_babel import gettext as _

from app import audit
from app.accounts import limits, links, passwords, queries, sessions
from app.accounts.actor import Actor
from app.accounts.models import User
from app.core.db import db, write_transaction
from app.core.errors import DomainError, Invalid


class TooManyTries(DomainError):
    """The limits were reached; the password was not looked at (429)."""


def sign_in(name: str, password: str, *, address: str, agent: str, now: datetime) -> str | None:
    """Begin a session and return its token, or None: unknown, wrong and disabled are told alike and take as long.

    Raises TooManyTries.
    """
    found = queries.credentials(name)
    account = found.username if found else limits.unknown_account(name)
    number = _admitted(account, address, found.id if found else None, now)
    right = passwords.is_right(password, found.password_hash if found else None)
    if not right or found.disabled_at:
        return None
    renewed = passwords.hash_password(password) if passwords.is_outdated(found.password_hash) else None
    with write_transaction():
        user = db.session.get(User, found.id)
        if user.password_hash != found.password_hash or user.disabled_at:
            return None
        user.password_hash = renewed or user.password_hash
        limits.forget(number)
        limits.sweep(now=now)
        return sessions.begin(user, now=now, address=address, agent=agent)


def _admitted(account: str, address: str, user_id: int | None, now: datetime) -> int:
    db.session.rollback()
    number = limits.admit(account, address, user_id=user_id, now=now)
    if number is None:
        raise TooManyTries
    return number


def change_password(actor: Actor, old: str, new: str, *, session_id: int, address: str, now: datetime) -> None:
    """Replace the person's own password and end all their other sessions. Raises Invalid or TooManyTries."""
    user = db.session.get(User, actor.user_id)
    stored, own_words = user.password_hash, own_words_of(user)
    number = _admitted(user.username, address, user.id, now)
    if not passwords.is_right(old, stored):
        raise Invalid({"old_password": _("Mật khẩu hiện tại không đúng")})
    if new == old:
        raise Invalid({"new_password": _("Mật khẩu mới phải khác mật khẩu hiện tại")})
    fresh = _hashed(new, own_words)
    with write_transaction():
        limits.forget(number)
        _replace(actor.user_id, stored, fresh)
        sessions.end_all(actor.user_id, now=now, but=session_id)
        _note(actor, user, now)


def choose_password(token: str, new: str, *, now: datetime) -> None:
    """Set the password with a one-time link and end all sessions. Raises Invalid; "token" when the link is dead."""
    user = links.owner_of(token, now=now)
    if user is None:
        raise Invalid({"token": _("Liên kết đã hết hạn hoặc đã được dùng")})
    user_id, name, stored, own_words = user.id, user.full_name, user.password_hash, own_words_of(user)
    db.session.rollback()
    fresh = _hashed(new, own_words)
    with write_transaction():
        _replace(user_id, stored, fresh)
        sessions.end_all(user_id, now=now)
        _note(Actor(user_id, name), db.session.get(User, user_id), now)


def _hashed(new: str, own_words: tuple[str, ...]) -> str:
    problem = passwords.weakness(new, own_words)
    if problem:
        raise Invalid({"new_password": problem})
    return passwords.hash_password(new)


def own_words_of(user: User) -> tuple[str, ...]:
    """Words that a person's password must not be made of."""
    return (user.username, user.full_name, user.email.partition("@")[0])


def _replace(user_id: int, stored: str, fresh: str) -> None:
    """Put the new hash in place, unless the password changed while it was being made."""
    user = db.session.get(User, user_id)
    if user.password_hash != stored or user.disabled_at:
        raise Invalid({"token": _("Mật khẩu vừa được đổi ở nơi khác. Đăng nhập lại để tiếp tục.")})
    user.password_hash = fresh


def _note(actor: Actor, user: User, now: datetime) -> None:
    audit.record(
        at=now,
        actor=actor,
        role="",
        action="user.password",
        subject_type="user",
        subject_id=user.id,
        subject_code=user.username,
    )
