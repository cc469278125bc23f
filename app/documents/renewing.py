"""Papers that nobody signs (a book of entries received, an author's form): made anew, the later one takes the place of
the earlier one, which stays readable."""

import json
from datetime import datetime

from sqlalchemy import Row, select

from app import flow
from app.accounts.actor import Actor
from app.core.db import Stateful, db
from app.documents import services
from app.documents.models import Document
from app.documents.templating import store as templates_store
from workflows.spec import N_

FOLLOWED = N_("Lập lại theo dữ liệu mới")


def may_be_drawn(row: Row | Document | None) -> bool:
    """Whether a paper of which this is the present one may be drawn up (again) now."""
    return row is None or row.state in services.REDRAWN or (row.state == "issued" and not needs_signature(row))


def needs_signature(row: Row | Document) -> bool:
    """Whether somebody signs the paper in the application."""
    return bool(row.signer_role)


def draw_afresh(template_code: str, subject: Stateful, actor: Actor, *, now: datetime) -> Document:
    """Draw a paper up; an issued one that nobody had to sign is replaced when its facts have changed, else it stays.

    Raises Refused as `services.draw_up` does. Needs a write transaction.
    """
    earlier = _issued_unsigned(template_code, subject)
    if earlier is not None:
        if not _changed(earlier, subject, now):
            return earlier
        flow.fire_as_system(earlier, "replace", now=now, reason=FOLLOWED)
        db.session.flush()
    return services.draw_up(template_code, subject, actor, now=now)


def _issued_unsigned(template_code: str, subject: Stateful) -> Document | None:
    about = Document.entry_id == subject.id if type(subject).__workflow__.name == "entry" else _of_contest(subject)
    return db.session.scalar(
        select(Document)
        .where(about, Document.template_code == template_code, Document.state == "issued", Document.signer_role == "")
        .order_by(Document.id.desc())
        .limit(1)
    )


def _of_contest(contest: Stateful):
    return (Document.contest_id == contest.id) & Document.entry_id.is_(None)


def _changed(document: Document, subject: Stateful, now: datetime) -> bool:
    template = templates_store.load(document.template_code)
    today = services.data_of(document, subject, now=now)
    return template.sha256 != document.template_sha256 or json.loads(document.data) != today
