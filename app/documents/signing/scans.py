"""Scans of papers that were signed and stamped by hand, kept beside the papers (Nghị định 30/2020/NĐ-CP, Điều 25)."""

import re
from datetime import datetime
from typing import BinaryIO

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app import flow
from app.accounts.actor import Actor
from app.adapters.pdf import page_count
from app.adapters.storage import StorageError, receive
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.i18n import spoken
from app.documents import policy
from app.documents.models import Document, DocumentFile, DocumentSignature
from workflows.spec import Role

LIMIT = 64 * 1024 * 1024
OLDEST = (1, 4)
"""The PDF version that the decree asks of a scan at least."""
_HEADER = re.compile(rb"%PDF-(\d)\.(\d)")


def may_add(document: Document, actor: Actor) -> bool:
    """Whether the person may add a scan now: the clerk or the office, once the paper has its number, and only to one
    that is not signed digitally."""
    held = policy.roles(document, actor) & {Role.CLERK, Role.OFFICE}
    numbered = document.state in ("numbered", "issued") and bool(document.signer_role)
    return bool(held) and numbered and document.sign_method == ""


def add(document: Document, actor: Actor, stream: BinaryIO, *, version: int | None, now: datetime) -> None:
    """Keep a scan and record the signature on paper that it shows.

    Raises NotAllowed, Conflict for a stale page, or Invalid for a file that is no PDF of version 1.4 or later.
    """
    flow.check_version(document, version)
    if not may_add(document, actor):
        raise NotAllowed
    file = _kept(document, stream, now)
    db.session.add(file)
    db.session.add(_signature(document, file, actor, now))
    flow.record_edit(document, "scan", actor, now=now, changes={"scan_sha256": ["", file.sha256]})


def _kept(document: Document, stream: BinaryIO, now: datetime) -> DocumentFile:
    storage = current_app.extensions["storage"]
    try:
        received = receive(storage, stream, "ban-quet.pdf", limit=LIMIT)
    except StorageError as error:
        raise Invalid({"file": spoken(error.message, error.params)}) from error
    with storage.open(received.key) as stored:
        pdf = stored.read()
    found = _HEADER.search(pdf[:1024])
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        raise Invalid({"file": _("Bản quét phải là PDF từ phiên bản 1.4")})
    return DocumentFile(
        document_id=document.id,
        stage="scan",
        kind="pdf",
        sha256=received.key,
        size=received.size,
        pages=page_count(pdf),
        made_at=now,
    )


def _signature(document: Document, file: DocumentFile, actor: Actor, now: datetime) -> DocumentSignature:
    return DocumentSignature(
        document_id=document.id,
        slot="person",
        method="paper",
        user_id=actor.user_id,
        name=document.signer_name,
        title=document.signer_title,
        signed_at=now,
        shown_sha256=document.signed_sha256,
        file_sha256=file.sha256,
    )


def list_of(document_id: int) -> list[DocumentFile]:
    """The scans of a paper in their order."""
    rows = select(DocumentFile).where(DocumentFile.document_id == document_id, DocumentFile.stage == "scan")
    return list(db.session.scalars(rows.order_by(DocumentFile.id)))


def get(document: Document, file_id: int) -> DocumentFile:
    """One scan of the paper. Raises NotFound."""
    file = db.session.get(DocumentFile, file_id)
    if file is None or file.document_id != document.id or file.stage != "scan":
        raise NotFound
    return file
