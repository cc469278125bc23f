"""The register of outgoing papers: numbers without gaps or repeats, and the lines that stay for ever.

A number is taken in the transaction that issues the paper, from a row that is locked until then; rolled back, it is
free again. Numbers begin at 1 in each year and each series of an organisation (Nghị định 30/2020/NĐ-CP, Điều 15).
"""

import json
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import db
from app.documents.models import Document, RegisterEntry, RegisterSeries

NOTE_LIMIT = 300


def next_number(organisation_id: int, series: str, year: int) -> int:
    """Take the next number of the series; nobody else gets one before this transaction ends."""
    _ensure(organisation_id, series, year)
    key = _key(RegisterSeries, organisation_id, series, year)
    last = db.session.execute(select(RegisterSeries.last).where(*key).with_for_update()).scalar_one()
    db.session.execute(update(RegisterSeries).where(*key).values(last=last + 1))
    return last + 1


def _ensure(organisation_id: int, series: str, year: int) -> None:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"organisation_id": organisation_id, "series": series, "year": year, "last": 0}
    db.session.execute(dialect.insert(RegisterSeries).values(row).on_conflict_do_nothing())


def _key(model, organisation_id: int, series: str, year: int):
    return model.organisation_id == organisation_id, model.series == series, model.year == year


def last_day(organisation_id: int, series: str, year: int) -> date | None:
    """The date of the latest paper in the series; numbers follow the order of time."""
    key = _key(RegisterEntry, organisation_id, series, year)
    return db.session.scalar(select(func.max(RegisterEntry.issued_on)).where(*key))


def symbol_of(number: int, series: str) -> str:
    """`07/QĐ-UBND`: numbers below 10 get a leading 0 (Phụ lục I, Mục II.3)."""
    return f"{number:02}/{series}"


def enter(document: Document, *, copies: int) -> None:
    """Write the issued paper's line (Phụ lục IV). The paper has its number, date and signer already."""
    data = json.loads(document.data)
    db.session.add(
        RegisterEntry(
            organisation_id=document.organisation_id,
            series=document.series,
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
            sent_on=document.issued_on,
        )
    )


def note(document: Document, text: str) -> None:
    """Put a note on the paper's line; the number stays taken."""
    db.session.execute(
        update(RegisterEntry).where(RegisterEntry.document_id == document.id).values(note=text[:NOTE_LIMIT])
    )
