"""Pages of scans: adding one, and getting it."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import SIGNED_IN, access
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.writes import writes
from app.documents import policy, queries
from app.documents.batches import bundles
from app.documents.signing import scans
from app.documents.signing import services as signing
from app.documents.signing.forms import ScanForm
from app.documents.signing.views import send_pdf
from app.documents.views import blueprint


@blueprint.route("/van-ban/<code>/ban-quet", methods=["GET", "POST"])
@access(*policy.STAFF)
@writes
def add_scan(code: str):
    """Add the scan of the paper that was signed and stamped by hand."""
    document = queries.get_visible(code, g.actor)
    form = ScanForm()
    if not form.is_submitted():
        if not scans.may_add(document, g.actor):
            raise NotAllowed
        form.version.data = str(document.version)
        return _page(form, document)
    try:
        _add(document, form)
    except Invalid as error:
        db.session.rollback()
        form.file.errors = [*form.file.errors, *error.errors.values()]
        return _page(form, queries.get_visible(code, g.actor)), 422
    flash(_("Đã lưu bản quét."), "success")
    return redirect(url_for(".show", code=code), 303)


def _add(document, form: ScanForm) -> None:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid({"file": _("Chọn bản quét PDF")})
    scans.add(document, g.actor, upload.stream, version=form.shown_version(), now=utcnow())


def _page(form: ScanForm, document) -> str:
    return render_template("documents/scan.html", form=form, document=document)


@blueprint.get("/van-ban/<code>/ban-quet/<int:file_id>.pdf")
@access(SIGNED_IN)
def scan(code: str, file_id: int):
    """One scan, as it came."""
    document = queries.get_visible(code, g.actor)
    return send_pdf(signing.read(scans.get(document, file_id).sha256), bundles.file_name(document, "pdf"))
