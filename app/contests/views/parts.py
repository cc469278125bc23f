"""One part of the set-up: its form while the contest is prepared, its contents afterwards."""

from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.access import SIGNED_IN, access
from app.audit import sentences
from app.audit.queries import events_of
from app.contests import queries, services, setup
from app.contests.defaults import DEFAULTS
from app.contests.forms import FORMS
from app.contests.models import Contest
from app.contests.part_form import PartForm
from app.contests.reading import summary
from app.contests.rowdata import RowData
from app.contests.setup import Part
from app.contests.views.blueprint import blueprint
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.writes import writes
from workflows import CONTEST


@blueprint.route("/cuoc-thi/<code>/phan/<name>", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def part(code: str, name: str):
    """Show a part; save it; put its default values in; or only move its rows."""
    contest, part = queries.get_visible(code, g.actor), setup.part_named(name)
    if part is None:
        abort(404)
    if request.method == "POST":
        return _post(contest, part, utcnow())
    if not flow.may_edit(contest, g.actor):
        return render_template("contests/part_read.html", contest=contest, part=part, rows=summary(contest, part))
    form = FORMS[part.name](formdata=None, data=FORMS[part.name].stored(contest))
    form.version.data = str(contest.version)
    return _page(contest, part, form)


def _page(contest: Contest, part: Part, form: PartForm) -> str:
    form.fill(contest)
    return render_template(
        "contests/part.html",
        contest=contest,
        part=part,
        form=form,
        has_defaults=part.name in DEFAULTS,
        plan_issued=queries.has_issued(contest.id, "plan"),
    )


def _post(contest: Contest, part: Part, now: datetime):
    kind = FORMS[part.name]
    sent = RowData(request.form, kind.lists, kind.quiet)
    form = kind(formdata=sent.as_sent())
    if sent.pressed:
        return _page(contest, part, form)
    form.fill(contest)
    if "mac_dinh" not in request.form and not form.validate():
        return _page(contest, part, form), 422
    try:
        changed = _save(contest, part, form, now)
    except Invalid as error:
        db.session.rollback()
        form.put_errors(error.errors)
        return _page(contest, part, form), 422
    except Conflict:
        db.session.rollback()
        form.form_errors.append(_who_was_faster(contest))
        form.version.data = str(contest.version)
        return _page(contest, part, form), 409
    text = _("Đã lưu: %(part)s.", part=_(part.label)) if changed else _("Không có gì thay đổi.")
    flash(text, "success" if changed else "info")
    return redirect(_next(contest, part), 303)


def _save(contest: Contest, part: Part, form: PartForm, now: datetime) -> bool:
    if "mac_dinh" in request.form and part.name in DEFAULTS:
        return services.use_defaults(contest, g.actor, part.name, now=now, version=form.shown_version())
    return services.edit(contest, g.actor, form.values(), now=now, version=form.shown_version())


def _next(contest: Contest, part: Part) -> str:
    """Back to the contest; after putting default values in, to the part, where they can be changed."""
    if "mac_dinh" in request.form:
        return url_for("contests.part", code=contest.code, name=part.name)
    return url_for("contests.show", code=contest.code)


def _who_was_faster(contest: Contest) -> str:
    """What happened since the page was opened."""
    last = sentences.sentence(events_of(CONTEST.name, contest.id, limit=1)[0])
    return _("%(event)s Nội dung vừa nhập vẫn còn bên dưới; lưu lần nữa sẽ thay nội dung của người đó.", event=last)
