"""Reads of the trail: of one subject for its page, and of everything for the administrator."""

from sqlalchemy import Row, bindparam, select

from app.audit.models import AuditEvent
from app.core.db import db, read
from app.core.vietnamese import fold

COLUMNS = tuple(column for column in AuditEvent.__table__.columns if column.name not in ("hash", "prev_hash"))
PAGE = 50
FAR = 5000


_OF_SUBJECT = (
    select(*COLUMNS)
    .where(AuditEvent.subject_type == bindparam("subject_type"), AuditEvent.subject_id == bindparam("subject_id"))
    .order_by(AuditEvent.seq.desc())
    .limit(bindparam("most"))
)


def events_of(subject_type: str, subject_id: int, *, limit: int = 500) -> list[Row]:
    """What happened to one subject, the latest first; rows as `app.audit.sentences` reads them."""
    return read(_OF_SUBJECT, subject_type=subject_type, subject_id=subject_id, most=limit)


def latest(*, subject_type: str = "", words: str = "", before: int | None = None, size: int = PAGE) -> list[Row]:
    """Events of all subjects, the latest first, at most `size` and all with a number under `before`.

    `words` are looked for, without marks, in the person's name and the subject's code, among the last `FAR` events
    before that point.
    """
    query = select(*COLUMNS).order_by(AuditEvent.seq.desc())
    if subject_type:
        query = query.where(AuditEvent.subject_type == subject_type)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    if not fold(words):
        return db.session.execute(query.limit(size)).all()
    needle = fold(words)
    rows = db.session.execute(query.limit(FAR))
    found = (row for row in rows if needle in fold(f"{row.actor_name} {row.subject_code}"))
    return [row for row, _place in zip(found, range(size), strict=False)]
