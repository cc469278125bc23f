"""Papers that follow an issued one: they replace it, correct it or revoke it, and are linked both ways.

A paper wrong in what it says is replaced or revoked by one of the same kind; one wrong only in form is corrected by an
official letter (Nghị định 30/2020/NĐ-CP, Điều 18.4). The register keeps every number with its fate.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from app import flow
from app.accounts.actor import SYSTEM, Actor
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.core.vietnamese import short_date
from app.documents import letters, policy, services
from app.documents.models import Document
from app.documents.register import services as register
from workflows.spec import N_, Refusal, Role

FATES = {
    "replaces": N_("Được thay thế bằng"),
    "corrects": N_("Được đính chính tại"),
    "revokes": N_("Bị thu hồi theo"),
}
LABELS = {
    "replaces": N_("Lập văn bản thay thế"),
    "corrects": N_("Lập công văn đính chính"),
    "revokes": N_("Lập quyết định thu hồi"),
}
DONE = {
    "replaces": N_("lập văn bản thay thế"),
    "corrects": N_("lập công văn đính chính"),
    "revokes": N_("lập quyết định thu hồi"),
}
NOT_ISSUED = Refusal("paper_not_issued", N_("Chỉ thay thế, đính chính, thu hồi văn bản đã phát hành."))
NO_SOURCE = Refusal("paper_without_source", N_("Không còn dữ liệu để lập văn bản thay thế. Hãy thu hồi văn bản."))


def offered(document: Document, actor: Actor) -> list[str]:
    """What the person may draw up after this paper."""
    if document.state != "issued" or document.symbol == "" or Role.OFFICE not in policy.roles(document, actor):
        return []
    return [relation for relation in FATES if relation != "replaces" or services.subject_of(document) is not None]


def check(document: Document, relation: str, actor: Actor) -> None:
    """Raises NotAllowed for who is not of the office, Refused where there is nothing to follow."""
    if Role.OFFICE not in policy.roles(document, actor):
        raise NotAllowed
    if document.state != "issued" or document.symbol == "":
        raise Refused(NOT_ISSUED)
    if relation == "replaces" and services.subject_of(document) is None:
        raise Refused(NO_SOURCE)


def succeed(
    document: Document,
    relation: str,
    told: Mapping[str, str],
    actor: Actor,
    *,
    version: int | None,
    now: datetime,
) -> Document:
    """Draw up the paper that follows an issued one; `told` holds what the office typed: reason, wrong, right.

    Raises Conflict for a stale page, Invalid for wrong input, and as `check` does.
    """
    flow.check_version(document, version)
    check(document, relation, actor)
    made = _drawn(document, relation, told, actor, now)
    changes = {"follower": ["", made.code]}
    flow.record_edit(document, f"follow_{relation}", actor, now=now, changes=changes, reason=told["reason"])
    return made


def _drawn(document: Document, relation: str, told: Mapping[str, str], actor: Actor, now: datetime) -> Document:
    if relation == "replaces":
        subject = services.subject_of(document)
        return services.draw_up(document.template_code, subject, actor, now=now, relation=relation, related=document)
    drawn = letters.DRAWN[relation](document, told, now=now)
    return services.put_up(letters.TEMPLATES[relation], drawn, actor, now=now, relation=relation, related=document)


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
