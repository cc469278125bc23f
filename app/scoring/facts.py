"""What the guards ask about sheets, about an entry by its sheets, and about a contest by its entries' sheets."""

from sqlalchemy import bindparam, exists, func, select

from app.contests.models import Contest, Criterion
from app.core.db import db, is_writing
from app.entries.models import Entry
from app.entries.queries import count_in_states
from app.flow import provides
from app.scoring.models import ScoreLine, ScoreSheet
from app.scoring.policy import BEGUN
from workflows import CONTEST, ENTRY, SCORECARD

IN_JUDGING = "screened"


@provides(SCORECARD)
def contest_state(sheet: ScoreSheet) -> str:
    """Where the contest stands. While an act goes on the contest and the entry are held as they are, in this order
    and before the trail, so that closing the judging and scoring never pass each other."""
    _hold(sheet)
    return sheet.entry.contest.state


@provides(SCORECARD)
def entry_state(sheet: ScoreSheet) -> str:
    """Where the entry stands."""
    return sheet.entry.state


def _hold(sheet: ScoreSheet) -> None:
    """Nothing on SQLite, where a writing transaction is alone from its first statement."""
    if not is_writing() or db.session.get_bind().dialect.name == "sqlite":
        return
    db.session.refresh(sheet.entry.contest, ["state", "version"], with_for_update={"read": True})
    db.session.refresh(sheet.entry, ["state", "version"], with_for_update=True)


_SCORED = exists().where(ScoreLine.sheet_id == bindparam("sheet"), ScoreLine.criterion_id == Criterion.id)
_CRITERIA_OPEN = (
    select(func.count()).select_from(Criterion).where(Criterion.contest_id == bindparam("contest"), ~_SCORED)
)


@provides(SCORECARD)
def criteria_open(sheet: ScoreSheet) -> int:
    """How many criteria have no score yet."""
    return db.session.scalar(_CRITERIA_OPEN, {"sheet": sheet.id, "contest": sheet.contest_id})


_SHEETS_BEGUN = select(exists().where(ScoreSheet.entry_id == bindparam("entry"), ScoreSheet.state.in_(BEGUN)))


@provides(ENTRY)
def sheets_begun(entry: Entry) -> bool:
    """Whether a judge has begun to score the entry."""
    return db.session.scalar(_SHEETS_BEGUN, {"entry": entry.id})


@provides(ENTRY)
def sheets_open(entry: Entry) -> int:
    """How many assigned sheets are not sent."""
    return entry.sheets_open


@provides(ENTRY)
def sheets_submitted(entry: Entry) -> int:
    """How many sheets are sent."""
    return entry.sheets_submitted


@provides(ENTRY)
def min_judges(entry: Entry) -> int:
    """How many sheets an entry needs at least."""
    return entry.contest.min_judges


@provides(ENTRY)
def spread_over_limit(entry: Entry) -> bool:
    """Whether the sheets lie further apart than the rule allows."""
    return entry.spread_over_limit


@provides(CONTEST)
def entries_in_judging(contest: Contest) -> int:
    """How many entries are accepted and not scored."""
    return count_in_states(contest.id, (IN_JUDGING,))


@provides(CONTEST)
def entries_short_of_judges(contest: Contest) -> int:
    """How many of them have fewer working sheets than the rule asks for."""
    return db.session.scalar(
        select(func.count())
        .select_from(Entry)
        .where(
            Entry.contest_id == contest.id,
            Entry.state == IN_JUDGING,
            Entry.sheets_open + Entry.sheets_submitted < contest.min_judges,
        )
    )
