"""One PDF of all papers of a batch for the printer, and a ZIP with one file each."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any

import pypdf
from flask import current_app

from app.core.db import db
from app.core.vietnamese import file_slug
from app.documents.batches import services as batches
from app.documents.models import Document, DocumentBatch, DocumentFile
from app.jobs import handles

LIMIT = 4 * 1024 * 1024 * 1024
_DATE = (1980, 1, 1, 0, 0, 0)

Papers = Sequence[tuple[Document, DocumentFile]]


def make(*, now: datetime, batch_id: int) -> dict[str, Any] | None:
    """The slow part: join and pack what the papers have now, and store both. None when a paper is not ready, or when
    nothing changed since the last time."""
    batch = db.session.get(DocumentBatch, batch_id)
    source = batches.made_from(batch)
    if source in ("", batch.made_from):
        return None
    papers = batches.for_printing(batch_id)
    db.session.expunge_all()
    db.session.rollback()
    made: dict[str, Any] = {"made_from": source, "merged_sha256": "", "merged_size": 0, "merged_pages": 0}
    with tempfile.TemporaryFile() as packed:
        pack(papers, packed)
        made |= _stored("zip", packed)
    if all(file.kind == "pdf" for _, file in papers):
        with tempfile.TemporaryFile() as merged:
            made["merged_pages"] = join([file for _, file in papers], merged)
            made |= _stored("merged", merged)
    return made


@handles("documents.bundle", prepare=make)
def keep(*, now: datetime, prepared: dict[str, Any] | None, batch_id: int) -> None:
    """Put the files on record."""
    for name, value in (prepared or {}).items():
        setattr(db.session.get(DocumentBatch, batch_id), name, value)


def join(files: Sequence[DocumentFile], out: IO[bytes]) -> int:
    """Write one PDF of all pages, with what they share (fonts, colours) only once; returns the number of pages."""
    writer = pypdf.PdfWriter()
    for file in files:
        with _open(file) as stream:
            writer.append(stream, import_outline=False)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=False)
    writer.write(out)
    return len(writer.pages)


def pack(papers: Papers, out: IO[bytes]) -> None:
    """Write a ZIP with one file for each paper, under the name that it has when downloaded alone."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, file in _named(papers):
            with _open(file) as stream:
                archive.writestr(zipfile.ZipInfo(name, _DATE), stream.read())


def file_name(document: Document, kind: str) -> str:
    """ASCII name of a paper's file: `giay-chung-nhan-01-gcn-ubnd.pdf`."""
    return f"{file_slug(f'{document.type_name} {document.symbol or document.code}').lower()}.{kind}"


def _named(papers: Papers) -> Iterator[tuple[str, DocumentFile]]:
    taken: set[str] = set()
    for document, file in papers:
        name = file_name(document, file.kind)
        if name in taken:  # the same number in another year
            name = f"{document.code.lower()}-{name}"
        taken.add(name)
        yield name, file


def _open(file: DocumentFile):
    return current_app.extensions["storage"].open(file.sha256)


def _stored(name: str, content: IO[bytes]) -> dict[str, Any]:
    content.seek(0)
    stored = current_app.extensions["storage"].put(content, limit=LIMIT)
    return {f"{name}_sha256": stored.key, f"{name}_size": stored.size}
