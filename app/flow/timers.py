"""Acts that come by themselves: transitions of the SYSTEM with a date, fired by the worker when their time is there."""

import logging
from datetime import datetime

from app.core.db import db, write_transaction
from app.flow.engine import fire_as_system
from app.flow.registry import Binding, Facts, all_bindings
from workflows.spec import Transition

log = logging.getLogger(__name__)


def run_due(now: datetime) -> int:
    """Fire every timed transition whose moment has come and whose guards agree; returns how many."""
    return sum(_run_binding(binding, now) for binding in all_bindings() if _timed(binding))


def _timed(binding: Binding) -> list[Transition]:
    return [t for t in binding.workflow.transitions if t.after]


def _run_binding(binding: Binding, now: datetime) -> int:
    due = [
        (subject.id, t.action)
        for subject in binding.due(now)
        for t in _timed(binding)
        if subject.state in t.source and _has_come(subject, t, now)
    ]
    db.session.rollback()
    return sum(_fire(binding, subject_id, action, now) for subject_id, action in due)


def _has_come(subject, transition: Transition, now: datetime) -> bool:
    facts = Facts(subject)
    moment = getattr(facts, transition.after)
    return moment is not None and moment <= now and not transition.first_refusal(facts, now)


def _fire(binding: Binding, subject_id: int, action: str, now: datetime) -> bool:
    with write_transaction():
        subject = db.session.get(binding.model, subject_id)
        fired = subject is not None and fire_as_system(subject, action, now=now) is not None
    if fired:
        log.info("%s fired on %s %s", binding.workflow.action_id(action), binding.workflow.name, subject_id)
    return fired
