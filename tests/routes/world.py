"""The demonstration as a test world: loaded once for a test process, put back in an instant, all accounts signed in."""

import hashlib
import shutil
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import sqlalchemy as sa
import time_machine
from flask import got_request_exception
from sqlalchemy import select

from app.accounts import sessions
from app.accounts.models import User
from app.admin import demo
from app.core.clock import utcnow
from app.core.db import Base, begin_reading, begin_writing, db

MOMENT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""The day of the tests: the season of 2026 takes entries, that of 2024 is being judged, that of 2023 is decided."""

NOBODY = "-"


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    status: int
    media_type: str
    content: bytes
    location: str
    wrote: tuple[str, ...]
    failure: str = ""

    @property
    def html(self):
        """The page as a tree."""
        return lxml.html.document_fromstring(self.content.decode())


class World:
    """Requests as any account of the demonstration, `NOBODY` for who is not signed in."""

    def __init__(self, app, database, folder: Path):
        self.app = app
        self.files = Path(app.config["SETTINGS"].data_dir) / "files"
        self.kept_files = folder / "files"
        self.kept = database.another("demo")
        self.tokens: dict[str, str] = {}
        self.clients: dict[str, object] = {}
        self.failures: list[str] = []

    def build(self) -> None:
        """Play the demonstration into the empty database, open a session for each account, and remember it all."""
        self.free()
        with self.app.app_context():
            self.kept_empty()
            begin_writing()
            load(self)
            begin_writing()
            for name in demo.account_names():
                user = db.session.scalar(select(User).where(User.username == name))
                self.tokens[name] = sessions.begin(user, now=utcnow(), address="127.0.0.1", agent="test")
            db.session.commit()
        self.keep()

    def kept_empty(self) -> None:
        """An empty migrated database and no files."""
        shutil.rmtree(self.files, ignore_errors=True)
        (self.files / "incoming").mkdir(parents=True)

    def keep(self) -> None:
        """Remember the present content of database and storage."""
        self.free()
        self.kept.keep_as_template()
        shutil.rmtree(self.kept_files, ignore_errors=True)
        shutil.copytree(self.files, self.kept_files)

    def restore(self) -> None:
        """Put back what was remembered; everybody comes with the session of then."""
        self.clients.clear()
        self.free()
        self.kept.renew()
        self._restore_files()

    def _restore_files(self) -> None:
        """A file is named by its content: what came goes, what went comes back, the others are as they were."""
        now, then = _files_in(self.files), _files_in(self.kept_files)
        for path in now - then:
            (self.files / path).unlink()
        for path in then - now:
            shutil.copyfile(self.kept_files / path, self.files / path)

    def free(self) -> None:
        """Close every connection."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    @property
    def accounts(self) -> list[str]:
        """Nobody, then the listed accounts."""
        return [NOBODY, *self.tokens]

    def get(self, who: str, path: str) -> Answer:
        """One GET without following redirects."""
        return self.ask(who, "GET", path)

    def ask(self, who: str, method: str, path: str, **more) -> Answer:
        """One request; notes every statement that changed a row, but the time at which a session was last seen."""
        parts = urlsplit(path)
        address = parts._replace(scheme="", netloc="", fragment="").geturl()
        self.failures.clear()
        with self.noting() as wrote:
            response = self._client(who).open(address, method=method, buffered=True, **more)
        begin_reading()
        return Answer(
            response.status_code,
            response.mimetype,
            response.data,
            response.headers.get("Location", ""),
            tuple(wrote),
            "\n".join(self.failures),
        )

    def _client(self, who: str):
        if who not in self.clients:
            client = self.app.test_client()
            if who != NOBODY:
                with client.session_transaction() as cookie:
                    cookie["_user_id"] = self.tokens[who]
                    cookie["_fresh"] = True
            self.clients[who] = client
        return self.clients[who]

    @contextmanager
    def noting(self) -> Iterator[list[str]]:
        """Statements that change rows while the block runs."""
        wrote: list[str] = []

        def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
            words = " ".join(statement.split())
            if words.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")) and not _is_touch(words):
                wrote.append(words)

        with self.app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield wrote
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    def run(self, do):
        """Run `do()` in one committed transaction."""
        with self.app.app_context():
            begin_writing()
            result = do()
            db.session.commit()
            db.session.remove()
        return result

    def rows(self, statement) -> list:
        """Rows of a query."""
        with self.app.app_context():
            begin_reading()
            found = db.session.execute(statement if not isinstance(statement, str) else sa.text(statement)).all()
            db.session.remove()
        return found

    def digest(self) -> dict[str, str]:
        """A fingerprint of each table; when a session was last seen and guesses that are counted are left out."""
        with self.app.app_context():
            begin_reading()
            tables = (table for table in Base.metadata.sorted_tables if table.name != "sign_in_attempt")
            found = {table.name: _fingerprint(table) for table in tables}
            db.session.remove()
        return found


def _files_in(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def load(_world: World) -> None:
    """Play the demonstration."""
    demo.load(lambda _step: None)


def _is_touch(statement: str) -> bool:
    return statement.startswith(("UPDATE user_session SET last_seen_at", "INSERT INTO sign_in_attempt"))


def _fingerprint(table) -> str:
    columns = [column for column in table.columns if column.name != "last_seen_at"]
    rows = sorted(repr(tuple(row)) for row in db.session.execute(select(*columns)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


@contextmanager
def demonstration(app, database, folder: Path) -> Iterator[World]:
    """The loaded world at `MOMENT`; its database is dropped afterwards."""
    with time_machine.travel(MOMENT, tick=True):
        database.renew()
        world = World(app, database, folder)

        def note(_app, exception, **_more) -> None:
            place = traceback.extract_tb(exception.__traceback__)[-1]
            world.failures.append(f"{exception!r:.300} at {place.filename}:{place.lineno}")

        world.build()
        app.config["PROPAGATE_EXCEPTIONS"] = False
        with got_request_exception.connected_to(note, app):
            yield world
        app.config["PROPAGATE_EXCEPTIONS"] = None
        world.free()
        world.kept.forget()
