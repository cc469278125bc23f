"""What the papers say that correct or revoke an earlier one: the official letter of correction, the decision to revoke.

Their facts are what the office typed and the earlier paper itself (Nghị định 30/2020/NĐ-CP, Điều 18.4).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

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
    return _letter("correction", document, subject, own, now, "Như trên")


def revocation(document: Document, told: Mapping[str, str], *, now: datetime) -> Drawn:
    """The decision that takes an earlier paper back."""
    subject = f"Về việc thu hồi {contexts.cited(document)}"
    own = _told(document, told) | {"legal_bases": _bases(document), "articles": list(ARTICLES)}
    return _letter("revocation", document, subject, own, now, "Như Điều 3", _power_of(document))


DRAWN = {"corrects": correction, "revokes": revocation}


def _letter(
    template: str,
    document: Document,
    subject: str,
    own: Mapping[str, Any],
    now: datetime,
    first_recipient: str,
    authority: str = "",
) -> Drawn:
    host = db.session.get(Organisation, document.organisation_id)
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    recipients = "\n".join([first_recipient, *_recipients(document)])
    context = contexts.frame(
        template,
        host,
        now=now,
        signatory=signatory,
        recipients=recipients,
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
    about = document.subject[:1].lower() + document.subject[1:]
    return {"cited": f"{contexts.cited(document)} {about}", "reason": told["reason"].strip().rstrip(".;, ")}


def _recipients(document: Document) -> list[str]:
    """Who got the earlier paper, without the references of its first line."""
    return [one for one in json.loads(document.data).get("recipients", []) if not one.startswith("Như")]


def _bases(document: Document) -> list[str]:
    """The bases of the earlier paper, which still give the power, or else the paper itself."""
    return json.loads(document.data).get("legal_bases") or [f"Căn cứ {contexts.cited(document)}"]
