"""The register of outgoing papers: numbers without gaps or repeats, and the lines that stay for ever.

A number is taken in the transaction that dates the paper, from a row that is locked until then; rolled back, it is
free again. Numbers begin at 1 in each year and each book of an organisation (Nghị định 30/2020/NĐ-CP, Điều 15);
`series.py` says which types of paper a book counts.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app import flow
from app.accounts.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.documents import policy
from app.documents.models import Document, RegisterEntry, RegisterSeries
from app.documents.register import series
from app.organisations.models import Organisation

NOTE_LIMIT = 300
EDITABLE = ("archive_unit", "copies", "received_by")


def next_number(organisation_id: int, book: str, year: int) -> int:
    """Take the next number of the book; nobody else gets one before this transaction ends."""
    _ensure(organisation_id, book, year)
    key = _key(RegisterSeries, organisation_id, book, year)
    last = db.session.execute(select(RegisterSeries.last).where(*key).with_for_update()).scalar_one()
    db.session.execute(update(RegisterSeries).where(*key).values(last=last + 1))
    return last + 1


def book_of(document: Document, year: int) -> str:
    """The book that numbers the paper in that year."""
    return series.book_of(document.organisation_id, document.series, year)


def _ensure(organisation_id: int, book: str, year: int) -> None:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"organisation_id": organisation_id, "series": book, "year": year, "last": 0}
    db.session.execute(dialect.insert(RegisterSeries).values(row).on_conflict_do_nothing())


def _key(model, organisation_id: int, book: str, year: int):
    return model.organisation_id == organisation_id, model.series == book, model.year == year


def last_day(organisation_id: int, book: str, year: int) -> date | None:
    """The date of the latest paper in the book; numbers follow the order of time."""
    key = _key(RegisterEntry, organisation_id, book, year)
    return db.session.scalar(select(func.max(RegisterEntry.issued_on)).where(*key))


def symbol_of(number: int, suffix: str) -> str:
    """`07/QĐ-UBND`: numbers below 10 get a leading 0 (Phụ lục I, Mục II.3)."""
    return f"{number:02}/{suffix}"


def enter(document: Document, book: str, *, copies: int) -> None:
    """Write the numbered paper's line into its book (Phụ lục IV). The paper has number, date and signer already."""
    data = json.loads(document.data)
    db.session.add(
        RegisterEntry(
            organisation_id=document.organisation_id,
            series=book,
            year=document.issued_on.year,
            number=document.number,
            symbol=document.symbol,
            document_id=document.id,
            issued_on=document.issued_on,
            subject=f"{document.type_name}: {document.subject}"[:600],
            signer=", ".join(filter(None, (document.signer_name, document.signer_title))),
            recipients="; ".join(data.get("recipients", [])),
            archive_unit=data.get("archive_line", "")[:200],
            copies=copies,
        )
    )


def send(document: Document, day: date) -> None:
    """Note the day on which the paper went out."""
    db.session.execute(update(RegisterEntry).where(RegisterEntry.document_id == document.id).values(sent_on=day))


def note(document: Document, text: str) -> None:
    """Add a note to the paper's line; the number stays taken."""
    line = db.session.scalar(select(RegisterEntry).where(RegisterEntry.document_id == document.id))
    if line is not None:
        line.note = "; ".join(filter(None, (line.note, text)))[:NOTE_LIMIT]


def edit(document: Document, values: Mapping[str, Any], actor: Actor, *, now: datetime) -> None:
    """Change what the clerk fills in by hand (`EDITABLE`); every change goes on the paper's trail."""
    line = line_for(document)
    changes = {name: [getattr(line, name), values[name]] for name in EDITABLE if getattr(line, name) != values[name]}
    if changes:
        for name, (_before, after) in changes.items():
            setattr(line, name, after)
        flow.record_edit(document, "register", actor, now=now, changes=changes)


def line_for(document: Document) -> RegisterEntry:
    """The paper's line. Raises NotFound when it has no number."""
    line = db.session.scalar(select(RegisterEntry).where(RegisterEntry.document_id == document.id))
    if line is None:
        raise NotFound
    return line


# --- reading it -----------------------------------------------------------------------------------------------------
def readable(actor: Actor) -> list[tuple[int, str]]:
    """Organisations whose register the person may read."""
    held = actor.organisations_as(*policy.REGISTER_READERS)
    return db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(held)).order_by(Organisation.name)
    ).all()


def years(actor: Actor, organisation_id: int) -> list[int]:
    """Years in which the organisation issued papers, latest first."""
    return sorted(db.session.scalars(_readable(actor, organisation_id, RegisterEntry.year).distinct()), reverse=True)


def books_of(actor: Actor, organisation_id: int, year: int) -> list[str]:
    """Books that have lines in a year."""
    query = _readable(actor, organisation_id, RegisterEntry.series).where(RegisterEntry.year == year)
    return sorted(set(db.session.scalars(query)))


def list_entries(actor: Actor, organisation_id: int, year: int, book: str = "") -> list[Row]:
    """Lines of the register in the order of series and number, with the paper's code."""
    query = _readable(actor, organisation_id, RegisterEntry.__table__, Document.code)
    query = query.where(RegisterEntry.year == year).order_by(RegisterEntry.series, RegisterEntry.number)
    if book:
        query = query.where(RegisterEntry.series == book)
    return list(db.session.execute(query).all())


def _readable(actor: Actor, organisation_id: int, *columns):
    """Lines of papers that the person may see."""
    return (
        select(*columns)
        .select_from(RegisterEntry)
        .join(Document, Document.id == RegisterEntry.document_id)
        .where(RegisterEntry.organisation_id == organisation_id, policy.visible(actor))
    )
