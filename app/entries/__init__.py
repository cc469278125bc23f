"""Entries on the author's side: starting one, filling in its parts, submitting, and following what becomes of it.

The list, the search and the exports of many entries are in `app/reports`; checking and scoring have slices of
their own, which hand down what they know about an entry by `flow.provides` and `services.register_viewer`.
"""

from decimal import Decimal

from flask import Flask

from app import flow
from app.contests.services import add_people
from app.core.vietnamese import decimal_text
from app.entries.models import Entry
from app.flow import Binding
from app.web import navigation
from app.web.navigation import NavItem
from workflows import ENTRY
from workflows.spec import N_, Role


def init_app(app: Flask) -> None:
    """Register the life cycle, the forms of its acts, the pages and the navigation of this slice."""
    from app.entries import acts, application, documents, facts, forms, policy, views  # noqa: F401 - hand themselves in

    flow.register(
        Binding(
            workflow=ENTRY,
            model=Entry,
            roles=policy.roles,
            people=policy.people,
            code=lambda entry: entry.code,
            title=lambda entry: entry.title or entry.code,
            scope=lambda entry: entry.contest_id,
            url=lambda entry: f"/ho-so/{entry.code}",
            act_url=lambda entry, action: f"/ho-so/{entry.code}/thao-tac/{action}",
        )
    )
    add_people(Role.AUTHOR, policy.authors_in)
    app.jinja_env.filters["file_size"] = size_text
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.intake)
    navigation.register(
        app, NavItem("intake.mine", N_("Hồ sơ của tôi"), order=34, part="entries", covers=("entries.",))
    )


def size_text(size: int) -> str:
    """Bytes as people read them: `1,2 MB`, `340 kB`."""
    if size >= 1_000_000:
        return f"{decimal_text(Decimal(size) / 1_000_000, 1)} MB"
    return f"{max(1, round(size / 1000))} kB"
