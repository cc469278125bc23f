"""The supervisor of `make run`, with small stand-in programs instead of the web server and the worker."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

STAYS = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""
CLOSES_IN_ORDER = """
import os, pathlib, signal, sys, time
def close(*_):
    pathlib.Path(sys.argv[1] + ".closed").write_text("in order")
    sys.exit(0)
signal.signal(signal.SIGTERM, close)
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""
RUN = """
import sys
from deploy import supervise
commands = dict(zip(("web", "worker"), ([sys.executable, "-c", *each] for each in {programs!r})))
sys.exit(supervise.supervise(commands, {on_tick}))
"""


def start(programs, on_tick="lambda children: None"):
    """A supervisor over `programs`: pairs of a program's text and its argument."""
    code = RUN.format(programs=[list(each) for each in programs], on_tick=on_tick)
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def ended(supervisor, code):
    """What the supervisor told, once it has ended with `code`."""
    told = supervisor.communicate(timeout=30)[1]
    assert supervisor.returncode == code
    return told


def wait_for(fact):
    """The first true answer of `fact`; the test fails when none comes."""
    for _ in range(300):
        if answer := fact():
            return answer
        time.sleep(0.1)
    raise AssertionError("never came true")


def pid_in(path, other_than=0):
    """The process id a program wrote, once it is there and new."""
    text = path.read_text() if path.exists() else ""
    return int(text) if text and int(text) != other_than else 0


def is_alive(pid):
    """A zombie that nobody collects has ended too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def files(tmp_path):
    return tmp_path / "web", tmp_path / "worker"


def test_a_killed_program_comes_back_and_the_other_one_stays(files):
    web, worker = files
    supervisor = start([(CLOSES_IN_ORDER, str(web)), (STAYS, str(worker))])
    first = wait_for(lambda: pid_in(worker))
    steady = wait_for(lambda: pid_in(web))
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: pid_in(worker, other_than=first))
    assert is_alive(second)
    assert pid_in(web) == steady
    supervisor.terminate()
    assert "worker đã dừng (mã -9)" in ended(supervisor, 0)
    assert not is_alive(second)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(files, number):
    supervisor = start([(CLOSES_IN_ORDER, str(files[0])), (CLOSES_IN_ORDER, str(files[1]))])
    pids = [wait_for(lambda path=path: pid_in(path)) for path in files]
    supervisor.send_signal(number)
    ended(supervisor, 0)
    assert [path.with_name(path.name + ".closed").read_text() for path in files] == ["in order", "in order"]
    assert [is_alive(pid) for pid in pids] == [False, False]


def test_killing_the_supervisor_leaves_nothing_behind(files):
    supervisor = start([(STAYS, str(files[0])), (STAYS, str(files[1]))])
    pids = [wait_for(lambda path=path: pid_in(path)) for path in files]
    supervisor.kill()
    ended(supervisor, -signal.SIGKILL)
    for pid in pids:
        wait_for(lambda pid=pid: not is_alive(pid))


def test_a_web_server_that_never_comes_up_ends_the_run(files):
    announcement = "supervise.Announcement('http://127.0.0.1:9/')"
    supervisor = start([("raise SystemExit(3)", ""), (STAYS, str(files[1]))], on_tick=announcement)
    assert "Máy chủ web không khởi động được" in ended(supervisor, 1)
