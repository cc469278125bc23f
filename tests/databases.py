"""Databases for tests: migrated once, copied for every test."""

import shutil
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

    def drop(self) -> None:
        """Nothing to do: the folder is temporary."""


class PostgresDatabase:
    """A database on the given server, and a template database of the same content."""

    def __init__(self, server_url: str, worker: str):
        self.server = sa.make_url(server_url).set(drivername="postgresql+psycopg")
        self.name = f"sangkien_test_{worker}"
        self.template = f"{self.name}_template"
        self.drop()
        self._run(f"CREATE DATABASE {self.name}")
        self.url = self.server.set(database=self.name).render_as_string(hide_password=False)

    def keep_as_template(self) -> None:
        """Remember the present content."""
        self._run(f"CREATE DATABASE {self.template} TEMPLATE {self.name}")

    def renew(self) -> None:
        """Put the remembered content back."""
        self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def drop(self) -> None:
        """Remove both databases."""
        for name in (self.name, self.template):
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()
