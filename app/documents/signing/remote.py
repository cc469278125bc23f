"""Signatures whose key never comes here: handed out under a single-use token, and finished with it.

A token is bound to one paper in one version, one person and one place, and holds for ten minutes.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from flask import current_app
from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.adapters.signing import SigningError, remote
from app.adapters.storage import StorageError, receive
from app.core import ids
from app.core.db import db
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import spoken
from app.documents.models import Document, SigningCertificate, SigningSession
from app.documents.signing import certificates
from app.documents.signing import services as signing
from app.documents.signing.signatures import Signed
from workflows.spec import N_, Refusal

LASTS = timedelta(minutes=10)
OVER = Refusal("session_over", N_("Lượt ký này đã dùng hoặc đã quá 10 phút. Mở lại trang ký và làm lại."))
NO_CERTIFICATE = Refusal("no_certificate", N_("Chưa đăng ký chứng thư số của người ký văn bản này."))
NOTHING_CAME = Refusal("nothing_came", N_("Phần mềm ký chưa gửi tệp đã ký về. Làm lại hoặc tải tệp đã ký lên."))
FILE, DER = "file", "der"


@dataclass(frozen=True)
class Prepared:
    """One round of a signature in two phases: what goes into the session, the bytes that the key signs, and how."""

    slot: str
    sha256: str
    state: dict
    to_sign: bytes
    algorithm: str

    @property
    def base64(self) -> str:
        """The bytes to sign as text."""
        return base64.b64encode(self.to_sign).decode()


def start_file(document: Document, actor: Actor, slot: str, sha256: str, *, now: datetime) -> SigningSession:
    """A token under which the signing software at the person's computer gets the file and sends it back."""
    signing.shown(document, sha256)
    return _session(document, actor, slot, sha256, sha256, {"kind": FILE}, now)


def prepare(
    document: Document, actor: Actor, slot: str, sha256: str, *, now: datetime, base: bytes | None = None, todo=None
) -> Prepared:
    """First phase: the PDF with room for the next signature. Slow; nothing is recorded. `base` and `todo` are of a
    later round: the organisation signs number, day and seal one after the other.

    Raises Refused, or Invalid when the PDF cannot be prepared.
    """
    certificate = _external(document, actor, slot, now)
    picture = certificates.picture_of(certificate)
    given = signing.shown(document, sha256)
    if slot == "seal":
        marks = signing.seal_marks(document, picture, now=now)
    else:
        marks = signing.person_marks(document, actor, slot, picture, now=now)
    left = [mark for mark in marks if todo is None or mark.slot in todo]
    try:
        made = remote.prepare(base or given, left[0], certificate.der)
    except SigningError as error:
        raise Invalid({"": spoken(error.message, error.params)}) from error
    state = made.state | {"kind": DER, "certificate": certificate.id, "todo": [mark.slot for mark in left[1:]]}
    algorithm = remote.algorithm_of(certificate.der)
    return Prepared(slot, signing.stored(made.pdf)["sha256"], state, made.to_sign, algorithm)


def start_round(document: Document, actor: Actor, made: Prepared, sha256: str, *, now: datetime) -> SigningSession:
    """Record a prepared round."""
    return _session(document, actor, made.slot, sha256, made.sha256, made.state, now)


def left(session: SigningSession) -> list[str]:
    """The slots that are still to be signed after this round."""
    return json.loads(session.prepared)["todo"]


def finish(document: Document, session: SigningSession, signature: str, *, now: datetime) -> bytes:
    """Second phase: the PDF with the raw signature (base64) in it. Slow. Raises Invalid."""
    state = json.loads(session.prepared)
    certificate = db.session.get(SigningCertificate, state["certificate"])
    try:
        raw = base64.b64decode(signature, validate=True)
        return remote.finish(signing.read(session.prepared_sha256), state, certificate.der, raw)
    except (binascii.Error, ValueError):
        raise Invalid({"signature": spoken(SigningError("bad_signature").message, {})}) from None
    except SigningError as error:
        raise Invalid({"signature": spoken(error.message, error.params)}) from error


def keep_received(session: SigningSession, stream: BinaryIO) -> None:
    """Keep what the signing software sent; it is checked when the person finishes. Raises Invalid."""
    try:
        received = receive(current_app.extensions["storage"], stream, "ky-so.pdf", limit=signing.LIMIT)
    except StorageError as error:
        raise Invalid({"file": spoken(error.message, error.params)}) from error
    session.prepared = json.dumps({"kind": FILE, "received": received.key})


def received_pdf(session: SigningSession) -> bytes:
    """What the signing software sent. Raises Refused when nothing came."""
    key = json.loads(session.prepared).get("received")
    if not key:
        raise Refused(NOTHING_CAME)
    return signing.read(key)


def checked(document: Document, actor: Actor, session: SigningSession, pdf: bytes, *, now: datetime) -> Signed:
    """The finished PDF, checked like one that was sent in."""
    base = signing.shown(document, session.shown_sha256)
    return signing.checked(document, base, pdf, session.slot, actor.user_id, now=now, method="client")


def open_session(token: str, kind: str, *, now: datetime, user_id: int | None = None) -> SigningSession:
    """The session of a token. Raises NotFound for an unknown token or another person's, Refused for one that is used
    or over."""
    session = db.session.scalar(select(SigningSession).where(SigningSession.token == token[:64]))
    if session is None or json.loads(session.prepared)["kind"] != kind:
        raise NotFound
    if user_id is not None and session.user_id != user_id:
        raise NotFound
    if session.used_at is not None or session.expires_at < now:
        raise Refused(OVER)
    return session


def claim(session_id: int, *, now: datetime) -> None:
    """Use the session up, once. Raises Refused when somebody was faster."""
    unused = SigningSession.used_at.is_(None)
    claimed = update(SigningSession).where(SigningSession.id == session_id, unused).values(used_at=now)
    if db.session.execute(claimed).rowcount != 1:
        raise Refused(OVER)


def claim_token(token: str, *, now: datetime) -> None:
    """The same by the token."""
    claim(open_session(token, FILE, now=now).id, now=now)


def _external(document: Document, actor: Actor, slot: str, now: datetime) -> SigningCertificate:
    known = certificates.usable(document.organisation_id, signing.holder(actor, slot), now)
    found = next((one for one in known if one.place == "external"), None)
    if found is None:
        raise Refused(NO_CERTIFICATE)
    return found


def _session(document, actor: Actor, slot: str, shown: str, prepared: str, state: dict, now) -> SigningSession:
    session = SigningSession(
        token=ids.token(),
        document_id=document.id,
        document_version=document.version,
        user_id=actor.user_id,
        slot=slot,
        shown_sha256=shown,
        prepared_sha256=prepared,
        prepared=json.dumps(state),
        created_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(session)
    db.session.flush()
    return session
