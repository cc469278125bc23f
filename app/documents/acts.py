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
from app.documents import contexts, queries, relations, services, signatories
from app.documents.models import Document
from app.documents.register import services as register
from app.documents.signing import places as signing_places
from app.documents.signing import signatures
from app.documents.templating import store as templates_store
from app.organisations.models import Organisation
from workflows import DOCUMENT
from workflows.guards import PAPER_CHANGED
from workflows.spec import N_, Refusal

ATTESTED = Refusal("attested", N_("Người lập đã ký số văn bản này."))
ONE_WAY = Refusal(
    "one_way",
    N_("Người lập đã ký số nên văn bản này phải ký số. Mở trang ký số, hoặc trả lại văn bản để ký trên giấy."),
)


@flow.provides(DOCUMENT)
def paper_ready(document: Document) -> bool:
    """Whether the bytes of the paper's present data are made."""
    return document.render_state == "ready"


@flow.provides(DOCUMENT)
def needs_signature(document: Document) -> bool:
    """Whether somebody signs this paper in the application."""
    return bool(document.signer_role)


@flow.provides(DOCUMENT)
def signed_digitally(document: Document) -> bool:
    """Whether the person's signature is inside the PDF."""
    return document.sign_method == "digital"


@flow.provides(DOCUMENT)
def seal_complete(document: Document) -> bool:
    """Whether the organisation's own signature is where it must be before the paper goes out."""
    return document.sign_method != "digital" or document.state == "sealed"


@flow.applies(DOCUMENT, "attest")
def attest(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """The digital signature of who drew the paper up, before that of the one in power; `data` as of `sign`."""
    shown = _shown(document, data)
    signer = signatories.as_writer(document, actor)
    if document.sign_method:
        raise Refused(ATTESTED)
    signatures.keep(document, "writer", signer, data["signed"], shown=shown, actor=actor, now=now)
    return {"shown_sha256": ["", shown], "writer_name": ["", signer.name]}


@flow.applies(DOCUMENT, "sign")
def sign(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Bind the signature to the bytes that the signer was shown, and freeze who signed in what capacity.

    `data` holds the hash of what was shown; `signed` (a signatures.Signed) when the signature is inside the PDF.
    """
    shown = _shown(document, data)
    _check_beside(document, data.get("signed"))
    signer = signatories.signer_of(document, actor, to_local(now).date())
    if json.loads(document.data).get("signature", {}).get("name") != signer.name:
        raise Refused(signatories.OTHER_SIGNER)
    document.signed_by_id = actor.user_id
    document.signed_at = now
    document.signed_sha256 = shown
    document.signer_name, document.signer_title = signer.name, signer.title
    signatures.keep(document, "person", signer, data.get("signed"), shown=shown, actor=actor, now=now)
    changes = {"signed_sha256": ["", shown], "signer_name": ["", signer.name]}
    behalf = {"on_behalf_of": signer.on_behalf_of, "power": signer.power}
    return changes | {name: ["", value] for name, value in behalf.items() if signer.on_behalf_of}


def _shown(document: Document, data: Mapping[str, Any]) -> str:
    """The hash of what the signer was shown, which must be what the paper has now. Raises Refused."""
    shown = queries.signable_sha256(document.id)
    if not shown or data.get("sha256") != shown:
        raise Refused(PAPER_CHANGED)
    return shown


def _check_beside(document: Document, signed: signatures.Signed | None) -> None:
    """Two persons sign one paper in the same way: both digitally, the writer first, or both by hand."""
    if signed is None and document.sign_method:
        raise Refused(ONE_WAY)
    writer = signatories.writer_of(document)
    if signed is not None and writer and not document.sign_method:
        raise Refused(signatories.writer_first(writer))


@flow.applies(DOCUMENT, "return", "revise")
def give_back(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """A paper that goes back loses its signatures, and everybody sees that it had them; of one that carries digital
    signatures the bytes are made anew without them."""
    if not signatures.live(document.id):
        return {}
    before = {"signer_name": document.signer_name, "signed_sha256": document.signed_sha256}
    signatures.void(document, reason or _("soạn lại văn bản"), now=now)
    if document.sign_method == "digital":
        services.ask_for_bytes(document, now=now)
    document.signed_by_id, document.signed_at, document.signed_sha256, document.sign_method = None, None, "", ""
    document.signer_name = document.signer_title = ""
    return {name: [value, ""] for name, value in before.items() if value}


@flow.applies(DOCUMENT, "number")
def number(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Give number and date and enter the register. The final bytes are made from the same data; a paper with a digital
    signature inside is never made anew: its number and date come as further signatures."""
    day = data.get("issued_on") or to_local(now).date()
    _check_day(document, day, to_local(now).date())
    if document.sign_method == "digital":
        signing_places.check_month(document.data, day)
    document.issued_on = day
    if takes_number(document.template_code):
        book = register.book_of(document, day.year)
        document.number = register.next_number(document.organisation_id, book, day.year)
        _check_order(document, book, day)
        document.symbol = register.symbol_of(document.number, document.series)
        register.enter(document, book, copies=data.get("copies") or 1)
    place = db.session.get(Organisation, document.organisation_id).place_name
    filled = contexts.numbered(
        document.template_code, json.loads(document.data), document.symbol or "", document.series, place, day
    )
    document.data = json.dumps(filled, ensure_ascii=False, sort_keys=True)
    if document.sign_method == "digital":
        signatures.ask_for_seal(document, now=now)
    else:
        services.ask_for_bytes(document, now=now)
    return {"symbol": ["", document.symbol or ""], "issued_on": ["", short_date(day)]}


@flow.applies(DOCUMENT, "seal")
def seal(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Keep the PDF that carries number, date and the organisation's signature; `data["sealed"]` describes it."""
    return signatures.keep_seal(document, data["sealed"], actor=actor, now=now)


@flow.applies(DOCUMENT, "issue")
def issue(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Send the paper out; of one signed by hand the scan may come along."""
    document.issued_at = now
    register.send(document, to_local(now).date())
    return {"issued_at": ["", short_date(to_local(now).date())]}


@flow.follows(DOCUMENT, "issue")
def settle_earlier(document: Document, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> None:
    """A paper that replaces, corrects or revokes an earlier one does so when it is issued."""
    relations.settle(document, now=now)


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


def _check_order(document: Document, book: str, day: date) -> None:
    last = register.last_day(document.organisation_id, book, day.year)
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
