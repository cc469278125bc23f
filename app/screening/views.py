"""Pages of screening: the queue, and one entry beside its checklist."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.access import access
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import spoken
from app.core.writes import writes
from app.entries import queries as entries
from app.entries.models import Entry
from app.entries.services import sections
from app.screening import forms, likeness, queries, services
from workflows import ENTRY
from workflows.spec import N_, Role

blueprint = Blueprint("screening", __name__, template_folder="templates")

CHANGED = N_("Hồ sơ đã thay đổi sau khi mở trang. Nội dung vừa nhập vẫn còn bên dưới; kiểm tra rồi ghi lại.")
SCREENED = ("screen", "return", "extend", "reject", "unscreen")


@blueprint.route("/kiem-tra-ho-so")
@access(Role.OFFICE)
def queue():
    """Entries that wait for a check, the first submitted first."""
    return render_template("screening/queue.html", rows=queries.waiting(g.actor), now=utcnow())


@blueprint.route("/ho-so/<code>/kiem-tra-ho-so", methods=["GET", "POST"])
@access(Role.OFFICE)
@writes
def check(code: str):
    """The dossier beside the checklist, with what is most like it. POST keeps the answers."""
    entry = _entry(code)
    items = queries.checklist(entry)
    form = forms.check_form(items)
    if not form.is_submitted():
        stamp(form, entry)
        return _page(entry, items, form)
    try:
        return _keep(entry, items, form)
    except (Invalid, Refused, Conflict) as error:
        return _again(code, form, error)


def _entry(code: str) -> Entry:
    entry = entries.get_visible(code, g.actor)
    if Role.OFFICE not in g.actor.roles_in(entry.contest.organisation_id, entry.contest_id) or entry.state == "draft":
        raise NotFound
    return entry


def _keep(entry: Entry, items, form):
    now = utcnow()
    if not form.validate():
        raise Invalid({})
    pass_rest = "dat-tat-ca" in request.form
    version = form.shown_version()
    services.save_checks(entry, forms.answers_of(form, items), g.actor, now=now, version=version, pass_rest=pass_rest)
    if "sang-ho-so-sau" not in request.form:
        flash(_("Đã ghi kết quả kiểm tra hồ sơ %(code)s.", code=entry.code), "success")
        return redirect(url_for("screening.check", code=entry.code), 303)
    total, passed = queries.count_checks(entry)
    if total and passed == total:
        flow.fire(entry, "screen", g.actor, now=now, key=form.key.data or None)
        flash(_("Đã nhận hồ sơ %(code)s vào vòng chấm.", code=entry.code), "success")
    else:
        flash(_("Đã ghi kết quả kiểm tra hồ sơ %(code)s.", code=entry.code), "success")
    following = queries.next_waiting(g.actor, entry.id)
    return redirect(url_for("screening.check", code=following) if following else url_for("screening.queue"), 303)


def _again(code: str, form, error):
    """The page with what was typed and what is wrong; an entry that is decided meanwhile has no form."""
    db.session.rollback()
    entry = _entry(code)
    if entry.state != "submitted" and not isinstance(error, Invalid):
        raise error
    if isinstance(error, Invalid):
        texts, status = error.errors, 422
    elif isinstance(error, Conflict):
        texts, status = {"": _(CHANGED)}, 409
        stamp(form, entry)
    else:
        texts, status = {"": spoken(error.refusal.message, error.refusal.params)}, 409
    for name, text in texts.items():
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)
    return _page(entry, queries.checklist(entry), form), status


def stamp(form, entry: Entry) -> None:
    """Put the present version and a fresh key into the form."""
    form.version.data = str(entry.version)
    form.key.data = ids.token()


def _page(entry: Entry, items, form) -> str:
    text = "\n".join((entry.title, entry.solution, entry.benefit))
    similar = [(one, likeness.shared_passages(text, one.text)) for one in queries.similar(entry)]
    offers = flow.offers(entry, g.actor, utcnow())
    return render_template(
        "screening/check.html",
        entry=entry,
        state=ENTRY.state(entry.state),
        sections=sections(entry),
        items=items,
        form=form,
        results=dict(forms.RESULT_CHOICES),
        similar=similar,
        offers=[offer for offer in offers if offer.action in SCREENED],
        may_check=entry.state == "submitted" and Role.OFFICE in flow.binding_of(entry).roles(entry, g.actor),
        now=utcnow(),
    )
