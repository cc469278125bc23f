"""What the acts of a paper change besides its state, and the facts that its guards read."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app import flow
from app.accounts.actor import Actor
from app.core.db import db
from app.core.errors import Invalid, Refused
from app.core.vietnamese import short_date, to_local
from app.documents import contexts, queries, register, services, templates_store
from app.documents.models import Document
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from workflows import DOCUMENT
from workflows.guards import PAPER_CHANGED
from workflows.spec import N_, ROLE_LABELS, Refusal, Role

OTHER_SIGNER = Refusal(
    "other_signer",
    N_("Văn bản ghi tên một người ký khác với người có thẩm quyền hôm nay. Trả lại để soạn lại văn bản."),
)


@flow.provides(DOCUMENT)
def paper_ready(document: Document) -> bool:
    """Whether the bytes of the paper's present data are made."""
    return document.render_state == "ready"


@flow.provides(DOCUMENT)
def needs_signature(document: Document) -> bool:
    """Whether somebody signs this paper in the application."""
    return bool(document.signer_role)


@flow.applies(DOCUMENT, "sign")
def sign(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Bind the signature to the bytes that the signer was shown, and freeze who signed in what capacity."""
    shown = queries.signable_sha256(document.id)
    if not shown or data.get("sha256") != shown:
        raise Refused(PAPER_CHANGED)
    name, title = _signer(document, actor, to_local(now).date())
    if json.loads(document.data).get("signature", {}).get("name") != name:
        raise Refused(OTHER_SIGNER)
    document.signed_by_id = actor.user_id
    document.signed_at = now
    document.signed_sha256 = shown
    document.signer_name, document.signer_title = name, title
    return {"signed_sha256": ["", shown], "signer_name": ["", name]}


def _signer(document: Document, actor: Actor, day: date) -> tuple[str, str]:
    """Name and title of the signatory of that day; the person alone where no signatory is appointed."""
    signatory = organisations.signatory(document.organisation_id, document.signer_role, day)
    if signatory is None:
        return actor.name, ROLE_LABELS[Role(document.signer_role)]
    if signatory.user_id not in (None, actor.user_id):
        raise Refused(OTHER_SIGNER)
    return signatory.full_name, signatory.title


@flow.applies(DOCUMENT, "issue")
def issue(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Give number and date, enter the register, and have the final bytes made from the same data."""
    day = data.get("issued_on") or to_local(now).date()
    _check_day(document, day, to_local(now).date())
    document.issued_on, document.issued_at = day, now
    if takes_number(document.template_code):
        document.number = register.next_number(document.organisation_id, document.series, day.year)
        _check_order(document, day)
        document.symbol = register.symbol_of(document.number, document.series)
        register.enter(document, copies=data.get("copies") or 1)
    place = db.session.get(Organisation, document.organisation_id).place_name
    filled = contexts.numbered(
        document.template_code, json.loads(document.data), document.symbol or "", document.series, place, day
    )
    document.data = json.dumps(filled, ensure_ascii=False, sort_keys=True)
    services.ask_for_bytes(document, "issued", now=now)
    return {"symbol": ["", document.symbol or ""], "issued_on": ["", short_date(day)]}


def takes_number(template_code: str) -> bool:
    """Whether papers of this kind get a number of the register: numbered ones, and certificates for their book."""
    numbered = templates_store.load(template_code).manifest.numbered
    return numbered or "book_number" in contexts.field_names(template_code)


def _check_day(document: Document, day: date, today: date) -> None:
    """A paper is dated and numbered once it is signed (Nghị định 30/2020/NĐ-CP, Điều 15), and not ahead of time."""
    signed_on = to_local(document.signed_at).date()
    if day < signed_on:
        raise Invalid({"issued_on": _("Ngày văn bản không được trước ngày ký %(day)s", day=short_date(signed_on))})
    if day > today:
        raise Invalid({"issued_on": _("Ngày văn bản không được sau hôm nay %(day)s", day=short_date(today))})


def _check_order(document: Document, day: date) -> None:
    last = register.last_day(document.organisation_id, document.series, day.year)
    if last and day < last:
        text = _(
            "Số liền trước trong sổ đã ghi ngày %(day)s. Ngày văn bản phải từ ngày đó trở đi", day=short_date(last)
        )
        raise Invalid({"issued_on": text})


@flow.applies(DOCUMENT, "release")
def release(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """A paper without signature is final as it was made: the same bytes become the issued ones."""
    document.issued_on, document.issued_at = to_local(now).date(), now
    made = [
        {"kind": file.kind, "sha256": file.sha256, "size": file.size, "pages": file.pages}
        for file in queries.current_files(document.id)
    ]
    services.keep_bytes(document, "issued", made, now=now)
    return {"issued_on": ["", short_date(document.issued_on)]}


@flow.applies(DOCUMENT, "revoke")
def revoke(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """A number that was taken stays in the register, with a note."""
    if document.number is None:
        return {}
    text = f"Thu hồi ngày {short_date(to_local(now).date())}: {reason}"
    register.note(document, text)
    return {"note": ["", text[: register.NOTE_LIMIT]]}
