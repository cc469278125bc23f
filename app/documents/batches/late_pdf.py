"""PDFs made later than their papers: when no converter was there, or when many papers were drawn up at once.

The file on record stays as it is; the PDF is made from its bytes and stands beside it.
"""

import io
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.adapters.pdf import page_count
from app.core.db import db
from app.documents.batches import services as batches
from app.documents.models import Document, DocumentFile
from app.documents.signing.places import with_fields
from app.jobs import enqueue_all, handles

LIMIT = 64 * 1024 * 1024


def ask_for_missing(*, now: datetime) -> int:
    """Queue a PDF for each current .docx that has none; returns how many."""
    pdf, newer = aliased(DocumentFile), aliased(DocumentFile)
    missing = db.session.scalars(
        select(DocumentFile.id)
        .join(Document, Document.id == DocumentFile.document_id)
        .where(
            DocumentFile.kind == "docx",
            Document.render_state == "ready",
            ~exists().where(
                pdf.document_id == DocumentFile.document_id,
                pdf.kind == "pdf",
                pdf.stage == DocumentFile.stage,
                pdf.made_at == DocumentFile.made_at,
            ),
            ~exists().where(
                newer.document_id == DocumentFile.document_id,
                newer.kind == "docx",
                newer.id > DocumentFile.id,
            ),
        )
        .order_by(DocumentFile.id.desc())
    ).all()
    enqueue_all((("documents.add_pdf", {"file_id": file_id}) for file_id in missing), now=now)
    return len(missing)


def convert(*, now: datetime, file_id: int) -> dict[str, Any] | None:
    """The slow part: the PDF of one stored .docx, stored; None without a converter."""
    converter = current_app.extensions["converter"]
    if converter is None:
        return None
    storage = current_app.extensions["storage"]
    file = db.session.get(DocumentFile, file_id)
    data = db.session.get(Document, file.document_id).data
    with storage.open(file.sha256) as stream:
        docx = stream.read()
    db.session.rollback()
    pdf = with_fields(data, converter.convert(docx))
    stored = storage.put(io.BytesIO(pdf), limit=LIMIT)
    return {"sha256": stored.key, "size": stored.size, "pages": page_count(pdf)}


@handles("documents.add_pdf", prepare=convert)
def keep(*, now: datetime, prepared: dict[str, Any] | None, file_id: int) -> None:
    """Put the PDF beside its .docx, once."""
    docx = db.session.get(DocumentFile, file_id)
    same = {"document_id": docx.document_id, "stage": docx.stage, "made_at": docx.made_at, "kind": "pdf"}
    if prepared and db.session.scalar(select(DocumentFile.id).filter_by(**same)) is None:
        db.session.add(DocumentFile(**same, **prepared))
        batch_id = db.session.get(Document, docx.document_id).batch_id
        if batch_id is not None:
            batches.ask_for_bundle(batch_id, now=now)
