"""Counting SQL statements."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from app.core.db import db


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """The texts of all statements run inside the block; its length is their number. BEGIN and COMMIT are not among
    them."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(" ".join(statement.split()))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
