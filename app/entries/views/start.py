"""`/nop` and `/ho-so-cua-toi`: beginning an entry, and the list of one's own."""

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.accounts.access import SIGNED_IN, access
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, Refused
from app.core.i18n import spoken
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.entries import forms, queries, services
from app.entries.steps import author_status, next_step
from app.entries.views import intake
from workflows import ENTRY


@intake.route("/nop", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def start():
    """What is needed; for which contest and unit; then the new draft."""
    now = utcnow()
    contests = queries.open_contests(g.actor, to_local(now).date())
    contest = _chosen(contests)
    form = forms.StartForm()
    units = queries.units_for(contest, g.actor, to_local(now).date()) if contest else []
    _offer(form, units)
    if contest and form.is_submitted() and form.validate():
        try:
            entry = services.start_entry(
                contest, form.unit_id.data, g.actor, now=now, kind=form.kind.data, key=form.key.data or None
            )
            return redirect(url_for("entries.show", code=entry.code), 303)
        except Invalid as error:
            db.session.rollback()
            forms.put_errors(form, error.errors)
        except Refused as error:
            db.session.rollback()
            forms.put_errors(form, {"": spoken(error.refusal.message, error.refusal.params)})
    page = render_template("entries/start.html", form=form, contest=contest, contests=contests, units=units, now=now)
    return (page, 422) if form.is_submitted() else page


def _chosen(contests: list[Contest]) -> Contest | None:
    """The contest asked for by its code or chosen in the form, else the newest."""
    code = request.args.get("cuoc-thi", "")
    number = forms.number_or_none(request.form.get("contest_id"))
    named = [c for c in contests if c.code == code or c.id == number]
    return (named or contests or [None])[0]


def _offer(form: forms.StartForm, units) -> None:
    form.unit_id.choices = [SelectChoice(str(unit.id), unit.name) for unit in units]
    if len(units) > 1:
        form.unit_id.choices.insert(0, SelectChoice("", _("Chọn đơn vị")))
    if not form.is_submitted():
        home = g.actor.organisation_id
        form.unit_id.data = home if any(unit.id == home for unit in units) else None
        form.key.data = forms.ids.token()
    elif len(units) == 1:
        form.unit_id.data = units[0].id


@intake.route("/ho-so-cua-toi")
@access(SIGNED_IN)
def mine():
    """Own entries, newest first, each with its next step."""
    now = utcnow()
    rows = queries.list_own(g.actor, forms.number_or_none(request.args.get("truoc")))
    page, more = rows[: queries.PAGE], len(rows) > queries.PAGE
    return render_template(
        "entries/mine.html",
        rows=[_shown(row, now) for row in page],
        next_url=url_for("intake.mine", truoc=page[-1].id) if more else "",
        first_page="truoc" not in request.args,
    )


def _shown(row, now) -> tuple:
    """An own entry with the tone and the words of its state, and its next step."""
    return row, ENTRY.state(row.state).tone, author_status(row.state, row.contest_state), next_step(row, now)
