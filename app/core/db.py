"""The database: declarative base, column types, and how a transaction begins.

SQLite runs in WAL with synchronous FULL. A transaction that means to write begins IMMEDIATE, since a read
transaction cannot be upgraded once another writer has committed ("database is locked" at once, whatever the
time-out). The library shipped with the wheel `pysqlite3` is used, because SQLite 3.7.0–3.51.2 can lose commits in
WAL mode with several connections (https://sqlite.org/wal.html#walresetbug); a start with such a version is refused.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal

import pysqlite3
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Engine,
    Executable,
    Integer,
    MetaData,
    Row,
    String,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from workflows.spec import Workflow

SAFE_SQLITE = (3, 51, 3)

_NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables, with constraint names that migrations can rely on."""

    metadata = MetaData(naming_convention=_NAMING)


db = SQLAlchemy(model_class=Base)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class UtcDateTime(TypeDecorator):
    """An aware moment, stored as UTC without zone so that both databases keep the same text. Naive values raise."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone was given")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


class Exact(TypeDecorator):
    """A decimal with a fixed number of places, stored as a whole number of its smallest steps.

    So both databases add, compare and sort it exactly; SQLite has no decimal type of its own.
    A value with more places raises ValueError.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int):
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | None, dialect) -> int | None:
        if value is None:
            return None
        steps = Decimal(value).scaleb(self.places)
        if steps != steps.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} places")
        return int(steps)

    def process_result_value(self, value: int | None, dialect) -> Decimal | None:
        return Decimal(value).scaleb(-self.places) if value is not None else None


class Stateful:
    """A subject of a life cycle: its state, and a version that every change of the row raises.

    A subclass names its life cycle in `__workflow__` and puts `state_check` of it into its table.
    """

    __workflow__: Workflow

    state: Mapped[str] = mapped_column(String(30))
    version: Mapped[int] = mapped_column(Integer)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict:
        return {"version_id_col": cls.version}


def state_check(workflow: Workflow) -> CheckConstraint:
    """`state IN (…)` with the declared names."""
    names = ", ".join(f"'{name}'" for name in workflow.state_names)
    return CheckConstraint(f"state IN ({names})", name="state")


def begin_writing() -> None:
    """From here on the present context's transactions begin as writers."""
    _writing.set(True)


def begin_reading() -> None:
    """From here on the present context's transactions begin as readers."""
    _writing.set(False)


def is_writing() -> bool:
    """Whether the present context's transactions begin as writers."""
    return _writing.get()


@contextmanager
def write_transaction() -> Iterator[None]:
    """One transaction outside a request: commits at the end, rolls all of it back on any error."""
    before = _writing.get()
    db.session.rollback()
    begin_writing()
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.set(before)


def read(prepared: Executable, **values) -> Sequence[Row]:
    """Rows of columns by a statement that was built once, with its bound values.

    Building a statement and the way through the ORM cost ten times what such a statement does. What is pending in
    the session is not flushed first.
    """
    return db.session.connection().execute(prepared, values).all()


@contextmanager
def reading() -> Iterator[None]:
    """Work outside any write transaction, whatever the context around it is for."""
    before = _writing.get()
    db.session.rollback()
    begin_reading()
    try:
        yield
    finally:
        db.session.rollback()
        _writing.set(before)


def engine_options(uri: str) -> dict:
    """What Flask-SQLAlchemy passes to the engine for this address. Raises RuntimeError on an unsafe SQLite."""
    if not uri.startswith("sqlite"):
        return {"pool_pre_ping": True}
    if pysqlite3.sqlite_version_info < SAFE_SQLITE:
        raise RuntimeError(f"SQLite {pysqlite3.sqlite_version} can lose commits in WAL mode; 3.51.3 is needed")
    return {"module": pysqlite3, "connect_args": {"timeout": 30}}


def listen(engine: Engine) -> None:
    """Set up each SQLite connection, and begin transactions as the context asks. Does nothing on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection, _record) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
