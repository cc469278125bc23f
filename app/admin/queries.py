"""Reads for the administrator: what became of messages and jobs, and the figures of the first page."""

from sqlalchemy import Row, func, select

from app.accounts.models import User
from app.contests.models import Contest
from app.core.db import db
from app.jobs.models import Job
from app.notifications.models import Message
from app.organisations.models import Organisation

PAGE = 50


def figures() -> Row:
    """`people, organisations, jobs_failed, mails_failed`: how many there are."""
    counts = {
        "people": select(func.count(User.id)).where(User.disabled_at.is_(None)),
        "organisations": select(func.count(Organisation.id)).where(Organisation.valid_to.is_(None)),
        "jobs_failed": select(func.count(Job.id)).where(Job.status == "failed"),
        "mails_failed": select(func.count(Message.id)).where(Message.mail_state == "failed"),
    }
    return db.session.execute(select(*(query.scalar_subquery().label(name) for name, query in counts.items()))).one()


def messages(*, mail_state: str = "", before: int | None = None) -> list[Row]:
    """Messages, the latest first, with the fate of each; neither text nor title, which may speak of contents."""
    query = (
        select(
            Message.id,
            Message.name,
            User.full_name,
            Message.created_at,
            Message.read_at,
            Message.mail_state,
            Message.mailed_at,
            Message.mail_error,
        )
        .join(User, User.id == Message.user_id)
        .order_by(Message.id.desc())
    )
    if mail_state:
        query = query.where(Message.mail_state == mail_state)
    if before is not None:
        query = query.where(Message.id < before)
    return db.session.execute(query.limit(PAGE)).all()


def jobs(*, status: str = "", before: int | None = None) -> list[Row]:
    """Background jobs, the latest first; without their arguments."""
    query = select(
        Job.id, Job.kind, Job.status, Job.attempts, Job.run_at, Job.created_at, Job.finished_at, Job.error
    ).order_by(Job.id.desc())
    if status:
        query = query.where(Job.status == status)
    if before is not None:
        query = query.where(Job.id < before)
    return db.session.execute(query.limit(PAGE)).all()


def contests() -> list[Row]:
    """`id, title, year, code` of every contest, the latest first."""
    return db.session.execute(
        select(Contest.id, Contest.title, Contest.year, Contest.code).order_by(Contest.year.desc(), Contest.id.desc())
    ).all()
