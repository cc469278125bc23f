"""Scoring: who scores what, the judges' sheets, and what they come to.

Threshold, ranks and prizes are in `app/ranking`; what a sheet's acts mean stands in `workflows/scorecard.py`.
"""

from flask import Flask

from app import flow
from app.audit import sentences
from app.contests.services import add_panel
from app.entries.services import register_viewer
from app.flow import Binding
from app.scoring.models import ScoreSheet
from app.web import navigation
from app.web.navigation import NavItem
from workflows import SCORECARD
from workflows.spec import N_, Role

STAFF = (Role.SECRETARY, Role.HEAD_OF_JURY)


def init_app(app: Flask) -> None:
    """Register the life cycle of sheets, their pages, papers and words on the trail."""
    from app.scoring import acts, documents, facts, policy, queries, views  # noqa: F401 - hand themselves in

    flow.register(
        Binding(
            workflow=SCORECARD,
            model=ScoreSheet,
            roles=policy.roles,
            people=policy.people,
            code=lambda sheet: sheet.code,
            title=lambda sheet: sheet.entry.title or sheet.entry.code,
            scope=lambda sheet: sheet.contest_id,
            url=lambda sheet: f"/cham-diem/{sheet.code}",
            act_url=lambda sheet, action: f"/cham-diem/{sheet.code}/thao-tac/{action}",
        )
    )
    register_viewer(queries.may_read_files)
    add_panel(N_("Ma trận chấm điểm"), lambda contest: f"/hoi-dong/ma-tran?cuoc-thi={contest.code}", roles=STAFF)
    sentences.declare(
        **{
            "scorecard.assign": N_("phân công giám khảo"),
            "scorecard.unassign": N_("bỏ phân công giám khảo"),
            "scorecard.save": N_("lưu phiếu chấm"),
            "contest.remind_judges": N_("nhắc giám khảo gửi phiếu"),
        }
    )
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.panel_blueprint)
    navigation.register(
        app,
        NavItem("scoring.sheets", N_("Chấm điểm"), roles=(Role.JUDGE,), order=40, part="judging"),
        NavItem("panel.matrix", N_("Hội đồng"), roles=STAFF, order=42, part="judging"),
    )
