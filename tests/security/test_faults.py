"""What a person meets when a part of the machine fails: a clear page, nothing half done, no word from inside."""

import errno
import io
import os
import re
import socket
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.adapters import mail
from app.audit.models import AuditEvent
from app.core.clock import utcnow
from app.core.db import begin_writing, db
from app.entries.models import Entry, EntryFile
from app.jobs import run_all
from app.notifications.models import Message
from tests.factories.entries import commit, confirm, fill, make_season, png, start

INSIDE = re.compile(r"Traceback|File \"|sqlite|psycopg|sqlalchemy|OperationalError|OSError|Errno|site-packages|\.py\b")


@pytest.fixture
def season(app):
    """Committed people and an open contest of today."""
    season = make_season(now=utcnow())
    entry = confirm(season, fill(season, start(season, now=utcnow()), now=utcnow()), now=utcnow())
    commit(season, entry)
    season.__dict__["entry"] = entry
    return season


@pytest.fixture
def quiet(app):
    """Failures become pages, as outside of tests."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.config["PROPAGATE_EXCEPTIONS"] = None


def tells_nothing(person) -> None:
    """The page has words for people only."""
    html = person.response.get_data(as_text=True)
    assert INSIDE.findall(html) == []


def rows(model) -> int:
    """How many rows a table has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def files_of(app) -> list[Path]:
    """Everything that lies in the storage."""
    return sorted(path for path in (app.config["SETTINGS"].data_dir / "files").rglob("*") if path.is_file())


def test_a_full_disk_takes_no_file_and_says_so(app, season, visitor, monkeypatch):
    author = visitor(season.author)
    before, known = rows(EntryFile), files_of(app)

    def full(_descriptor, _chunk):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = f"/ho-so/{season.entry.code}/phan/minh-chung"
    with monkeypatch.context() as patched:
        patched.setattr("app.adapters.storage.local.os.write", full)
        author.visit(path).submit({"file": (io.BytesIO(png(91)), "thêm.png")}, status=507)
    tells_nothing(author)
    assert "hết chỗ" in author.text
    assert (rows(EntryFile), files_of(app)) == (before, known)
    author.visit(path).submit({"file": (io.BytesIO(png(91)), "thêm.png")})
    assert rows(EntryFile) == before + 1


@pytest.mark.skipif("postgresql" in os.environ.get("FLASK_DATABASE_URL", ""), reason="a limit of SQLite's file")
def test_a_database_without_room_does_nothing_and_says_so(app, season, visitor, quiet):
    author = visitor(season.author).visit(f"/ho-so/{season.entry.code}/phan/mo-ta")
    text = "Nội dung rất dài. " * 500
    events = rows(AuditEvent)
    with narrow_database(app):
        author.submit({"solution": text}, "Lưu và tiếp tục", status=503)
        tells_nothing(author)
        assert "Nội dung rất dài." in author.text
    assert stored(season).solution != text.strip()
    assert rows(AuditEvent) == events
    author.visit(f"/ho-so/{season.entry.code}/phan/mo-ta").submit({"solution": text}, "Lưu và tiếp tục")
    assert stored(season).solution == text.strip()


class narrow_database:
    """No connection may let the file grow."""

    def __init__(self, app):
        self.app = app

    def __enter__(self):
        db.session.remove()
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", self._limit)

    def __exit__(self, *_error):
        sa.event.remove(db.engine, "connect", self._limit)
        db.session.remove()
        db.engine.dispose()
        begin_writing()

    @staticmethod
    def _limit(connection, _record) -> None:
        connection.execute("PRAGMA max_page_count = 1")


def stored(season) -> Entry:
    """The entry as it is in the database."""
    db.session.remove()
    return db.session.scalar(sa.select(Entry).where(Entry.code == season.entry.code))


@pytest.mark.skipif("postgresql" in os.environ.get("FLASK_DATABASE_URL", ""), reason="only SQLite has one writer")
def test_a_database_that_is_busy_too_long_answers_to_try_again(app, season, visitor, quiet):
    author = visitor(season.author).visit(f"/ho-so/{season.entry.code}/phan/mo-ta")
    db.session.remove()
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", _impatient)
    other = db.engine.raw_connection()
    try:
        other.execute("BEGIN IMMEDIATE")
        author.submit({"solution": "Điều tôi vừa viết."}, "Lưu và tiếp tục", status=503)
        assert "Điều tôi vừa viết." in author.text
        assert author.response.headers["Retry-After"]
        tells_nothing(author)
    finally:
        other.execute("ROLLBACK")
        other.close()
        sa.event.remove(db.engine, "connect", _impatient)
    author.visit(f"/ho-so/{season.entry.code}/phan/mo-ta")
    author.submit({"solution": "Điều tôi vừa viết."}, "Lưu và tiếp tục")
    assert stored(season).solution == "Điều tôi vừa viết."


def _impatient(connection, _record) -> None:
    connection.execute("PRAGMA busy_timeout = 50")


def test_without_a_converter_papers_are_made_and_the_page_says_what_is_missing(
    app, without_pdf, season, visitor, monkeypatch
):
    author = visitor(season.author).visit(f"/ho-so/{season.entry.code}/kiem-tra")
    author.submit({"pledge": "y"}, "entry.submit")
    run_all(utcnow())
    office = visitor(season.office).visit(f"/ho-so/{season.entry.code}")
    paper = office.page.xpath("//a[starts-with(@href, '/van-ban/')]/@href")[0]
    office.visit(paper)
    assert "Cài đặt: apt-get install libreoffice" in office.text
    assert office.fetch(f"{paper}/tai/docx").status_code == 200
    assert office.fetch(f"{paper}/tai/pdf").status_code == 404

    monkeypatch.setitem(app.extensions, "converter", object())  # installed since, its turn still to come
    office.visit(paper)
    assert "chưa tạo xong bản PDF" in office.text
    assert "LibreOffice" not in office.text


def test_a_mail_server_that_is_down_keeps_no_act_from_being_done(app, without_pdf, season, visitor):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    settings = Silent(port)
    kept, app.extensions["mailer"] = app.extensions["mailer"], mail.SmtpMailer(settings)
    try:
        author = visitor(season.author).visit(f"/ho-so/{season.entry.code}/kiem-tra")
        author.submit({"pledge": "y"}, "entry.submit")
        assert stored(season).state == "submitted"
        run_all(utcnow())
    finally:
        app.extensions["mailer"] = kept
    states = set(db.session.scalars(sa.select(Message.mail_state)))
    assert states <= {"queued", "failed"}
    assert rows(Message) > 0


class Silent:
    """Settings of a mail server where nobody listens."""

    mail_host, mail_username, mail_password, mail_from, mail_tls = "127.0.0.1", "", "", "sk@example.vn", False

    def __init__(self, port: int):
        self.mail_port = port
