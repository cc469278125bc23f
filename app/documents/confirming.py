"""Asking for the password again before a signature, and remembering for a few minutes that it was right.

The check is slow on purpose and must not run while a writing transaction is open, so views call it first. What is
remembered holds for the same session at the same address in the same browser: a session cookie that was carried off
signs nothing elsewhere, also within the minutes.
"""

import hashlib
from datetime import datetime, timedelta

from flask import g, request, session
from flask_babel import gettext as _

from app.accounts import limits, passwords, queries
from app.core.db import db, write_transaction

LASTS = timedelta(minutes=5)
_KEY = "confirmed"


def is_fresh(now: datetime) -> bool:
    """Whether this session's person gave the right password within the last minutes."""
    kept = session.get(_KEY) or {}
    if kept.get("session") != g.session_id or kept.get("client") != _client():
        return False
    age = now - datetime.fromisoformat(kept["at"])
    return timedelta(0) <= age <= LASTS


def problem(password: str, now: datetime) -> str:
    """Check the password of the person signed in: "" when it is right or was lately, else what to tell them.

    Tries count against the same limits as signing in.
    """
    if is_fresh(now):
        return ""
    if not password:
        return _("Nhập mật khẩu để xác nhận")
    user = queries.get_user(g.actor.user_id)
    user_id, username, stored = user.id, user.username, user.password_hash
    db.session.rollback()
    number = limits.admit(username, request.remote_addr or "", user_id=user_id, now=now)
    if number is None:
        return _("Đã thử sai quá nhiều lần. Chờ 5 phút rồi thử lại.")
    if not passwords.is_right(password, stored):
        return _("Mật khẩu không đúng")
    with write_transaction():
        limits.forget(number)
    session[_KEY] = {"session": g.session_id, "client": _client(), "at": now.isoformat()}
    return ""


def _client() -> str:
    """The address and the browser that the request comes from, as a short hash."""
    told = f"{request.remote_addr}\n{request.user_agent.string}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]
