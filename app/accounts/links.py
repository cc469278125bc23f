"""One-time links for choosing a password: signed, of limited life, and dead as soon as the password changes.

No table is needed: the link carries a digest of the stored hash of the moment, so its first use ends it.
"""

import hashlib
from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts.models import User
from app.core.db import db

LASTS = timedelta(hours=48)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="new-password", signer_kwargs=_SIGNER)


_SIGNER = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


def _mark(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:32]


def token_for(user: User, *, now: datetime) -> str:
    """A token with which the person may choose a password until `LASTS` has passed."""
    until = int((now + LASTS).timestamp())
    return _serializer().dumps([user.id, _mark(user.password_hash), until])


def owner_of(token: str, *, now: datetime) -> User | None:
    """The person for whom the token was made; None when it is forged, too old, used or the account is disabled."""
    try:
        user_id, mark, until = _serializer().loads(token)
    except BadSignature:
        return None
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at or mark != _mark(user.password_hash) or now.timestamp() >= until:
        return None
    return user
