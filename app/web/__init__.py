"""The face: page frame, macros, static files, error pages and security headers.

No feature lives here. A slice extends ``base.html``, imports from ``macros/`` and registers its entry in the
navigation; this package knows nothing of entries, contests or scores.
"""

from __future__ import annotations

from flask import Flask

from app.web import assets, converters, display, errors, fields, navigation, security
from app.web.pages import blueprint


def init_app(app: Flask) -> None:
    """Give ``app`` the layout, the macros' helpers, static files, error pages and security headers."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    converters.init_app(app)
    app.register_blueprint(blueprint)
    assets.init_app(app)
    display.init_app(app)
    fields.init_app(app)
    navigation.init_app(app)
    errors.init_app(app)
    security.init_app(app)
