"""Reads for the secretary and the head of jury: the matrix, the score table, entries whose sheets lie apart."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, func, select

from app.accounts.actor import Actor
from app.accounts.models import User
from app.audit.models import AuditEvent
from app.contests.models import Contest, Criterion
from app.core.db import db
from app.entries.models import Entry
from app.organisations.models import Organisation
from app.scoring.models import ScoreLine, ScoreSheet
from app.scoring.policy import OPEN, SENT
from app.scoring.queries import JUDGED, own_open
from workflows import CONTEST

PAGE = 50
REMINDER = "contest.remind_judges"


def sheets_of(contest_id: int, entry_ids: Iterable[int] | None = None) -> list[Row]:
    """Sheets of a contest, or of some of its entries: `id, code, state, total, entry_id, judge_id, submitted_at`."""
    query = (
        select(
            ScoreSheet.id,
            ScoreSheet.code,
            ScoreSheet.state,
            ScoreSheet.total,
            ScoreSheet.entry_id,
            ScoreSheet.judge_id,
            ScoreSheet.submitted_at,
        )
        .where(ScoreSheet.contest_id == contest_id)
        .order_by(ScoreSheet.entry_id, ScoreSheet.id)
    )
    return list(
        db.session.execute(query if entry_ids is None else query.where(ScoreSheet.entry_id.in_(list(entry_ids))))
    )


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Full names by id, in the order of given names."""
    rows = db.session.execute(
        select(User.id, User.full_name).where(User.id.in_(list(user_ids))).order_by(User.name_key, User.id)
    )
    return {row.id: row.full_name for row in rows}


def matrix_entries(contest_id: int, after: int | None) -> list[Row]:
    """One page of entries under judgement, one row more than `PAGE` when there are others:
    `id, code, title, state, sheets_open, sheets_submitted`."""
    query = (
        select(Entry.id, Entry.code, Entry.title, Entry.state, Entry.sheets_open, Entry.sheets_submitted)
        .where(Entry.contest_id == contest_id, Entry.state.in_(JUDGED))
        .order_by(Entry.id)
        .limit(PAGE + 1)
    )
    return list(db.session.execute(query.where(Entry.id > after) if after else query))


def progress_by_judge(contest_id: int) -> list[Row]:
    """For each judge with sheets in the contest: `judge_id, full_name, n, sent, left`, by given name."""
    return list(
        db.session.execute(
            select(
                ScoreSheet.judge_id,
                User.full_name,
                func.count().label("n"),
                func.count().filter(ScoreSheet.state.in_(SENT)).label("sent"),
                func.count().filter(ScoreSheet.state.in_(OPEN)).label("left"),
            )
            .join(User, User.id == ScoreSheet.judge_id)
            .join(Entry, Entry.id == ScoreSheet.entry_id)
            .where(ScoreSheet.contest_id == contest_id, Entry.state.in_(JUDGED))
            .group_by(ScoreSheet.judge_id, User.full_name, User.name_key)
            .order_by(User.name_key, ScoreSheet.judge_id)
        )
    )


def last_reminder(contest_id: int) -> datetime | None:
    """When judges were last reminded of open sheets."""
    return db.session.scalar(
        select(AuditEvent.at)
        .where(
            AuditEvent.subject_type == CONTEST.name,
            AuditEvent.subject_id == contest_id,
            AuditEvent.action == REMINDER,
        )
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    )


def score_table(contest: Contest, actor: Actor, after: tuple[str, int] | None) -> list[Row]:
    """One page of entries with sent sheets, best first, one row more than `PAGE` when there are others: `id, code,
    title, state, unit, sheets_open, sheets_submitted, score_mean, score_min, score_max, spread_over_limit,
    rank_key`. Entries whose sheet the actor has yet to send are not in it, since their place would tell."""
    query = (
        select(
            Entry.id,
            Entry.code,
            Entry.title,
            Entry.state,
            Organisation.short_name.label("unit"),
            Entry.sheets_open,
            Entry.sheets_submitted,
            Entry.score_mean,
            Entry.score_min,
            Entry.score_max,
            Entry.spread_over_limit,
            Entry.rank_key,
        )
        .join(Organisation, Organisation.id == Entry.unit_id)
        .where(
            Entry.contest_id == contest.id,
            Entry.state.in_(JUDGED),
            Entry.rank_key.is_not(None),
            Entry.id.not_in(own_open(actor, contest.id)),
        )
        .order_by(Entry.rank_key, Entry.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        key, entry_id = after
        query = query.where((Entry.rank_key > key) | ((Entry.rank_key == key) & (Entry.id > entry_id)))
    return list(db.session.execute(query))


def apart(contest: Contest, actor: Actor) -> list[Row]:
    """Entries that wait for the head of jury because their sheets lie too far apart, the widest first: `id, code,
    title, score_mean, score_min, score_max, sheets_submitted`."""
    return list(
        db.session.execute(
            select(
                Entry.id,
                Entry.code,
                Entry.title,
                Entry.score_mean,
                Entry.score_min,
                Entry.score_max,
                Entry.sheets_submitted,
            )
            .where(
                Entry.contest_id == contest.id,
                Entry.state == "screened",
                Entry.spread_over_limit.is_(True),
                Entry.sheets_open == 0,
                Entry.id.not_in(own_open(actor, contest.id)),
            )
            .order_by((Entry.score_max - Entry.score_min).desc(), Entry.id)
        )
    )


def scores_of(entry_id: int) -> list[Row]:
    """Scores on the sent sheets of one entry: `sheet_id, criterion_id, score, note`."""
    return list(
        db.session.execute(
            select(ScoreLine.sheet_id, ScoreLine.criterion_id, ScoreLine.score, ScoreLine.note)
            .join(ScoreSheet, ScoreSheet.id == ScoreLine.sheet_id)
            .where(ScoreSheet.entry_id == entry_id, ScoreSheet.state.in_(SENT))
        )
    )


def sent_sheets(entry_id: int) -> list[ScoreSheet]:
    """The sent sheets of one entry, in the order of their codes."""
    return list(
        db.session.scalars(
            select(ScoreSheet)
            .where(ScoreSheet.entry_id == entry_id, ScoreSheet.state.in_(SENT))
            .order_by(ScoreSheet.id)
        )
    )


def rubric(contest_id: int) -> list[Row]:
    """The criteria in their order: `id, key, name, max_score`."""
    return list(
        db.session.execute(
            select(Criterion.id, Criterion.key, Criterion.name, Criterion.max_score)
            .where(Criterion.contest_id == contest_id)
            .order_by(Criterion.position, Criterion.id)
        )
    )
