"""A running product for the browser: scratch data, a real web server and worker, a clock that can be put forward."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = "tests.e2e.shifted_wsgi"
PATIENCE = 60  # seconds after which something that should have happened counts as broken
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class World:
    """The processes of one product. `address` is where it answers."""

    def __init__(self, folder: Path, app: str = APP, **settings: str):
        self.folder = folder
        self.clock = folder / "clock"
        self.clock.write_text("0", encoding="ascii")
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.app = app
        self.env = environment(folder, self.port) | {"E2E_CLOCK": str(self.clock)} | settings
        self.processes: list[subprocess.Popen] = []

    def start(self) -> None:
        """Start server and worker and wait until pages come."""
        server = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "warning", f"{self.app}:app"]
        self._spawn("web", server)
        self._spawn("worker", ["-m", "flask", "--app", self.app, "jobs", "work"])
        wait_until(self._answers, "the server does not answer")

    def _spawn(self, name: str, arguments: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, *arguments]
            self.processes.append(subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log))

    def _answers(self) -> bool:
        try:
            DIRECT.open(f"{self.address}/healthz", timeout=2).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def stop(self) -> None:
        """End both processes."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=PATIENCE)

    def run(self, *arguments: str) -> str:
        """Run `flask …` on the same data; returns what it printed. A failure is raised with its words."""
        command = [sys.executable, "-m", "flask", "--app", self.app, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        return done.stdout

    @property
    def now(self) -> datetime:
        """The product's present moment."""
        return datetime.now(UTC) + timedelta(seconds=float(self.clock.read_text(encoding="ascii")))

    def go_to(self, moment: datetime) -> None:
        """Put the clock forward to a moment; it runs on from there."""
        fresh = self.folder / "clock.new"
        fresh.write_text(str((moment - datetime.now(UTC)).total_seconds()), encoding="ascii")
        fresh.replace(self.clock)

    def complaints(self) -> str:
        """What server and worker wrote to their logs."""
        return "".join((self.folder / f"{name}.log").read_text(encoding="utf-8") for name in ("web", "worker"))


@contextmanager
def running(folder: Path, prepare: list[str], app: str = APP, **settings: str) -> Iterator[World]:
    """A world on an empty or prepared folder; `prepare` is a Python command that fills the migrated database."""
    world = World(folder, app, **settings)
    world.run("db", "upgrade")
    if prepare:
        subprocess.run([sys.executable, *prepare], cwd=ROOT, env=world.env, check=True)
    try:
        world.start()
        yield world
    finally:
        world.stop()


def wait_until(is_so: Callable[[], bool], otherwise: str, patience: float = PATIENCE) -> None:
    """Look again and again until it is so; fails with `otherwise` after as many seconds."""
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.5)


def environment(folder: Path, port: int) -> dict[str, str]:
    """Settings of the processes: nothing of the caller's FLASK_ settings, one server process with threads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    soffice = os.environ.get("FLASK_SOFFICE") or shutil.which("soffice") or ""
    return kept | {
        "FLASK_DATA_DIR": str(folder / "data"),
        "FLASK_DEMO": "1",
        "FLASK_SOFFICE": soffice,
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "WEB_THREADS": "4",
        "PYTHONPATH": str(ROOT),
    }


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
