"""`make bench`: build databases of three sizes, serve them and the floor by the same server, print the ratios."""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import flask_migrate

from app import create_app
from app.accounts import sessions
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write_transaction
from tests.bench import pages, papers, world
from tests.bench.pairs import HEADER, Client

SIZES = (1_000, 10_000, 100_000)
ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    """Measure every size, then the papers, which need no server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--pairs", type=int, default=30)
    chosen = parser.parse_args()
    print(HEADER, flush=True)
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure_size(size, Path(folder), chosen.pairs)
    papers.measure_all()


def measure_size(size: int, folder: Path, pairs: int) -> None:
    """All pages and acts at one number of entries."""
    environ = {"FLASK_DATA_DIR": str(folder)}
    cookies = _build(size, environ)
    ours, floor = _free_port(), _free_port()
    settings = os.environ | environ | {"FLOOR_DB": str(folder / "floor.db")}
    with _server("wsgi:app", ours, settings), _server("tests.bench.floor:app", floor, settings):
        people = {name: Client(ours, cookie) for name, cookie in cookies.items()}
        for ratio in pages.measure_all(size, people, Client(floor), pairs, folder):
            print(ratio.line(), flush=True)


def _build(size: int, environ: dict[str, str]) -> dict[str, str]:
    """A filled database, and the cookie of a signed-in session for each person the measures need."""
    app = create_app(environ)
    with app.app_context():
        flask_migrate.upgrade()
        world.build(size)
        return {name: _cookie(app, user_id) for name, user_id in world.PEOPLE.items()}


def _cookie(app, user_id: int) -> str:
    with write_transaction():
        token = sessions.begin(db.session.get(User, user_id), now=utcnow(), address="127.0.0.1", agent="bench")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["csrf_token"] = world.CSRF_SECRET
    name = app.config["SESSION_COOKIE_NAME"]
    return f"{name}={client.get_cookie(name).value}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _server(target: str, port: int, environ: dict[str, str]) -> Iterator[None]:
    """gunicorn with two processes, as shipped; up when it answers."""
    command = [
        sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py"),
        "--bind", f"127.0.0.1:{port}", "--log-level", "warning", target,
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    main()
