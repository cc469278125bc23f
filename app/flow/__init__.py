"""The engine of the declared life cycles: offers, acts, their forms and pages, and their timers."""

from pathlib import Path

import click
from flask import Blueprint, Flask
from flask.cli import AppGroup

from app.flow import conflicts, timers
from app.flow.engine import (
    Offer,
    check_version,
    fire,
    fire_as_system,
    may_edit,
    offers,
    record_creation,
    record_edit,
)
from app.flow.keys import made_with
from app.flow.registry import Binding, applies, binding_of, follows, provides, register
from app.jobs import ticker
from app.web import errors
from workflows import ALL
from workflows.diagram import page

__all__ = [
    "Binding",
    "Offer",
    "applies",
    "binding_of",
    "check_version",
    "fire",
    "fire_as_system",
    "follows",
    "init_app",
    "made_with",
    "may_edit",
    "offers",
    "provides",
    "record_creation",
    "record_edit",
    "register",
]

DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "workflows"

blueprint = Blueprint("flow", __name__, template_folder="templates")
commands = AppGroup("workflows", help="Vòng đời hồ sơ.")


@commands.command("docs")
def docs_command() -> None:
    """Viết lại các trang docs/workflows từ khai báo."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for workflow in ALL:
        (DOCS / f"{workflow.name}.md").write_text(page(workflow), encoding="utf-8")
    click.echo(f"Đã viết {len(ALL)} trang.")


def init_app(app: Flask) -> None:
    """Register the page template of acts, the words on conflicts, the timers and the command group `workflows`."""
    app.register_blueprint(blueprint)
    app.cli.add_command(commands)
    errors.explain_conflicts(app, conflicts.explain)
    if timers.run_due not in ticker.checks:
        ticker.add(timers.run_due)
