"""A judge's first page and the recap of all own scores."""

from flask import g, render_template, request
from flask_babel import gettext as _

from app.accounts.access import access
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.vietnamese import decimal_text
from app.scoring import panel, queries
from app.scoring.policy import OPEN, SENT
from app.scoring.views import blueprint
from workflows import SCORECARD
from workflows.spec import Role

STATES = {state.name: state for state in SCORECARD.states}


@blueprint.route("/cham-diem")
@access(Role.JUDGE)
def sheets():
    """All own sheets of a contest, how far they are, and the one to go on with."""
    contests = queries.contests_of_judge(g.actor)
    contest = chosen(contests)
    rows = queries.list_own(g.actor, contest.id) if contest else []
    working = [row for row in rows if row.state in (*OPEN, *SENT)]
    return render_template(
        "scoring/sheets.html",
        contest=contest,
        contests=contests,
        rows=rows,
        states=STATES,
        sent=sum(row.state in SENT for row in working),
        total=len(working),
        following=next((row for row in rows if row.state in OPEN), None),
        now=utcnow(),
    )


@blueprint.route("/cham-diem/tong-hop")
@access(Role.JUDGE)
def recap():
    """All own scores in one table, the highest total first."""
    contests = queries.contests_of_judge(g.actor)
    contest = chosen(contests)
    rows = queries.list_own(g.actor, contest.id) if contest else []
    lines = queries.own_lines(g.actor, contest.id) if contest else {}
    rubric = panel.rubric(contest.id) if contest else []
    told = [
        {
            "row": row,
            "scores": [_score(lines.get(row.id, {}).get(criterion.id)) for criterion in rubric],
            "sum": sum(lines.get(row.id, {}).values()),
            "done": len(lines.get(row.id, {})),
        }
        for row in rows
        if row.state in ("draft", *SENT)
    ]
    told.sort(key=lambda one: (-one["sum"], one["row"].entry_id))
    return render_template("scoring/recap.html", contest=contest, rubric=rubric, rows=told, states=STATES)


def _score(value) -> str:
    return _("chưa có") if value is None else decimal_text(value)


def chosen(contests: list[Contest]) -> Contest | None:
    """The contest named in the address, else the first; None when there is none. Raises NotFound for another."""
    code = request.args.get("cuoc-thi", "")
    if not code:
        return contests[0] if contests else None
    found = next((contest for contest in contests if contest.code == code), None)
    if found is None:
        raise NotFound
    return found
