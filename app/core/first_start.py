"""The first start of the embedded database: its tables are made, so that `flask --app wsgi run` needs nothing before.

An existing database is never migrated by itself; that is a step of the upgrade (docs/operations.md).
"""

import fcntl
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import inspect

from app.core.db import db


def make_embedded_database(app: Flask) -> None:
    """Make the tables of an embedded database that has none yet. Several processes may start at once."""
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return
    lock = Path(app.config["SETTINGS"].data_dir) / "first_start.lock"
    with app.app_context(), lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not inspect(db.engine).has_table("alembic_version"):
            flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
