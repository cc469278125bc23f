"""Databases for tests: migrated once, copied for every test."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa


class SqliteDatabase:
    """A file, and a copy of it as it was after the migrations."""

    def __init__(self, folder: Path):
        self.file = folder / "test.db"
        self.template = folder / "template.db"
        self.url = f"sqlite:///{self.file}"

    def keep_as_template(self) -> None:
        """Remember the present content."""
        assert not self.file.with_name("test.db-wal").exists()
        shutil.copyfile(self.file, self.template)

    def renew(self) -> None:
        """Put the remembered content back."""
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)

    def another(self, label: str) -> "SqliteDatabase":
        """The same database with a memory of its own."""
        other = copy.copy(self)
        other.template = self.template.with_name(f"{label}.db")
        return other

    def forget(self) -> None:
        """Give up what was remembered."""
        self.template.unlink(missing_ok=True)

    def drop(self) -> None:
        """Nothing to do: the folder is temporary."""


class PostgresDatabase:
    """A database on the given server, and a template database of the same content.

    Making a database anew takes the server a sixth of a second, so it is only emptied, unless a test changed its
    tables or triggers. What the migrations wrote is kept beside it in a schema of its own.
    """

    def __init__(self, server_url: str, worker: str):
        self.server = sa.make_url(server_url).set(drivername="postgresql+psycopg")
        self.name = f"sangkien_test_{worker}"
        self.template, self.kept = f"{self.name}_template", "kept"
        self.drop()
        self._run(f"CREATE DATABASE {self.name}")
        self.url = self.server.set(database=self.name).render_as_string(hide_password=False)
        self.engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def keep_as_template(self) -> None:
        """Remember the present content."""
        with self.engine.connect() as connection:
            self.tables = sa.inspect(connection).get_table_names()
            connection.exec_driver_sql(f"CREATE SCHEMA {self.kept}")
            for table in self.tables:
                connection.exec_driver_sql(f'CREATE TABLE {self.kept}."{table}" AS TABLE "{table}"')
            connection.exec_driver_sql(f"CREATE TABLE {self.kept}.{_NUMBERS} AS TABLE pg_sequences")
            self.shape = connection.exec_driver_sql(_SHAPE).scalar()
        self._run(f"CREATE DATABASE {self.template} TEMPLATE {self.name}")

    def renew(self) -> None:
        """Put the remembered content back."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(_END_OTHERS)
            unchanged = connection.exec_driver_sql(_SHAPE).scalar() == self.shape
            if unchanged:
                connection.exec_driver_sql(";\n".join(self._emptying()))
        if not unchanged:
            self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
            self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def _emptying(self) -> Iterator[str]:
        """Statements of one transaction, during which neither triggers nor foreign keys work."""
        yield "SET session_replication_role = replica"
        for table in self.tables:
            yield f'DELETE FROM "{table}"'
            yield f'INSERT INTO "{table}" SELECT * FROM {self.kept}."{table}"'
        yield _LAST_NUMBERS.format(kept=f"{self.kept}.{_NUMBERS}")

    def another(self, label: str) -> "PostgresDatabase":
        """The same database with a memory of its own."""
        other = copy.copy(self)
        other.template, other.kept = f"{self.name}_{label}", f"kept_{label}"
        return other

    def forget(self) -> None:
        """Give up what was remembered."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {self.kept} CASCADE")
        self._run(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)")

    def drop(self) -> None:
        """Remove both databases."""
        for name in (self.name, self.template):
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


_END_OTHERS = """
    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# Names of tables and indexes, numbers that they and triggers get when they are made, whether the triggers work.
_SHAPE = """
    SELECT (SELECT string_agg(oid || relname, ' ' ORDER BY oid) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace)
        || (SELECT string_agg(oid || tgenabled::text, ' ' ORDER BY oid) FROM pg_trigger)"""
_NUMBERS = "last_numbers"
_LAST_NUMBERS = """
    SELECT setval((schemaname || '.' || quote_ident(sequencename))::regclass,
                  coalesce(kept.last_value, kept.start_value), kept.last_value IS NOT NULL)
    FROM pg_sequences AS now JOIN {kept} AS kept USING (schemaname, sequencename)
    WHERE now.last_value IS DISTINCT FROM kept.last_value"""
