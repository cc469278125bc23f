"""Background work of messages: finding out whom an act concerns, and handing mail to the mail server."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from app.accounts.models import User
from app.adapters.mail import BadMessage, MailError
from app.adapters.mail import Message as Letter
from app.core.db import db
from app.flow.registry import binding_named
from app.jobs import enqueue, handles
from app.notifications import messages, queries, services
from app.notifications.models import Message
from workflows.spec import Role

ATTEMPTS = 6
ERROR_LIMIT = 1000
CLOSING = "Thư này do hệ thống gửi tự động, đồng chí không phải trả lời."


@handles("notifications.tell")
def tell(*, now: datetime, workflow: str, subject_id: int, role: str, name: str, event: int | None = None) -> None:
    """Tell the people who hold `role` towards the subject; not the one who did it."""
    binding = binding_named(workflow)
    subject = db.session.get(binding.model, subject_id)
    if subject is None:
        return
    done = queries.event(event)
    people = set(binding.people(subject, Role(role))) - {done.actor_id if done else None}
    text = messages.compose(
        name,
        Role(role),
        binding,
        subject,
        actor=done.actor_name if done else "",
        reason=done.reason if done else "",
    )
    services.send(text, name, queries.recipients(people), event=event, now=now)


@handles("notifications.inform")
def inform(*, now: datetime, user_id: int, name: str, url: str, values: dict) -> None:
    """Tell the person who began some work in the background what became of it."""
    services.send(messages.compose_about(name, url, values), name, queries.recipients([user_id]), event=None, now=now)


@dataclass(frozen=True)
class Sending:
    """What came of handing a mail over; `final` when trying again is useless."""

    error: str = ""
    final: bool = False


def hand_over(*, now: datetime, message_id: int, attempt: int) -> Sending | None:
    """The slow part: give the mail to the server. None when there is nothing to send any more."""
    row = db.session.execute(
        select(Message.title, Message.body, Message.url, User.email, User.full_name)
        .join(User, User.id == Message.user_id)
        .where(Message.id == message_id, Message.mail_state == "queued")
    ).first()
    mailer = current_app.extensions["mailer"]
    db.session.rollback()
    if row is None:
        return None
    if mailer is None:
        return Sending("mail is not set up", final=True)
    try:
        mailer.send(Letter(to=row.email, subject=row.title, text=_letter_text(row)))
    except BadMessage as error:
        return Sending(str(error), final=True)
    except MailError as error:
        return Sending(str(error), final=error.permanent)
    return Sending()


def _letter_text(row) -> str:
    address = current_app.config["SETTINGS"].base_url.rstrip("/") + row.url
    parts = [f"Kính gửi đồng chí {messages.plain(row.full_name)},", row.title, row.body, f"Mở: {address}", CLOSING]
    return "\n\n".join(part for part in parts if part) + "\n"


@handles("notifications.mail", prepare=hand_over)
def finish(*, now: datetime, prepared: Sending | None, message_id: int, attempt: int) -> None:
    """Record the fate of the mail; a passing trouble is tried again later, each time after a longer pause."""
    if prepared is None:
        return
    message = db.session.get(Message, message_id)
    message.mail_error = prepared.error[:ERROR_LIMIT]
    if not prepared.error:
        message.mail_state, message.mailed_at = "sent", now
    elif prepared.final or attempt >= ATTEMPTS:
        message.mail_state = "failed"
    else:
        again = {"message_id": message_id, "attempt": attempt + 1}
        enqueue("notifications.mail", again, now=now, run_at=now + pause(attempt))


def pause(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: 1, 4, 16, 64, 256 minutes."""
    return timedelta(minutes=4 ** (attempt - 1))
