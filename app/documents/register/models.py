"""Tables around the register of outgoing papers: how series are counted, and the books made of it for printing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class SeriesRule(Base):
    """From a year on, papers with the symbol `series` ("KH-UBND") take their numbers from the book `book`.

    Without a rule every type has a book of its own, named like its symbol. The head of the body decides on the scheme
    (Nghị định 30/2020/NĐ-CP, Điều 15.1c).
    """

    __tablename__ = "series_rule"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(30), primary_key=True)
    from_year: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(String(30))


class RegisterPrint(Base):
    """The register of a year as one PDF to be printed and bound; the latest making alone.

    `made_from` is the hash of the lines it shows, so that a page can say that lines were added since.
    """

    __tablename__ = "register_print"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    progress: Mapped[str] = mapped_column("state", String(10))
    made_from: Mapped[str] = mapped_column(String(64), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(String(100), default="")
