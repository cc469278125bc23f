"""What locking and reopening a ranking change, and the facts that the guards read."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import and_

from app import flow
from app.accounts.actor import Actor
from app.contests.models import Contest
from app.core.errors import Conflict, Invalid, Refused
from app.documents import queries as papers
from app.entries import queries as entries
from app.entries import services as entry_services
from app.entries.models import Entry
from app.ranking import queries, rules
from app.ranking.rules import Place
from workflows import CONTEST, ENTRY
from workflows.spec import N_, Refusal

OUTDATED = ("minutes", "score_summary", "submission", "result_decision", "certificate")
"""Papers that say what a ranking says."""

REOPENED = N_("Xếp hạng được mở lại.")
HEAD_IS_AUTHOR = N_(
    "Trưởng Ban giám khảo là tác giả của hồ sơ %(codes)s nên không được khóa hoặc mở lại xếp hạng. Cử người khác "
    "làm Trưởng Ban giám khảo của cuộc thi này."
)


# --- facts --------------------------------------------------------------------------------------------------------
@flow.provides(CONTEST)
def prize_total(contest: Contest) -> int:
    """Đồng for the prizes given, before the lock for those proposed and the seats kept for a decision."""
    if queries.is_locked(contest):
        return queries.awarded_money(contest.id)
    return rules.money_needed(queries.top_places(contest)[0], queries.rules_of(contest).prizes)


@flow.provides(CONTEST)
def budget(contest: Contest) -> int:
    """Đồng that the contest has for prizes."""
    return contest.budget


@flow.provides(CONTEST)
def result_signed(contest: Contest) -> bool:
    """Whether the decision on the results is signed."""
    return papers.is_signed("result_decision", contest.id)


@flow.provides(CONTEST)
def result_issued(contest: Contest) -> bool:
    """Whether the decision on the results is issued and valid."""
    return papers.is_issued("result_decision", contest.id)


# --- the lock -----------------------------------------------------------------------------------------------------
@flow.applies(CONTEST, "lock_ranking")
def check_lock(contest: Contest, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Check the chosen prizes; the trail keeps where they differ from the proposal, and the facts of the meeting.

    `data`: `prizes` (rows of `entry` and `prize`, a code and a number or ""; absent: as proposed), `basis` (what the
    page had shown, see `basis_of`), `meeting_started`, `meeting_place`, `meeting_absent`.
    """
    places = queries.all_places(contest)
    if data.get("basis") and data["basis"] != basis_of(places):
        raise Conflict(contest)
    _check_not_own(contest, ("scored",), actor)
    choices = chosen(places, data)
    _check_choices(contest, places, choices, reason)
    changes: dict[str, Any] = {}
    if choices != rules.proposed(places):
        changes["prizes"] = [_told(contest, rules.proposed(places)), _told(contest, choices)]
    for name in ("meeting_started", "meeting_place", "meeting_absent"):
        if data.get(name):
            changes[name] = [None, data[name]]
    return changes


@flow.follows(CONTEST, "lock_ranking")
def rank_entries(contest: Contest, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> None:
    """Every scored entry gets its rank, and its prize if it has one, by the same person."""
    places = queries.all_places(contest)
    choices = chosen(places, data)
    by_code = {p.code: p for p in places}
    for entry in entries.with_contest(and_(Entry.contest_id == contest.id, Entry.state == "scored")):
        place = by_code[entry.code]
        outcome = {
            "rank": place.rank,
            "prize_id": choices.get(entry.code),
            "tie_note": _kept_note(place, contest),
        }
        flow.fire(entry, "rank", actor, now=now, data=outcome)


def _kept_note(place: Place, contest: Contest) -> str:
    """The note on equal scores goes into papers, so it is in Vietnamese whatever language the person reads."""
    with force_locale("vi"):
        return queries.tie_words(place, contest)


@flow.applies(ENTRY, "rank")
def rank(entry: Entry, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Keep the outcome with the entry."""
    changes = {name: [None, value] for name, value in data.items() if value}
    entry.rank, entry.prize_id, entry.tie_note = data["rank"], data["prize_id"], data["tie_note"]
    return changes


def basis_of(places: Sequence[Place]) -> str:
    """A mark of the ranking that a page shows: another one means that scores have changed since."""
    told = "\n".join(f"{p.code} {p.rank} {p.candidate.mean} {p.obstacle} {p.prize_id}" for p in places)
    return hashlib.sha256(told.encode()).hexdigest()


def chosen(places: Sequence[Place], data: Mapping[str, Any]) -> dict[str, int]:
    """Prizes by the entry's code: as chosen on the form, as proposed when there was none. Raises Invalid."""
    if data.get("prizes") is None:
        return rules.proposed(places)
    known = {p.code for p in places}
    choices: dict[str, int] = {}
    for row in data["prizes"]:
        if row["entry"] not in known or row["entry"] in choices:
            raise Invalid({"prizes": _("Danh sách giải không khớp với bảng xếp hạng. Mở lại trang.")})
        if row["prize"]:
            choices[row["entry"]] = _prize_number(row["prize"])
    return choices


def _prize_number(text: str) -> int:
    """The number that the form sent, 0 for anything else; no prize has it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _check_choices(contest: Contest, places: Sequence[Place], choices: Mapping[str, int], reason: str) -> None:
    prizes = queries.rules_of(contest).prizes
    if not set(choices.values()) <= {prize.id for prize in prizes}:
        raise Invalid({"prizes": _("Chọn giải trong danh sách")})
    barred = [p.code for p in places if p.obstacle and p.code in choices]
    if barred:
        raise Invalid({"prizes": _("Không đủ điều kiện xét giải: %(codes)s", codes=", ".join(barred))})
    names = {prize.id: prize.name for prize in contest.prizes}
    full = [names[prize.id] for prize in rules.overfull(choices, prizes)]
    if full:
        raise Invalid({"prizes": _("Quá số lượng của giải: %(prizes)s", prizes=", ".join(full))})
    if rules.money_of(choices, prizes) > contest.budget:
        raise Invalid({"prizes": _("Tổng tiền thưởng vượt kinh phí")})
    if not reason.strip():
        _check_reason_given(places, choices, prizes)


def _check_reason_given(places, choices, prizes) -> None:
    """A decision between equals, and whatever differs from the proposal, is the head's and carries a reason."""
    equals = [p.code for p in places if p.is_open]
    if equals:
        text = _("Nhập lý do quyết định giải cho các hồ sơ đồng hạng: %(codes)s", codes=", ".join(equals))
        raise Invalid({"reason": text})
    pair = rules.passed_over(places, choices, prizes)
    if pair:
        text = _("Nhập lý do: hồ sơ %(lower)s xếp dưới nhưng được giải cao hơn hồ sơ %(higher)s")
        raise Invalid({"reason": text % {"higher": pair[0], "lower": pair[1]}})
    if choices != rules.proposed(places):
        raise Invalid({"reason": _("Nhập lý do vì giải khác với đề xuất theo quy tắc")})


def _told(contest: Contest, choices: Mapping[str, int]) -> str:
    """Prizes with their entries in words, as the trail keeps them."""
    parts = []
    for prize in contest.prizes:
        codes = [code for code, prize_id in choices.items() if prize_id == prize.id]
        if codes:
            parts.append(f"{prize.name}: {', '.join(sorted(codes))}")
    return "; ".join(parts)


def _check_not_own(contest: Contest, states: tuple[str, ...], actor: Actor) -> None:
    """Nobody ranks an entry of their own; said before anything is done."""
    found = entries.with_contest(and_(Entry.contest_id == contest.id, Entry.state.in_(states)))
    own = [entry.code for entry in found if entry_services.is_author(entry, actor.user_id, actor.name)]
    if own:
        raise Refused(Refusal("head_is_author", HEAD_IS_AUTHOR, {"codes": ", ".join(own)}))


# --- reopening ----------------------------------------------------------------------------------------------------
@flow.applies(CONTEST, "reopen_ranking")
def check_reopen(contest: Contest, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """The same person could not undo the rank of an own entry."""
    _check_not_own(contest, ("ranked",), actor)
    return {}


@flow.follows(CONTEST, "reopen_ranking")
def unrank_entries(contest: Contest, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> None:
    """Every rank is taken back; drafts that tell of it are withdrawn, papers on their way turn stale."""
    for entry in entries.with_contest(and_(Entry.contest_id == contest.id, Entry.state == "ranked")):
        flow.fire(entry, "unrank", actor, now=now)
    for document in queries.unsigned_papers(contest.id, OUTDATED):
        flow.fire_as_system(document, "revoke", now=now, reason=REOPENED)


@flow.applies(ENTRY, "unrank")
def unrank(entry: Entry, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Forget rank and prize; the trail remembers them."""
    changes = {"rank": [entry.rank, None], "prize_id": [entry.prize_id, None], "tie_note": [entry.tie_note, ""]}
    entry.rank, entry.prize_id, entry.tie_note = None, None, ""
    return {name: pair for name, pair in changes.items() if pair[0]}
