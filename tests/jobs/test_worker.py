"""Queued work is done once, survives a killed worker, and a failing job waits longer each time until a person looks."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.db import db, is_writing
from app.jobs import enqueue, handles
from app.jobs.models import Job
from app.jobs.worker import LEASE, MAX_ATTEMPTS, run_all, run_due, ticker
from app.notifications.models import Message
from tests.factories.people import make_user

SEEN: list = []


@handles("test.note")
def note(*, now, text):
    """Leave a trace in memory."""
    SEEN.append(text)


@handles("test.fail")
def fail(*, now):
    """Write something and then break."""
    make_user("halfway")
    raise RuntimeError("broken on purpose")


def look_around(*, now, text):
    """The slow part: outside any write transaction."""
    SEEN.append(is_writing())
    return text.upper()


@handles("test.slow", prepare=look_around)
def keep(*, now, text, prepared):
    """The short part gets what the slow one made."""
    SEEN.append((text, prepared, is_writing()))


@pytest.fixture(autouse=True)
def _nothing_seen():
    SEEN.clear()


def put(kind, now, **args):
    enqueue(kind, args, now=now)
    db.session.commit()


def jobs():
    return db.session.execute(select(Job.status, Job.attempts)).all()


def test_work_is_done_once_in_order(app, now):
    put("test.note", now, text="một")
    put("test.note", now, text="hai")
    assert run_all(now) == 2
    assert run_all(now) == 0
    assert SEEN == ["một", "hai"]
    assert jobs() == [("done", 1), ("done", 1)]


def test_work_rolled_back_with_its_act_never_happens(app, now):
    enqueue("test.note", {"text": "x"}, now=now)
    db.session.rollback()
    assert run_all(now) == 0


def test_unknown_work_cannot_be_asked_for(app, now):
    with pytest.raises(KeyError):
        enqueue("test.nothing", {}, now=now)


def test_later_work_waits(app, now):
    enqueue("test.note", {"text": "mai"}, now=now, run_at=now + timedelta(hours=1))
    db.session.commit()
    assert not run_due("w", now)
    assert run_due("w", now + timedelta(hours=1))


def test_the_slow_part_holds_no_write_lock(app, now):
    put("test.slow", now, text="a")
    run_all(now)
    assert SEEN == [False, ("a", "A", True)]


def test_a_failing_job_leaves_nothing_waits_longer_and_ends_as_failed(app, now):
    put("test.fail", now)
    moment = now
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert run_due("w", moment)
        assert not run_due("w", moment + timedelta(seconds=2**attempt - 1))
        moment += timedelta(seconds=2**attempt)
    job = db.session.execute(select(Job.status, Job.attempts, Job.error, Job.finished_at)).one()
    assert (job.status, job.attempts) == ("failed", MAX_ATTEMPTS)
    assert "broken on purpose" in job.error
    assert job.finished_at is not None
    assert not run_due("w", moment + timedelta(days=1))
    assert db.session.execute(db.text('SELECT count(*) FROM "user"')).scalar() == 0


def test_a_lost_lease_lets_another_worker_do_the_job(app, now):
    put("test.note", now, text="x")
    db.session.execute(db.update(Job).values(status="running", lease_by="dead", lease_until=now + LEASE, attempts=1))
    db.session.commit()
    assert not run_due("w", now + LEASE)
    assert run_due("w", now + LEASE + timedelta(seconds=1))
    assert jobs() == [("done", 2)]


def test_a_broken_timer_check_does_not_stop_the_others(app, now, caplog):
    def broken(_now):
        raise RuntimeError("no")

    before = list(ticker.checks)
    try:
        ticker.checks[:] = [broken, SEEN.append]
        ticker.run(now)
    finally:
        ticker.checks[:] = before
    assert [now] == SEEN
    assert "timer check failed" in caplog.text


CHILD = """
import sys, time
from app import create_app
from app.jobs import handles
from app.jobs import worker
from app.core.db import db
from app.notifications.models import Message
from datetime import timedelta

worker.LEASE = timedelta(seconds=1)

def slow(*, now, user_id, pause):
    print("begun", flush=True)
    time.sleep(pause if sys.argv[1] == "dies" else 0)

@handles("test.killed", prepare=slow)
def finish(*, now, user_id, pause, prepared):
    db.session.add(Message(user_id=user_id, name="t", title="một lần", body="", created_at=now))

app = create_app()
with app.app_context():
    done = 0
    end = time.monotonic() + 30
    while not done and time.monotonic() < end:
        done = worker.run_due(sys.argv[1])
        time.sleep(0.1)
"""


def test_kill_9_in_the_middle_of_a_job_loses_and_doubles_nothing(app, now, database):
    user = make_user("an")
    args = json.dumps({"user_id": user.id, "pause": 60})
    db.session.add(Job(kind="test.killed", args=args, status="queued", run_at=now, created_at=now, attempts=0))
    db.session.commit()
    settings = app.config["SETTINGS"]
    env = os.environ | {"FLASK_DATA_DIR": str(settings.data_dir), "FLASK_DATABASE_URL": database.url}

    def start(name):
        return subprocess.Popen([sys.executable, "-c", CHILD, name], env=env, stdout=subprocess.PIPE, text=True)

    first = start("dies")
    assert first.stdout.readline() == "begun\n"
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    time.sleep(1.2)
    second = start("lives")
    assert second.communicate(timeout=60)[0] == "begun\n"
    db.session.rollback()
    assert db.session.execute(select(Message.title)).scalars().all() == ["một lần"]
    assert jobs() == [("done", 2)]
