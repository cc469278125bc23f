"""Digital signatures on papers: who may sign what now, signing with a key at the server, taking in a signed file.

The slow work is done before the writing transaction; the act itself (`flow.fire`) then checks once more that the paper
is still the one that was shown.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from flask import current_app

from app.accounts.actor import Actor
from app.adapters import signing as pdf_signing
from app.adapters.pdf import page_count
from app.adapters.signing import PARTY_OF, looks
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
from workflows import DOCUMENT
from workflows.guards import PAPER_CHANGED
from workflows.spec import N_, Refusal, Role

LIMIT = 64 * 1024 * 1024
NO_FIELDS = Refusal("no_fields", N_("Văn bản này chưa có chỗ cho chữ ký số. Ký trên giấy, hoặc tạo lại văn bản."))
NO_KEY = Refusal("no_key", N_("Máy chủ không có khóa ký của người ký văn bản này."))


@dataclass(frozen=True)
class Ways:
    """How the person may sign the paper now. `slot` is `writer`, `person` or `seal`; `server` the certificate whose key
    is at the server, `client` one whose key is with its holder (None: none registered); `sha256` what is shown."""

    slot: str
    server: int | None
    client: int | None
    sha256: str

    @property
    def any(self) -> bool:
        """Whether a certificate is registered at all."""
        return self.server is not None or self.client is not None


def slot_for(document: Document, actor: Actor) -> str:
    """What this person may add to the paper now: the own signature as its writer or as the one in power, or number,
    day and seal.

    Raises Conflict when the paper is not at that point, Refused while the writer has to sign first, NotAllowed for
    everybody else.
    """
    held = policy.roles(document, actor)
    if may_attest(document, actor):
        return "writer"
    if Role.SIGNER in held and document.state == "awaiting_signature":
        writer = signatories.writer_of(document)
        if writer and not document.sign_method:
            raise Refused(signatories.writer_first(writer))
        return "person"
    if Role.CLERK in held and document.state == "numbered" and document.sign_method == "digital":
        return "seal"
    if held & {Role.SIGNER, Role.CLERK} or signatories.is_writer(document, actor):
        raise Conflict(document)
    raise NotAllowed


def may_attest(document: Document, actor: Actor) -> bool:
    """Whether this person drew the paper up and has not signed it yet."""
    waits = DOCUMENT.find("attest", document.state) is not None and not document.sign_method
    return waits and Role.SECRETARY in policy.roles(document, actor) and signatories.is_writer(document, actor)


def ways(document: Document, actor: Actor, *, now: datetime) -> Ways | None:
    """The ways that are open to the person; None when the paper has no fields for signatures."""
    slot = slot_for(document, actor)
    file = pdf_file(document)
    if file is None or slot not in pdf_signing.empty(read(file.sha256)):
        return None
    known = certificates.usable(document.organisation_id, holder(actor, slot), now)
    server = next((one.id for one in known if one.place != "external"), None)
    client = next((one.id for one in known if one.place == "external"), None)
    return Ways(slot, server, client, file.sha256)


def holder(actor: Actor, slot: str) -> int | None:
    """Whose certificate belongs in a slot: the person's own, or the organisation's (None)."""
    return actor.user_id if slot in signatures.PERSONS else None


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


def signer_in(document: Document, actor: Actor, slot: str, *, now: datetime) -> signatories.Signer:
    """The person as the one who must sign there today. Raises Refused for anybody else."""
    if slot == "writer":
        return signatories.as_writer(document, actor)
    return signatories.signer_of(document, actor, to_local(now).date())


def person_marks(
    document: Document, actor: Actor, slot: str, picture: bytes, *, now: datetime
) -> list[pdf_signing.Mark]:
    """What the person's signature looks like. Raises Refused for who must not sign there."""
    signer = signer_in(document, actor, slot, now=now)
    place = db.session.get(Organisation, document.organisation_id).place_name
    return [pdf_signing.Mark(slot, looks.person(picture, signer.name, moment(now)), signer.name, place)]


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
    slot = slot_for(document, actor)
    if slot not in signatures.PERSONS:
        raise NotAllowed
    base = shown(document, sha256)
    certificate = certificates.at_server(document.organisation_id, actor.user_id, now)
    if certificate is None:
        raise Refused(NO_KEY)
    marks = person_marks(document, actor, slot, certificates.picture_of(certificate), now=now)
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
    """What a signed file must be: made from `base`, by the person (`signer_id`) or, for the seal, by the organisation,
    on top of the recorded signatures of those who signed before."""
    parties = (*(("writer",) if signatories.writer_of(document) else ()), "person", "seal")
    marks = _recorded(document, parties)
    marks["seal"] = certificates.fingerprints(document.organisation_id, None, now)
    if slot in signatures.PERSONS:
        marks[slot] = certificates.fingerprints(document.organisation_id, signer_id, now)
    return pdf_signing.Expected(base, marks, slot)


def _recorded(document: Document, parties: Sequence[str]) -> dict[str, frozenset[str]]:
    """Fingerprints of the certificates whose signatures count, by party; number and date are the organisation's."""
    found = [(PARTY_OF[one.slot], one.fingerprint) for one in signatures.live(document.id)]
    return {party: frozenset(mark for owner, mark in found if owner == party) for party in parties}


def take_in(
    document: Document, actor: Actor, slot: str, sha256: str, stream: BinaryIO, *, now: datetime, method: str = "upload"
) -> Signed:
    """Check a signed file that was sent in and keep it. Raises Invalid that says what is wrong with the file."""
    base = shown(document, sha256)
    if slot in signatures.PERSONS:
        signer_in(document, actor, slot, now=now)
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
    if slot in signatures.PERSONS:
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
    recorded = [one for one in signatures.live(document.id) if one.fingerprint]
    file = pdf_file(document)
    if not recorded or file is None:
        return None
    if file.sha256 != recorded[-1].file_sha256:
        raise NotFound
    parties = list(dict.fromkeys(PARTY_OF[one.slot] for one in recorded))
    base = read(recorded[0].shown_sha256)
    wanted = pdf_signing.Expected(base, _recorded(document, parties), parties[-1])
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
