"""Tables of screening: the answers to the checklist, and the most similar earlier texts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime

RESULTS = ("passed", "failed", "missing")


class Check(Base):
    """The office's answer to one question of the checklist for one entry; a failed one carries a note."""

    __tablename__ = "screening_check"
    __table_args__ = (
        CheckConstraint("result IN ('passed', 'failed', 'missing')", name="result"),
        UniqueConstraint("entry_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("checklist_item.id"))
    result: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Similarity(Base):
    """One of the texts most like an entry, found by a background job: another entry or an earlier initiative."""

    __tablename__ = "similarity"
    __table_args__ = (CheckConstraint("(other_entry_id IS NULL) <> (initiative_id IS NULL)", name="target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    other_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("earlier_initiative.id"))
    percent: Mapped[int] = mapped_column()
    compared_at: Mapped[datetime] = mapped_column(UtcDateTime)
