"""A season: its plan, fields, rubric, rules, prizes, dates and boards, and the initiatives applied before it."""

from flask import Flask

from app import flow
from app.contests import acts, documents, facts, policy, queries, rulebook
from app.contests.models import Contest
from app.contests.views import blueprint
from app.flow import Binding
from app.web import navigation
from workflows import CONTEST
from workflows.spec import N_, Role

__all__ = ["acts", "documents", "facts", "init_app", "rulebook"]


def init_app(app: Flask) -> None:
    """Register the life cycle of contests and their pages. `acts`, `facts`, `documents` register when imported."""
    flow.register(
        Binding(
            CONTEST,
            Contest,
            roles=policy.roles,
            people=policy.people,
            code=lambda contest: contest.code,
            title=lambda contest: contest.title,
            scope=lambda contest: contest.id,
            url=lambda contest: f"/cuoc-thi/{contest.code}",
            act_url=lambda contest, action: f"/cuoc-thi/{contest.code}/thao-tac/{action}",
            due=queries.due,
        )
    )
    app.register_blueprint(blueprint)
    navigation.register(
        app,
        navigation.NavItem("contests.index", N_("Cuộc thi"), roles=policy.READERS, order=20),
        navigation.NavItem(
            "contests.earlier_list",
            N_("Sáng kiến đã áp dụng"),
            roles=(Role.OFFICE,),
            order=36,
            part="entries",
            covers=("contests.earlier",),
        ),
    )
