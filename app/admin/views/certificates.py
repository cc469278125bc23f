"""Certificates that are expected on papers. Keys never pass through a page; the command line takes those."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, SelectField

from app.accounts.queries import find_people
from app.adapters.signing import SigningError
from app.admin.views.base import admin_only, blueprint, found, put_errors, to_choose
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid
from app.core.i18n import spoken
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.documents.models import SigningCertificate
from app.documents.signing import certificates
from app.organisations import queries
from workflows.spec import N_

PLACES = {
    "pkcs12": N_("tệp khóa tại máy chủ"),
    "pkcs11": N_("thiết bị tại máy chủ"),
    "external": N_("người giữ khóa"),
}
LARGEST = 64 * 1024


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class CertificateForm(FlaskForm):
    """A certificate whose key is with its holder."""

    organisation_id = SelectField(_l("Cơ quan"), coerce=_number)
    user_id = SelectField(
        _l("Người ký"),
        coerce=_number,
        description=_l("Bỏ trống nếu là chứng thư số của chính cơ quan."),
    )
    file = FileField(_l("Tệp chứng thư"), description=_l("Tệp .cer, .crt hoặc .pem. Không tải khóa bí mật lên đây."))


@blueprint.get("/chung-thu-so")
@admin_only
def certificates_page():
    """Every registered certificate."""
    rows = certificates.list_all()
    return render_template(
        "admin/certificates.html",
        rows=rows,
        names=queries.names([row.organisation_id for row in rows]),
        people={row.id: row.full_name for row in find_people(on=_today())},
        places=PLACES,
        now=utcnow(),
    )


@blueprint.route("/chung-thu-so/them", methods=["GET", "POST"])
@admin_only
@writes
def add_certificate():
    """Register a certificate."""
    form = CertificateForm()
    form.organisation_id.choices = to_choose((row.id, row.short_name) for row in queries.choices())
    people = find_people(on=_today())
    form.user_id.choices = to_choose((row.id, f"{row.full_name} ({row.username})") for row in people)
    if not form.validate_on_submit():
        return _form_page(form), 422 if form.is_submitted() else 200
    try:
        made = _added(form)
    except Invalid as error:
        put_errors(form, error)
        return _form_page(form), 422
    flash(_("Đã đăng ký chứng thư số của %(subject)s.", subject=made.subject), "success")
    return redirect(url_for(".certificates_page"), 303)


def _added(form: CertificateForm) -> SigningCertificate:
    upload = request.files.get("file")
    if not form.organisation_id.data:
        raise Invalid({"organisation_id": _("Chọn cơ quan")})
    if upload is None or not upload.filename:
        raise Invalid({"file": _("Chọn tệp chứng thư")})
    try:
        return certificates.add_external(
            g.actor, form.organisation_id.data, form.user_id.data, upload.stream.read(LARGEST), now=utcnow()
        )
    except SigningError as error:
        raise Invalid({"file": spoken(error.message, error.params)}) from error
    except Invalid as error:
        raise Invalid({"file": _(next(iter(error.errors.values())))}) from error


def _form_page(form: CertificateForm) -> str:
    return render_template("admin/certificate_form.html", form=form)


@blueprint.post("/chung-thu-so/<int:certificate_id>/thoi-dung")
@admin_only
@writes
def retire_certificate(certificate_id: int):
    """Expect a certificate no longer."""
    certificates.retire(found(db.session.get(SigningCertificate, certificate_id)), g.actor, now=utcnow())
    flash(_("Đã thôi dùng chứng thư số."), "success")
    return redirect(url_for(".certificates_page"), 303)


def _today():
    return to_local(utcnow()).date()
