"""Limits on guessing passwords: tries are counted in a table, by account and by address, in a sliding window.

A try is written before the password is looked at, so that many at once cannot slip through together; a try that is
refused is taken back, so that hammering never locks a person out for longer than the window. From an address where
the person has signed in lately only the tries from there count: a stranger cannot keep the person out.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from app.accounts.models import SignInAttempt, UserSession
from app.core.db import db, write_transaction
from app.core.vietnamese import fold

WINDOW = timedelta(minutes=5)
PER_ACCOUNT, PER_ADDRESS, EVERYBODY = 10, 30, 1000
KNOWN_FOR = timedelta(days=30)
KEPT = timedelta(days=1)


def unknown_account(name: str) -> str:
    """How tries on a name that nobody has are counted: spellings of it together, apart from every real account."""
    return f"?{fold(name).replace(' ', '')}"[:80]


def admit(account: str, address: str, *, user_id: int | None, now: datetime) -> int | None:
    """Count one try and return its number, or None when there were too many; in transactions of its own."""
    address = address[:60]
    if _is_over(account, address, user_id, now, added=0):
        return None
    with write_transaction():
        row = {"account": account, "address": address, "at": now}
        number = db.session.execute(insert(SignInAttempt.__table__).values(row)).inserted_primary_key[0]
    if _is_over(account, address, user_id, now, added=1):
        with write_transaction():
            forget(number)
        return None
    return number


def forget(number: int) -> None:
    """Take a try back: it was refused unseen, or it was right."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == number))


def sweep(*, now: datetime) -> None:
    """Delete tries that no limit looks at any more."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - KEPT))


def _is_over(account: str, address: str, user_id: int | None, now: datetime, added: int) -> bool:
    """Whether a try would be (`added=0`) or is (`added=1`) one too many."""
    recent = SignInAttempt.at > now - WINDOW
    by_account = [recent, SignInAttempt.account == account]
    if _is_known(user_id, address, now):
        by_account.append(SignInAttempt.address == address)
    counts = db.session.execute(
        select(
            _count(*by_account),
            _count(recent, SignInAttempt.address == address),
            _count(recent),
        )
    ).one()
    limits = (PER_ACCOUNT, PER_ADDRESS, EVERYBODY)
    over = any(count - added >= limit for count, limit in zip(counts, limits, strict=True))
    db.session.rollback()
    return over


def _count(*conditions):
    return select(func.count()).select_from(SignInAttempt).where(*conditions).scalar_subquery()


def _is_known(user_id: int | None, address: str, now: datetime) -> bool:
    """Whether the person signed in from this address lately."""
    if user_id is None:
        return False
    signed_in = select(UserSession.id).where(
        UserSession.user_id == user_id, UserSession.address == address, UserSession.created_at > now - KNOWN_FOR
    )
    return db.session.execute(signed_in.limit(1)).first() is not None
