"""Tables of scoring: one sheet for each judge and entry, one line for each criterion."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, Exact, Stateful, UtcDateTime, state_check
from app.entries.models import Entry
from workflows import SCORECARD


class ScoreSheet(Stateful, Base):
    """A judge's sheet for an entry; its existence is the assignment. Scores are exact decimals."""

    __workflow__ = SCORECARD
    __tablename__ = "score_sheet"
    __table_args__ = (
        state_check(SCORECARD),
        UniqueConstraint("entry_id", "judge_id"),
        Index("ix_score_sheet_judge", "judge_id", "contest_id", "state"),
        Index("ix_score_sheet_contest", "contest_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    total: Mapped[Decimal | None] = mapped_column(Exact(2))
    comment: Mapped[str] = mapped_column(Text, default="")
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    entry: Mapped[Entry] = relationship(viewonly=True)
    judge: Mapped[User] = relationship(viewonly=True)
    lines: Mapped[list["ScoreLine"]] = relationship(order_by="ScoreLine.criterion_id", cascade="all, delete-orphan")


class ScoreLine(Base):
    """The score of one criterion on one sheet."""

    __tablename__ = "score_line"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    score: Mapped[Decimal] = mapped_column(Exact(2))
    note: Mapped[str] = mapped_column(Text, default="")
