"""Tables of a contest: its plan, its rules and its boards. Nothing here is a constant of the program."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Exact, Stateful, UtcDateTime, state_check
from workflows import CONTEST

TIE_RULES = ("criterion", "earlier_submission", "fewer_authors")
BOARDS = ("organising", "jury", "secretariat")


class Contest(Stateful, Base):
    """One season of one organisation. Texts of several paragraphs or points hold one a line."""

    __workflow__ = CONTEST
    __tablename__ = "contest"
    __table_args__ = (
        state_check(CONTEST),
        CheckConstraint("combination IN ('mean', 'drop_extremes')", name="combination"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR opens_at < closes_at", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    entry_prefix: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(500))
    # the plan
    intro: Mapped[str] = mapped_column(Text, default="")
    purposes: Mapped[str] = mapped_column(Text, default="")
    requirements: Mapped[str] = mapped_column(Text, default="")
    eligible_collective: Mapped[str] = mapped_column(Text, default="")
    eligible_individual: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[str] = mapped_column(Text, default="")
    budget_text: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[int] = mapped_column(BigInteger, default=0)
    closing: Mapped[str] = mapped_column(Text, default="")
    recipients: Mapped[str] = mapped_column(Text, default="")
    archive_line: Mapped[str] = mapped_column(String(60), default="VT")
    contact: Mapped[str] = mapped_column(String(200), default="")
    # the dates
    novelty_cutoff_on: Mapped[date | None] = mapped_column(Date)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    screening_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judging_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    award_on: Mapped[date | None] = mapped_column(Date)
    # the rules
    max_authors: Mapped[int] = mapped_column(default=5)
    combination: Mapped[str] = mapped_column(String(20), default="mean")
    score_step: Mapped[Decimal] = mapped_column(Exact(2), default=Decimal("0.5"))
    deviation_percent: Mapped[Decimal] = mapped_column(Exact(2), default=Decimal(20))
    threshold: Mapped[Decimal] = mapped_column(Exact(2), default=Decimal(50))
    zero_fails: Mapped[bool] = mapped_column(default=True)
    min_judges: Mapped[int] = mapped_column(default=3)
    same_unit_conflicts: Mapped[bool] = mapped_column(default=True)
    blind: Mapped[bool] = mapped_column(default=True)
    tie_rules: Mapped[str] = mapped_column(Text, default="")
    # counters kept in the transaction that needs them
    next_entry_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    fields: Mapped[list["ContestField"]] = relationship(order_by="ContestField.position", cascade="all, delete-orphan")
    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.position", cascade="all, delete-orphan")
    prizes: Mapped[list["Prize"]] = relationship(order_by="Prize.position", cascade="all, delete-orphan")
    legal_bases: Mapped[list["LegalBasis"]] = relationship(order_by="LegalBasis.position", cascade="all, delete-orphan")
    tasks: Mapped[list["PlanTask"]] = relationship(order_by="PlanTask.position", cascade="all, delete-orphan")
    members: Mapped[list["BoardMember"]] = relationship(
        order_by="BoardMember.board, BoardMember.position", cascade="all, delete-orphan"
    )
    checklist: Mapped[list["ChecklistItem"]] = relationship(
        order_by="ChecklistItem.position", cascade="all, delete-orphan"
    )


class ContestField(Base):
    """A field (lĩnh vực) in which entries are accepted."""

    __tablename__ = "contest_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(200))


class Criterion(Base):
    """One line of the rubric. `bands` explains the scale to judges, one band a line."""

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    position: Mapped[int] = mapped_column()
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    max_score: Mapped[Decimal] = mapped_column(Exact(2))
    bands: Mapped[str] = mapped_column(Text, default="")


class Prize(Base):
    """A kind of prize, how many of it, and the money of each in đồng."""

    __tablename__ = "prize"
    __table_args__ = (CheckConstraint("slots >= 0 AND amount >= 0", name="positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(100))
    slots: Mapped[int] = mapped_column()
    amount: Mapped[int] = mapped_column(BigInteger)


class LegalBasis(Base):
    """One citation, without its end punctuation."""

    __tablename__ = "legal_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)


class PlanTask(Base):
    """An office and its tasks in the plan, one task a line."""

    __tablename__ = "plan_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    position: Mapped[int] = mapped_column()
    office: Mapped[str] = mapped_column(String(200))
    lines: Mapped[str] = mapped_column(Text)


class BoardMember(Base):
    """A seat in the organising board, the jury or the secretariat; `user_id` gives the seat its rights."""

    __tablename__ = "board_member"
    __table_args__ = (
        CheckConstraint("board IN ('organising', 'jury', 'secretariat')", name="board"),
        UniqueConstraint("contest_id", "board", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    board: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column()
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    honorific: Mapped[str] = mapped_column(String(20), default="")
    full_name: Mapped[str] = mapped_column(String(100))
    job_title: Mapped[str] = mapped_column(String(150), default="")
    seat: Mapped[str] = mapped_column(String(60))
    is_head: Mapped[bool] = mapped_column(default=False)


class ChecklistItem(Base):
    """One question that the office answers for each entry."""

    __tablename__ = "checklist_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(String(200))


class EarlierInitiative(Base):
    """An initiative already applied in an organisation, against which novelty is checked."""

    __tablename__ = "earlier_initiative"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text)
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    year: Mapped[int] = mapped_column()
    decision: Mapped[str] = mapped_column(String(200), default="")
    applied_on: Mapped[date | None] = mapped_column(Date)
