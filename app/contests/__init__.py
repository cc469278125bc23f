"""A season: its plan, fields, rubric, rules, prizes, dates and boards, and the initiatives applied before it."""

from flask import Flask

from app import flow
from app.contests import documents, facts, policy, queries
from app.contests.models import Contest
from app.flow import Binding
from workflows import CONTEST

__all__ = ["documents", "facts", "init_app"]


def init_app(app: Flask) -> None:
    """Register the life cycle of contests and their pages. `facts` and `documents` register when imported."""
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
