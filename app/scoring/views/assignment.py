"""Giving entries to judges: by a rule with a preview, and one by one."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import access
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Refused
from app.core.i18n import spoken
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.flow.forms import ActionForm
from app.scoring import forms, panel, queries, services
from app.scoring.policy import OPEN
from app.scoring.views import panel_blueprint
from app.scoring.views.panel import STAFF, contest_here, contest_needed

MOST_PER_ENTRY = 9


@panel_blueprint.route("/hoi-dong/phan-cong")
@access(*STAFF)
def assignment():
    """What a rule would add, before it is applied; assignments that can be taken back."""
    contest = contest_here()
    if contest is None:
        return render_template("scoring/no_contest.html")
    return _page(contest, forms.AssignForm())


def _page(contest, form):
    per_entry = _per_entry()
    planned = services.plan(contest, per_entry, now=utcnow())
    entries = queries.entries_in_judging(contest.id)
    judges = queries.judges(contest, to_local(utcnow()).date())
    form.entry_id.choices = [SelectChoice(str(entry.id), f"{entry.code} – {entry.title}") for entry in entries]
    form.judge_id.choices = [SelectChoice(str(judge.id), judge.full_name) for judge in judges]
    if not form.is_submitted():
        form.entry_id.data = request.args.get("ho-so", "")
        form.key.data = ids.token()
    codes = {entry.id: entry.code for entry in entries}
    pending = [s for s in panel.sheets_of(contest.id, codes) if s.state == "pending"] if codes else []
    return render_template(
        "scoring/assignment.html",
        contest=contest,
        plan=planned,
        per_entry=per_entry,
        judges=judges,
        names={judge.id: judge.full_name for judge in judges} | panel.names_of({s.judge_id for s in pending}),
        entries=entries,
        pending=pending,
        codes=codes,
        assign_form=form,
        open_states=OPEN,
    )


def _per_entry() -> int | None:
    """Judges for each entry as asked for; None for all of them."""
    typed = request.values.get("so-giam-khao", "")
    return min(int(typed), MOST_PER_ENTRY) if typed.isascii() and typed.isdecimal() and 0 < len(typed) < 3 else None


@panel_blueprint.route("/hoi-dong/phan-cong", methods=["POST"])
@access(*STAFF)
@writes
def assign():
    """Apply the rule that was previewed."""
    contest = contest_needed()
    try:
        added = services.assign_all(g.actor, contest, now=utcnow(), per_entry=_per_entry())
    except Refused as error:
        return _refused(contest, forms.AssignForm(), error)
    flash(_("Đã phân công thêm %(n)s phiếu.", n=added), "success")
    return redirect(url_for("panel.assignment", **{"cuoc-thi": contest.code}), 303)


@panel_blueprint.route("/hoi-dong/phan-cong/them", methods=["POST"])
@access(*STAFF)
@writes
def assign_one():
    """Give one entry to one judge."""
    contest = contest_needed()
    form = forms.AssignForm()
    entry = next((e for e in queries.entries_in_judging(contest.id) if str(e.id) == form.entry_id.data), None)
    judge_id = form.judge_id.data or ""
    if entry is None or not (judge_id.isascii() and judge_id.isdecimal() and len(judge_id) < 10):
        form.form_errors.append(_("Chọn hồ sơ và giám khảo"))
        return _page(contest, form), 422
    try:
        sheet = services.assign_judge(g.actor, entry, int(judge_id), utcnow())
    except Refused as error:
        return _refused(contest, form, error)
    flash(_("Đã phân công phiếu %(code)s.", code=sheet.code), "success")
    return redirect(url_for("panel.assignment", **{"cuoc-thi": contest.code}), 303)


def _refused(contest, form, error: Refused):
    text = spoken(error.refusal.message, error.refusal.params)
    code = contest.code
    db.session.rollback()
    form.form_errors.append(text)
    contest = next(found for found in queries.contests_of_panel(g.actor) if found.code == code)
    return _page(contest, form), 409


@panel_blueprint.route("/hoi-dong/phan-cong/<code>/bo", methods=["GET", "POST"])
@access(*STAFF)
@writes
def unassign(code: str):
    """Ask, then take an entry back from a judge who has not begun; who cannot is told at once, without a form."""
    sheet = queries.get_visible(code, g.actor)
    form = ActionForm()
    contest_code = sheet.entry.contest.code
    if form.is_submitted():
        services.unassign(g.actor, sheet, now=utcnow(), version=form.shown_version())
        flash(_("Đã bỏ phân công phiếu %(code)s.", code=code), "success")
        return redirect(url_for("panel.assignment", **{"cuoc-thi": contest_code}), 303)
    services.check_unassign(g.actor, sheet)
    form.version.data = str(sheet.version)
    form.key.data = ids.token()
    return render_template("scoring/unassign.html", sheet=sheet, form=form, contest_code=contest_code)
