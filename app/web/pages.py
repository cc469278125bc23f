"""The two addresses of this package: static files, and the page that shows every macro to developers."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template

from app.web.assets import send_static
from app.web.specimen import specimen

blueprint = Blueprint("web", __name__, template_folder="templates")


@blueprint.get("/assets/<path:filename>")
def static(filename: str) -> Response:
    """A static file."""
    return send_static(filename)


@blueprint.get("/_macros")
def macros() -> str:
    """Every macro with long Vietnamese text; only while developing and testing."""
    _only_for_developers()
    return render_template("web/macros.html", **specimen())


@blueprint.get("/_macros/xong")
def macros_done() -> str:
    """The parts that make up whole pages: confirmation, confirm page, score sheet; as above."""
    _only_for_developers()
    return render_template("web/done.html", **specimen())


def _only_for_developers() -> None:
    if not (current_app.debug or current_app.testing):
        abort(404)
