"""Makes the files of papers that wait for them, many at once: one locked process fills them, few calls convert them.

Each paper is stored and recorded by itself as soon as it is made, so that a worker that is killed has lost only the
papers that were under way. Two workers may make the same paper; what is recorded first counts.
"""

import io
import json
import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Row, exists, select

from app import flow
from app.adapters.pdf import ConverterError, page_count
from app.adapters.storage import StorageError
from app.core.db import db, write_transaction
from app.core.i18n import spoken
from app.documents import services
from app.documents.batches import services as batches
from app.documents.models import Document, DocumentFile
from app.documents.signing.places import with_fields
from app.documents.templating import store as templates_store
from app.documents.templating.fields import DocumentError, fill
from app.documents.templating.rendering import RenderError, render_many
from app.documents.templating.store import Template
from workflows.spec import N_

AT_ONCE = 200
SLICE = 20.0
"""Seconds after which a piece of work ends, so that deadlines and other papers get their turn."""
LIMIT = 64 * 1024 * 1024
NOT_KEPT = N_("Không lưu được văn bản vừa tạo. Hãy thử lại; nếu vẫn lỗi, báo người quản trị.")
_KNOWN = (DocumentError, ConverterError, StorageError)
log = logging.getLogger(__name__)

Outcome = list[dict[str, Any]] | Exception
"""The stored files of one paper, or what is wrong."""


def waiting(template_code: str) -> Sequence[Row]:
    """The next papers of a kind whose bytes are to be made, all drawn up with the same version of the template:
    `id, data, template_code, template_sha256`. Papers with final bytes are not among them: those are made once."""
    issued = exists().where(DocumentFile.document_id == Document.id, DocumentFile.stage == "issued")
    rows = db.session.execute(
        select(Document.id, Document.data, Document.template_code, Document.template_sha256)
        .where(Document.template_code == template_code, Document.render_state == "waiting", ~issued)
        .order_by(Document.id)
        .limit(AT_ONCE)
    ).all()
    return [row for row in rows if row.template_sha256 == rows[0].template_sha256]


def make_some(*, now: datetime, template: str) -> None:
    """Make and keep the files of the next waiting papers of a kind."""
    papers = waiting(template)
    if not papers:
        return
    version = _template(papers[0])
    db.session.rollback()
    began = time.monotonic()
    with closing(_made(version, papers, now)) as made:
        for paper, outcome in made:
            taken = time.monotonic() - began
            _keep(paper, outcome, now, made_at=now + timedelta(seconds=taken))
            if taken > SLICE:
                return


def _made(template: Template, papers: Sequence[Row], now: datetime) -> Generator[tuple[Row, Outcome]]:
    """Each paper with what came of it, in the order in which they are ready."""
    filled: list[tuple[Row, bytes]] = []
    for paper, docx in zip(papers, fill_each(template, [json.loads(paper.data) for paper in papers], now), strict=True):
        if isinstance(docx, bytes):
            filled.append((paper, docx))
        else:
            yield paper, docx
    converter = current_app.extensions["converter"]
    if converter is None:
        yield from ((paper, _stored(docx)) for paper, docx in filled)
        return
    with closing(converter.convert_many([docx for _, docx in filled])) as pdfs:
        for position, pdf in pdfs:
            paper, docx = filled[position]
            yield paper, stored_with_fields(paper, docx, pdf) if isinstance(pdf, bytes) else pdf


def fill_each(
    template: Template, contexts: Sequence[Mapping[str, Any]], made_at: datetime
) -> Iterator[bytes | DocumentError]:
    """The filled .docx of each context or why there is none, in order. One that cannot be filled does not keep the
    others from it; when twice running none can, the template is at fault and the rest is given up."""
    wrong = {n: error for n, context in enumerate(contexts) if (error := _misfit(template, context))}
    right = [n for n in range(len(contexts)) if n not in wrong]
    made: dict[int, bytes | DocumentError] = dict(wrong)
    fruitless = 0
    while right:
        before = len(right)
        try:
            for docx in render_many(template, [contexts[n] for n in right], made_at):
                made[right.pop(0)] = docx
        except RenderError as error:
            fruitless = fruitless + 1 if len(right) == before else 0
            given_up = right if fruitless > 1 else right[:1]
            made |= dict.fromkeys(given_up, error)
            right = right[len(given_up) :]
    return (made[n] for n in range(len(contexts)))


def _misfit(template: Template, context: Mapping[str, Any]) -> DocumentError | None:
    try:
        fill(template.code, template.manifest.fields, context)
    except DocumentError as error:
        return error
    return None


def _keep(paper: Row, outcome: Outcome, now: datetime, made_at: datetime) -> None:
    """Record what came of one paper in a transaction of its own, if the paper is still the one it was made from."""
    try:
        with write_transaction():
            _record(paper, outcome, now, made_at)
    except Exception:
        log.exception("paper %s was made but not kept", paper.id)
        with write_transaction():
            services.note_failure(db.session.get(Document, paper.id), spoken(NOT_KEPT, {}))


def _record(paper: Row, outcome: Outcome, now: datetime, made_at: datetime) -> None:
    document = db.session.get(Document, paper.id, populate_existing=True, with_for_update=True)
    same = (document.data, document.template_sha256) == (paper.data, paper.template_sha256)
    if document.render_state != "waiting" or not same or _is_final(paper.id):
        return
    if isinstance(outcome, Exception):
        services.note_failure(document, spoken(outcome.message, outcome.params))
    else:
        stage = "issued" if document.state in services.NUMBERED else "draft"
        services.keep_bytes(document, stage, outcome, now=made_at)
        flow.fire_as_system(document, "release", now=now)
    if document.batch_id is not None:
        batches.note_progress(document.batch_id, now=now)


def _is_final(document_id: int) -> bool:
    """Issued bytes are made once."""
    issued = exists().where(DocumentFile.document_id == document_id, DocumentFile.stage == "issued")
    return db.session.scalar(select(issued))


def _template(paper: Row) -> Template:
    """The template version that the paper was drawn up with, also when a newer one lies on disk."""
    template = templates_store.load(paper.template_code)
    storage = current_app.extensions["storage"]
    if template.sha256 == paper.template_sha256:
        _store("", template.read_bytes())
        return template
    return replace(template, path=storage.path(paper.template_sha256), sha256=paper.template_sha256)


def stored_with_fields(paper: Row, docx: bytes, pdf: bytes) -> Outcome:
    """Both files of a paper (`id, data, template_code`), the PDF with fields for signatures. One PDF in which no field
    can be put does not keep the others from being made."""
    try:
        pdf = with_fields(paper.template_code, paper.data, pdf)
    except Exception:
        log.exception("no fields for signatures in paper %s; it can be signed on paper", paper.id)
    return _stored(docx, pdf)


def _stored(docx: bytes, pdf: bytes | None = None) -> Outcome:
    try:
        files = [_store("docx", docx) | {"pages": 0}]
        return files if pdf is None else [*files, _store("pdf", pdf) | {"pages": page_count(pdf)}]
    except StorageError as error:
        return error


def _store(kind: str, content: bytes) -> dict[str, Any]:
    stored = current_app.extensions["storage"].put(io.BytesIO(content), limit=LIMIT)
    return {"kind": kind, "sha256": stored.key, "size": stored.size}
