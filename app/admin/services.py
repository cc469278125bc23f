"""Writes of the administrator that belong to no other slice."""

from datetime import datetime

from sqlalchemy import select, update

from app import audit
from app.accounts.actor import Actor
from app.accounts.services import acting_role
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.jobs.models import Job


def retry_job(actor: Actor, job_id: int, *, now: datetime) -> None:
    """Queue a failed job again. Raises NotFound, or Conflict when it is no longer failed."""
    kind = db.session.scalar(select(Job.kind).where(Job.id == job_id))
    if kind is None:
        raise NotFound
    queued = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == "failed")
        .values(status="queued", run_at=now, attempts=0, finished_at=None, lease_by="", lease_until=None)
    )
    if queued.rowcount == 0:
        raise Conflict(kind)
    audit.record(
        at=now,
        actor=actor,
        role=acting_role(actor),
        action="job.retry",
        subject_type="job",
        subject_id=job_id,
        subject_code=kind,
    )
