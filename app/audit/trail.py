"""Writing the trail: one event per act, in the act's own transaction, chained by SHA-256.

The chain shows any later change of an event. It cannot show that whoever owns the whole database rewrote it from
some point on: for that a checkpoint (`seq` and `hash` of the head) must be kept elsewhere; see docs/security.md.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import insert, select

from app.audit.models import AuditEvent, AuditHead
from app.core.db import db

GENESIS = "0" * 64
HASHED = tuple(column.name for column in AuditEvent.__table__.columns if column.name != "hash")


def canonical(row: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed: sorted compact JSON of every column but the hash itself."""
    values = {name: row[name] for name in HASHED}
    values["at"] = values["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, which contain the hash of the event before."""
    return hashlib.sha256(canonical(row)).hexdigest()


def changes_text(changes: Mapping[str, Any]) -> str:
    """Changes as stored: {"field": [before, after]} in sorted compact JSON; values become text where needed."""
    return json.dumps(dict(changes), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1).with_for_update()
_EVENT = insert(AuditEvent.__table__)


def record(
    *,
    at: datetime,
    actor,
    role: str,
    action: str,
    subject_type: str,
    subject_id: int | None,
    subject_code: str = "",
    contest_id: int | None = None,
    from_state: str = "",
    to_state: str = "",
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> int:
    """Add one event to the open transaction and return its number.

    `actor` has `user_id`, `name` and `on_behalf_of`. The head row is locked first, so that two writers on a server
    database queue up and the chain never forks.
    """
    head = db.session.execute(_HEAD).one()
    row = {
        "seq": head.seq + 1,
        "at": at,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "actor_role": role,
        "on_behalf_of": actor.on_behalf_of,
        "action": action,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "subject_code": subject_code,
        "contest_id": contest_id,
        "from_state": from_state,
        "to_state": to_state,
        "changes": changes_text(changes or {}),
        "reason": reason,
        "request_id": g.get("request_id", "") if has_request_context() else "",
        "prev_hash": head.hash,
    }
    db.session.execute(_EVENT, row | {"hash": digest(row)})
    return row["seq"]
