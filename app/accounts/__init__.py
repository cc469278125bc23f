"""People: sign-in, sessions, dated roles. `g.actor` is set here for every request."""

from flask import Flask, g, request
from flask_login import LoginManager, current_user

from app.accounts import sessions
from app.accounts.access import SignInNeeded, answer_sign_in_needed
from app.accounts.actor import ANONYMOUS
from app.core.clock import utcnow
from app.web import navigation

login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Load the signed-in person before each request and register the pages of this slice."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.login_view = "accounts.sign_in"
    login_manager.login_message = ""
    login_manager.user_loader(lambda token: sessions.find(token, now=utcnow()))
    app.before_request(_set_actor)
    app.register_error_handler(SignInNeeded, answer_sign_in_needed)
    from app.accounts import display
    from app.accounts.cli import commands
    from app.accounts.views import blueprint

    display.init_app(app)
    app.register_blueprint(blueprint)
    app.cli.add_command(commands)
    links = {"sign_in": "accounts.sign_in", "sign_out": "accounts.sign_out", "profile": "accounts.profile"}
    navigation.set_links(app, **links)
    if app.config["SETTINGS"].demo:
        navigation.set_links(app, switch_role="accounts.sign_in")


def _set_actor() -> None:
    g.actor = ANONYMOUS
    if request.endpoint == "web.static" or not current_user.is_authenticated:
        return
    g.actor = current_user.actor
    g.session_id = current_user.session_id
    sessions.touch(current_user, now=utcnow())
