"""Runs the migrations on the application's own engine, so that they meet the same database as the product."""

from alembic import context
from flask import current_app

from app.core.db import begin_writing, db


def run() -> None:
    """One connection, one transaction for each run."""
    begin_writing()
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
