"""What the declared acts change on a sheet, and what they carry along: the entry's figures and its state."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app import flow
from app.core.db import db
from app.entries.models import Entry
from app.flow import applies, follows
from app.scoring import aggregates
from app.scoring.models import ScoreLine, ScoreSheet
from workflows import CONTEST, SCORECARD


@applies(SCORECARD, "submit")
def submit(sheet: ScoreSheet, data, *, actor, now, reason):
    """The total is fixed with the sheet. `data` holds the comment and what changed with the same press."""
    scores = db.session.scalars(select(ScoreLine.score).where(ScoreLine.sheet_id == sheet.id)).all()
    sheet.total = sum(scores)
    sheet.submitted_at = now
    if "comment" in data:
        sheet.comment = data["comment"]
        sheet.saved_at = now
    return {**data.get("changes", {}), "total": [None, str(sheet.total)]}


@applies(SCORECARD, "reopen")
def reopen(sheet: ScoreSheet, data, *, actor, now, reason):
    """The scores stay as they were, and count again only when the sheet is sent again."""
    changes = {"total": [str(sheet.total), None]}
    sheet.total = None
    sheet.submitted_at = None
    return changes


@follows(SCORECARD, "submit", "recuse", "abstain", "reopen", "reinstate")
def keep_figures(sheet: ScoreSheet, data, *, actor, now, reason):
    """The entry's figures follow its sheets. When the last sheet is in and they agree the entry is scored by
    itself; a sheet that is open again takes it back into scoring."""
    entry = sheet.entry
    aggregates.recount(entry)
    if entry.sheets_open:
        flow.fire_as_system(entry, "resume_scoring", now=now)
    else:
        flow.fire_as_system(entry, "complete_scoring", now=now)


@follows(CONTEST, "lock_ranking")
def lock_sheets(contest, data, *, actor, now, reason):
    """With the ranking every sheet that counts is closed for good."""
    _fire_on_all(contest.id, "submitted", "lock", actor, now)


@follows(CONTEST, "reopen_ranking")
def unlock_sheets(contest, data, *, actor, now, reason):
    """With the ranking the sheets can be reopened again, one by one."""
    _fire_on_all(contest.id, "locked", "unlock", actor, now)


def _fire_on_all(contest_id: int, state: str, action: str, actor, now) -> None:
    sheets = db.session.scalars(
        select(ScoreSheet)
        .join(ScoreSheet.entry)
        .options(
            contains_eager(ScoreSheet.entry).options(joinedload(Entry.contest), selectinload(Entry.authors)),
        )
        .where(ScoreSheet.contest_id == contest_id, ScoreSheet.state == state)
        .order_by(ScoreSheet.id)
    ).all()
    for sheet in sheets:
        flow.fire(sheet, action, actor, now=now)
