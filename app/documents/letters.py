"""What the papers say that correct or revoke an earlier one: the official letter of correction, the decision to revoke.

Their facts are what the office typed and the earlier paper itself (Nghị định 30/2020/NĐ-CP, Điều 18.4).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Invalid
from app.core.vietnamese import to_local
from app.documents import contexts
from app.documents.models import Document
from app.documents.services import Drawn
from app.documents.templating import store as templates_store
from app.organisations import queries as organisations
from app.organisations.models import Organisation

SIGNER = "chairman"
ARTICLES = (
    "Văn bản nêu tại Điều 1 hết hiệu lực kể từ ngày Quyết định này có hiệu lực",
    "Quyết định này có hiệu lực kể từ ngày ký. Các cơ quan, đơn vị, cá nhân có liên quan chịu trách nhiệm thi hành "
    "Quyết định này",
)
DECISIONS = ("board_decision", "rules", "result_decision")
TEMPLATES = {"corrects": "correction", "revokes": "revocation"}


def correction(document: Document, told: Mapping[str, str], *, now: datetime) -> Drawn:
    """The official letter that says what was wrong in form and what is right. Raises Invalid when the lines of what is
    wrong and what is right do not match."""
    wrong, right = contexts.lines(told["wrong"]), contexts.lines(told["right"])
    if len(wrong) != len(right):
        text = _("Có %(wrong)s chỗ sai nhưng %(right)s chỗ đúng; mỗi chỗ một dòng", wrong=len(wrong), right=len(right))
        raise Invalid({"right": text})
    subject = f"đính chính {contexts.cited(document)}"
    rows = [
        {"stt": str(number), "wrong": old, "right": new}
        for number, (old, new) in enumerate(zip(wrong, right, strict=True), 1)
    ]
    addressees = _recipients(document) or ["Các cơ quan, đơn vị, cá nhân có liên quan"]
    own = _told(document, told) | {"addressees": addressees, "rows": rows}
    return _letter("correction", document, subject, own, now, ["Như trên"])


def revocation(document: Document, told: Mapping[str, str], *, now: datetime) -> Drawn:
    """The decision that takes an earlier paper back."""
    subject = f"Về việc thu hồi {contexts.cited(document)}"
    own = _told(document, told) | {"legal_bases": _bases(document), "articles": list(ARTICLES)}
    recipients = ["Như Điều 3", *_recipients(document)]
    return _letter("revocation", document, subject, own, now, recipients, _power_of(document))


DRAWN = {"corrects": correction, "revokes": revocation}


def _letter(
    template: str,
    document: Document,
    subject: str,
    own: Mapping[str, Any],
    now: datetime,
    recipients: list[str],
    authority: str = "",
) -> Drawn:
    host = db.session.get(Organisation, document.organisation_id)
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    context = contexts.frame(
        template,
        host,
        now=now,
        signatory=signatory,
        recipients="\n".join(recipients),
        archive_line="VT",
        authority=authority,
    )
    return Drawn(
        context | own | {"subject": subject},
        subject,
        document.contest_id,
        document.organisation_id,
        entry_id=document.entry_id,
        package_id=document.package_id,
        signer_role=SIGNER,
    )


def _power_of(document: Document) -> str:
    """Whose power takes the paper back: the collective's for its own papers, else the head's."""
    authority = templates_store.load(document.template_code).manifest.authority
    return "collective" if authority == "collective" else "head"


def _told(document: Document, told: Mapping[str, str]) -> dict[str, Any]:
    """Which paper it is about, and why."""
    return {
        "cited": f"{contexts.cited(document)} {contexts.about(document)}",
        "reason": told["reason"].strip().rstrip(".;, "),
    }


def _recipients(document: Document) -> list[str]:
    """Who got the earlier paper, without the references of its first line."""
    return [one for one in json.loads(document.data).get("recipients", []) if not one.startswith("Như")]


def _bases(document: Document) -> list[str]:
    """The bases of the earlier paper, which still give the power; of one that cites none those of the latest issued
    decision about the same contest, before the paper itself."""
    own = _cites(document)
    if own:
        return own
    issued = select(Document).where(
        Document.contest_id == document.contest_id,
        Document.organisation_id == document.organisation_id,
        Document.template_code.in_(DECISIONS),
        Document.state == "issued",
    )
    latest = db.session.scalars(issued.order_by(Document.id.desc()).limit(1)).first()
    return [*(_cites(latest) if latest else []), f"Căn cứ {contexts.cited(document)} {contexts.about(document)}"]


def _cites(document: Document) -> list[str]:
    return json.loads(document.data).get("legal_bases") or []
