"""Papers that follow an issued one: they replace it, correct it or revoke it, and are linked both ways.

A paper wrong in what it says is replaced or revoked by one of the same kind; one wrong only in form is corrected by an
official letter (Nghị định 30/2020/NĐ-CP, Điều 18.4). The register keeps every number with its fate.
"""

from datetime import datetime

from sqlalchemy import select

from app import flow
from app.accounts.actor import SYSTEM
from app.core.db import db
from app.core.vietnamese import short_date
from app.documents import register
from app.documents.models import Document
from workflows.spec import Role

FATES = {"replaces": "Được thay thế bằng", "corrects": "Được đính chính tại", "revokes": "Bị thu hồi theo"}


def settle(document: Document, *, now: datetime) -> None:
    """Let an issued paper do to the earlier one what it is for. Needs a write transaction."""
    if not document.relation:
        return
    earlier = db.session.get(Document, document.related_id)
    text = f"{FATES[document.relation]} {document.type_name} số {document.symbol} ngày {short_date(document.issued_on)}"
    if document.relation == "corrects":
        register.note(earlier, text)
        changes = {"note": ["", text]}
        flow.record_edit(earlier, "corrected", SYSTEM, now=now, changes=changes, role=Role.SYSTEM.value)
        return
    act = "replace" if document.relation == "replaces" else "revoke"
    if flow.fire_as_system(earlier, act, now=now, reason=text) is not None and act == "replace":
        register.note(earlier, text)


def followers(document_id: int) -> list[Document]:
    """Papers that replace, correct or revoke this one, whatever they are at, oldest first."""
    query = select(Document).where(Document.related_id == document_id, Document.state != "revoked")
    return list(db.session.scalars(query.order_by(Document.id)))
