"""PDFs made later than their papers: when no converter was there, or when many papers were drawn up at once.

The file on record stays as it is; the PDF is made from its bytes and stands beside it. Few calls of the converter make
many; each PDF is recorded by itself as soon as it is made.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, exists, select
from sqlalchemy.orm import aliased

from app.adapters.pdf import Converter, ConverterError
from app.adapters.storage import StorageError
from app.core.db import db, write_transaction
from app.documents.batches import making
from app.documents.batches import services as batches
from app.documents.models import Document, DocumentFile
from app.jobs import enqueue, enqueue_all, handles

AT_ONCE = 50
log = logging.getLogger(__name__)


def ask_for_missing(*, now: datetime) -> int:
    """Queue a PDF for each current .docx that has none, many in one piece of work; returns how many."""
    newer = aliased(DocumentFile)
    missing = db.session.scalars(
        select(DocumentFile.id)
        .join(Document, Document.id == DocumentFile.document_id)
        .where(
            DocumentFile.kind == "docx",
            Document.render_state == "ready",
            _has_no_pdf(),
            ~exists().where(
                newer.document_id == DocumentFile.document_id,
                newer.kind == "docx",
                newer.id > DocumentFile.id,
            ),
        )
        .order_by(DocumentFile.id.desc())
    ).all()
    parts = [missing[first : first + AT_ONCE] for first in range(0, len(missing), AT_ONCE)]
    enqueue_all((("documents.add_pdfs", {"file_ids": part}) for part in parts), now=now)
    return len(missing)


def _has_no_pdf():
    """The condition on `DocumentFile` that no PDF made from it is on record."""
    pdf = aliased(DocumentFile)
    return ~exists().where(
        pdf.document_id == DocumentFile.document_id,
        pdf.kind == "pdf",
        pdf.stage == DocumentFile.stage,
        pdf.made_at == DocumentFile.made_at,
    )


def convert_some(*, now: datetime, file_ids: list[int]) -> list[int]:
    """The slow part: make and record the PDFs of these files. Returns those for which the time did not suffice.

    Without a converter nothing is made. When all others are on record, the error of one that cannot be made is raised,
    so that it is tried again later.
    """
    converter = current_app.extensions["converter"]
    files = _waiting(file_ids)
    db.session.rollback()
    if converter is None or not files:
        return []
    left = {file.file_id: file for file in files}
    wrong = list(_made(converter, files, left, now))
    if wrong:
        raise wrong[0]
    return list(left)


def _made(
    converter: Converter, files: Sequence[Row], left: dict[int, Row], now: datetime
) -> Iterator[ConverterError | StorageError]:
    """Record each PDF as it comes and take it from `left`, until the time is over; what is wrong with the others."""
    docxs = [_read(file.sha256) for file in files]
    began = time.monotonic()
    with closing(converter.convert_many(docxs)) as pdfs:
        for position, pdf in pdfs:
            file = files[position]
            del left[file.file_id]
            outcome = making.stored_with_fields(file, docxs[position], pdf) if isinstance(pdf, bytes) else pdf
            if isinstance(outcome, Exception):
                log.warning("no PDF of file %s: %s", file.file_id, outcome)
                yield outcome
            else:
                _keep(file, outcome[-1], now)
            if time.monotonic() - began > making.SLICE:
                return


def _waiting(file_ids: list[int]) -> Sequence[Row]:
    """Those of the files that still have no PDF, with what their papers were made from, in the order asked for."""
    rows = db.session.execute(
        select(
            DocumentFile.id.label("file_id"),
            DocumentFile.sha256,
            DocumentFile.stage,
            DocumentFile.made_at,
            Document.id,
            Document.data,
            Document.template_code,
            Document.batch_id,
        )
        .join(Document, Document.id == DocumentFile.document_id)
        .where(DocumentFile.id.in_(file_ids), _has_no_pdf())
    ).all()
    return sorted(rows, key=lambda row: file_ids.index(row.file_id))


def _read(sha256: str) -> bytes:
    with current_app.extensions["storage"].open(sha256) as stream:
        return stream.read()


def _keep(file: Row, pdf: dict[str, Any], now: datetime) -> None:
    """Put the PDF beside its .docx, once, in a transaction of its own."""
    same = {"document_id": file.id, "stage": file.stage, "made_at": file.made_at, "kind": "pdf"}
    with write_transaction():
        db.session.get(Document, file.id, with_for_update=True)  # another worker may be at the same file
        if db.session.scalar(select(DocumentFile.id).filter_by(**same)) is not None:
            return
        db.session.add(DocumentFile(**(pdf | same)))
        if file.batch_id is not None:
            batches.ask_for_bundle(file.batch_id, now=now)


@handles("documents.add_pdfs", prepare=convert_some)
def go_on(*, now: datetime, prepared: list[int], file_ids: list[int]) -> None:
    """What is left gets its turn after what others have asked for meanwhile."""
    if prepared:
        enqueue("documents.add_pdfs", {"file_ids": prepared}, now=now)
