"""The administrator's pages: people and roles, organisations and signers, messages, jobs, the trail, settings.

Nothing of an entry, a sheet or a ranking is shown or changed here.
"""

from flask import Flask

from app.admin import demo
from app.web import navigation
from workflows.spec import N_, Role


def init_app(app: Flask) -> None:
    """Register the pages and the command `demo`; in demonstration mode name its accounts for the sign-in page."""
    from app.admin.views import blueprint

    app.cli.add_command(demo.command)
    if app.config["SETTINGS"].demo:
        app.config["DEMO_ACCOUNTS"] = demo.account_names()
        app.config["DEMO_PASSWORD"] = demo.PASSWORD

    app.register_blueprint(blueprint)
    navigation.register(
        app,
        navigation.NavItem("admin.overview", N_("Quản trị"), roles=(Role.ADMIN,), order=95, covers=("health.",)),
    )
