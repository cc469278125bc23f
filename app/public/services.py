"""Looking up an own entry and checking a paper: counted like tries to sign in, so that no program can guess."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from app.accounts import limits
from app.accounts.models import SignInAttempt
from app.core.db import db, write_transaction
from app.core.errors import DomainError
from app.public import queries
from app.public.papers import Checked
from app.public.queries import Found

MARK = "tra-cuu"
CHECKS = "xac-minh"
EVERYBODY = 300
"""Tries of all visitors together within the window: well under what stops signing in."""


class TooManyLookups(DomainError):
    """The limits were reached; nothing was looked up (429)."""


def look_up(code: str, full_name: str, *, address: str, now: datetime) -> Found | None:
    """The entry by its code and the name of an author. What does not exist and what does not fit are answered alike.

    A right answer is no guess and is not counted. Raises TooManyLookups.
    """
    db.session.rollback()
    if _tries(MARK, now) >= EVERYBODY:
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


def check(find: Callable[[str], Checked | None], what: str, *, address: str, now: datetime) -> Checked | None:
    """The paper that `find` knows by `what`, a code or the hash of a file. Only wrong tries are counted: who checks
    real papers is never stopped by their number. Raises TooManyLookups.
    """
    if _tries(CHECKS, now, address) >= limits.PER_ADDRESS or _tries(CHECKS, now) >= EVERYBODY:
        raise TooManyLookups
    found = find(what)
    if found is None:
        limits.admit(f"{CHECKS} {what}"[:80], f"{CHECKS} {address}", user_id=None, now=now)
    return found


def _tries(mark: str, now: datetime, address: str | None = None) -> int:
    """Tries of this kind within the window, of one address or of all."""
    recent = SignInAttempt.at > now - limits.WINDOW
    ours = SignInAttempt.address.like(f"{mark} %")
    if address is not None:
        ours = SignInAttempt.address == f"{mark} {address}"[:60]
    count = db.session.scalar(select(func.count()).select_from(SignInAttempt).where(recent, ours))
    db.session.rollback()
    return count
