"""Tables of the handover: the package sent to the body above, and its entries."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Stateful, UtcDateTime, state_check
from workflows import HANDOVER


class Package(Stateful, Base):
    """Entries of one contest sent together to one receiving body."""

    __workflow__ = HANDOVER
    __tablename__ = "package"
    __table_args__ = (state_check(HANDOVER), Index("ix_package_receiver", "receiver_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    items: Mapped[list["PackageItem"]] = relationship(order_by="PackageItem.position", cascade="all, delete-orphan")


class PackageItem(Base):
    """One entry in a package."""

    __tablename__ = "package_item"
    __table_args__ = (UniqueConstraint("package_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    position: Mapped[int] = mapped_column()
