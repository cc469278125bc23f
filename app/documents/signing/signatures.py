"""The signatures of a paper as they are kept: who, how, on which bytes; and what voids them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.core.db import db
from app.documents import services
from app.documents.models import Document, DocumentSignature
from app.documents.signatories import Signer
from app.jobs import enqueue

REASON_LIMIT = 300
PERSONS = ("writer", "person")


@dataclass(frozen=True)
class Signed:
    """A PDF that carries a digital signature: `file` holds sha256, size (bytes) and pages of the stored bytes.

    `method` is how it was made (`server`, `client` or `upload`), `certificate` the subject of the signer's certificate
    and `fingerprint` its SHA-256; `slots` are the places that were signed.
    """

    file: dict[str, Any]
    method: str
    certificate: str
    fingerprint: str
    slots: tuple[str, ...] = ("person",)


def keep(
    document: Document,
    slot: str,
    signer: Signer,
    signed: Signed | None,
    *,
    shown: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record a signature; with `signed` the PDF that carries it becomes the paper's present file."""
    db.session.add(
        DocumentSignature(
            document_id=document.id,
            slot=slot,
            method=signed.method if signed else "application",
            user_id=actor.user_id,
            name=signer.name,
            title=signer.title,
            on_behalf_of=signer.on_behalf_of,
            certificate=signed.certificate if signed else "",
            fingerprint=signed.fingerprint if signed else "",
            signed_at=now,
            shown_sha256=shown,
            file_sha256=signed.file["sha256"] if signed else "",
        )
    )
    if signed and slot in PERSONS:
        document.sign_method = "digital"
        services.keep_bytes(document, "signed", [{"kind": "pdf"} | signed.file], now=now)


def ask_for_seal(document: Document, *, now: datetime) -> None:
    """Have number, date and the organisation's signature put on the signed PDF where its key is at the server."""
    enqueue("documents.seal", {"document_id": document.id}, now=now)


def keep_seal(document: Document, sealed: Signed, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Record the organisation's signatures with number, day and seal; their PDF is the issued one."""
    for slot in sealed.slots:
        keep(document, slot, Signer(sealed.certificate, ""), sealed, shown="", actor=actor, now=now)
    services.keep_bytes(document, "issued", [{"kind": "pdf"} | sealed.file], now=now)
    return {"issued_sha256": ["", sealed.file["sha256"]]}


def void(document: Document, reason: str, *, now: datetime) -> None:
    """Make the paper's signatures worthless; they stay on record with the reason."""
    db.session.execute(
        update(DocumentSignature)
        .where(DocumentSignature.document_id == document.id, DocumentSignature.voided_at.is_(None))
        .values(voided_at=now, void_reason=reason[:REASON_LIMIT])
    )


def live(document_id: int) -> list[DocumentSignature]:
    """Those that count."""
    return [one for one in list_of(document_id) if one.voided_at is None]


def list_of(document_id: int) -> list[DocumentSignature]:
    """All signatures that the paper ever had, in their order."""
    rows = select(DocumentSignature).where(DocumentSignature.document_id == document_id)
    return list(db.session.scalars(rows.order_by(DocumentSignature.id)))
