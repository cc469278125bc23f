"""Tables of the dated tree of organisations. No name or level of one stands anywhere else."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Organisation(Base):
    """A public body, a unit of it, or a council, with the span of days in which it existed.

    `kind` says what it is for: `authority` issues papers, `unit` submits entries, `council` receives packages.
    `letterhead` holds the lines of the issuing body as printed, one a line; `symbol` the part of the paper's symbol
    ("UBND"); `place_name` the place before the date (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('authority', 'unit', 'council')", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(120))
    letterhead: Mapped[str] = mapped_column(Text, default="")
    superior_line: Mapped[str] = mapped_column(String(200), default="")
    symbol: Mapped[str] = mapped_column(String(30), default="")
    place_name: Mapped[str] = mapped_column(String(80), default="")
    code: Mapped[str] = mapped_column(String(35), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Signatory(Base):
    """Who signs an organisation's papers in a span of days, and with what lines above the name.

    `role` is the application role whose holder signs in the application ("chairman", "head_of_jury"); `capacity`
    holds the printed lines ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), one a line; `personal` those of a decision in the
    head's own power ("CHỦ TỊCH").

    `kind` is `head` for who holds the office, else how the power was given on (Nghị định 30/2020/NĐ-CP, Điều 13):
    `deputy` signs for the head (KT.), `order` by the head's order (TL.), `authorised` by a written authorisation
    (TUQ.), limited to the days and the template codes in `scope` (one a line, empty: all). `principal_id` is the
    appointment signed for, `basis` the paper that gave the power.
    """

    __tablename__ = "signatory"
    __table_args__ = (
        CheckConstraint("kind IN ('head', 'deputy', 'order', 'authorised')", name="kind"),
        Index("ix_signatory_organisation_role", "organisation_id", "role"),
        Index("ix_signatory_user", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(12), default="head")
    principal_id: Mapped[int | None] = mapped_column(ForeignKey("signatory.id"))
    basis: Mapped[str] = mapped_column(String(300), default="")
    scope: Mapped[str] = mapped_column(Text, default="")
    full_name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(100))
    capacity: Mapped[str] = mapped_column(Text)
    personal: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
