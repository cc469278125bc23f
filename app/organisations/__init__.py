"""The dated tree of public bodies, their units, the councils above them, and who signs for each. No pages of its own:
the administrator's pages change it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register."""
