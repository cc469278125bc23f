"""What a paper's page says about its signatures, and the ways that lead on from there."""

import json
from typing import Any

from flask_babel import gettext as _

from app.accounts.actor import Actor
from app.adapters.signing import Report
from app.core.i18n import spoken
from app.documents import policy, signatories
from app.documents.models import Document
from app.documents.signing import places as signing_places
from app.documents.signing import scans, signatures
from app.documents.signing import services as signing
from app.web.display import vn_datetime
from workflows.spec import N_, Role

SLOTS = {
    "writer": N_("Người lập"),
    "person": N_("Người ký"),
    "number": N_("Số văn bản"),
    "date": N_("Ngày văn bản"),
    "seal": N_("Dấu của cơ quan"),
}
BY_HAND = N_("Loại văn bản này có người khác ký nhận bằng tay nên chỉ ký trên giấy, không ký số.")
BESIDE = N_("Muốn ký số: %(name)s (người lập) ký số trước ở trang văn bản. Không thì cả hai người ký trên giấy.")
METHODS = {
    "application": N_("duyệt trong phần mềm"),
    "server": N_("ký số bằng khóa tại máy chủ"),
    "client": N_("ký số bằng thiết bị của người ký"),
    "upload": N_("ký số bằng công cụ của cơ quan"),
    "paper": N_("ký tay trên giấy, có bản quét"),
}


def block(document: Document, actor: Actor) -> dict[str, Any]:
    """What the part about signatures shows."""
    return {
        "signatures": signatures.list_of(document.id) if document.signer_role else [],
        "scans": scans.list_of(document.id) if document.state in policy.SCANNED else [],
        "may_sign_digitally": may_sign_digitally(document, actor),
        "may_scan": scans.may_add(document, actor),
        "sign_words": {"slots": SLOTS, "methods": METHODS},
    }


def may_sign_digitally(document: Document, actor: Actor) -> bool:
    """Whether the page of the ways to sign is open to this person; it looks into the PDF itself."""
    if signing.may_attest(document, actor):
        return _is_roomy(document)
    if document.state == "awaiting_signature":
        first = signatories.writer_of(document) and not document.sign_method
        return not first and _is_roomy(document) and Role.SIGNER in policy.roles(document, actor)
    sealing = document.state == "numbered" and document.sign_method == "digital"
    return sealing and Role.CLERK in policy.roles(document, actor)


def _is_roomy(document: Document) -> bool:
    words = signing_places.words_of(document.template_code, json.loads(document.data))
    return words is not None and document.render_state == "ready"


def why_not_digitally(document: Document) -> str:
    """What the one in power should know who finds no way to a digital signature; "" where nothing is to be said."""
    if not signing_places.is_signed_digitally(document.template_code):
        return _(BY_HAND)
    writer = signatories.writer_of(document)
    if writer and not document.sign_method:
        return _(BESIDE, name=writer)
    return ""


def verdicts(report: Report) -> dict[str, Any]:
    """The conclusion and a row for each signature, in the reader's language."""
    return {
        "conclusion": spoken(report.verdict.message, report.verdict.params),
        "is_valid": report.verdict.is_valid,
        "rows": [
            {
                "subject": one.subject,
                "at": vn_datetime(one.claimed_at) if one.claimed_at else "",
                "says": spoken(one.verdict.message, one.verdict.params),
            }
            for one in report.signatures
        ],
    }
