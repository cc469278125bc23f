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
from flask import Flask

from app import create_app
from app.accounts import sessions
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write_transaction
from tests.bench import batch, pages, papers, world
from tests.bench.pairs import HEADER, Client, Ratio, figure

SIZES = (1_000, 10_000, 100_000)
GROWTH = 1.2
ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    """Measure every size, the growth between the first and the last, then the papers, which need no server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--quick", action="store_true", help="1,000 entries only")
    parser.add_argument("--certificates", type=int, help="how many, 1,000 unless --quick")
    chosen = parser.parse_args()
    chosen.certificates = chosen.certificates or (100 if chosen.quick else 1_000)
    sizes = SIZES[:1] if chosen.quick else chosen.sizes
    taken = {}
    for size in sizes:
        print(f"\n{size} entries\n{HEADER}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            taken[size] = [_shown(ratio) for ratio in measure_size(size, Path(folder), chosen.pairs)]
    if len(sizes) > 1:
        _print_growth(sizes[0], sizes[-1], taken)
    print(f"\npapers, against docxtpl for each paper\n{HEADER}", flush=True)
    for ratio in papers.measure_all():
        _shown(ratio)
    print(f"\n{chosen.certificates} certificates, through the queue until stored and recorded", flush=True)
    for line in batch.measure(chosen.certificates):
        print(line, flush=True)


def _shown(ratio: Ratio) -> Ratio:
    print(ratio.line(), flush=True)
    return ratio


def _print_growth(small: int, large: int, taken: dict[int, list[Ratio]]) -> None:
    """How much dearer each page is with more entries, against its floor of each run, which does not grow.

    The smaller of wall and processor time counts: on a busy machine either may be disturbed, never to its good.
    """
    print(f"\ngrowth from {small} to {large} entries, goal {GROWTH}")
    for before, after in zip(taken[small], taken[large], strict=True):
        if not before.name.startswith("export"):
            wall = after.median / before.median
            cpu = after.cpu / before.cpu if after.cpu and before.cpu else wall
            verdict = "đạt" if min(wall, cpu) <= GROWTH else "chưa đạt"
            print(f"{before.name:38} {figure(wall):>6} CPU {figure(cpu):>6} {verdict}", flush=True)


def measure_size(size: int, folder: Path, pairs: int) -> Iterator[Ratio]:
    """All pages and acts at one number of entries."""
    environ = {"FLASK_DATA_DIR": str(folder)}
    app = create_app(environ)
    cookies = _build(app, size)
    ours, floor = _free_port(), _free_port()
    settings = os.environ | environ | {"FLOOR_DB": str(folder / "floor.db")}
    with _server("wsgi:app", ours, settings) as full, _server("tests.bench.floor:app", floor, settings) as bare:
        people = {name: Client(ours, full, cookie) for name, cookie in cookies.items()}
        with app.app_context():
            yield from pages.measure_all(size, people, Client(floor, bare), pairs)


def _build(app: Flask, size: int) -> dict[str, str]:
    """A filled database, and the cookie of a signed-in session for each person the measures need."""
    with app.app_context():
        flask_migrate.upgrade()
        world.build(size)
        return {name: _cookie(app, user_id) for name, user_id in world.PEOPLE.items()}


def _cookie(app: Flask, user_id: int) -> str:
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
def _server(target: str, port: int, environ: dict[str, str]) -> Iterator[int]:
    """gunicorn with two processes, as shipped; its process id once it answers."""
    command = [
        sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py"),
        "--bind", f"127.0.0.1:{port}", "--log-level", "warning", target,
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield process.pid
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
