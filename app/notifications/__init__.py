"""Telling people what happened: one message to each person concerned, in the application and by mail.

Whom an act concerns is declared with the act (`Notify`); the words stand in `templates/messages`, one file an act.
"""

from flask import Flask

from app.notifications import jobs, messages
from app.notifications.views import blueprint
from app.web import navigation
from app.web.navigation import NavItem
from workflows import ALL
from workflows.spec import N_

__all__ = ["init_app", "jobs"]


def init_app(app: Flask) -> None:
    """Register the page of messages. Raises RuntimeError when a declared message has no words."""
    messages.check(ALL)
    app.register_blueprint(blueprint)
    navigation.register(app, NavItem("notifications.index", N_("Thông báo"), order=90))
