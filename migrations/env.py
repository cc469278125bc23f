"""Runs the migrations on the application's own engine, so that they meet the same database as the product."""

from alembic import context
from flask import current_app

from app.core.db import begin_writing, db


def run() -> None:
    """One connection, one transaction for each run."""
    begin_writing()
    with db.engine.connect() as connection:
        embedded = connection.dialect.name == "sqlite"
        if embedded:
            _enforce_keys(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            if embedded:
                _check_keys(connection)
        if embedded:
            _enforce_keys(connection, on=True)


def _enforce_keys(connection, *, on: bool) -> None:
    """SQLite makes a changed table anew, which foreign keys would take for a deletion of all its rows. The setting
    holds for a connection and can be changed only outside a transaction."""
    connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _check_keys(connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        raise RuntimeError(f"a row of {broken[0]} would point to nothing in {broken[2]}")


run()
