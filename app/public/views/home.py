"""`/`: the contests by their phase."""

from flask import Blueprint, g, redirect, render_template, url_for

from app.accounts.access import PUBLIC, access
from app.contests import queries as contests
from app.core.clock import utcnow
from app.public import phases

blueprint = Blueprint("public", __name__, template_folder="../templates")


@blueprint.get("/")
@access(PUBLIC)
def home():
    """The contests by their phase; who is signed in goes on to the own work."""
    if g.actor.is_authenticated:
        return redirect(url_for("inbox.index"), 303)
    now = utcnow()
    cards = [phases.card(contest, now) for contest in contests.current_contests(now)]
    return render_template("public/home.html", cards=cards)
