"""Tables of the trail. Rows are only ever added: the model and the database both refuse anything else."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class AuditEvent(Base):
    """One act: who, in which role and for whom, what, when, on which subject, from, to, what changed and why.

    Names and codes are copied in, so that the event stays readable whatever happens to the rows it speaks of.
    `changes` is the exact JSON text that was hashed: {"field": [before, after]}.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_type", "subject_id", "seq"),)

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(Integer)
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_role: Mapped[str] = mapped_column(String(30))
    on_behalf_of: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    subject_code: Mapped[str] = mapped_column(String(60))
    contest_id: Mapped[int | None] = mapped_column(Integer, index=True)
    from_state: Mapped[str] = mapped_column(String(30))
    to_state: Mapped[str] = mapped_column(String(30))
    changes: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(String(40))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain, moved by a trigger whenever an event is added. One row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class TrailIsFinal(RuntimeError):
    """Somebody tried to change or delete an event."""


def _refuse(_mapper, _connection, target) -> None:
    raise TrailIsFinal(f"event {target.seq} cannot be changed or deleted")


event.listen(AuditEvent, "before_update", _refuse)
event.listen(AuditEvent, "before_delete", _refuse)
