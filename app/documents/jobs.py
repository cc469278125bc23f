"""Background work of papers: drawing them up after an act, and making their bytes once."""

import logging
from datetime import datetime

from app.accounts.actor import SYSTEM
from app.core.db import db
from app.core.errors import Refused
from app.documents import services
from app.documents.batches import making
from app.flow.registry import binding_named
from app.jobs import enqueue_once, handles

log = logging.getLogger(__name__)


@handles("documents.draw_up")
def draw_up(*, now: datetime, workflow: str, subject_id: int, event: int, template: str) -> None:
    """Make the paper that an act asked for. One that is on its way already stays and turns stale where it differs."""
    subject = db.session.get(binding_named(workflow).model, subject_id)
    try:
        services.draw_up(template, subject, SYSTEM, now=now)
    except Refused:
        log.warning("event %s: %s of %s %s is in use already", event, template, workflow, subject_id)


@handles("documents.render_batch", prepare=making.make_some)
def go_on(*, now: datetime, prepared: None, template: str) -> None:
    """Papers that still wait get their turn after what others have asked for meanwhile."""
    if making.waiting(template):
        enqueue_once("documents.render_batch", {"template": template}, now=now)
