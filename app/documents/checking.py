"""Do the stored files still hold what they held: every one is read and hashed anew."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, union_all

from app.adapters.storage import MissingFile
from app.core.db import db
from app.documents.models import Document, DocumentBatch, DocumentFile, DocumentTemplate
from app.documents.register.models import RegisterPrint


@dataclass(frozen=True)
class Damage:
    """One stored file that is not what it was: what it belongs to, its hash, and what is wrong."""

    of: str
    sha256: str
    problem: str


def stored() -> list[tuple[str, str]]:
    """(hash, what it belongs to) of every stored file of papers, each hash once."""
    papers = (
        select(DocumentFile.sha256, Document.code + ", " + DocumentFile.stage + ", " + DocumentFile.kind)
        .join(Document, Document.id == DocumentFile.document_id)
        .order_by(DocumentFile.id)
    )
    rest = union_all(
        select(DocumentTemplate.sha256, DocumentTemplate.template_code + ", template"),
        select(DocumentTemplate.preview_sha256, DocumentTemplate.template_code + ", preview"),
        select(DocumentBatch.merged_sha256, DocumentBatch.code + ", pdf"),
        select(DocumentBatch.zip_sha256, DocumentBatch.code + ", zip"),
        select(RegisterPrint.sha256, RegisterPrint.asked_by + ", register"),
    )
    found: dict[str, str] = {}
    for query in (papers, rest):
        for sha256, of in db.session.execute(query):
            found.setdefault(sha256, of)
    found.pop("", None)
    return list(found.items())


def damages(files: list[tuple[str, str]]) -> Iterator[Damage]:
    """Those of the files that are gone or hold other bytes."""
    storage = current_app.extensions["storage"]
    for sha256, of in files:
        try:
            if not storage.is_intact(sha256):
                yield Damage(of, sha256, _("nội dung đã thay đổi"))
        except MissingFile:
            yield Damage(of, sha256, _("không còn tệp"))
