"""Many entries at once: the list with its filters and search, and the same list as a workbook and as CSV."""

from flask import Flask

from app.reports.views import blueprint
from app.web import navigation
from app.web.navigation import NavItem
from workflows.spec import N_, Role

READERS = (Role.OFFICE, Role.SECRETARY, Role.HEAD_OF_JURY, Role.CHAIRMAN, Role.UNIT, Role.UPPER_CLERK)


def init_app(app: Flask) -> None:
    """Register the pages and the navigation of this slice."""
    app.register_blueprint(blueprint)
    navigation.register(
        app,
        NavItem(
            "reports.entries", N_("Danh sách hồ sơ"), roles=READERS, order=30, part="entries", covers=("entries.",)
        ),
    )
