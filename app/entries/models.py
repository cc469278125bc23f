"""Tables of entries: the dossier, its authors and its evidence files."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.contests.models import Contest, ContestField
from app.core.db import Base, Exact, Stateful, UtcDateTime, state_check
from app.organisations.models import Organisation
from workflows import ENTRY


class Entry(Stateful, Base):
    """One entry. The sections follow the description form of Thông tư 18/2013/TT-BKHCN.

    The columns from `sheets_open` on are aggregates of the score sheets, kept in the transaction that saves a
    sheet, so that no page computes them. `rank_key` sorts entries best first in plain text order.
    """

    __workflow__ = ENTRY
    __tablename__ = "entry"
    __table_args__ = (
        state_check(ENTRY),
        CheckConstraint("kind IN ('collective', 'individual')", name="kind"),
        Index("ix_entry_list", "contest_id", "id"),
        Index("ix_entry_state", "contest_id", "state", "id"),
        Index("ix_entry_rank", "contest_id", "rank_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(30), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default="individual")
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    field_id: Mapped[int | None] = mapped_column(ForeignKey("contest_field.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # the dossier
    title: Mapped[str] = mapped_column(String(500), default="")
    first_applied_on: Mapped[date | None] = mapped_column(Date)
    current_state: Mapped[str] = mapped_column(Text, default="")
    solution: Mapped[str] = mapped_column(Text, default="")
    applicability: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    benefit: Mapped[str] = mapped_column(Text, default="")
    confidential: Mapped[str] = mapped_column(Text, default="")
    # the unit's confirmation, void again when the dossier changes
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str] = mapped_column(String(100), default="")
    # intake
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_parts: Mapped[str] = mapped_column(String(200), default="")
    return_reason: Mapped[str] = mapped_column(Text, default="")
    completion_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # aggregates of the score sheets
    sheets_open: Mapped[int] = mapped_column(default=0)
    sheets_submitted: Mapped[int] = mapped_column(default=0)
    score_mean: Mapped[Decimal | None] = mapped_column(Exact(4))
    score_min: Mapped[Decimal | None] = mapped_column(Exact(2))
    score_max: Mapped[Decimal | None] = mapped_column(Exact(2))
    spread_over_limit: Mapped[bool] = mapped_column(default=False)
    rank_key: Mapped[str | None] = mapped_column(String(120))
    # outcome
    rank: Mapped[int | None] = mapped_column()
    prize_id: Mapped[int | None] = mapped_column(ForeignKey("prize.id"))
    tie_note: Mapped[str] = mapped_column(String(200), default="")
    upper_decision: Mapped[str] = mapped_column(String(200), default="")
    upper_reason: Mapped[str] = mapped_column(Text, default="")

    contest: Mapped[Contest] = relationship(viewonly=True)
    unit: Mapped[Organisation] = relationship(viewonly=True)
    field: Mapped[ContestField | None] = relationship(viewonly=True)
    authors: Mapped[list["EntryAuthor"]] = relationship(order_by="EntryAuthor.position", cascade="all, delete-orphan")
    files: Mapped[list["EntryFile"]] = relationship(
        order_by="EntryFile.id",
        primaryjoin="and_(Entry.id == EntryFile.entry_id, EntryFile.removed_at.is_(None))",
        viewonly=True,
    )


class EntryAuthor(Base):
    """An author with a share in percent, in the columns of the official form. Shares of an entry sum to 100."""

    __tablename__ = "entry_author"
    __table_args__ = (CheckConstraint("share > 0 AND share <= 10000", name="share"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    position: Mapped[int] = mapped_column()
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(100))
    born_on: Mapped[date | None] = mapped_column(Date)
    workplace: Mapped[str] = mapped_column(String(200), default="")
    job_title: Mapped[str] = mapped_column(String(100), default="")
    qualification: Mapped[str] = mapped_column(String(100), default="")
    share: Mapped[Decimal] = mapped_column(Exact(2))


class EntryFile(Base):
    """An evidence file: its name here, its bytes in the storage under their SHA-256. Removal only hides it."""

    __tablename__ = "entry_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    media_type: Mapped[str] = mapped_column(String(100))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EntrySearch(Base):
    """Folded text of an entry for the search (title, code, authors, unit); a full-text index lies over it."""

    __tablename__ = "entry_search"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(index=True)
    folded: Mapped[str] = mapped_column(Text)


class EntryCount(Base):
    """How many entries a contest has in each state, kept by a trigger on `entry`."""

    __tablename__ = "entry_count"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(30), primary_key=True)
    n: Mapped[int] = mapped_column()
