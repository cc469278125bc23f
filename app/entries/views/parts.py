"""The tasks of a dossier: one page each, saved by a button and, while typing, by itself."""

from flask import g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.accounts.access import SIGNED_IN, access
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.entries import dossier, forms, parts, queries, services
from app.entries.models import Entry
from app.entries.parts import Part
from app.entries.views import blueprint, files
from app.flow import may_edit, offers
from app.flow.forms import ActionForm
from app.web.fields import form_errors


@blueprint.route("/ho-so/<code>/phan/<name>", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def part(code: str, name: str):
    """One task. A part that is not open now leads back to the entry."""
    entry, asked = _asked(code, name)
    if request.method == "GET" and not (may_edit(entry, g.actor) and _shows(entry, asked)):
        return redirect(url_for("entries.show", code=code), 303)
    if asked.name == "minh-chung":
        return files.page(entry, asked)
    if asked.name == "xac-nhan":
        return _confirmation_page(entry, asked)
    form = _form(entry, asked)
    if "them_authors" in request.form and len(form.authors) < forms.MOST_ROWS:
        form.authors.append_entry({"share": None})
        return _page(entry, asked, form)
    if form.is_submitted():
        return _save(entry, asked, form)
    return _page(entry, asked, form)


@blueprint.route("/ho-so/<code>/phan/<name>/luu", methods=["POST"])
@access(SIGNED_IN)
@writes
def autosave(code: str, name: str):
    """Save what is typed so far; answers when it was saved and the new version, or what keeps it from being saved."""
    entry, asked = _asked(code, name)
    if asked.name in ("minh-chung", "xac-nhan"):
        raise NotFound
    form = _form(entry, asked)
    now = utcnow()
    if not form.validate():
        return jsonify(status=_first_error(form)), 422
    try:
        _store(entry, asked, form, now)
    except Invalid as error:
        db.session.rollback()
        return jsonify(status=next(iter(error.errors.values()))), 422
    return jsonify(status=_("Đã lưu %(time)s", time=f"{to_local(now):%H:%M}"), version=entry.version)


def _asked(code: str, name: str) -> tuple[Entry, Part]:
    entry = queries.get_visible(code, g.actor)
    asked = parts.part_named(name)
    if asked is None:
        raise NotFound
    return entry, asked


def _shows(entry: Entry, asked: Part) -> bool:
    return asked.name == "xac-nhan" or parts.is_open(entry, asked)


def _form(entry: Entry, asked: Part) -> ActionForm:
    if asked.name == "tac-gia":
        form = forms.AuthorsForm(obj=entry)
        _offer_units(form, entry)
    else:
        form = forms.TEXT_FORMS[asked.name](obj=entry)
        form.prepare(entry)
    if form.is_submitted():
        form.version.data = request.form.get("version", "")
    else:
        forms.stamp(form, entry)
    return form


def _offer_units(form: forms.AuthorsForm, entry: Entry) -> None:
    """The unit is asked only of those who have a choice."""
    units = queries.units_for(entry.contest, g.actor, to_local(utcnow()).date())
    form.unit_id.choices = [SelectChoice(str(unit.id), unit.name) for unit in units]
    if len(units) < 2 or entry.unit_id not in {unit.id for unit in units}:
        del form.unit_id


def _save(entry: Entry, asked: Part, form: ActionForm):
    """Save and go on to the next open task; a draft may leave things out and stays on its page."""
    is_draft = "nhap" in request.form
    if not form.validate() or not (is_draft or _is_complete(form, asked)):
        return _page(entry, asked, form), 422
    try:
        _store(entry, asked, form, utcnow())
    except Invalid as error:
        db.session.rollback()
        forms.put_errors(form, error.errors)
        return _page(entry, asked, form), 422
    return redirect(dossier.part_url(entry, asked) if is_draft else _next_url(entry, asked), 303)


def _is_complete(form: ActionForm, asked: Part) -> bool:
    return form.check_people() if asked.name == "tac-gia" else forms.check_required(form, asked)


def _store(entry: Entry, asked: Part, form: ActionForm, now) -> None:
    common = {"now": now, "version": form.shown_version()}
    if asked.name == "tac-gia":
        unit_id = form.unit_id.data if "unit_id" in form else None
        services.save_authors(entry, form.rows(), g.actor, unit_id=unit_id, **common)
    else:
        services.save_part(entry, asked, forms.values_of(form, asked), g.actor, **common)


def _next_url(entry: Entry, asked: Part) -> str:
    """The next open task that is not done, else the page of the entry."""
    tasks = dossier.tasks(entry)
    after = [task.name for task in tasks].index(asked.name) + 1
    todo = dossier.first_todo(tasks[after:])
    return todo.url if todo else url_for("entries.show", code=entry.code)


def _page(entry: Entry, asked: Part, form: ActionForm) -> str:
    template = "entries/authors.html" if asked.name == "tac-gia" else "entries/part.html"
    return render_template(
        template,
        entry=entry,
        part=asked,
        form=form,
        now=utcnow(),
        autosave_url=url_for("entries.autosave", code=entry.code, name=asked.name),
        draft_key=f"{g.actor.user_id}-{entry.code}-{asked.name}",
    )


def _confirmation_page(entry: Entry, asked: Part):
    if request.method == "POST":
        raise NotFound
    confirming = [o for o in offers(entry, g.actor, utcnow()) if o.action == "confirm"]
    return render_template(
        "entries/confirmation.html", entry=entry, part=asked, offers=confirming, sections=dossier.sections(entry)
    )


def _first_error(form: ActionForm) -> str:
    return next((str(error.message) for error in form_errors(form)), _("Có chỗ cần sửa"))
