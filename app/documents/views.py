"""Pages of papers: the list, one paper with its preview, the signer's list."""

import io
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.access import SIGNED_IN, access
from app.audit import sentences
from app.audit.queries import events_of
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import spoken
from app.core.writes import writes
from app.documents import confirming, pictures, policy, presenting, queries, services, together
from app.documents.batches import bundles
from app.documents.batches import services as batches
from app.documents.forms import PapersFilter, SignListForm, TogetherForm
from app.documents.models import Document
from app.documents.signing import words as signing_words
from app.flow import acting
from app.flow.forms import ActionForm
from workflows import DOCUMENT

blueprint = Blueprint("documents", __name__, template_folder="templates")

SIGNERS = policy.SIGNERS
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


# --- papers -------------------------------------------------------------------------------------------------------
@blueprint.get("/van-ban")
@access(*policy.READERS)
def index():
    """Papers by stage, newest first; those of one stage with the act that can be done on many at once."""
    return _index()


def _index(form=None, ticked: Sequence[str] = ()) -> str:
    contests = queries.contests_with_papers(g.actor)
    contest_id = chosen(request.args.get("cuoc_thi"), dict(contests))
    state = (request.view_args or {}).get("state") or request.args.get("trang_thai", "")
    state = state if state in DOCUMENT.state_names else ""
    papers = queries.list_papers(g.actor, contest_id, state, number_typed(request.args.get("truoc")))
    filtered = PapersFilter(request.args)
    filtered.cuoc_thi.choices = [("", _("Tất cả cuộc thi")), *((str(number), title) for number, title in contests)]
    action = together.act_for(state, g.actor)
    return render_template(
        "documents/index.html",
        filter=filtered,
        act=DOCUMENT.find(action, state) if action else None,
        act_form=form or (TogetherForm.of(action) if action else None),
        whole=together.whole(g.actor, state, contest_id) if action else None,
        ticked=ticked,
        stages=presenting.stages(queries.count_by_state(g.actor, contest_id), contest_id),
        state=DOCUMENT.state(state) if state else None,
        contest_id=contest_id,
        papers=papers[: queries.PAGE],
        more=papers[queries.PAGE - 1].id if len(papers) > queries.PAGE else None,
        workflow=DOCUMENT,
    )


@blueprint.post("/van-ban/cung-luc/<state>")
@access(*policy.STAFF)
@writes
def act_together(state: str):
    """The act of a stage on the ticked papers of its list, or on all of them: every one or none."""
    action = together.act_for(state, g.actor)
    if not action:
        raise NotFound
    form = TogetherForm.of(action)
    chosen = request.form.getlist("paper")
    if not form.validate():
        return _index(form, chosen), 422
    try:
        done = together.fire_all(_meant(form, state, chosen), action, g.actor, now=utcnow(), **form.act_data())
    except Invalid as error:
        return _not_done(form, chosen, error.errors), 422
    except Refused as error:
        return _not_done(form, chosen, {"": spoken(error.refusal.message, error.refusal.params)}), 409
    flash(_("Đã %(done)s: %(n)s văn bản.", done=_(DOCUMENT.find(action, state).done), n=done), "success")
    return redirect(url_for(".index", trang_thai=state, cuoc_thi=request.args.get("cuoc_thi")), 303)


def _meant(form, state: str, chosen: list[str]):
    if "every" not in request.form:
        return together.ticked(g.actor, chosen)
    contest_id = number_typed(request.args.get("cuoc_thi"))
    shown = together.Whole(state, contest_id, number_typed(form.count.data) or 0, number_typed(form.newest.data) or 0)
    return together.papers_of(g.actor, shown)


def _not_done(form, chosen: list[str], errors: Mapping[str, str]) -> str:
    db.session.rollback()
    for name, text in errors.items():
        (form[name].errors if name in form else form.form_errors).append(text)
    return _index(form, chosen)


def number_typed(text: str | None) -> int | None:
    """A number from an address, None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def chosen(text: str | None, known: Mapping[int, str]) -> int | None:
    """The number from an address if it is one of the known."""
    number = number_typed(text)
    return number if number in known else None


@blueprint.get("/van-ban/<code>")
@access(SIGNED_IN)
def show(code: str):
    """One paper: its pages, what it is, what can be done, what happened."""
    document = queries.get_visible(code, g.actor)
    files = presenting.files_of(document)
    form = ActionForm()
    form.version.data = str(document.version)
    handles = policy.handles(document, g.actor)
    return render_template(
        "documents/show.html",
        document=document,
        state=DOCUMENT.state(document.state),
        files=files,
        pages=presenting.pages(document, files),
        rows=presenting.summary(document, files),
        offers=presenting.fitting(flow.offers(document, g.actor, utcnow())),
        events=sentences.timeline(events_of("document", document.id)) if handles else [],
        may_renew=services.may_renew(document, g.actor),
        renew_form=form,
        without_pdf=presenting.without_pdf(files),
        handles=handles,
        batch_code=batches.code_of(document) if handles else "",
        workflow=DOCUMENT,
        **(presenting.fate(document, g.actor, utcnow()) if handles else {}),
        **(signing_words.block(document, g.actor) if handles else {}),
    )


@blueprint.get("/van-ban/<code>/trang/<int:number>.png")
@access(SIGNED_IN)
def picture(code: str, number: int):
    """One page as a picture; `?nho=1` gives a small one."""
    document = queries.get_visible(code, g.actor)
    sha256 = _file(document, "pdf").sha256
    dpi = pictures.SMALL_DPI if request.args.get("nho") else pictures.PREVIEW_DPI
    response = Response(mimetype="image/png")
    response.set_etag(f"{sha256}-{number}-{dpi}")
    if response.make_conditional(request).status_code == 304:
        return response
    try:
        response.set_data(pictures.page_picture(content(sha256), number, dpi))
    except IndexError:
        raise NotFound from None
    return response


@blueprint.get("/van-ban/<code>/tai/<kind>")
@access(SIGNED_IN)
def download(code: str, kind: str):
    """The stored bytes of a paper, as they were made."""
    document = queries.get_visible(code, g.actor)
    file = _file(document, kind)
    return attachment(content(file.sha256), bundles.file_name(document, file.kind))


def _file(document: Document, kind: str):
    for file in queries.current_files(document.id):
        if file.kind == kind:
            return file
    raise NotFound


def content(sha256: str) -> bytes:
    """The stored bytes."""
    with current_app.extensions["storage"].open(sha256) as stored:
        return stored.read()


def attachment(made: bytes, name: str) -> Response:
    """Bytes to be kept under this name; nothing in them runs in the browser."""
    kind = name.rpartition(".")[2]
    response = send_file(io.BytesIO(made), MEDIA_TYPES[kind], as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.post("/van-ban/<code>/tao-lai")
@access(*policy.STAFF)
@writes
def renew(code: str):
    """Make the paper again from today's data, or only its files when making them failed."""
    document = queries.get_visible(code, g.actor)
    services.renew(document, g.actor, version=ActionForm().shown_version(), now=utcnow())
    flash(_("Đang tạo lại văn bản."), "success")
    return redirect(url_for(".show", code=document.code), 303)


@blueprint.route("/van-ban/<code>/thao-tac/<action>", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def act(code: str, action: str):
    """Any act on a paper; signing has a page of its own."""
    return acting.act(queries.get_visible(code, g.actor), action)


@blueprint.route("/van-ban/<code>/thao-tac/sign", methods=["GET", "POST"])
@access(*SIGNERS)
@writes
def sign(code: str):
    """Sign what the page shows, after the password was given once more."""
    if request.method == "POST":
        g.password_problem = confirming.problem(request.form.get("password", ""), utcnow())
    document = queries.get_visible(code, g.actor)
    g.pages = presenting.pages(document, queries.current_files(document.id))
    g.may_sign_digitally = signing_words.may_sign_digitally(document, g.actor)
    g.why_not_digitally = "" if g.may_sign_digitally else signing_words.why_not_digitally(document)
    return acting.act(document, "sign", back=url_for(".to_sign"), page="documents/sign.html")


# --- the signer's list --------------------------------------------------------------------------------------------
@blueprint.route("/trinh-ky", methods=["GET", "POST"])
@access(*SIGNERS)
@writes
def to_sign():
    """What waits for my signature; the ticked papers are signed together, all or none."""
    if request.method == "GET":
        return _list_to_sign(SignListForm())
    g.password_problem = confirming.problem(request.form.get("password", ""), utcnow())
    form = SignListForm()
    ticked = request.form.getlist("shown" if "every" in request.form else "paper")
    form.drop_if_fresh()
    if not form.validate():
        return _list_to_sign(form, ticked), 422
    try:
        signed = _sign_all(ticked)
    except Invalid as error:
        return _refused(form, ticked, error.errors[""], 422)
    except Refused as error:
        return _refused(form, ticked, spoken(error.refusal.message, error.refusal.params), 409)
    except Conflict:
        return _refused(form, ticked, _("Có văn bản vừa thay đổi. Xem lại danh sách rồi ký."), 409)
    flash(_("Đã ký %(n)s văn bản.", n=signed), "success")
    return redirect(url_for(".to_sign"), 303)


def _sign_all(ticked: list[str]) -> int:
    if not ticked:
        raise Invalid({"": _("Chọn ít nhất một văn bản để ký")})
    now = utcnow()
    for choice in dict.fromkeys(ticked):
        code, version, sha256 = presenting.parse_choice(choice)
        document = queries.get_visible(code, g.actor)
        key = f"{request.form.get('key', '')[:45]}-{document.code}"
        flow.fire(document, "sign", g.actor, now=now, data={"sha256": sha256}, version=version, key=key)
    return len(set(ticked))


def _refused(form: SignListForm, ticked: list[str], text: str, status: int):
    db.session.rollback()
    form.form_errors.append(text)
    return _list_to_sign(form, ticked), status


def _list_to_sign(form: SignListForm, ticked: list[str] | None = None) -> str:
    if not form.is_submitted():
        form.drop_if_fresh()
    return render_template(
        "documents/to_sign.html",
        form=form,
        papers=queries.list_to_sign(g.actor),
        ticked=ticked or [],
        key=ids.token(),
    )
