"""Reads of messages. A person reads the own ones only."""

from sqlalchemy import Row, func, select

from app.accounts.actor import Actor
from app.accounts.models import User
from app.audit.models import AuditEvent
from app.core.db import db
from app.core.errors import NotFound
from app.notifications.models import Message

PAGE = 50


def list_own(actor: Actor, before: int | None = None) -> list[Row]:
    """One page of the person's messages, newest first, one row more than `PAGE` when there are older ones:
    `id, title, body, url, created_at, read_at`."""
    query = (
        select(Message.id, Message.title, Message.body, Message.url, Message.created_at, Message.read_at)
        .where(Message.user_id == actor.user_id)
        .order_by(Message.id.desc())
        .limit(PAGE + 1)
    )
    return list(db.session.execute(query.where(Message.id < before) if before else query))


def count_unread(actor: Actor) -> int:
    """How many messages the person has not opened."""
    unread = select(func.count()).where(Message.user_id == actor.user_id, Message.read_at.is_(None))
    return db.session.scalar(unread)


def get_own(message_id: int, actor: Actor) -> Message:
    """The person's message. Raises NotFound for anybody else's too."""
    message = db.session.scalar(select(Message).where(Message.id == message_id, Message.user_id == actor.user_id))
    if message is None:
        raise NotFound
    return message


def event(seq: int | None) -> Row | None:
    """`actor_id, actor_name, reason` of the event that a message tells of."""
    return db.session.execute(
        select(AuditEvent.actor_id, AuditEvent.actor_name, AuditEvent.reason).where(AuditEvent.seq == seq)
    ).first()


def recipients(user_ids) -> list[Row]:
    """`id, email` of those among the people who still have an account in use."""
    return list(
        db.session.execute(
            select(User.id, User.email).where(User.id.in_(list(user_ids)), User.disabled_at.is_(None)).order_by(User.id)
        )
    )
