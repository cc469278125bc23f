"""What a paper's page says about its signatures, and the ways that lead on from there."""

import json
from typing import Any

from app.accounts.actor import Actor
from app.adapters.signing import Report
from app.core.i18n import spoken
from app.documents import policy
from app.documents.models import Document
from app.documents.signing import places as signing_places
from app.documents.signing import scans, signatures
from app.web.display import vn_datetime
from workflows.spec import N_, Role

SLOTS = {
    "person": N_("Người ký"),
    "number": N_("Số văn bản"),
    "date": N_("Ngày văn bản"),
    "seal": N_("Dấu của cơ quan"),
}
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
    if document.state == "awaiting_signature":
        roomy = signing_places.words_of(json.loads(document.data)) is not None
        return roomy and document.render_state == "ready" and Role.SIGNER in policy.roles(document, actor)
    sealing = document.state == "numbered" and document.sign_method == "digital"
    return sealing and Role.CLERK in policy.roles(document, actor)


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
