"""Pages of secretary and head of jury: the matrix, the scores, the entries whose sheets lie apart."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import flow
from app.accounts.access import access
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.vietnamese import decimal_text
from app.core.writes import writes
from app.scoring import aggregates, arithmetic, panel, queries, services
from app.scoring.policy import OPEN, SENT
from app.scoring.views import panel_blueprint
from app.scoring.views.sheets import STATES, chosen
from workflows.spec import N_, Role

STAFF = (Role.SECRETARY, Role.HEAD_OF_JURY)
SIGNS = {
    "pending": N_("○ chưa chấm"),
    "draft": N_("… đang chấm"),
    "submitted": N_("● đã gửi"),
    "locked": N_("■ đã khóa"),
    "recused": N_("✕ xung đột lợi ích"),
    "abstained": N_("✕ không chấm"),
}
"""A shape and words for each state, so that nothing hangs on colour."""


def contest_here() -> Contest | None:
    """The contest named in the address among those that the actor leads, else the first."""
    return chosen(queries.contests_of_panel(g.actor))


def contest_needed() -> Contest:
    """The same. Raises NotFound when there is none."""
    contest = contest_here()
    if contest is None:
        raise NotFound
    return contest


@panel_blueprint.route("/hoi-dong/ma-tran")
@access(*STAFF)
def matrix():
    """Who has which entry, and how far each is."""
    contest = contest_here()
    if contest is None:
        return render_template("scoring/no_contest.html")
    entries = panel.matrix_entries(contest.id, _number("sau"))
    more, entries = entries[panel.PAGE :], entries[: panel.PAGE]
    judges = panel.progress_by_judge(contest.id)
    sheets = panel.sheets_of(contest.id, [entry.id for entry in entries])
    return render_template(
        "scoring/matrix.html",
        contest=contest,
        columns=[{"label": judge.full_name} for judge in judges],
        rows=_matrix_rows(contest, entries, judges, sheets),
        judges=judges,
        late=sum(judge.left > 0 for judge in judges),
        reminded_at=panel.last_reminder(contest.id),
        next_after=entries[-1].id if more else None,
    )


def _matrix_rows(contest: Contest, entries, judges, sheets) -> list[dict]:
    by_pair = {(sheet.entry_id, sheet.judge_id): sheet for sheet in sheets}
    return [
        {
            "label": entry.code,
            "cells": [_cell(by_pair.get((entry.id, judge.judge_id)), entry, judge) for judge in judges],
            "total": _entry_total(contest, entry),
        }
        for entry in entries
    ]


def _cell(sheet, entry, judge) -> dict:
    if sheet is None:
        return {"text": "–"}
    sign = _(SIGNS[sheet.state])
    title = f"{entry.code}, {judge.full_name}: {sign}"
    return {"text": sign, "tone": STATES[sheet.state].tone, "title": title, "url": f"/cham-diem/{sheet.code}"}


def _entry_total(contest: Contest, entry) -> str:
    working = entry.sheets_open + entry.sheets_submitted
    total = f"{entry.sheets_submitted}/{working}"
    short = contest.min_judges - working
    return _("%(total)s, thiếu %(n)s giám khảo", total=total, n=short) if short > 0 else total


@panel_blueprint.route("/hoi-dong/nhac", methods=["POST"])
@access(*STAFF)
@writes
def remind():
    """Send judges with open sheets a message."""
    contest = contest_needed()
    told = services.remind(contest, g.actor, now=utcnow())
    words = ngettext("Đã nhắc %(num)s giám khảo.", "Đã nhắc %(num)s giám khảo.", told)
    flash(words, "success")
    return redirect(url_for("panel.matrix", **{"cuoc-thi": contest.code}), 303)


@panel_blueprint.route("/hoi-dong/diem")
@access(*STAFF)
def scores():
    """Mean, highest, lowest and spread of every entry that has sheets, best first."""
    contest = contest_here()
    if contest is None:
        return render_template("scoring/no_contest.html")
    rows = panel.score_table(contest, g.actor, _key())
    more, rows = rows[panel.PAGE :], rows[: panel.PAGE]
    sheets = panel.sheets_of(contest.id, [row.id for row in rows])
    sent = {}
    for sheet in sheets:
        if sheet.state in SENT:
            sent.setdefault(sheet.entry_id, []).append(sheet)
    return render_template(
        "scoring/scores.html",
        contest=contest,
        rows=rows,
        sheets=sent,
        limit=limit_words(contest),
        hidden=len(queries.own_open(g.actor, contest.id)),
        next_after=f"{rows[-1].rank_key}-{rows[-1].id}" if more else None,
    )


def limit_words(contest: Contest) -> str:
    """The limit of the spread in points."""
    return decimal_text(arithmetic.spread_limit(aggregates.scale(contest), contest.deviation_percent), 2)


def _number(name: str) -> int | None:
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _key() -> tuple[str, int] | None:
    key, _dash, entry_id = request.args.get("sau", "").partition("-")
    ok = key.isascii() and key.isdecimal() and entry_id.isascii() and entry_id.isdecimal() and len(entry_id) < 10
    return (key, int(entry_id)) if ok else None


# --- sheets that lie apart ----------------------------------------------------------------------------------------
@panel_blueprint.route("/hoi-dong/chenh-lech")
@access(*STAFF)
def deviations():
    """Entries that wait for the head of jury because their sheets lie too far apart."""
    contest = contest_here()
    if contest is None:
        return render_template("scoring/no_contest.html")
    rows = panel.apart(contest, g.actor)
    return render_template("scoring/deviations.html", contest=contest, rows=rows, limit=limit_words(contest))


@panel_blueprint.route("/hoi-dong/chenh-lech/<code>")
@access(*STAFF)
def deviation(code: str):
    """The sheets of one entry side by side, without names, and what can be done."""
    entry = _entry_here(code)
    sheets = panel.sent_sheets(entry.id)
    scores = {(one.sheet_id, one.criterion_id): one for one in panel.scores_of(entry.id)}
    return render_template(
        "scoring/deviation.html",
        contest=entry.contest,
        entry=entry,
        sheets=sheets,
        rubric=panel.rubric(entry.contest_id),
        scores=scores,
        offers=[offer for offer in flow.offers(entry, g.actor, utcnow()) if offer.action == "settle_spread"],
        limit=limit_words(entry.contest),
        open_sheets=sum(row.state in OPEN for row in panel.sheets_of(entry.contest_id, [entry.id])),
    )


def _entry_here(code: str):
    entry = queries.entry_for_panel(code, g.actor)
    if entry.id in queries.own_open(g.actor, entry.contest_id):
        raise NotFound
    return entry
