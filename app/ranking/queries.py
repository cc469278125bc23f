"""Reads of the ranking: one page of it, all of it for the lock, and what was locked."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Row, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.actor import Actor
from app.audit.models import AuditEvent
from app.contests.models import Contest, Prize
from app.core.db import db
from app.documents.models import Document
from app.entries.models import Entry
from app.entries.queries import count_in_states
from app.ranking import rules
from app.ranking.rows import PLACED, Scored, candidates, first_rows, rows_of
from app.ranking.rules import Place, PrizeKind, Rules
from workflows import CONTEST
from workflows.spec import Role

PAGE = 250
READERS = (Role.HEAD_OF_JURY, Role.SECRETARY, Role.OFFICE)
WITH_RANKING = ("judging", "ranked", "decided", "closed")
Top = tuple[Sequence[Place], Sequence[Scored]]
NOTE_LIMIT = 200
SPARE = 50


# --- contests -----------------------------------------------------------------------------------------------------
def contests_of(actor: Actor) -> list[Row]:
    """Contests with a ranking that the actor may read, the newest first: `code, title, state`."""
    scopes = [
        Contest.organisation_id == grant.organisation_id
        if grant.contest_id is None
        else and_(Contest.organisation_id == grant.organisation_id, Contest.id == grant.contest_id)
        for grant in actor.grants
        if grant.role in READERS
    ]
    if not scopes:
        return []
    return list(
        db.session.execute(
            select(Contest.code, Contest.title, Contest.state)
            .where(or_(*scopes), Contest.state.in_(WITH_RANKING))
            .order_by(Contest.year.desc(), Contest.id.desc())
        )
    )


def may_read(contest: Contest, actor: Actor) -> bool:
    """Whether the actor may see the scores and ranks of the contest."""
    return bool(actor.roles_in(contest.organisation_id, contest.id) & set(READERS))


def rules_of(contest: Contest) -> Rules:
    """What the contest lays down."""
    prizes = tuple(PrizeKind(prize.id, prize.slots, prize.amount) for prize in contest.prizes)
    tie_rules = tuple(rule for rule in contest.tie_rules.split(",") if rule)
    return Rules(contest.threshold, contest.zero_fails, tie_rules, prizes)


# --- the whole ranking --------------------------------------------------------------------------------------------
def all_places(contest: Contest) -> list[Place]:
    """Everybody's place by the rules, as of now."""
    laid_down = rules_of(contest)
    rows = [Scored._make(row) for row in db.session.execute(rows_of(contest.id))]
    return rules.place(candidates(rows, laid_down, contest), laid_down)


def top_places(contest: Contest) -> Top:
    """Places from the first on, at least down to the last one that a prize goes to; and the rows they came from."""
    laid_down = rules_of(contest)
    seats = sum(prize.slots for prize in laid_down.prizes)
    limit = max(seats, PAGE) + SPARE
    while True:
        rows = first_rows(contest, limit)
        places = rules.place(candidates(rows, laid_down, contest), laid_down)
        settled = [p for p in places if p.rank < places[-1].rank] if len(rows) == limit else places
        if len(rows) < limit or sum(1 for p in settled if not p.obstacle) >= seats:
            return settled, rows
        limit *= 4


def tie_words(place: Place, contest: Contest) -> str:
    """How equal means were parted, in words for the page and the papers; "" when there was nothing to part."""
    if place.is_shared:
        return _("Đồng hạng: các quy tắc không phân được")
    if not place.decided_by:
        return ""
    names = {f"{rules.CRITERION}{criterion.key}": criterion.name for criterion in contest.criteria}
    names |= {"earlier_submission": _("nộp sớm hơn"), "fewer_authors": _("ít tác giả hơn")}
    words = "; ".join(names.get(rule, rule) for rule in place.decided_by)
    return _("Bằng điểm, xét theo: %(rules)s", rules=words)[:NOTE_LIMIT]


# --- one page -----------------------------------------------------------------------------------------------------
class Line(NamedTuple):
    """One row of the page, taken apart by the template in this order. `obstacle` and `is_open` as in `Place`, only
    while nothing is locked."""

    code: str
    title: str
    unit: str
    mean: Decimal
    lowest: Decimal
    highest: Decimal
    rank: int
    note: str
    prize_id: int | None
    obstacle: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Page:
    """Rows of the ranking, and the code of the last one when more follow."""

    lines: list[Line]
    next_after: str


def page(contest: Contest, top: Top, after: str = "") -> Page:
    """At most `PAGE` rows behind the entry with the code `after`; `top` as `top_places` gives it."""
    rows, before = _page_rows(contest, after, top[1])
    shown = rows[1:] if before else rows
    lines = _locked_lines(shown) if is_locked(contest) else _live_lines(contest, rows, before or Before(0, 0), top[0])
    kept = {row.code for row in shown[:PAGE]}
    lines = [line for line in lines if line.code in kept]
    return Page(lines, lines[-1].code if len(shown) > PAGE else "")


def is_locked(contest: Contest) -> bool:
    """Whether ranks and prizes are kept with the entries."""
    return contest.state in ("ranked", "decided", "closed")


@dataclass(frozen=True)
class Before:
    """How many rows stand above a page, and how many of them above the rank of its first row."""

    rows: int
    ranks: int


def _page_rows(contest: Contest, after: str, first: Sequence[Scored]) -> tuple[Sequence[Scored], Before | None]:
    """A page with one row more behind it. With `after` also that row before it, and what stands above it."""
    mark = (
        after
        and db.session.execute(
            select(Entry.rank_key, Entry.id).where(Entry.contest_id == contest.id, Entry.code == after)
        ).first()
    )
    if not mark or mark.rank_key is None:
        return first[: PAGE + 1] or first_rows(contest, PAGE + 1), None
    place_of = tuple_(Entry.rank_key, Entry.id)
    found = db.session.execute(rows_of(contest.id).where(place_of >= tuple(mark)).limit(PAGE + 2))
    counts = db.session.execute(
        select(func.count(), func.count().filter(Entry.rank_key < mark.rank_key)).where(
            Entry.contest_id == contest.id, Entry.state.in_(PLACED), place_of < tuple(mark)
        )
    ).one()
    return [Scored._make(row) for row in found], Before(*counts)


def _live_lines(contest: Contest, rows: Sequence[Scored], before: Before, top: Sequence[Place]) -> list[Line]:
    known = {p.code: p for p in top}
    if not all(row.code in known for row in rows):
        known = {p.code: p for p in _places_of(contest, rows, before)} | known
    by_code = {row.code: row for row in rows}
    places = sorted((known[row.code] for row in rows), key=lambda p: p.rank)
    return [_live_line(contest, by_code[p.code], p) for p in places]


def _places_of(contest: Contest, rows: Sequence[Scored], before: Before) -> list[Place]:
    """Places without prizes; a rank that began on the page before goes on here."""
    laid_down = rules_of(contest)
    bare = Rules(laid_down.threshold, laid_down.zero_fails, laid_down.tie_rules)
    places = rules.place(candidates(rows, laid_down, contest), bare, above=before.rows)
    begun = before.rows + 1
    return [p._replace(rank=before.ranks + 1) if p.rank == begun else p for p in places]


def _live_line(contest: Contest, row: Scored, place: Place) -> Line:
    return Line(
        row.code,
        row.title,
        row.unit,
        row.score_mean,
        row.score_min,
        row.score_max,
        place.rank,
        tie_words(place, contest),
        place.prize_id,
        place.obstacle,
        place.is_open,
    )


def _locked_lines(rows: Sequence[Scored]) -> list[Line]:
    return [
        Line(r.code, r.title, r.unit, r.score_mean, r.score_min, r.score_max, r.rank, r.tie_note, r.prize_id)
        for r in rows
    ]


# --- what was locked ----------------------------------------------------------------------------------------------
def count_placed(contest: Contest) -> int:
    """How many entries have a place."""
    return count_in_states(contest.id, PLACED)


def awarded_money(contest_id: int) -> int:
    """Đồng for all prizes that were given."""
    query = select(func.coalesce(func.sum(Prize.amount), 0)).join(Entry, Entry.prize_id == Prize.id)
    return int(db.session.scalar(query.where(Entry.contest_id == contest_id)))


def awarded(contest_id: int) -> list[Entry]:
    """Entries with a prize, best first, with authors and units."""
    return _outcomes(Entry.contest_id == contest_id, Entry.prize_id.is_not(None))


def ranked(contest_id: int) -> list[Entry]:
    """Entries with a rank, best first, with authors and units."""
    return _outcomes(Entry.contest_id == contest_id, Entry.rank.is_not(None))


def _outcomes(*conditions) -> list[Entry]:
    query = select(Entry).where(*conditions).options(selectinload(Entry.authors), joinedload(Entry.unit))
    return list(db.session.scalars(query.order_by(Entry.rank, Entry.code)))


def count_submitted(contest: Contest) -> int:
    """How many entries were ever handed in."""
    handed_in = and_(Entry.contest_id == contest.id, Entry.submitted_at.is_not(None))
    return db.session.scalar(select(func.count()).select_from(Entry).where(handed_in))


def last_lock(contest: Contest) -> Row | None:
    """The last lock of the ranking: `at, actor_name, reason, changes`; None before the first one."""
    return db.session.execute(
        select(AuditEvent.at, AuditEvent.actor_id, AuditEvent.actor_name, AuditEvent.reason, AuditEvent.changes)
        .where(
            AuditEvent.subject_type == CONTEST.name,
            AuditEvent.subject_id == contest.id,
            AuditEvent.action == CONTEST.action_id("lock_ranking"),
        )
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).first()


def meeting_of(lock: Row | None) -> Mapping[str, Any]:
    """What the lock recorded of the meeting, by name: `meeting_started`, `meeting_place`, `meeting_absent`."""
    return {name: pair[1] for name, pair in json.loads(lock.changes).items()} if lock else {}


# --- papers -------------------------------------------------------------------------------------------------------
def certificate_states(contest_id: int) -> dict[str, int]:
    """How many certificates of the contest are in each state."""
    query = select(Document.state, func.count()).where(
        Document.contest_id == contest_id, Document.template_code == "certificate", Document.entry_id.is_not(None)
    )
    return dict(tuple(row) for row in db.session.execute(query.group_by(Document.state)))


def unsigned_papers(contest_id: int, templates: Collection[str]) -> list[Document]:
    """Papers of these kinds that nobody has signed yet, released ones without a signer among them."""
    unsigned = or_(
        Document.state.in_(("draft", "returned", "initialled", "awaiting_signature")),
        and_(Document.state == "issued", Document.signer_role == ""),
    )
    query = select(Document).where(Document.contest_id == contest_id, Document.template_code.in_(templates), unsigned)
    return list(db.session.scalars(query.order_by(Document.id)))


def titles(contest: Contest, codes: Collection[str]) -> dict[str, str]:
    """Titles of entries by their codes."""
    query = select(Entry.code, Entry.title).where(Entry.contest_id == contest.id, Entry.code.in_(codes))
    return dict(tuple(row) for row in db.session.execute(query))


def count_awarded(contest_id: int) -> int:
    """How many entries have a prize."""
    given = and_(Entry.contest_id == contest_id, Entry.prize_id.is_not(None))
    return db.session.scalar(select(func.count()).select_from(Entry).where(given))


def count_certified(contest_id: int) -> int:
    """How many entries have a valid certificate, at whatever stage."""
    query = select(func.count(Document.entry_id.distinct())).where(
        Document.contest_id == contest_id,
        Document.template_code == "certificate",
        Document.state.not_in(("replaced", "revoked")),
    )
    return db.session.scalar(query)
