"""Writing messages: to the people of an act, and the marks on them."""

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from sqlalchemy import Row, update

from app.accounts.actor import Actor
from app.core.db import db
from app.jobs import enqueue
from app.notifications.messages import Text
from app.notifications.models import Message


def send(text: Text, name: str, recipients: Iterable[Row], *, event: int | None, now: datetime) -> None:
    """Keep the message `name` for each recipient (`id`, `email`), and queue a mail to those who have an address."""
    by_mail = current_app.extensions["mailer"] is not None
    for person in recipients:
        message = Message(
            user_id=person.id,
            name=name,
            title=text.title,
            body=text.body,
            url=text.url,
            event_seq=event,
            created_at=now,
            mail_state="queued" if by_mail and person.email else "none",
        )
        db.session.add(message)
        db.session.flush()
        if message.mail_state == "queued":
            enqueue("notifications.mail", {"message_id": message.id, "attempt": 1}, now=now)


def mark_read(message: Message, *, now: datetime) -> None:
    """Note when the message was opened first."""
    message.read_at = message.read_at or now


def mark_all_read(actor: Actor, *, now: datetime) -> None:
    """Note the person's unopened messages as read."""
    db.session.execute(
        update(Message).where(Message.user_id == actor.user_id, Message.read_at.is_(None)).values(read_at=now)
    )
