"""Screening: the office checks a submitted entry against the checklist and against earlier texts.

What passing, returning and rejecting mean stands in `workflows/entry.py`. Nothing here rejects by itself.
"""

from flask import Flask

from app.audit import sentences
from app.contests.services import RUNNING, add_paper
from app.entries.services import add_links
from app.web import navigation
from app.web.navigation import NavItem
from workflows.spec import N_, Role


def init_app(app: Flask) -> None:
    """Register facts and acts of screening, its background work, its pages and its word on the trail."""
    from app.screening import acts, documents, forms, jobs, views  # noqa: F401 - hand themselves in

    sentences.declare(**{"entry.check": N_("ghi kết quả kiểm tra hồ sơ")})
    add_links(_links)
    both = (Role.OFFICE, Role.SECRETARY)
    add_paper("intake_book", N_("Sổ tiếp nhận hồ sơ"), RUNNING, since="open", roles=both)
    add_paper("screening_record", N_("Biên bản sơ loại hồ sơ"), RUNNING, since="screening", roles=both)
    app.register_blueprint(views.blueprint)
    navigation.register(
        app, NavItem("screening.queue", N_("Kiểm tra hồ sơ"), roles=(Role.OFFICE,), order=32, part="entries")
    )


def _links(entry, actor):
    """The way from an entry's page to its checklist, for the office."""
    held = actor.roles_in(entry.contest.organisation_id, entry.contest_id)
    if Role.OFFICE in held and entry.state not in ("draft", "withdrawn"):
        yield f"/ho-so/{entry.code}/kiem-tra-ho-so", N_("Kiểm tra hồ sơ")
