"""Doing the queued work. A job is leased, done in one transaction with its own end, and retried after a crash.

A worker that is killed loses its lease after `LEASE`; another then does the job again. During the slow part of a
job a thread renews the lease. Failures wait longer each time; after `MAX_ATTEMPTS` the job stays as failed for a
person to look at.
"""

import json
import logging
import os
import socket
import threading
import traceback
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import and_, or_, select, update

from app.core.clock import utcnow
from app.core.db import db, reading, write_transaction
from app.jobs.models import Job
from app.jobs.queue import Work, work_of

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 5
log = logging.getLogger(__name__)


class Ticker:
    """Recurring checks (timers of the life cycles), called by the worker between jobs."""

    def __init__(self) -> None:
        self.checks: list = []

    def add(self, check) -> None:
        """`check(now)` is called about every second and opens its own transaction when there is work."""
        self.checks.append(check)

    def run(self, now: datetime) -> None:
        """Call every check; one that fails is logged and does not stop the others."""
        for check in self.checks:
            try:
                check(now)
            except Exception:
                db.session.rollback()
                log.exception("timer check failed")


ticker = Ticker()


def worker_name() -> str:
    """Host and process of this worker."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def run_due(name: str, now: datetime | None = None) -> bool:
    """Do one due job; False when there is none."""
    job = _claim(name, now or utcnow())
    if job is None:
        return False
    _perform(name, *job, now)
    return True


def run_all(now: datetime | None = None, limit: int = 10_000) -> int:
    """Do every due job, for tests and for loading the demonstration; returns how many."""
    done = 0
    while done < limit and run_due(worker_name(), now):
        done += 1
    return done


def work_forever(stop: threading.Event, pause: float = 0.5) -> None:
    """The worker process: timers and jobs until `stop` is set."""
    name = worker_name()
    while not stop.is_set():
        ticker.run(utcnow())  # before every job: a long queue must not hold up a deadline
        if not run_due(name):
            db.session.remove()
            stop.wait(pause)


def _claim(name: str, now: datetime) -> tuple[int, str, dict, int] | None:
    with write_transaction():
        due = or_(
            and_(Job.status == "queued", Job.run_at <= now),
            and_(Job.status == "running", Job.lease_until < now),
        )
        row = db.session.execute(
            select(Job.id, Job.kind, Job.args, Job.attempts)
            .where(due)
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        db.session.execute(
            update(Job)
            .where(Job.id == row.id)
            .values(status="running", lease_by=name, lease_until=now + LEASE, attempts=row.attempts + 1)
        )
        return row.id, row.kind, json.loads(row.args), row.attempts + 1


def _perform(name: str, job_id: int, kind: str, args: dict, attempts: int, now: datetime | None) -> None:
    try:
        work = work_of(kind)
        if work.prepare:
            args = args | {"prepared": _prepare(work, job_id, name, args, now or utcnow())}
        with write_transaction():
            work.finish(now=now or utcnow(), **args)
            if not _finish(job_id, name, now or utcnow()):
                raise LeaseLost(job_id)
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job_id)
    except Exception:
        log.exception("job %s (%s) failed, attempt %s", job_id, kind, attempts)
        _give_back(job_id, name, attempts, now or utcnow(), traceback.format_exc(limit=-3))


def _prepare(work: Work, job_id: int, name: str, args: dict, now: datetime) -> Any:
    with _heartbeat(job_id, name), reading():
        return work.prepare(now=now, **args)


class LeaseLost(RuntimeError):
    """Another worker holds the job now; this one's work is rolled back."""


def _finish(job_id: int, name: str, now: datetime) -> bool:
    result = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.lease_by == name, Job.status == "running")
        .values(status="done", finished_at=now, error="")
    )
    return result.rowcount == 1


def _give_back(job_id: int, name: str, attempts: int, now: datetime, error: str) -> None:
    final = attempts >= MAX_ATTEMPTS
    with write_transaction():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.lease_by == name)
            .values(
                status="failed" if final else "queued",
                run_at=now + timedelta(seconds=2**attempts),
                error=error,
                finished_at=now if final else None,
            )
        )


@contextmanager
def _heartbeat(job_id: int, name: str):
    """Renew the lease from another thread while the slow part runs."""
    stop = threading.Event()
    app = current_app._get_current_object()
    thread = threading.Thread(target=_renew, args=(app, stop, job_id, name), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _renew(app: Flask, stop: threading.Event, job_id: int, name: str) -> None:
    while not stop.wait(LEASE.total_seconds() / 3):
        with app.app_context(), write_transaction():
            db.session.execute(
                update(Job).where(Job.id == job_id, Job.lease_by == name).values(lease_until=utcnow() + LEASE)
            )
