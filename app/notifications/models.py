"""Table of messages to people, with the fate of each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Message(Base):
    """One message to one person: always in the application, and by mail where that is set up.

    `mail_state`: `none` (no mail wanted), `queued`, `sent`, `failed` with `mail_error`.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("mail_state IN ('none', 'queued', 'sent', 'failed')", name="mail_state"),
        Index("ix_message_user", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(200), default="")
    event_seq: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_state: Mapped[str] = mapped_column(String(10), default="none")
    mail_error: Mapped[str] = mapped_column(Text, default="")
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
