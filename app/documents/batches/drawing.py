"""Draws up the papers of a batch in the background, as many in one transaction as other writers can wait for.

What a transaction has drawn up leaves the batch's list with it, so that a worker that is killed has lost and doubled
nothing.
"""

import json
import logging
import time
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import queries as accounts
from app.accounts.actor import SYSTEM, Actor
from app.core.db import Stateful, db, write_transaction
from app.core.errors import Refused
from app.core.i18n import spoken
from app.documents import services
from app.documents.batches import services as batches
from app.documents.models import DocumentBatch
from app.flow.registry import binding_named
from app.jobs import enqueue_once, handles
from workflows.spec import N_

HOLD = 0.2
"""Seconds after which a transaction ends: an embedded database has one writer."""
PAUSE = 0.1
"""Seconds in which others get their turn to write."""
SLICE = 20.0
"""Seconds after which a piece of work ends, so that deadlines and other work get their turn."""
AT_ONCE = 20
INCOMPLETE = N_("Dữ liệu chưa đủ để lập văn bản này.")
log = logging.getLogger(__name__)


def draw_some(*, now: datetime, batch_id: int) -> None:
    """Draw up papers of a batch for as long as one piece of work may take."""
    began = time.monotonic()
    while _draw_next(batch_id, now) and time.monotonic() - began < SLICE:
        time.sleep(PAUSE)


@handles("documents.draw_batch", prepare=draw_some)
def go_on(*, now: datetime, prepared: None, batch_id: int) -> None:
    """What is left gets its turn after what others have asked for meanwhile."""
    if db.session.get(DocumentBatch, batch_id).undrawn:
        enqueue_once("documents.draw_batch", {"batch_id": batch_id}, now=now)


def _draw_next(batch_id: int, now: datetime) -> bool:
    """One transaction of papers; whether more are left."""
    with write_transaction():
        batch = db.session.get(DocumentBatch, batch_id, populate_existing=True)
        services.one_at_a_time(batch.organisation_id)
        db.session.refresh(batch)  # a worker that lost its lease may have been faster
        left = json.loads(batch.undrawn or "[]")
        actor = accounts.actor(batch.created_by_id, now=now) if batch.created_by_id else SYSTEM
        until = time.monotonic() + HOLD
        for subject_id, subject in _subjects(batch, left[:AT_ONCE]):
            _draw(batch, subject, actor, now)
            left.remove(subject_id)
            if time.monotonic() > until:
                break
        batch.undrawn = json.dumps(left) if left else ""
        db.session.flush()
        if not left:
            batches.note_progress(batch_id, now=now)
        return bool(left)


def _subjects(batch: DocumentBatch, subject_ids: list[int]) -> Iterator[tuple[int, Stateful]]:
    model = binding_named(batch.subject_type).model
    found = {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(subject_ids)))}
    return ((subject_id, found[subject_id]) for subject_id in subject_ids)


def _draw(batch: DocumentBatch, subject: Stateful, actor: Actor, now: datetime) -> None:
    """One paper, or why there is none; whatever is wrong with it keeps no other from being drawn up."""
    try:
        with db.session.begin_nested():
            paper = services.draw_up(batch.template_code, subject, actor, now=now)
            paper.batch_id = batch.id
    except Refused as error:
        _note_refused(batch, subject, spoken(error.refusal.message, error.refusal.params))
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("no paper of batch %s about %s %s", batch.code, batch.subject_type, subject.id)
        _note_refused(batch, subject, spoken(INCOMPLETE, {}))


def _note_refused(batch: DocumentBatch, subject: Stateful, why: str) -> None:
    code = binding_named(batch.subject_type).code(subject)
    batch.refused = json.dumps([*batches.refused(batch), [code, why]], ensure_ascii=False)
