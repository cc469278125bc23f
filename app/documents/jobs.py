"""Background work of papers: drawing them up after an act, and making their bytes once."""

import io
import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import exists, select

from app import flow
from app.accounts.actor import SYSTEM
from app.adapters.pdf import ConverterError, page_count
from app.adapters.storage import StorageError
from app.core.db import db
from app.core.errors import Refused
from app.core.i18n import spoken
from app.documents import rendering, services, templates_store
from app.documents.fields import DocumentError
from app.documents.models import Document, DocumentFile
from app.documents.templates_store import Template
from app.flow.registry import binding_named
from app.jobs import handles

LIMIT = 64 * 1024 * 1024
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Making:
    """What came of making a paper: stored files, or the Vietnamese sentence that says what is wrong."""

    files: tuple[dict[str, Any], ...] = ()
    problem: str = ""


@handles("documents.draw_up")
def draw_up(*, now: datetime, workflow: str, subject_id: int, event: int, template: str) -> None:
    """Make the paper that an act asked for. One that is on its way already stays and turns stale where it differs."""
    subject = db.session.get(binding_named(workflow).model, subject_id)
    try:
        services.draw_up(template, subject, SYSTEM, now=now)
    except Refused:
        log.warning("event %s: %s of %s %s is in use already", event, template, workflow, subject_id)


def make(*, now: datetime, document_id: int, stage: str, digest: str) -> Making | None:
    """The slow part: fill the template, convert, store. None when the paper changed meanwhile."""
    document = _current(document_id, stage, digest)
    if document is None:
        return None
    template = _template(document)
    context = json.loads(document.data)
    db.session.rollback()
    try:
        return Making(tuple(_files(template, context, now)))
    except (DocumentError, ConverterError, StorageError) as error:
        return Making(problem=spoken(error.message, error.params))


@handles("documents.render", prepare=make)
def finish(*, now: datetime, prepared: Making | None, document_id: int, stage: str, digest: str) -> None:
    """Record what was made; a paper that nobody signs is released at once."""
    document = _current(document_id, stage, digest)
    if document is None or prepared is None:
        return
    if prepared.problem:
        services.note_failure(document, prepared.problem)
        return
    services.keep_bytes(document, stage, list(prepared.files), now=now)
    flow.fire_as_system(document, "release", now=now)


def _current(document_id: int, stage: str, digest: str) -> Document | None:
    """The paper if these are still its data and its bytes are still to be made."""
    document = db.session.get(Document, document_id, populate_existing=True)
    waits = document is not None and document.render_state == "waiting" and services.digest(document.data) == digest
    return document if waits and not _is_final(document_id) else None


def _is_final(document_id: int) -> bool:
    """Issued bytes are made once."""
    issued = exists().where(DocumentFile.document_id == document_id, DocumentFile.stage == "issued")
    return db.session.scalar(select(issued))


def _template(document: Document) -> Template:
    """The template version that the paper was drawn up with, also when a newer one lies on disk."""
    template = templates_store.load(document.template_code)
    storage = current_app.extensions["storage"]
    if template.sha256 == document.template_sha256:
        _store(storage, template.read_bytes())
        return template
    return replace(template, path=storage.path(document.template_sha256), sha256=document.template_sha256)


def _files(template: Template, context: dict[str, Any], now: datetime):
    storage = current_app.extensions["storage"]
    converter = current_app.extensions["converter"]
    docx = rendering.render(template, context, made_at=now)
    yield {"kind": "docx", "pages": 0} | _store(storage, docx)
    if converter is not None:
        pdf = converter.convert(docx)
        yield {"kind": "pdf", "pages": page_count(pdf)} | _store(storage, pdf)


def _store(storage, content: bytes) -> dict[str, Any]:
    stored = storage.put(io.BytesIO(content), limit=LIMIT)
    return {"sha256": stored.key, "size": stored.size}
