"""Pages of templates: which one each kind of paper uses, a kind with its versions, one version with its check."""

import io
from collections.abc import Mapping

from flask import Response, current_app, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import FileField, StringField
from wtforms.validators import Length, Optional

from app import flow
from app.accounts.access import access
from app.adapters.storage import BadUpload, StorageFull, TooLarge, receive, safe_name
from app.audit import sentences
from app.audit.queries import events_of
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.i18n import spoken
from app.core.vietnamese import clean_line, file_slug, sort_key
from app.core.writes import writes
from app.documents import pictures
from app.documents.models import DocumentTemplate
from app.documents.templating import guide as template_fields
from app.documents.templating import policy as template_policy
from app.documents.templating import store as templates_store
from app.documents.templating import uploads as templates_upload
from app.documents.templating import words as template_words
from app.documents.templating.store import Template
from app.documents.views import MEDIA_TYPES, blueprint
from app.flow import acting
from app.flow.forms import ActionForm
from app.organisations import queries as organisations
from workflows import TEMPLATE
from workflows.spec import N_

MANAGERS = template_policy.MANAGERS
REFUSALS = {
    "mismatch": N_("Tệp không phải văn bản Word (.docx). Lưu lại đúng loại rồi tải lên"),
    "macros": N_("Tệp có macro. Lưu lại thành tệp Word không có macro (.docx) rồi tải lên"),
    "embedded": N_("Tệp có nhúng tệp hoặc đối tượng khác. Xóa phần nhúng rồi tải lên"),
    "external": N_("Tệp có liên kết lấy dữ liệu từ bên ngoài. Bỏ liên kết rồi tải lên"),
}
"""What is wrong with an upload, where the general words do not fit a template."""


class UploadForm(ActionForm):
    """A changed template."""

    file = FileField(_l("Tệp mẫu đã sửa"), description=_l("Tệp Word (.docx), nhỏ hơn 5 MB"))
    note = StringField(
        _l("Đã sửa gì"),
        [Optional(), Length(max=templates_upload.NOTE_LIMIT, message=_l("Viết ngắn hơn 300 ký tự"))],
        filters=[lambda text: clean_line(text or "")],
    )


class OrganisationFilter(FlaskForm):
    """Whose templates are shown."""

    co_quan = SelectField(_l("Cơ quan"))


# --- the list -----------------------------------------------------------------------------------------------------
@blueprint.get("/mau-van-ban")
@access(*MANAGERS)
def templates():
    """Every kind of paper with the template that it uses today."""
    organisation_id, managed = _organisation()
    return render_template(
        "documents/template_list.html",
        kinds=sorted(templates_store.all_templates(), key=lambda kind: sort_key(kind.manifest.title)),
        in_use=templates_store.versions_in_use(organisation_id),
        waiting=templates_upload.waiting_by_kind(organisation_id),
        organisation_id=organisation_id,
        managed=managed,
        filter=_filter(organisation_id, managed),
    )


def _organisation() -> tuple[int, Mapping[int, str]]:
    """The organisation that is shown, and all that the person manages, by name."""
    managed = organisations.names(template_policy.organisations(g.actor))
    if not managed:
        raise NotFound
    asked = request.args.get("co_quan", "")
    chosen = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    return (chosen if chosen in managed else next(iter(managed))), managed


def _filter(organisation_id: int, managed: Mapping[int, str]) -> OrganisationFilter | None:
    if len(managed) < 2:
        return None
    form = OrganisationFilter(data={"co_quan": str(organisation_id)})
    form.co_quan.choices = [(str(number), name) for number, name in managed.items()]
    return form


# --- one kind -----------------------------------------------------------------------------------------------------
@blueprint.route("/mau-van-ban/<template>", methods=["GET", "POST"])
@access(*MANAGERS)
@writes
def template_kind(template: str):
    """The versions of a kind, and the form for another one."""
    kind, organisation_id = _kind(template), _organisation()[0]
    form = UploadForm()
    if form.is_submitted():
        return _take(kind, organisation_id, form)
    return _kind_page(kind, organisation_id, form)


def _kind(code: str) -> Template:
    try:
        return templates_store.load(code)
    except KeyError:
        raise NotFound from None


def _kind_page(kind: Template, organisation_id: int, form: UploadForm) -> str:
    if not form.key.data:
        form.key.data = ids.token()
    return render_template(
        "documents/template_kind.html",
        kind=kind,
        form=form,
        versions=templates_upload.versions_of(kind.code, organisation_id),
        in_use=templates_store.versions_in_use(organisation_id, kind.code).get(kind.code),
        organisation_id=organisation_id,
        organisation=organisations.names([organisation_id])[organisation_id],
        workflow=TEMPLATE,
    )


def _take(kind: Template, organisation_id: int, form: UploadForm):
    """Look through and keep the upload outside any transaction, since that takes its time, then record it."""
    upload, status = form.file.data, 422
    db.session.rollback()
    try:
        if not form.validate():
            return _kind_page(kind, organisation_id, form), 422
        _check_name(upload)
        storage = current_app.extensions["storage"]
        received = receive(storage, upload.stream, upload.filename, limit=templates_upload.LIMIT)
        key = form.key.data or None
        version = templates_upload.upload(
            kind.code, organisation_id, received, form.note.data or "", g.actor, now=utcnow(), key=key
        )
        return redirect(url_for(".template_version", template=kind.code, version_id=version.id), 303)
    except (BadUpload, TooLarge, StorageFull) as error:
        form.file.errors = [spoken(REFUSALS.get(error.code, error.message), error.params)]
        status = 507 if isinstance(error, StorageFull) else 422
    except Invalid as error:
        form.file.errors = list(error.errors.values())
    db.session.rollback()
    return _kind_page(kind, organisation_id, form), status


def _check_name(upload) -> None:
    if not upload or not getattr(upload, "filename", ""):
        raise Invalid({"file": _("Chọn tệp mẫu")})
    if not safe_name(upload.filename).lower().endswith(".docx"):
        raise Invalid({"file": _("Mẫu phải là tệp Word có đuôi .docx")})


# --- one version --------------------------------------------------------------------------------------------------
@blueprint.get("/mau-van-ban/<template>/<int:version_id>")
@access(*MANAGERS)
def template_version(template: str, version_id: int):
    """What the check found, the pages of the trial, what can be done, what happened."""
    version = _version(template, version_id)
    return render_template(
        "documents/template_version.html",
        version=version,
        kind=_kind(template),
        state=TEMPLATE.state(version.state),
        problems=[template_words.pieces(problem) for problem in template_words.problems(version)],
        remarks=template_words.remarks(version),
        pages=_pages(version),
        offers=flow.offers(version, g.actor, utcnow()),
        own=version.uploaded_by_id == g.actor.user_id,
        events=sentences.timeline(events_of(TEMPLATE.name, version.id)),
    )


def _version(code: str, version_id: int) -> DocumentTemplate:
    version = templates_upload.get_visible(version_id, g.actor)
    if version.template_code != code:
        raise NotFound
    return version


def _pages(version: DocumentTemplate) -> list[dict]:
    address = {"template": version.template_code, "version_id": version.id}
    numbers = range(1, version.preview_pages + 1)
    return [{"url": url_for(".template_page", **address, number=n), "number": n} for n in numbers]


@blueprint.get("/mau-van-ban/<template>/<int:version_id>/trang/<int:number>.png")
@access(*MANAGERS)
def template_page(template: str, version_id: int, number: int):
    """One page of the trial as a picture."""
    version = _version(template, version_id)
    if not version.preview_sha256:
        raise NotFound
    response = Response(mimetype="image/png")
    response.set_etag(f"{version.preview_sha256}-{number}")
    if response.make_conditional(request).status_code == 304:
        return response
    try:
        response.set_data(pictures.page_picture(_stored(version.preview_sha256), number, pictures.PREVIEW_DPI))
    except IndexError:
        raise NotFound from None
    return response


@blueprint.get("/mau-van-ban/<template>/<int:version_id>/tai/<kind>")
@access(*MANAGERS)
def template_file(template: str, version_id: int, kind: str):
    """The uploaded .docx, or the trial's PDF."""
    version = _version(template, version_id)
    key = {"docx": version.sha256, "pdf": version.preview_sha256}.get(kind)
    if not key:
        raise NotFound
    title = templates_store.load(template).manifest.title
    return _named(_stored(key), f"mau {title} ban {version.number}", kind)


@blueprint.route("/mau-van-ban/<template>/<int:version_id>/thao-tac/<action>", methods=["GET", "POST"])
@access(*MANAGERS)
@writes
def template_act(template: str, version_id: int, action: str):
    """Any act on a version."""
    return acting.act(_version(template, version_id), action)


# --- downloads of a kind ------------------------------------------------------------------------------------------
@blueprint.get("/mau-van-ban/<template>/dang-dung.docx")
@access(*MANAGERS)
def template_in_use(template: str):
    """The template that papers are drawn up with today."""
    kind = _kind(template)
    used = templates_store.in_use(kind.code, _organisation()[0])
    return _named(used.read_bytes(), f"mau {kind.manifest.title} dang dung", "docx")


@blueprint.get("/mau-van-ban/<template>/mau-co-san.docx")
@access(*MANAGERS)
def template_built_in(template: str):
    """The template that the product ships."""
    kind = _kind(template)
    return _named(kind.read_bytes(), f"mau {kind.manifest.title} co san", "docx")


@blueprint.get("/mau-van-ban/<template>/danh-muc-truong.docx")
@access(*MANAGERS)
def template_catalogue(template: str):
    """Every field with what prints it and a value: of the latest paper that the person may see, else of the sample."""
    kind = _kind(template)
    values, code = templates_upload.latest_values(kind, _organisation()[0], g.actor)
    source = (
        _("Ví dụ lấy từ văn bản %(code)s.", code=code) if code else _("Ví dụ là dữ liệu mẫu, không phải hồ sơ thật.")
    )
    return _named(template_fields.catalogue(kind, values, source), f"truong cua mau {kind.manifest.title}", "docx")


def _stored(key: str) -> bytes:
    with current_app.extensions["storage"].open(key) as stored:
        return stored.read()


def _named(content: bytes, name: str, kind: str) -> Response:
    name = f"{file_slug(name).lower()}.{kind}"
    response = send_file(io.BytesIO(content), MEDIA_TYPES[kind], as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
