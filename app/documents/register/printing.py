"""The register of a year as one PDF, to be printed and bound (Nghị định 30/2020/NĐ-CP, Điều 16): background work.

The lines come from the register as it is when the work is done; what it was made from is kept beside the PDF.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from app.accounts.actor import Actor
from app.adapters.pdf import ConverterError, ConverterMissing, page_count
from app.adapters.storage import StorageError
from app.core.db import db
from app.core.i18n import spoken
from app.core.vietnamese import place_and_date, short_date, to_local
from app.documents import contexts
from app.documents.models import RegisterEntry
from app.documents.register.models import RegisterPrint
from app.documents.templating import rendering
from app.documents.templating import store as templates_store
from app.documents.templating.fields import DocumentError
from app.documents.templating.store import Template
from app.jobs import enqueue, handles
from app.organisations.models import Organisation

LIMIT = 64 * 1024 * 1024
FOLDER = templates_store.ROOT / "books" / "outgoing_register"


@dataclass(frozen=True)
class Made:
    """What came of printing: the stored file, or the Vietnamese sentence that says what is wrong."""

    made_from: str
    file: dict[str, Any] | None = None
    problem: str = ""


def latest(organisation_id: int, year: int) -> RegisterPrint | None:
    """The latest making of that year's book."""
    return db.session.get(RegisterPrint, (organisation_id, year))


def lines(organisation_id: int, year: int) -> list[Row]:
    """All lines of the year, book by book in the order of numbers."""
    query = select(RegisterEntry.__table__).where(
        RegisterEntry.organisation_id == organisation_id, RegisterEntry.year == year
    )
    return list(db.session.execute(query.order_by(RegisterEntry.series, RegisterEntry.number)).all())


def ask(organisation_id: int, year: int, actor: Actor, *, now: datetime) -> None:
    """Have the book made anew. Needs a write transaction."""
    values = {"progress": "waiting", "problem": "", "asked_at": now, "asked_by": actor.name}
    db.session.merge(RegisterPrint(organisation_id=organisation_id, year=year, **values))
    enqueue("documents.print_register", {"organisation_id": organisation_id, "year": year}, now=now)


def make(*, now: datetime, organisation_id: int, year: int) -> Made:
    """The slow part: fill the template, convert, store."""
    organisation = db.session.get(Organisation, organisation_id)
    entries = lines(organisation_id, year)
    made_from, context = digest(entries), context_of(organisation, year, entries, to_local(now).date())
    db.session.rollback()
    try:
        return Made(made_from, _stored(rendering.render(_template(), context, made_at=now)))
    except (DocumentError, ConverterError, StorageError) as error:
        return Made(made_from, problem=spoken(error.message, error.params))


@handles("documents.print_register", prepare=make)
def keep(*, now: datetime, prepared: Made, organisation_id: int, year: int) -> None:
    """Record the book, or what is wrong."""
    book = latest(organisation_id, year)
    book.progress, book.problem = "failed" if prepared.problem else "ready", prepared.problem
    if prepared.file:
        book.made_from = prepared.made_from
        book.sha256, book.size, book.pages = (prepared.file[name] for name in ("sha256", "size", "pages"))


def digest(entries: Sequence[Row]) -> str:
    """SHA-256 of what the lines say: another one means that the register changed."""
    told = [[str(value) for value in entry] for entry in entries]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def context_of(organisation: Organisation, year: int, entries: Sequence[Row], today: date) -> dict[str, Any]:
    """What the book says. A year that is not over is closed with today."""
    closed_on = min(today, date(year, 12, 31))
    spans = spans_of(entries)
    numbers = "; ".join(f"sổ {book} {_from_to(first, last)}" for book, first, last, _count in spans)
    return {
        "head": contexts.head(organisation),
        "year": str(year),
        "period": _period(entries, closed_on),
        "spans": [f"Sổ {book}: {_from_to(first, last)}, {count} văn bản" for book, first, last, count in spans],
        "summary": "; ".join(filter(None, (f"{len(entries)} văn bản", numbers))),
        "place_date": place_and_date(organisation.place_name, closed_on),
        "rows": [_row(entry) for entry in entries],
    }


def spans_of(entries: Sequence[Row]) -> list[tuple[str, str, str, int]]:
    """(book, first symbol, last symbol, number of papers) of each book, in its order."""
    books = [(book, list(group)) for book, group in groupby(entries, key=lambda entry: entry.series)]
    return [(book, group[0].symbol, group[-1].symbol, len(group)) for book, group in books]


def _from_to(first: str, last: str) -> str:
    return f"số {first}" if first == last else f"từ số {first} đến số {last}"


def _period(entries: Sequence[Row], closed_on: date) -> str:
    if not entries:
        return ""
    first = min(entry.issued_on for entry in entries)
    return f"Từ ngày {short_date(first)} đến ngày {short_date(closed_on)}"


def _row(entry: Row) -> dict[str, str]:
    return {
        "symbol": entry.symbol,
        "day": short_date(entry.issued_on),
        "subject": entry.subject,
        "signer": entry.signer,
        "recipients": entry.recipients,
        "archive": entry.archive_unit,
        "copies": str(entry.copies),
        "sent": short_date(entry.sent_on) if entry.sent_on else "",
        "received": entry.received_by,
        "note": entry.note,
    }


@cache
def _template() -> Template:
    manifest = templates_store.read_manifest(FOLDER / "manifest.toml", templates_store.ROOT / "frame.toml")
    path = FOLDER / "template.docx"
    return Template("outgoing_register", manifest, path, hashlib.sha256(path.read_bytes()).hexdigest())


def _stored(docx: bytes) -> dict[str, Any]:
    converter = current_app.extensions["converter"]
    if converter is None:
        raise ConverterMissing
    pdf = converter.convert(docx)
    stored = current_app.extensions["storage"].put(io.BytesIO(pdf), limit=LIMIT)
    return {"sha256": stored.key, "size": stored.size, "pages": page_count(pdf)}
