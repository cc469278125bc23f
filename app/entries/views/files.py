"""Evidence files: taking them, hiding them, and sending them to those who may read them."""

from flask import current_app, g, redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from app.accounts.access import SIGNED_IN, access
from app.adapters.storage import BadUpload, MissingFile, StorageFull, TooLarge, receive
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.i18n import spoken
from app.core.writes import writes
from app.entries import forms, parts, queries, services
from app.entries.models import Entry
from app.entries.parts import Part
from app.entries.views import blueprint

DOWNLOAD_POLICY = "default-src 'none'; sandbox"


def page(entry: Entry, part: Part):
    """The files of an entry and the box for another one."""
    form = forms.FileForm()
    if form.is_submitted():
        return _take(entry, part, form)
    forms.stamp(form, entry)
    return _render(entry, part, form)


def _take(entry: Entry, part: Part, form: forms.FileForm):
    """Look through and keep the upload outside any transaction, since that takes its time, then record it."""
    services.check_editable(entry, part, g.actor)
    code = entry.code
    upload = form.file.data
    status = 422
    db.session.rollback()
    try:
        if not upload or not getattr(upload, "filename", ""):
            raise Invalid({"file": _("Chọn tệp minh chứng")})
        limit = current_app.config["SETTINGS"].max_upload_mb * 2**20
        received = receive(current_app.extensions["storage"], upload.stream, upload.filename, limit=limit)
        entry = queries.get_visible(code, g.actor)
        services.add_file(entry, received, g.actor, now=utcnow(), version=form.shown_version())
        return redirect(url_for("entries.part", code=code, name=part.name), 303)
    except (BadUpload, TooLarge, StorageFull) as error:
        form.file.errors = [spoken(error.message, error.params)]
        status = 507 if isinstance(error, StorageFull) else 422
    except Invalid as error:
        forms.put_errors(form, error.errors)
    db.session.rollback()
    return _render(queries.get_visible(code, g.actor), part, form), status


def _render(entry: Entry, part: Part, form: forms.FileForm) -> str:
    limit = current_app.config["SETTINGS"].max_upload_mb
    return render_template("entries/files.html", entry=entry, part=part, form=form, limit=limit, now=utcnow())


@blueprint.route("/ho-so/<code>/tep/<int:file_id>")
@access(SIGNED_IN)
def download(code: str, file_id: int):
    """The file as it was sent, to be saved; never shown inside our pages."""
    file = queries.get_file(queries.get_for_files(code, g.actor), file_id)
    try:
        content = current_app.extensions["storage"].open(file.sha256)
    except MissingFile:
        current_app.logger.error("file %s of entry %s is missing in the storage", file.sha256, code)
        raise NotFound from None
    response = send_file(content, mimetype=file.media_type, as_attachment=True, download_name=file.name, max_age=0)
    response.content_length = file.size
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response


@blueprint.route("/ho-so/<code>/tep/<int:file_id>/xoa", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def remove(code: str, file_id: int):
    """Ask, then hide one file."""
    entry = queries.get_visible(code, g.actor)
    file = queries.get_file(entry, file_id)
    part = parts.part_of("files")
    services.check_editable(entry, part, g.actor)
    form = forms.ActionForm()
    if form.is_submitted():
        services.remove_file(entry, file, g.actor, now=utcnow(), version=form.shown_version())
        return redirect(url_for("entries.part", code=code, name=part.name), 303)
    forms.stamp(form, entry)
    return render_template("entries/remove_file.html", entry=entry, file=file, part=part, form=form)
