"""The first page of everybody after signing in: what waits, and one button for the next thing."""

from flask import Blueprint, g, render_template

from app.accounts.access import SIGNED_IN, access
from app.core.clock import utcnow
from app.inbox import presenting, queries

blueprint = Blueprint("inbox", __name__, template_folder="templates")


@blueprint.get("/viec-cua-toi")
@access(SIGNED_IN)
def index():
    """What waits for the person, by kind, the most urgent first. Only this page counts it for the navigation."""
    now = utcnow()
    found = queries.find_all(g.actor, now)
    g.work_count = sum(kind.total for kind in found)
    season = queries.open_season(g.actor)
    return render_template(
        "inbox/index.html",
        groups=presenting.groups(found),
        button=presenting.main_button(found, g.actor, season),
        empty=presenting.empty_words(g.actor, season, now),
        now=now,
    )
