"""The dated tree of organisations and those who sign for them."""

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.queries import find_people
from app.admin import forms
from app.admin.views.base import admin_only, blueprint, found, put_errors, to_choose
from app.audit.queries import events_of
from app.audit.sentences import timeline
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.documents import queries as papers
from app.organisations import queries, services
from app.organisations.models import Organisation, Signatory


@blueprint.get("/co-quan")
@admin_only
def organisations():
    """The whole tree with dates."""
    rows = queries.tree()
    names = {body.id: body.short_name for _depth, body in rows}
    return render_template("admin/organisations.html", rows=rows, names=names, kinds=forms.KINDS, today=_today())


@blueprint.get("/co-quan/<int:organisation_id>")
@admin_only
def organisation(organisation_id: int):
    """One body: its record, its signers, its history."""
    body = found(queries.get(organisation_id))
    related = [key for key in (body.parent_id, body.successor_id) if key]
    return render_template(
        "admin/organisation.html",
        body=body,
        names=queries.names(related),
        kinds=forms.KINDS,
        signs_as=forms.SIGNS_AS,
        signatories=queries.signatories_of(body.id),
        events=timeline(events_of("organisation", body.id, limit=50)),
        today=_today(),
    )


@blueprint.route("/co-quan/them", methods=["GET", "POST"])
@admin_only
@writes
def add_organisation():
    """Add a body or a unit."""
    form = forms.OrganisationForm()
    _fill(form)
    if not form.validate_on_submit():
        return _organisation_page(form, None), 422 if form.is_submitted() else 200
    try:
        body = services.create_organisation(g.actor, _values(form, services.ORGANISATION_FIELDS), now=utcnow())
    except Invalid as error:
        put_errors(form, error)
        return _organisation_page(form, None), 422
    flash(_("Đã thêm %(name)s.", name=body.short_name), "success")
    return redirect(url_for("admin.organisation", organisation_id=body.id), 303)


@blueprint.route("/co-quan/<int:organisation_id>/sua", methods=["GET", "POST"])
@admin_only
@writes
def edit_organisation(organisation_id: int):
    """Change a body's record, or its last day."""
    body = found(queries.get(organisation_id))
    form = forms.OrganisationForm(obj=body)
    _fill(form)
    if not form.validate_on_submit():
        return _organisation_page(form, body), 422 if form.is_submitted() else 200
    try:
        services.edit_organisation(g.actor, body, _values(form, services.ORGANISATION_FIELDS), now=utcnow())
    except Invalid as error:
        put_errors(form, error)
        return _organisation_page(form, queries.get(organisation_id)), 422
    flash(_("Đã lưu thay đổi."), "success")
    return redirect(url_for("admin.organisation", organisation_id=organisation_id), 303)


def _fill(form: forms.OrganisationForm) -> None:
    rows = [(row.id, row.short_name) for row in queries.choices()]
    form.parent_id.choices = to_choose(rows)
    form.successor_id.choices = to_choose(rows)


def _organisation_page(form, body: Organisation | None) -> str:
    return render_template("admin/organisation_form.html", form=form, body=body)


def _values(form, names: tuple[str, ...]) -> dict:
    return {name: form[name].data for name in names}


@blueprint.route("/co-quan/<int:organisation_id>/nguoi-ky", methods=["GET", "POST"])
@admin_only
@writes
def add_signatory(organisation_id: int):
    """Add who signs for a body."""
    body = found(queries.get(organisation_id))
    form = forms.SignatoryForm()
    _fill_signatory(form, body)
    if not form.validate_on_submit():
        return _signatory_page(form, body, None), 422 if form.is_submitted() else 200
    try:
        services.create_signatory(g.actor, body, _signatory_values(form), now=utcnow())
    except Invalid as error:
        put_errors(form, error)
        return _signatory_page(form, queries.get(organisation_id), None), 422
    flash(_("Đã thêm người ký."), "success")
    return redirect(url_for("admin.organisation", organisation_id=organisation_id), 303)


@blueprint.route("/nguoi-ky/<int:signatory_id>/sua", methods=["GET", "POST"])
@admin_only
@writes
def edit_signatory(signatory_id: int):
    """Change a signer, most often the last day."""
    signatory = found(db.session.get(Signatory, signatory_id))
    body = queries.get(signatory.organisation_id)
    form = forms.SignatoryForm(obj=signatory)
    _fill_signatory(form, body, signatory)
    if not form.validate_on_submit():
        return _signatory_page(form, body, signatory), 422 if form.is_submitted() else 200
    try:
        services.edit_signatory(g.actor, signatory, _signatory_values(form), now=utcnow())
    except Invalid as error:
        put_errors(form, error)
        return _signatory_page(form, body, signatory), 422
    flash(_("Đã lưu thay đổi."), "success")
    return redirect(url_for("admin.organisation", organisation_id=body.id), 303)


def _fill_signatory(form: forms.SignatoryForm, body: Organisation, signatory: Signatory | None = None) -> None:
    heads = [one for one in queries.signatories_of(body.id) if one.kind == "head" and one is not signatory]
    form.user_id.choices = _people()
    form.principal_id.choices = to_choose((one.id, f"{one.full_name}, {one.title}") for one in heads)
    form.scope.choices = [(one.code, one.manifest.title) for one in papers.kinds_signed()]


def _signatory_values(form: forms.SignatoryForm) -> dict:
    return _values(form, services.SIGNATORY_FIELDS) | {"scope": "\n".join(form.scope.data or [])}


def _people() -> list:
    return to_choose((row.id, f"{row.full_name} ({row.username})") for row in find_people(on=_today()))


def _signatory_page(form, body: Organisation, signatory: Signatory | None) -> str:
    return render_template("admin/signatory_form.html", form=form, body=body, signatory=signatory)


def _today():
    return to_local(utcnow()).date()
