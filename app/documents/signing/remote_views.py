"""Signing with a key that is not here: two phases for a signing agent, and the Government's signing software, which
fetches the file and sends it back under a token."""

from flask import g, jsonify, redirect, request, url_for

from app.accounts.access import PUBLIC, access
from app.core.clock import utcnow
from app.core.db import db, reading
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import spoken
from app.core.writes import writes
from app.documents import confirming, queries
from app.documents.models import Document, SigningSession
from app.documents.signing import remote as remote_signing
from app.documents.signing import services as signing
from app.documents.signing.forms import DigitalForm
from app.documents.signing.remote import DER, FILE
from app.documents.signing.views import WHO, complete, fire, send_pdf
from app.documents.views import blueprint
from workflows.spec import N_, Refusal

SERVICES = {"writer": "SignApproved", "person": "SignApproved", "seal": "SignIssued"}
NOT_CONFIRMED = Refusal("not_confirmed", N_("Xác nhận mật khẩu rồi ký lại."))


def _said(answer):
    """The answer of a step, or the sentence that says why not, for a script."""
    try:
        if not confirming.is_fresh(utcnow()):
            raise Refused(NOT_CONFIRMED)
        return jsonify(answer())
    except Invalid as error:
        db.session.rollback()
        return jsonify(message=" ".join(error.errors.values())), 422
    except Refused as error:
        db.session.rollback()
        return jsonify(message=spoken(error.refusal.message, error.refusal.params)), 409


@blueprint.post("/van-ban/<code>/ky-so/chuan-bi")
@access(*WHO)
@writes
def prepare_signature(code: str):
    """First phase: the attributes to sign (DER, base64) and a token for the second."""
    return _said(lambda: _prepare(code, request.form.get("sha256", "")))


def _prepare(code: str, sha256: str) -> dict:
    now = utcnow()
    with reading():
        document = queries.get_visible(code, g.actor)
        slot = signing.slot_for(document, g.actor)
        made = remote_signing.prepare(document, g.actor, slot, sha256, now=now)
    return _told(made, remote_signing.start_round(queries.get_visible(code, g.actor), g.actor, made, sha256, now=now))


def _told(made: remote_signing.Prepared, session: SigningSession) -> dict:
    return {"done": False, "token": session.token, "algorithm": made.algorithm, "to_sign": made.base64}


@blueprint.post("/van-ban/<code>/ky-so/hoan-tat")
@access(*WHO)
@writes
def finish_signature(code: str):
    """Second phase: the raw signature (base64). After the last round the paper is signed."""
    return _said(lambda: _finish(code, request.form.get("token", ""), request.form.get("signature", "")))


def _finish(code: str, token: str, signature: str) -> dict:
    now = utcnow()
    with reading():
        document = queries.get_visible(code, g.actor)
        session = _mine(document, token, DER)
        session_id, slot, sha256 = session.id, session.slot, session.shown_sha256
        pdf = remote_signing.finish(document, session, signature, now=now)
        todo = remote_signing.left(session)
        if todo:
            made = remote_signing.prepare(document, g.actor, slot, sha256, now=now, base=pdf, todo=todo)
        else:
            signed = remote_signing.checked(document, g.actor, session, pdf, now=now)
    document = queries.get_visible(code, g.actor)
    remote_signing.claim(session_id, now=now)
    if todo:
        return _told(made, remote_signing.start_round(document, g.actor, made, sha256, now=now))
    fire(document, slot, signed, _bound(sha256, session_id))
    return {"done": True, "url": url_for(".show", code=code)}


def _bound(sha256: str, session_id: int) -> DigitalForm:
    """The act is bound to the version that the session saw."""
    form = DigitalForm(formdata=None)
    form.sha256.data = sha256
    form.version.data = str(db.session.get(SigningSession, session_id).document_version)
    return form


def _mine(document: Document, token: str, kind: str) -> SigningSession:
    session = remote_signing.open_session(token, kind, now=utcnow(), user_id=g.actor.user_id)
    if session.document_id != document.id or session.slot != signing.slot_for(document, g.actor):
        raise NotFound
    return session


# --- the Government's signing software ----------------------------------------------------------------------------
@blueprint.post("/van-ban/<code>/ky-so/phien")
@access(*WHO)
@writes
def start_signing_software(code: str):
    """The argument for the signing software at the person's computer."""
    return _said(lambda: _start(code, request.form.get("sha256", "")))


def _start(code: str, sha256: str) -> dict:
    document = queries.get_visible(code, g.actor)
    slot = signing.slot_for(document, g.actor)
    session = remote_signing.start_file(document, g.actor, slot, sha256, now=utcnow())
    base = url_for(".signing_software_file", token=session.token, _external=True).removesuffix("/tep.pdf")
    argument = signing.plug_in_argument(document, slot, base)
    return {"token": session.token, "service": SERVICES[slot], "argument": argument}


@blueprint.post("/van-ban/<code>/ky-so/ket-qua")
@access(*WHO)
@writes
def finish_signing_software(code: str):
    """Check what the signing software sent and sign with it; without a token only take the password."""
    form = DigitalForm.sent()
    token = form.token.data or ""
    if not token and form.validate():
        return redirect(url_for(".digital", code=code), 303)  # only the password was asked for
    return complete(
        code,
        form,
        lambda document, slot: _received(document, form),
        lambda: remote_signing.claim_token(token, now=utcnow()),
    )


def _received(document: Document, form: DigitalForm):
    now = utcnow()
    session = _mine(document, form.token.data or "", FILE)
    signed = remote_signing.checked(document, g.actor, session, remote_signing.received_pdf(session), now=now)
    form.sha256.data = session.shown_sha256
    return signed


@blueprint.get("/ky-so/<token>/tep.pdf")
@access(PUBLIC)
def signing_software_file(token: str):
    """The file to sign, for the signing software, which has no session of ours but the token."""
    session = _open(token)
    return send_pdf(signing.read(session.shown_sha256), "ky-so.pdf")


@blueprint.post("/ky-so/<token>/nhan")
@access(PUBLIC)
@writes
def receive_from_signing_software(token: str):
    """The signed file from the signing software (multipart). It counts for nothing until the person finishes."""
    session = _open(token)
    upload = next(iter(request.files.values()), None)
    if upload is None:
        return jsonify(Status=False, Message="", FileName="", FileServer=""), 422
    try:
        remote_signing.keep_received(session, upload.stream)
    except Invalid as error:
        return jsonify(Status=False, Message=" ".join(error.errors.values()), FileName="", FileServer=""), 422
    address = url_for(".signing_software_file", token=token, _external=True)
    return jsonify(Status=True, Message="", FileName="ky-so.pdf", FileServer=address)


def _open(token: str) -> SigningSession:
    """The open session of a token; one that is used or over is as unknown as any other."""
    try:
        return remote_signing.open_session(token, FILE, now=utcnow())
    except Refused:
        raise NotFound from None
