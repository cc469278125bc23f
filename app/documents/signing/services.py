"""Digital signatures on papers: who may sign what now, signing with a key at the server, taking in a signed file.

The slow work is done before the writing transaction; the act itself (`flow.fire`) then checks once more that the paper
is still the one that was shown.
"""

import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from flask import current_app

from app.accounts.actor import Actor
from app.adapters import signing as pdf_signing
from app.adapters.pdf import page_count
from app.adapters.signing import looks
from app.adapters.storage import StorageError, receive
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.core.i18n import spoken
from app.core.vietnamese import to_local
from app.documents import policy, queries, signatories
from app.documents.models import Document, DocumentFile
from app.documents.signing import certificates, signatures
from app.documents.signing.signatures import Signed
from app.organisations.models import Organisation
from workflows.guards import PAPER_CHANGED
from workflows.spec import N_, Refusal, Role

LIMIT = 64 * 1024 * 1024
NO_FIELDS = Refusal("no_fields", N_("Văn bản này chưa có chỗ cho chữ ký số. Ký trên giấy, hoặc tạo lại văn bản."))
NO_KEY = Refusal("no_key", N_("Máy chủ không có khóa ký của người ký văn bản này."))


@dataclass(frozen=True)
class Ways:
    """How the person may sign the paper now. `slot` is `person` or `seal`; `server` the certificate whose key is at
    the server, `client` one whose key is with its holder (None: none registered); `sha256` what is shown."""

    slot: str
    server: int | None
    client: int | None
    sha256: str

    @property
    def any(self) -> bool:
        """Whether a certificate is registered at all."""
        return self.server is not None or self.client is not None


def slot_for(document: Document, actor: Actor) -> str:
    """What this person may add to the paper now: the person's signature, or number, day and seal.

    Raises Conflict when the paper is not at that point, NotAllowed for everybody else.
    """
    held = policy.roles(document, actor)
    if Role.SIGNER in held and document.state == "awaiting_signature":
        return "person"
    if Role.CLERK in held and document.state == "numbered" and document.sign_method == "digital":
        return "seal"
    if held & {Role.SIGNER, Role.CLERK}:
        raise Conflict(document)
    raise NotAllowed


def ways(document: Document, actor: Actor, *, now: datetime) -> Ways | None:
    """The ways that are open to the person; None when the paper has no fields for signatures."""
    slot = slot_for(document, actor)
    file = pdf_file(document)
    if file is None or slot not in pdf_signing.empty(read(file.sha256)):
        return None
    holder = actor.user_id if slot == "person" else None
    known = certificates.usable(document.organisation_id, holder, now)
    server = next((one.id for one in known if one.place != "external"), None)
    client = next((one.id for one in known if one.place == "external"), None)
    return Ways(slot, server, client, file.sha256)


def has_fields(document: Document) -> bool:
    """Whether the present PDF has room for a person's digital signature."""
    file = pdf_file(document)
    return file is not None and "person" in pdf_signing.empty(read(file.sha256))


def pdf_file(document: Document) -> DocumentFile | None:
    """The present PDF of the paper."""
    return next((file for file in queries.current_files(document.id) if file.kind == "pdf"), None)


def read(sha256: str) -> bytes:
    """Stored bytes."""
    with current_app.extensions["storage"].open(sha256) as stored:
        return stored.read()


def shown(document: Document, sha256: str) -> bytes:
    """The bytes that the signer was shown. Raises Refused when they are not the paper's any more, or have no fields."""
    file = pdf_file(document)
    if file is None or file.sha256 != sha256:
        raise Refused(PAPER_CHANGED)
    return read(sha256)


def person_marks(document: Document, actor: Actor, picture: bytes, *, now: datetime) -> list[pdf_signing.Mark]:
    """What the signature looks like of the one who must sign this paper today. Raises Refused for anybody else."""
    signer = signatories.signer_of(document, actor, to_local(now).date())
    place = db.session.get(Organisation, document.organisation_id).place_name
    return [pdf_signing.Mark("person", looks.person(picture, signer.name, moment(now)), signer.name, place)]


def seal_marks(document: Document, picture: bytes, *, now: datetime) -> list[pdf_signing.Mark]:
    """Number, day and seal, as far as the paper has fields for them."""
    body = db.session.get(Organisation, document.organisation_id)
    fields = pdf_signing.empty(read(pdf_file(document).sha256))
    number = (document.symbol or "").partition("/")[0]
    marks = {
        "number": looks.number(number),
        "date": looks.day(f"{document.issued_on.day:02d}"),
        "seal": looks.seal(picture, body.name, moment(now)),
    }
    return [pdf_signing.Mark(slot, look, body.name, body.place_name) for slot, look in marks.items() if slot in fields]


def moment(now: datetime) -> str:
    """The moment as it is printed."""
    return looks.moment(to_local(now))


def sign_at_server(document: Document, actor: Actor, sha256: str, *, now: datetime) -> Signed:
    """The paper with the person's signature, by the key at the server. Nothing is recorded yet.

    Raises NotAllowed, Conflict, Refused, or Invalid with what is wrong with the key.
    """
    if slot_for(document, actor) != "person":
        raise NotAllowed
    base = shown(document, sha256)
    certificate = certificates.at_server(document.organisation_id, actor.user_id, now)
    if certificate is None:
        raise Refused(NO_KEY)
    marks = person_marks(document, actor, certificates.picture_of(certificate), now=now)
    try:
        return made_here(document, base, marks, certificate, now=now)
    except pdf_signing.SigningError as error:
        raise Invalid({"": spoken(error.message, error.params)}) from error


def made_here(document: Document, base: bytes, marks, certificate, *, now: datetime) -> Signed:
    """The marks made with a key at the server, and the PDF kept. Raises SigningError."""
    pdf = pdf_signing.sign(base, marks, certificates.key_of(certificate), certificate.fingerprint)
    slots = tuple(mark.slot for mark in marks)
    return Signed(stored(pdf), "server", certificate.subject, certificate.fingerprint, slots)


def stored(pdf: bytes) -> dict:
    """Keep a signed PDF; `sha256`, `size` and `pages`."""
    kept = current_app.extensions["storage"].put(io.BytesIO(pdf), limit=LIMIT)
    return {"sha256": kept.key, "size": kept.size, "pages": page_count(pdf)}


def expected(document: Document, base: bytes, slot: str, signer_id: int | None, *, now: datetime):
    """What a signed file must be: made from `base`, by the person (`signer_id`) or, for the seal, by the organisation
    on top of the person's recorded signature."""
    body = certificates.fingerprints(document.organisation_id, None, now)
    if slot == "person":
        persons = certificates.fingerprints(document.organisation_id, signer_id, now)
    else:
        persons = frozenset(
            one.fingerprint for one in signatures.list_of(document.id) if one.slot == "person" and one.voided_at is None
        )
    return pdf_signing.Expected(base, persons, body, slot == "seal")


def take_in(
    document: Document, actor: Actor, slot: str, sha256: str, stream: BinaryIO, *, now: datetime, method: str = "upload"
) -> Signed:
    """Check a signed file that was sent in and keep it. Raises Invalid that says what is wrong with the file."""
    base = shown(document, sha256)
    if slot == "person":
        signatories.signer_of(document, actor, to_local(now).date())
    try:
        received = receive(current_app.extensions["storage"], stream, "ky-so.pdf", limit=LIMIT)
    except StorageError as error:
        raise Invalid({"file": spoken(error.message, error.params)}) from error
    return checked(document, base, read(received.key), slot, actor.user_id, now=now, method=method)


def checked(
    document: Document, base: bytes, pdf: bytes, slot: str, signer_id: int | None, *, now: datetime, method: str
) -> Signed:
    """The signed file, once it is found to be what was expected. Raises Invalid with the verdict."""
    wanted = expected(document, base, slot, signer_id, now=now)
    report = pdf_signing.check(pdf, wanted, trusted(), at=now)
    verdict = report.verdict if not report.verdict.is_valid else _visible(document, base, pdf, slot)
    if not verdict.is_valid:
        raise Invalid({"file": spoken(verdict.message, verdict.params)})
    last = report.signatures[-1]
    slots = ("person",) if slot == "person" else ("number", "date", "seal")
    return Signed(stored(pdf), method, last.subject, last.fingerprint, slots)


def trusted() -> pdf_signing.Trust:
    """The configured roots. Raises Invalid when a file among them cannot be read."""
    try:
        return certificates.trust()
    except pdf_signing.SigningError as error:
        raise Invalid({"": spoken(error.message, error.params)}) from error


def _visible(document: Document, base: bytes, pdf: bytes, slot: str) -> pdf_signing.Verdict:
    """Number and day must be there to be read once the organisation has signed."""
    if slot == "person":
        return pdf_signing.VALID
    places = {one: place for one, place in pdf_signing.placed(base).items() if one in ("number", "date")}
    seen = pdf_signing.filled(base, pdf, places)
    for one in places:
        if one not in seen:
            number, day = (document.symbol or "").partition("/")[0], f"{document.issued_on.day:02d}"
            return pdf_signing.verdict(f"{one}_missing", **({"number": number} if one == "number" else {"day": day}))
    return pdf_signing.VALID


def report_now(document: Document) -> pdf_signing.Report | None:
    """The verdict on the paper's present PDF, each signature judged at the moment when it was recorded; None without
    a digital signature."""
    recorded = [one for one in signatures.list_of(document.id) if one.fingerprint and one.voided_at is None]
    file = pdf_file(document)
    if not recorded or file is None:
        return None
    if file.sha256 != recorded[-1].file_sha256:
        raise NotFound
    persons = frozenset(one.fingerprint for one in recorded if one.slot == "person")
    bodies = frozenset(one.fingerprint for one in recorded if one.slot != "person")
    base = read(recorded[0].shown_sha256)
    wanted = pdf_signing.Expected(base, persons, bodies, bool(bodies))
    return pdf_signing.check(read(file.sha256), wanted, trusted(), at=recorded[-1].signed_at)


def plug_in_argument(document: Document, slot: str, token_url: str) -> str:
    """The JSON text that the Government's signing plug-in takes: where it gets the file and where it sends it."""
    argument = {
        "FileUploadHandler": f"{token_url}/nhan",
        "SessionId": "",
        "JWTToken": "",
        "FileName": f"{token_url}/tep.pdf",
        "MetaData": [],
    }
    if slot == "seal":
        at = f"{document.issued_on.isoformat()}T12:00:00+07:00"
        argument |= {"DocNumber": (document.symbol or "").partition("/")[0], "IssuedDate": at}
    return json.dumps(argument, ensure_ascii=False)
