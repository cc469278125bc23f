"""The administrator's pages: people and roles, organisations and signers, messages, jobs, the trail, settings.

Nothing of an entry, a sheet or a ranking is shown or changed here.
"""

from flask import Flask

from app.web import navigation
from workflows.spec import N_, Role


def init_app(app: Flask) -> None:
    """Register the pages."""
    from app.admin.views import blueprint

    app.register_blueprint(blueprint)
    navigation.register(app, navigation.NavItem("admin.overview", N_("Quản trị"), roles=(Role.ADMIN,), order=90))
