"""Tables of official papers: the paper, its stored bytes, and the register of numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Stateful, UtcDateTime, state_check
from workflows import DOCUMENT


class Document(Stateful, Base):
    """One paper, made from `template_code` and the JSON text in `data` that it keeps for ever.

    `signer_role` is the application role whose holder signs (empty: nobody has to). `series` is the register the
    number comes from. `verify_code` lets anyone check the paper.
    """

    __workflow__ = DOCUMENT
    __tablename__ = "document"
    __table_args__ = (
        state_check(DOCUMENT),
        CheckConstraint("render_state IN ('waiting', 'ready', 'failed')", name="render_state"),
        Index("ix_document_contest", "contest_id", "template_code", "id"),
        Index("ix_document_state", "organisation_id", "state", "id"),
        Index("ix_document_entry", "entry_id"),
        Index("ix_document_package", "package_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    verify_code: Mapped[str] = mapped_column(String(20), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    package_id: Mapped[int | None] = mapped_column()
    template_code: Mapped[str] = mapped_column(String(40))
    template_sha256: Mapped[str] = mapped_column(String(64))
    type_name: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(500))
    data: Mapped[str] = mapped_column(Text)
    signer_role: Mapped[str] = mapped_column(String(30), default="")
    signer_name: Mapped[str] = mapped_column(String(100), default="")
    signer_title: Mapped[str] = mapped_column(String(100), default="")
    # rendering
    render_state: Mapped[str] = mapped_column(String(10), default="waiting")
    render_error: Mapped[str] = mapped_column(Text, default="")
    # sign-off
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_sha256: Mapped[str] = mapped_column(String(64), default="")
    # number and release
    series: Mapped[str] = mapped_column(String(30), default="")
    symbol: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[int | None] = mapped_column()
    issued_on: Mapped[date | None] = mapped_column(Date)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(100), default="")


class DocumentFile(Base):
    """Stored bytes of a paper at one stage (`draft` as signed, `issued` with number and date). Never changed."""

    __tablename__ = "document_file"
    __table_args__ = (
        CheckConstraint("stage IN ('draft', 'issued')", name="stage"),
        CheckConstraint("kind IN ('docx', 'pdf')", name="kind"),
        Index("ix_document_file_document", "document_id", "stage", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    stage: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    pages: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegisterSeries(Base):
    """The last number taken in one series and year of an organisation; locked while a number is taken."""

    __tablename__ = "register_series"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(30), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column()


class RegisterEntry(Base):
    """One line of the register of outgoing papers (Nghị định 30/2020/NĐ-CP, Phụ lục IV)."""

    __tablename__ = "register_entry"
    __table_args__ = (UniqueConstraint("organisation_id", "series", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    series: Mapped[str] = mapped_column(String(30))
    year: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    symbol: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    issued_on: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(600))
    signer: Mapped[str] = mapped_column(String(200))
    recipients: Mapped[str] = mapped_column(Text, default="")
    archive_unit: Mapped[str] = mapped_column(String(200), default="")
    copies: Mapped[int] = mapped_column(default=1)
    sent_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(300), default="")
