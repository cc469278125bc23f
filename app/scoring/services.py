"""Writes of scoring: assignment, sheets, reminders. Acts that move a state are declared and go through `flow`."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import audit
from app.accounts.actor import Actor
from app.contests.models import Contest
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.entries.models import Entry
from app.scoring.assigning import assign_all, assign_judge, check_unassign, plan, tell, unassign
from app.scoring.models import ScoreSheet
from app.scoring.panel import REMINDER, last_reminder
from app.scoring.policy import OPEN, STAFF
from app.scoring.queries import JUDGED
from app.scoring.sheets import Mark, save_sheet, submit_sheet
from workflows import CONTEST
from workflows.spec import N_, Refusal, Role

__all__ = [
    "Mark",
    "assign_all",
    "assign_judge",
    "check_unassign",
    "plan",
    "remind",
    "save_sheet",
    "submit_sheet",
    "unassign",
]

PAUSE = timedelta(minutes=5)
"""Between two reminders, so that a button pressed twice sends one."""


def remind(contest: Contest, actor: Actor, *, now: datetime) -> int:
    """Send every judge with open sheets one message; returns to how many. Raises Refused when that was just done."""
    held = actor.roles_in(contest.organisation_id, contest.id) & STAFF
    if not held:
        raise NotAllowed(_("Việc nhắc chấm dành cho Tổ thư ký và Trưởng Ban giám khảo."))
    last = last_reminder(contest.id)
    if last is not None and last > now - PAUSE:
        raise Refused(Refusal("just_reminded", N_("Vừa nhắc giám khảo xong. Chờ vài phút rồi nhắc lại.")))
    first = (
        select(func.min(ScoreSheet.id))
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(ScoreSheet.contest_id == contest.id, ScoreSheet.state.in_(OPEN), Entry.state.in_(JUDGED))
        .group_by(ScoreSheet.judge_id)
    )
    sheets = db.session.scalars(select(ScoreSheet).where(ScoreSheet.id.in_(first)).order_by(ScoreSheet.id)).all()
    if not sheets:
        return 0
    seq = audit.record(
        at=now,
        actor=actor,
        role=next(role.value for role in Role if role in held),
        action=REMINDER,
        subject_type=CONTEST.name,
        subject_id=contest.id,
        subject_code=contest.code,
        contest_id=contest.id,
        from_state=contest.state,
        to_state=contest.state,
        changes={"judges": [None, len(sheets)]},
    )
    for sheet in sheets:
        tell(sheet, seq, now)
    return len(sheets)
