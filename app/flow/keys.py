"""Idempotency keys: each form carries one, and what it led to is found by it when the form comes again."""

from datetime import datetime

from sqlalchemy import Row, bindparam, insert, select

from app.accounts.actor import Actor
from app.core.db import Stateful, db
from app.flow.models import ActKey
from workflows.spec import Workflow

CREATE = "create"


_KNOWN = select(ActKey.subject_id, ActKey.event_seq).where(
    ActKey.key == bindparam("of_key"),
    ActKey.user_id.is_not_distinct_from(bindparam("of_user")),
    ActKey.action == bindparam("of_action"),
    ActKey.subject_type == bindparam("of_type"),
)
_NEW = insert(ActKey.__table__)


def find(key: str, actor: Actor, workflow: Workflow, action: str) -> Row | None:
    """`subject_id, event_seq` of what this key led to; a key of another person or act counts as unknown."""
    row = {"of_key": key, "of_user": actor.user_id, "of_action": action, "of_type": workflow.name}
    return db.session.execute(_KNOWN, row).first()


def remember(
    key: str, actor: Actor, workflow: Workflow, action: str, subject: Stateful, seq: int, at: datetime
) -> None:
    """Keep what the key led to, in the open transaction."""
    row = {"key": key, "user_id": actor.user_id, "action": action, "event_seq": seq, "at": at}
    db.session.execute(_NEW, row | {"subject_type": workflow.name, "subject_id": subject.id})


def made_with(key: str | None, actor: Actor, model: type[Stateful]) -> Stateful | None:
    """The subject that the same form of the same person has created already."""
    known = key and find(key, actor, model.__workflow__, CREATE)
    return db.session.get(model, known.subject_id) if known else None
