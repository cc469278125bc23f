"""Table of idempotency keys: an act or a creation that was done, so that doing it twice does it once."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class ActKey(Base):
    """A key from a form, and the event that it led to."""

    __tablename__ = "act_key"
    __table_args__ = (Index("ix_act_key_at", "at"),)

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    user_id: Mapped[int | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int] = mapped_column()
    event_seq: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
