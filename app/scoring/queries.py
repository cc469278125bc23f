"""Reads of score sheets. What a person may not see is answered like what is not there.

A judge reads the own sheets only. Secretary and head of jury read sheets that are sent; of an entry that they
score themselves only once their own sheet is out of their hands.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.queries import holders
from app.contests.models import Contest, Criterion
from app.core.db import db, read
from app.core.errors import NotFound
from app.entries.models import Entry, EntryAuthor
from app.entries.services import is_author
from app.scoring import policy
from app.scoring.models import ScoreLine, ScoreSheet
from app.scoring.policy import OPEN, SENT
from workflows.spec import Role

MOST_SHEETS = 2_000
JUDGED = ("screened", "scored", "ranked", "forwarded_to_town", "received", "recognised", "not_recognised")
"""States of an entry whose sheets mean something; a withdrawn entry disappears from every list of the jury."""


# --- one sheet ----------------------------------------------------------------------------------------------------
def get_visible(code: str, actor: Actor, *, to_read: bool = False) -> ScoreSheet:
    """The sheet with its entry, contest and authors, if the actor has a role towards it; `to_read`: with the entry's
    unit and field too. Raises NotFound."""
    statement = _TO_READ if to_read else _BY_CODE
    sheet = db.session.scalars(statement, {"code": code}).unique().one_or_none()
    if sheet is None or not policy.roles(sheet, actor) or sheet.entry.state not in JUDGED:
        raise NotFound
    return sheet


def get_own(code: str, actor: Actor) -> ScoreSheet:
    """The sheet if the actor is its judge, without a known conflict. Raises NotFound."""
    sheet = get_visible(code, actor)
    if Role.JUDGE not in policy.roles(sheet, actor):
        raise NotFound
    return sheet


def _with_entry(condition: ColumnElement[bool]) -> Select:
    return (
        select(ScoreSheet)
        .join(ScoreSheet.entry)
        .join(Entry.contest)
        .where(condition)
        .options(contains_eager(ScoreSheet.entry).options(contains_eager(Entry.contest), joinedload(Entry.authors)))
    )


_BY_CODE = _with_entry(ScoreSheet.code == bindparam("code"))
_TO_READ = _BY_CODE.options(
    contains_eager(ScoreSheet.entry).options(joinedload(Entry.unit, innerjoin=True), joinedload(Entry.field))
)


def shows_scores(sheet: ScoreSheet, actor: Actor) -> bool:
    """Whether the actor may read the scores on the sheet."""
    held = policy.roles(sheet, actor)
    if Role.JUDGE in held:
        return sheet.state in policy.BEGUN
    return bool(held & policy.STAFF) and sheet.state in SENT and sheet.entry_id not in own_open(actor, sheet.contest_id)


def own_open(actor: Actor, contest_id: int) -> frozenset[int]:
    """Ids of entries of the contest whose sheet the actor has yet to send: their other sheets stay closed."""
    query = select(ScoreSheet.entry_id).where(
        ScoreSheet.judge_id == actor.user_id, ScoreSheet.contest_id == contest_id, ScoreSheet.state.in_(OPEN)
    )
    return frozenset(db.session.scalars(query))


_LINES = (
    select(
        Criterion.id,
        Criterion.key,
        Criterion.name,
        Criterion.max_score,
        Criterion.bands,
        ScoreLine.score,
        ScoreLine.note,
    )
    .outerjoin(ScoreLine, (ScoreLine.criterion_id == Criterion.id) & (ScoreLine.sheet_id == bindparam("sheet")))
    .where(Criterion.contest_id == bindparam("contest"))
    .order_by(Criterion.position, Criterion.id)
)


def lines_of(sheet: ScoreSheet) -> list[Row]:
    """The rubric with what the sheet gives, in its order: `id, key, name, max_score, bands, score, note`."""
    return list(read(_LINES, sheet=sheet.id, contest=sheet.contest_id))


# --- a judge's own sheets -----------------------------------------------------------------------------------------
_NAMED = select(EntryAuthor.entry_id).where(
    or_(EntryAuthor.user_id == bindparam("judge"), EntryAuthor.user_id.is_(None)), EntryAuthor.entry_id == Entry.id
)


def _own(*more) -> Select:
    """A judge's sheets in a contest. `perhaps_barred`: entries that the rule of conflicts could bar, of the own unit or
    with an author who is the judge or has no account."""
    return (
        select(
            ScoreSheet.entry_id,
            or_(Entry.unit_id == bindparam("unit"), _NAMED.exists()).label("perhaps_barred"),
            ScoreSheet.id,
            ScoreSheet.code,
            ScoreSheet.state,
            Entry.code.label("entry_code"),
            *more,
        )
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(
            ScoreSheet.judge_id == bindparam("judge"),
            ScoreSheet.contest_id == bindparam("contest"),
            Entry.state.in_(JUDGED),
        )
        # By the plain column SQLite would walk the index of the whole contest for the sake of this order.
        .order_by(ScoreSheet.entry_id + 0)
        .limit(MOST_SHEETS)
    )


_IN_ORDER = _own()
_SHOWN = _own(ScoreSheet.total, ScoreSheet.submitted_at, Entry.title)


def list_own(actor: Actor, contest_id: int) -> list[Row]:
    """The actor's sheets in a contest, in an order that is the same at each visit and begins elsewhere for each
    judge, so that no entry is always read by tired eyes: `id, code, state, total, submitted_at, entry_id,
    entry_code, title`. Sheets with a known conflict are left out."""
    return _read_own(_SHOWN, actor, contest_id)


def _read_own(prepared: Select, actor: Actor, contest_id: int) -> list[Row]:
    rows = read(prepared, judge=actor.user_id, contest=contest_id, unit=actor.organisation_id)
    suspects = [entry_id for entry_id, perhaps_barred, *_more in rows if perhaps_barred]
    barred = _conflicted(suspects, actor) if suspects else frozenset()
    return _rotated([row for row in rows if row[0] not in barred], actor.user_id)


def _rotated(rows: list[Row], judge_id: int) -> list[Row]:
    start = judge_id * 7 % len(rows) if rows else 0
    return rows[start:] + rows[:start]


_WITH_AUTHORS = (
    select(Entry)
    .where(Entry.id.in_(bindparam("entries", expanding=True)))
    .options(load_only(Entry.unit_id, Entry.contest_id), joinedload(Entry.contest, innerjoin=True))
    .options(selectinload(Entry.authors).load_only(EntryAuthor.user_id, EntryAuthor.full_name))
)


def _conflicted(entry_ids: list[int], actor: Actor) -> frozenset[int]:
    """Those of the entries that the actor may not score."""
    entries = db.session.scalars(_WITH_AUTHORS, {"entries": entry_ids})
    return frozenset(
        entry.id for entry in entries if policy.conflict(entry, actor.user_id, actor.name, actor.organisation_id)
    )


def neighbours(sheet: ScoreSheet, actor: Actor) -> tuple[Row, Row] | tuple[None, None]:
    """The judge's sheets before and after this one, going round: `code, entry_code`; nothing beside an only one."""
    rows = _read_own(_IN_ORDER, actor, sheet.contest_id)
    if len(rows) < 2:
        return None, None
    place = next((n for n, row in enumerate(rows) if row[0] == sheet.entry_id), 0)
    return rows[place - 1], rows[(place + 1) % len(rows)]


def next_open(actor: Actor, contest_id: int, after: str = "") -> Row | None:
    """The next sheet to be done after the one with this code, going round; None when all are done."""
    rows = _read_own(_IN_ORDER, actor, contest_id)
    place = next((n for n, row in enumerate(rows) if row.code == after), -1)
    round_trip = rows[place + 1 :] + rows[: place + 1]
    return next((row for row in round_trip if row.state in OPEN and row.code != after), None)


def own_lines(actor: Actor, contest_id: int) -> dict[int, dict[int, object]]:
    """Scores of the actor's sheets in a contest: sheet id → criterion id → score."""
    rows = db.session.execute(
        select(ScoreLine.sheet_id, ScoreLine.criterion_id, ScoreLine.score)
        .join(ScoreSheet, ScoreSheet.id == ScoreLine.sheet_id)
        .where(ScoreSheet.judge_id == actor.user_id, ScoreSheet.contest_id == contest_id)
    )
    found: dict[int, dict[int, object]] = {}
    for sheet_id, criterion_id, score in rows:
        found.setdefault(sheet_id, {})[criterion_id] = score
    return found


def contests_of_judge(actor: Actor) -> list[Contest]:
    """Contests in which the actor has sheets, those in judging first, then the newest."""
    return _chosen(select(ScoreSheet.contest_id).where(ScoreSheet.judge_id == actor.user_id))


# --- the panel ----------------------------------------------------------------------------------------------------
def contests_of_panel(actor: Actor) -> list[Contest]:
    """Contests in which the actor is secretary or head of jury, those in judging first, then the newest."""
    return [
        contest
        for contest in _chosen(select(Contest.id).where(Contest.state != "preparing"))
        if actor.roles_in(contest.organisation_id, contest.id) & policy.STAFF
    ]


def _chosen(ids) -> list[Contest]:
    first = {"judging": 0, "screening": 1, "open": 2, "ranked": 3}
    contests = db.session.scalars(select(Contest).where(Contest.id.in_(ids)).order_by(Contest.id.desc()))
    return sorted(contests, key=lambda contest: first.get(contest.state, 4))


def judges(contest: Contest, on: date) -> list[User]:
    """Who may be given entries of the contest on the day, in the order of their names."""
    ids = holders(Role.JUDGE, organisation_id=contest.organisation_id, contest_id=contest.id, on=on)
    return list(db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name_key, User.id)))


def entries_in_judging(contest_id: int, states: Iterable[str] = ("screened",)) -> list[Entry]:
    """Entries with contest and authors, for assignment and for the check of conflicts."""
    return list(
        db.session.scalars(
            select(Entry)
            .where(Entry.contest_id == contest_id, Entry.state.in_(tuple(states)))
            .options(joinedload(Entry.contest, innerjoin=True), selectinload(Entry.authors))
            .order_by(Entry.id)
        )
    )


def may_read_files(entry: Entry, actor: Actor) -> bool:
    """Whether the actor may open the evidence as a judge of the entry who has declared no conflict."""
    query = _with_entry((ScoreSheet.entry_id == entry.id) & (ScoreSheet.judge_id == actor.user_id))
    sheet = db.session.scalars(query).unique().one_or_none()
    return sheet is not None and sheet.entry.state in JUDGED and policy.reads_dossier(sheet, actor)


def entry_for_panel(code: str, actor: Actor) -> Entry:
    """An entry under judgement in a contest where the actor is secretary or head of jury and not an author of it.
    Raises NotFound."""
    entry = db.session.scalar(
        select(Entry)
        .where(Entry.code == code, Entry.state.in_(JUDGED))
        .options(joinedload(Entry.contest, innerjoin=True), selectinload(Entry.authors))
    )
    if entry is None:
        raise NotFound
    held = actor.roles_in(entry.contest.organisation_id, entry.contest_id) & policy.STAFF
    if not held or is_author(entry, actor.user_id, actor.name):
        raise NotFound
    return entry
