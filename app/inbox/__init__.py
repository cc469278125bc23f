"""The work list of each person, derived from states, declared acts and roles; nothing is stored for it."""

from flask import Flask

from app.inbox.views import blueprint
from app.web import navigation
from app.web.navigation import NavItem
from workflows.spec import N_


def init_app(app: Flask) -> None:
    """Register the page and its place in the navigation."""
    app.register_blueprint(blueprint)
    navigation.register(app, NavItem("inbox.index", N_("Việc của tôi"), order=10, counted=True))
