"""Ranks and prizes: the order of the scored entries by the contest's rules, its lock, and the papers of the result.

The rules are pure (`rules`); what is locked stands with the entries.
"""

from flask import Flask

from app.audit import sentences
from app.contests.services import add_panel
from app.flow import forms as act_forms
from app.web import navigation
from app.web.navigation import NavItem
from workflows.spec import N_


def init_app(app: Flask) -> None:
    """Register the pages, the form of the lock and the words on the trail."""
    from app.ranking import acts, awards, documents, queries, views  # noqa: F401 - hand themselves in
    from app.ranking.forms import LockRankingForm

    act_forms.register("lock_ranking", LockRankingForm)
    add_panel(
        N_("Xếp hạng"),
        lambda contest: f"/xep-hang?cuoc_thi={contest.code}",
        roles=queries.READERS,
        states=queries.WITH_RANKING,
    )
    sentences.name_columns(
        prizes=N_("giải thưởng"),
        prize_id=N_("giải"),
        rank=N_("hạng"),
        tie_note=N_("xét bằng điểm"),
        meeting_started=N_("giờ họp"),
        meeting_place=N_("nơi họp"),
        meeting_absent=N_("người vắng"),
    )
    app.register_blueprint(views.blueprint)
    navigation.register(app, NavItem("ranking.index", N_("Xếp hạng"), roles=queries.READERS, order=40))
