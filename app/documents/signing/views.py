"""Pages of digital signatures: the ways to sign, a key at the server, a file signed elsewhere, and what is wrong with
a signature."""

import io
from collections.abc import Callable

from flask import flash, g, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.access import SIGNED_IN, access
from app.core.clock import utcnow
from app.core.db import db, reading
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import spoken
from app.core.writes import writes
from app.documents import confirming, policy, presenting, queries
from app.documents.batches import bundles
from app.documents.models import Document
from app.documents.signing import services as signing
from app.documents.signing import signatures
from app.documents.signing import words as signing_words
from app.documents.signing.forms import DigitalForm
from app.documents.signing.signatures import Signed
from app.documents.views import blueprint
from app.flow import keys
from app.web.security import CONTENT_SECURITY_POLICY
from workflows import DOCUMENT
from workflows.spec import Role

WHO = (*policy.SIGNERS, Role.SECRETARY, Role.CLERK)
ACTS = {"writer": "attest", "person": "sign", "seal": "seal"}
SIGNING_SOFTWARE = "wss://127.0.0.1:8987"
"""Where the Government's signing software listens at the signer's own computer; only this page may speak to it."""


@blueprint.get("/van-ban/<code>/ky-so")
@access(*WHO)
def digital(code: str):
    """The ways to sign this paper now."""
    return _page(code)


@blueprint.get("/van-ban/<code>/ky-so/tep.pdf")
@access(*WHO)
def file_to_sign(code: str):
    """The PDF to be signed with the office's own tool; what comes back must begin with exactly these bytes."""
    document = queries.get_visible(code, g.actor)
    signing.slot_for(document, g.actor)
    file = signing.pdf_file(document)
    if file is None:
        raise NotFound
    return send_pdf(signing.read(file.sha256), bundles.file_name(document, "pdf"))


def send_pdf(content: bytes, name: str):
    """A stored PDF, to be saved."""
    response = send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.post("/van-ban/<code>/ky-so/may-chu")
@access(*WHO)
@writes
def sign_with_server_key(code: str):
    """Sign with the person's key at the server; the organisation's own signature is asked for again."""
    form = DigitalForm.sent()
    return complete(code, form, lambda document, slot: _by_server(document, slot, form))


def _by_server(document: Document, slot: str, form: DigitalForm) -> Signed | None:
    if slot == "seal":
        return None
    return signing.sign_at_server(document, g.actor, form.sha256.data or "", now=utcnow())


@blueprint.post("/van-ban/<code>/ky-so/tai-len")
@access(*WHO)
@writes
def send_signed_file(code: str):
    """Take in the file that was signed with the office's own tool."""
    form = DigitalForm.sent()
    return complete(code, form, lambda document, slot: _sent_in(document, slot, form))


def _sent_in(document: Document, slot: str, form: DigitalForm) -> Signed:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid({"file": _("Chọn tệp PDF đã ký")})
    return signing.take_in(document, g.actor, slot, form.sha256.data or "", upload.stream, now=utcnow())


def complete(
    code: str,
    form: DigitalForm,
    make: Callable[[Document, str], Signed | None],
    claim: Callable[[], None] = lambda: None,
):
    """Let `make` produce the signed PDF while nobody is kept from writing, then do the act with it; `claim` uses up
    in the same transaction what may be used once only."""
    if not form.validate():
        return _page(code, form), 422
    if _done_before(code, form):
        return redirect(url_for(".show", code=code), 303)
    try:
        with reading():
            document = queries.get_visible(code, g.actor)
            slot = signing.slot_for(document, g.actor)
            signed = make(document, slot)
        claim()
        fire(queries.get_visible(code, g.actor), slot, signed, form)
    except Invalid as error:
        return _refused(code, form, error.errors), 422
    except Refused as error:
        return _refused(code, form, {"": spoken(error.refusal.message, error.refusal.params)}), 409
    flash(_("Đã ký số.") if signed else _("Đang đóng dấu số."), "success")
    return redirect(url_for(".show", code=code), 303)


def _done_before(code: str, form: DigitalForm) -> bool:
    """Whether this very form came before and was done."""
    document = queries.get_visible(code, g.actor)
    done = form.key.data and [keys.find(form.key.data, g.actor, DOCUMENT, action) for action in ACTS.values()]
    found = any(one and one.subject_id == document.id for one in done or ())
    db.session.rollback()
    return found


def fire(document: Document, slot: str, signed: Signed | None, form: DigitalForm) -> None:
    """The act that goes with a signature; without one the server's own key is asked to seal."""
    now = utcnow()
    if signed is None:
        flow.check_version(document, form.shown_version())
        document.render_error = ""
        signatures.ask_for_seal(document, now=now)
        return
    data = {"sealed": signed} if slot == "seal" else {"sha256": form.sha256.data, "signed": signed}
    version, key = form.shown_version(), form.key.data or None
    flow.fire(document, ACTS[slot], g.actor, now=now, data=data, version=version, key=key)


def _refused(code: str, form: DigitalForm, errors: dict[str, str]):
    db.session.rollback()
    for name, text in errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)
    return _page(code, form)


def _page(code: str, form: DigitalForm | None = None):
    document = queries.get_visible(code, g.actor)
    ways = signing.ways(document, g.actor, now=utcnow())
    if ways is None:
        raise Conflict(document)
    page = render_template(
        "documents/sign_digital.html",
        document=document,
        ways=ways,
        form=form or DigitalForm.shown(document, ways.sha256),
        is_fresh=confirming.is_fresh(utcnow()),
        service=SIGNING_SOFTWARE,
        pages=presenting.pages(document, queries.current_files(document.id)),
    )
    response = make_response(page)
    policy_text = CONTENT_SECURITY_POLICY.replace("connect-src 'self'", f"connect-src 'self' {SIGNING_SOFTWARE}")
    response.headers["Content-Security-Policy"] = policy_text
    return response


@blueprint.get("/van-ban/<code>/ky-so/kiem-tra")
@access(SIGNED_IN)
def check_signatures(code: str):
    """The verdict on the paper's digital signatures as they are now."""
    document = queries.get_visible(code, g.actor)
    if not policy.handles(document, g.actor):
        raise NotFound
    report = signing.report_now(document)
    told = signing_words.verdicts(report) if report else None
    return render_template("documents/signature_check.html", document=document, told=told)
