"""Putting work into the queue, and the register of what each kind of work does."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.core.db import db
from app.jobs.models import Job

Handler = Callable[..., None]
Planned = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Work:
    """What one kind of job does. `prepare(now=…, **args)` is the slow part, outside any write transaction; its
    result goes to `finish(now=…, prepared=…, **args)`. Without `prepare`, `finish(now=…, **args)` does it all."""

    finish: Handler
    prepare: Callable[..., Any] | None = None


_work: dict[str, Work] = {}


def handles(kind: str, prepare: Callable[..., Any] | None = None) -> Callable[[Handler], Handler]:
    """Register the function that does work of this kind.

    It runs in one transaction together with the job's own end, so what it writes happens once. `prepare` may run
    again after a crash and must bear that; only it may take long (converting, sending), since a write transaction
    keeps other writers out of an embedded database.
    """

    def register(handler: Handler) -> Handler:
        if kind in _work and _work[kind].finish is not handler:
            raise ValueError(f"job {kind} has two handlers")
        _work[kind] = Work(handler, prepare)
        return handler

    return register


def work_of(kind: str) -> Work:
    """The registered work; raises KeyError for an unknown kind."""
    return _work[kind]


_NEW = insert(Job.__table__)


def enqueue(
    kind: str,
    args: Mapping[str, Any],
    *,
    now: datetime,
    run_at: datetime | None = None,
    dedupe_key: str | None = None,
) -> None:
    """Ask for one piece of work in the open transaction."""
    db.session.execute(_NEW, _row(kind, args, now, run_at) | {"dedupe_key": dedupe_key})


def enqueue_once(kind: str, args: Mapping[str, Any], *, now: datetime) -> None:
    """The same, unless this very work lies in the queue and nobody has begun it yet.

    The waiting row stays locked until the open transaction ends, so that no worker begins it before it can see what
    the transaction wrote.
    """
    row = _row(kind, args, now, None)
    same = (Job.kind == kind, Job.status == "queued", Job.args == row["args"], Job.run_at <= now)
    if db.session.execute(select(Job.id).where(*same).limit(1).with_for_update(skip_locked=True)).first() is None:
        db.session.execute(_NEW, row)


def enqueue_all(planned: Iterable[Planned], *, now: datetime) -> None:
    """Ask for several pieces of work with one statement."""
    rows = [_row(kind, args, now, None) for kind, args in planned]
    if rows:
        db.session.execute(_NEW, rows)


def _row(kind: str, args: Mapping[str, Any], now: datetime, run_at: datetime | None) -> dict:
    if kind not in _work:
        raise KeyError(kind)
    return {
        "kind": kind,
        "args": json.dumps(dict(args), sort_keys=True, ensure_ascii=False),
        "status": "queued",
        "run_at": run_at or now,
        "lease_by": "",
        "attempts": 0,
        "error": "",
        "created_at": now,
    }
