"""Killing the web server in the middle of its work: whatever it acknowledged is there, and nothing is half there."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import audit
from app.accounts import sessions
from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.core import ids
from app.core.clock import utcnow
from app.core.db import begin_writing, db
from app.entries.models import Entry, EntrySearch
from app.flow.models import ActKey
from tests.factories.entries import make_season
from tests.factories.people import actor_of

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
CLIENTS = 3


@pytest.fixture
def season(app):
    """An open contest whose trail says so, and an author who is signed in."""
    season = make_season(now=utcnow())
    contest = season.contest
    audit.record(
        at=utcnow(),
        actor=actor_of(season.office),
        role="office",
        action="contest.open",
        subject_type="contest",
        subject_id=contest.id,
        subject_code=contest.code,
        contest_id=contest.id,
        from_state="preparing",
        to_state="open",
    )
    token = sessions.begin(season.author, now=utcnow(), address="127.0.0.1", agent="test")
    unit_id = season.unit.id
    db.session.commit()
    yield token, unit_id
    begin_writing()


class Server:
    """The production server with one process, on a free port, over the database of the test."""

    def __init__(self, app):
        settings = app.config["SETTINGS"]
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
        self.environment = {
            **os.environ,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "1",
            "FLASK_DATA_DIR": str(settings.data_dir),
            "FLASK_DATABASE_URL": settings.database_url,
            "FLASK_SECRET_KEY": settings.secret_key,
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--preload"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True, stderr=subprocess.DEVNULL
        )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Until it answers."""
        for _try in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def kill_worker(self) -> None:
        """SIGKILL to the process that does the work; its parent starts another one."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)

    def kill(self) -> None:
        """SIGKILL to all of it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Client(threading.Thread):
    """Begins entry after entry and notes those that were acknowledged; a request without an answer is sent again."""

    def __init__(self, server: Server, cookie: str, token: str, unit_id: int):
        super().__init__(daemon=True)
        self.opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPCookieProcessor(CookieJar()))
        self.opener.addheaders = [("Cookie", f"sk_session={cookie}")]
        self.url, self.token, self.unit_id = f"{server.url}/nop", token, unit_id
        self.acknowledged: dict[str, str] = {}
        self.unexpected: list[str] = []
        self.stopped = threading.Event()

    def run(self):
        key = ids.token()
        while not self.stopped.is_set():
            code = self.begin(key)
            if code:
                self.acknowledged[key] = code
                key = ids.token()

    def begin(self, key: str) -> str:
        """The code of the entry that this key led to, "" when no answer came."""
        fields = {"csrf_token": self.token, "key": key, "unit_id": self.unit_id, "kind": "individual"}
        try:
            self.opener.open(self.url, urllib.parse.urlencode(fields).encode(), timeout=20).close()
            self.unexpected.append("200")
        except urllib.error.HTTPError as error:
            if error.code == 303:
                return re.search(r"SK-2026-\d+", error.headers["Location"]).group()
            self.unexpected.append(str(error.code))
        except OSError:
            time.sleep(0.02)
        return ""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like others."""

    def redirect_request(self, *_args):
        """None: do not follow."""


def test_whatever_was_acknowledged_outlives_every_kill(app, season):
    token, unit_id = season
    cookie, csrf = signed(app, token)
    db.session.remove()
    db.engine.dispose()
    server = Server(app)
    clients = [Client(server, cookie, csrf, unit_id) for _n in range(CLIENTS)]
    try:
        server.wait()
        for client in clients:
            client.start()
        for _kill in range(KILLS):
            known = sum(len(client.acknowledged) for client in clients)
            wait_until(lambda known=known: sum(len(c.acknowledged) for c in clients) > known + 1)
            server.kill_worker()
    finally:
        server.kill()
        for client in clients:
            client.stopped.set()
        for client in clients:
            client.join()
    assert [client.unexpected for client in clients] == [[]] * CLIENTS
    check_all({key: code for client in clients for key, code in client.acknowledged.items()})


def signed(app, token: str) -> tuple[str, str]:
    """The session cookie of this token, and a form token that fits it."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    page = client.get("/tai-khoan").get_data(as_text=True)
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    return client.get_cookie("sk_session").value, csrf


def wait_until(condition) -> None:
    """Until it holds; half a minute at most."""
    for _try in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("nothing is acknowledged any more")


def check_all(acknowledged: dict[str, str]) -> None:
    """Each acknowledged entry is there once, with its event, its key and its search text; the trail holds."""
    begin_writing()
    entries = dict(db.session.execute(sa.select(Entry.id, Entry.code)).all())
    created = list(db.session.scalars(sa.select(AuditEvent.subject_id).where(AuditEvent.action == "entry.create")))
    keys = dict(db.session.execute(sa.select(ActKey.key, ActKey.subject_id)).all())
    assert len(acknowledged) > KILLS
    assert {key: entries[keys[key]] for key in acknowledged} == acknowledged
    assert sorted(created) == sorted(entries) == sorted(keys.values())
    assert sorted(db.session.scalars(sa.select(EntrySearch.entry_id))) == sorted(entries)
    numbers = sorted(int(code[-4:]) for code in entries.values())
    assert numbers == list(range(1, len(numbers) + 1))
    assert verify().problem == ""
