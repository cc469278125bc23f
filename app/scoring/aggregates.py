"""What the sheets of an entry come to, kept on the entry in the transaction that changes a sheet.

So no list, ranking or export computes a mean. The entry's version stays: a score is no change of the dossier.
"""

from decimal import Decimal

from sqlalchemy import func, select, update

from app.contests.models import Contest
from app.core.db import db
from app.entries.models import Entry, EntryAuthor
from app.scoring import arithmetic
from app.scoring.models import ScoreLine, ScoreSheet
from app.scoring.policy import OPEN, SENT


def recount(entry: Entry) -> None:
    """Compute the aggregates of the entry anew from its sheets. The caller has flushed and holds the entry."""
    sheets = _sheets(entry.id)
    totals = [total for state, total, _scores in sheets if state in SENT]
    values = {
        "sheets_open": sum(state in OPEN for state, _total, _scores in sheets),
        "sheets_submitted": len(totals),
        "score_mean": None,
        "score_min": None,
        "score_max": None,
        "spread_over_limit": False,
        "rank_key": None,
    }
    if totals:
        values |= _scores(entry, totals, [scores for state, _total, scores in sheets if state in SENT])
    db.session.execute(update(Entry).where(Entry.id == entry.id).values(values))


def _sheets(entry_id: int) -> list[tuple[str, Decimal | None, dict[int, Decimal]]]:
    """State, total and scores by criterion of each sheet, with one statement."""
    rows = db.session.execute(
        select(ScoreSheet.id, ScoreSheet.state, ScoreSheet.total, ScoreLine.criterion_id, ScoreLine.score)
        .outerjoin(ScoreLine, ScoreLine.sheet_id == ScoreSheet.id)
        .where(ScoreSheet.entry_id == entry_id)
        .order_by(ScoreSheet.id)
    )
    found: dict[int, tuple[str, Decimal | None, dict[int, Decimal]]] = {}
    for sheet_id, state, total, criterion_id, score in rows:
        sheet = found.setdefault(sheet_id, (state, total, {}))
        if criterion_id is not None:
            sheet[2][criterion_id] = score
    return list(found.values())


def _scores(entry: Entry, totals: list[Decimal], scores: list[dict[int, Decimal]]) -> dict:
    contest = entry.contest
    mean = arithmetic.combined(contest.combination, totals)
    return {
        "score_mean": mean,
        "score_min": min(totals),
        "score_max": max(totals),
        "spread_over_limit": arithmetic.is_too_far_apart(totals, scale(contest), contest.deviation_percent),
        "rank_key": arithmetic.rank_key(
            mean,
            tie_rules(contest),
            {
                criterion.key: arithmetic.mean([one.get(criterion.id, Decimal(0)) for one in scores])
                for criterion in contest.criteria
            },
            entry.submitted_at,
            _author_count(entry),
        ),
    }


def _author_count(entry: Entry) -> int:
    if "fewer_authors" not in tie_rules(entry.contest):
        return 0
    return db.session.scalar(select(func.count()).select_from(EntryAuthor).where(EntryAuthor.entry_id == entry.id))


def scale(contest: Contest) -> Decimal:
    """The highest total that a sheet can have."""
    return sum((criterion.max_score for criterion in contest.criteria), Decimal(0))


def tie_rules(contest: Contest) -> list[str]:
    """The contest's rules for equal means, in their order."""
    return [rule for rule in contest.tie_rules.split(",") if rule]
