"""Entries with a place as they are read, and as the rules of the ranking see them.

Hundreds of rows are gone through several times for one page, so each is a plain tuple with names: a database row
looks every column up by its name anew.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from sqlalchemy import Select, bindparam, func, select

from app.contests.models import Contest
from app.core.db import db, read
from app.entries.models import Entry, EntryAuthor
from app.organisations.models import Organisation
from app.ranking import rules
from app.ranking.rules import Candidate, Rules
from app.scoring.models import ScoreLine, ScoreSheet

PLACED = ("scored", "ranked", "forwarded_to_town", "received", "recognised", "not_recognised")
"""States of entries that have a place, or are about to get one."""
COUNTED_SHEETS = ("submitted", "locked")
FOUR = Decimal("0.0001")


class Scored(NamedTuple):
    """An entry with a place: the columns that the page shows and the rules need, in the order of the statement."""

    id: int
    code: str
    title: str
    score_mean: Decimal
    score_min: Decimal
    score_max: Decimal
    sheets_submitted: int
    submitted_at: datetime
    rank_key: str
    rank: int | None
    prize_id: int | None
    tie_note: str
    unit: str


def rows_of(contest_id: int) -> Select:
    """Entries with a place, best first, as `Scored`."""
    return (
        select(
            Entry.id,
            Entry.code,
            Entry.title,
            Entry.score_mean,
            Entry.score_min,
            Entry.score_max,
            Entry.sheets_submitted,
            Entry.submitted_at,
            Entry.rank_key,
            Entry.rank,
            Entry.prize_id,
            Entry.tie_note,
            Organisation.short_name,
        )
        .join(Organisation, Organisation.id == Entry.unit_id)
        .where(Entry.contest_id == contest_id, Entry.state.in_(PLACED), Entry.rank_key.is_not(None))
        .order_by(Entry.rank_key, Entry.id)
    )


_FIRST = rows_of(bindparam("contest")).limit(bindparam("most"))


def first_rows(contest: Contest, most: int) -> list[Scored]:
    """The best of them."""
    return [Scored._make(row) for row in read(_FIRST, contest=contest.id, most=most)]


def candidates(rows: Sequence[Scored], rules_now: Rules, contest: Contest) -> list[Candidate]:
    """The rows as the rules see them. Means of criteria and numbers of authors are read only for equal means."""
    seen: dict[Decimal, int] = {}
    for row in rows:
        seen[row.score_mean] = seen.get(row.score_mean, 0) + 1
    tied = [row.id for row in rows if seen[row.score_mean] > 1]
    means = (
        _criterion_means(tied, contest) if any(rule.startswith(rules.CRITERION) for rule in rules_now.tie_rules) else {}
    )
    authors = _author_counts(tied) if "fewer_authors" in rules_now.tie_rules else {}
    zeros = _with_zero(rows) if rules_now.zero_fails else frozenset()
    return [
        Candidate(
            row.code,
            row.score_mean,
            row.submitted_at,
            authors.get(row.id, 1),
            means.get(row.id, {}),
            row.id in zeros,
        )
        for row in rows
    ]


_MEANS = (
    select(ScoreSheet.entry_id, ScoreLine.criterion_id, func.sum(ScoreLine.score), func.count())
    .join(ScoreLine, ScoreLine.sheet_id == ScoreSheet.id)
    .where(ScoreSheet.entry_id.in_(bindparam("entries", expanding=True)), ScoreSheet.state.in_(COUNTED_SHEETS))
    .group_by(ScoreSheet.entry_id, ScoreLine.criterion_id)
)


def _criterion_means(entry_ids: Collection[int], contest: Contest) -> dict[int, dict[str, Decimal]]:
    """Means of the counted sheets by criterion, to four places, halves up."""
    if not entry_ids:
        return {}
    keys = {criterion.id: criterion.key for criterion in contest.criteria}
    means: dict[int, dict[str, Decimal]] = {}
    for entry_id, criterion_id, total, sheets in read(_MEANS, entries=list(entry_ids)):
        means.setdefault(entry_id, {})[keys[criterion_id]] = (total / sheets).quantize(FOUR, ROUND_HALF_UP)
    return means


def _author_counts(entry_ids: Collection[int]) -> dict[int, int]:
    if not entry_ids:
        return {}
    counts = select(EntryAuthor.entry_id, func.count()).where(EntryAuthor.entry_id.in_(entry_ids))
    return dict(tuple(row) for row in db.session.execute(counts.group_by(EntryAuthor.entry_id)))


_ZEROS = (
    select(ScoreSheet.entry_id, func.count())
    .join(ScoreLine, ScoreLine.sheet_id == ScoreSheet.id)
    .where(ScoreSheet.entry_id.in_(bindparam("entries", expanding=True)), ScoreSheet.state.in_(COUNTED_SHEETS))
    .where(ScoreLine.score == 0)
    .group_by(ScoreSheet.entry_id, ScoreLine.criterion_id)
)


def _with_zero(rows: Sequence[Scored]) -> frozenset[int]:
    """Entries with a criterion at which every counted sheet gave 0."""
    sheets = {row.id: row.sheets_submitted for row in rows}
    if not sheets:
        return frozenset()
    zeros = read(_ZEROS, entries=list(sheets))
    return frozenset(entry_id for entry_id, count in zeros if count == sheets[entry_id])
