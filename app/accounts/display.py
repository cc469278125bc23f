"""How people's things are shown on pages: template filters of this slice."""

from flask import Flask
from flask_babel import gettext as _

from workflows.spec import ROLE_LABELS, Role

SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("Zalo", "Zalo"),
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def init_app(app: Flask) -> None:
    """Offer the filters `role_label` and `device_name`."""
    app.jinja_env.filters.update(role_label=role_label, device_name=device_name)


def role_label(role: str) -> str:
    """A stored role in the reader's language."""
    return _(ROLE_LABELS[Role(role)])


def device_name(agent: str) -> str:
    """A browser's description of itself in two words, e.g. "Chrome, Windows"."""
    found = [next((label for mark, label in names if mark in agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or _("Thiết bị khác")
