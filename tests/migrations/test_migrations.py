"""The migrations make exactly the tables that the models describe, forwards and backwards, on either database."""

import re

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.core.db import db
from workflows import ALL

NOT_OURS = {"entry_fts", "entry_fts_config", "entry_fts_data", "entry_fts_docsize", "entry_fts_idx", "alembic_version"}


def _differences() -> list:
    def ours(name, kind, *_):
        return name != "ix_entry_search_words" and not (kind == "table" and name in NOT_OURS)

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": lambda n, k, p: ours(n, k)})
        return compare_metadata(context, db.metadata)


def test_the_models_are_what_the_migrations_make(app):
    assert _differences() == []


def test_down_to_nothing_and_up_again(app):
    flask_migrate.downgrade(revision="base")
    left = set(sa.inspect(db.engine).get_table_names()) - NOT_OURS
    assert left == set()
    flask_migrate.upgrade()
    assert _differences() == []


def test_the_database_refuses_a_state_that_is_not_declared(app):
    """The CHECK of each subject's table lists the declared states, no more and no fewer."""
    inspector = sa.inspect(db.engine)
    for mapper in db.Model.registry.mappers:
        workflow = getattr(mapper.class_, "__workflow__", None)
        if workflow is None:
            continue
        checks = inspector.get_check_constraints(mapper.class_.__tablename__)
        text = next(c["sqltext"] for c in checks if c["name"] == f"ck_{mapper.class_.__tablename__}_state")
        assert set(re.findall(r"'(\w+)'", text)) == set(workflow.state_names)
    assert len(ALL) == 6
