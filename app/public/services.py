"""Looking up an own entry: counted like tries to sign in, so that names cannot be guessed by a program."""

from datetime import datetime

from sqlalchemy import func, select

from app.accounts import limits
from app.accounts.models import SignInAttempt
from app.core.db import db, write_transaction
from app.core.errors import DomainError
from app.public import queries
from app.public.queries import Found

MARK = "tra-cuu"
EVERYBODY = 300
"""Tries of all visitors together within the window: well under what stops signing in."""


class TooManyLookups(DomainError):
    """The limits were reached; nothing was looked up (429)."""


def look_up(code: str, full_name: str, *, address: str, now: datetime) -> Found | None:
    """The entry by its code and the name of an author. What does not exist and what does not fit are answered alike.

    A right answer is no guess and is not counted. Raises TooManyLookups.
    """
    db.session.rollback()
    if _tries_of_all(now) >= EVERYBODY:
        raise TooManyLookups
    number = limits.admit(f"{MARK} {code}"[:80], f"{MARK} {address}", user_id=None, now=now)
    if number is None:
        raise TooManyLookups
    found = queries.find_own(code, full_name)
    with write_transaction():
        if found is not None:
            limits.forget(number)
        limits.sweep(now=now)
    return found


def _tries_of_all(now: datetime) -> int:
    recent = SignInAttempt.at > now - limits.WINDOW
    ours = SignInAttempt.address.like(f"{MARK} %")
    count = db.session.scalar(select(func.count()).select_from(SignInAttempt).where(recent, ours))
    db.session.rollback()
    return count
