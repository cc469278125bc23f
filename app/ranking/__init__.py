"""Ranks and prizes: the order of the scored entries by the contest's rules, its lock, and the papers of the result.

The rules are pure (`rules`); what is locked stands with the entries.
"""

from flask import Flask

from app.audit import sentences
from app.contests.services import RESULT, add_panel, add_paper
from app.flow import forms as act_forms
from app.web import navigation
from app.web.navigation import NavItem
from workflows.spec import N_


def init_app(app: Flask) -> None:
    """Register the pages, the form of the lock and the words on the trail."""
    from app.ranking import acts, awards, closing, documents, invitation_views, queries, views  # noqa: F401 - hand in
    from app.ranking.forms import LockRankingForm

    act_forms.register("lock_ranking", LockRankingForm)
    add_panel(
        N_("Xếp hạng"),
        lambda contest: f"/xep-hang?cuoc_thi={contest.code}",
        roles=queries.READERS,
        states=queries.WITH_RANKING,
    )
    _offer_papers()
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
    navigation.register(app, NavItem("ranking.index", N_("Xếp hạng"), roles=queries.READERS, order=44, part="judging"))


def _offer_papers() -> None:
    """The papers after the decision stand on the page of the contest."""
    add_paper("result_notice", N_("Thông báo kết quả"), RESULT, since="ranked")
    add_paper(
        "invitation",
        N_("Giấy mời tổng kết, trao giải"),
        RESULT,
        since="ranked",
        page=lambda contest: f"/cuoc-thi/{contest.code}/giay-moi",
    )
    add_paper("payment_list", N_("Danh sách chi tiền thưởng"), RESULT, since="ranked")
    add_paper("closing_report", N_("Báo cáo tổng kết"), RESULT, since="ranked")
