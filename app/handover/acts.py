"""What the acts of a package carry along, what the body above's answers change, and the facts that guards read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app import flow
from app.accounts.actor import Actor
from app.contests.models import Contest
from app.core.db import db
from app.core.errors import Invalid
from app.core.vietnamese import short_date, to_local
from app.documents import queries as papers
from app.entries.models import Entry
from app.handover import contents, queries, services
from app.handover.models import Package
from workflows import CONTEST, ENTRY, HANDOVER
from workflows.spec import N_

UNANSWERED = "received"
HANDED_BACK = "ranked"
DECISION_LIMIT = 150
_NEEDED = {"decision": N_("Nhập số quyết định công nhận"), "decided_on": N_("Nhập ngày của quyết định")}


# --- facts --------------------------------------------------------------------------------------------------------
@flow.provides(CONTEST)
def handovers_open(contest: Contest) -> int:
    """How many packages wait for the body above."""
    return queries.count_waiting(contest.id)


@flow.provides(HANDOVER)
def contest_state(package: Package) -> str:
    """Where the package's contest stands."""
    return db.session.get(Contest, package.contest_id).state


@flow.provides(HANDOVER)
def entries(package: Package) -> int:
    """How many entries the package holds."""
    return queries.count_items(package)


@flow.provides(HANDOVER)
def paper_issued(package: Package) -> bool:
    """Whether the paper that goes with the package is issued and valid."""
    return papers.is_issued(services.PAPER, package_id=package.id)


# --- packages -----------------------------------------------------------------------------------------------------
@flow.applies(HANDOVER, "send")
def send(package: Package, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """From now on the receiving council knows of the package."""
    package.sent_at = now
    return {"sent_at": [None, now.isoformat()]}


@flow.applies(HANDOVER, "acknowledge")
def acknowledge(package: Package, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """The moment of receipt."""
    package.acknowledged_at = now
    return {"acknowledged_at": [None, now.isoformat()]}


@flow.follows(HANDOVER, "send")
def forward_entries(package: Package, data, *, actor: Actor, now: datetime, reason: str) -> None:
    """Every entry goes with its package, or none does."""
    for entry in contents.entries_of(package):
        flow.fire(entry, "forward", actor, now=now)


@flow.follows(HANDOVER, "acknowledge")
def receive_entries(package: Package, data, *, actor: Actor, now: datetime, reason: str) -> None:
    """What is in a received package is received."""
    for entry in contents.entries_of(package):
        flow.fire(entry, "receive", actor, now=now)


@flow.follows(HANDOVER, "refuse", "recall")
def bring_entries_back(package: Package, data, *, actor: Actor, now: datetime, reason: str) -> None:
    """The entries are at home again, if they had left."""
    if package.sent_at is None:
        return
    for entry in contents.entries_of(package):
        flow.fire(entry, "recall", actor, now=now)


# --- answers ------------------------------------------------------------------------------------------------------
@flow.applies(ENTRY, "forward")
def forget_answer(entry: Entry, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """An earlier answer does not go with the entry."""
    return _answer(entry, "", "")


@flow.applies(ENTRY, "recognise")
def recognise(entry: Entry, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Recognition names its decision."""
    errors = {name: text for name, text in _NEEDED.items() if not data.get(name)}
    if errors:
        raise Invalid({name: _(text) for name, text in errors.items()})
    return _answer(entry, _decision(data, now), reason)


@flow.applies(ENTRY, "decline")
def decline(entry: Entry, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """A refusal has its reason, and names a decision where there is one."""
    return _answer(entry, _decision(data, now), reason)


@flow.applies(ENTRY, "hand_back")
def hand_back(entry: Entry, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """What came back carries the reason."""
    return _answer(entry, "", reason)


def _decision(data: Mapping[str, Any], now: datetime) -> str:
    """`Quyết định số 12/QĐ-UBND ngày 05/12/2026`; "" when none is named."""
    number, day = data.get("decision") or "", data.get("decided_on")
    if len(number) > DECISION_LIMIT:
        raise Invalid({"decision": _("Viết ngắn hơn %(n)s ký tự", n=DECISION_LIMIT)})
    if day is not None and day > to_local(now).date():
        raise Invalid({"decided_on": _("Ngày quyết định không được sau hôm nay")})
    if day is not None and not number:
        raise Invalid({"decision": _(_NEEDED["decision"])})
    name = f"Quyết định số {number}" if number[:1].isdigit() else number
    return f"{name} ngày {short_date(day)}" if number and day else name


def _answer(entry: Entry, decision: str, reason: str) -> dict[str, list[str]]:
    before = {"upper_decision": entry.upper_decision, "upper_reason": entry.upper_reason}
    entry.upper_decision, entry.upper_reason = decision, reason
    after = {"upper_decision": decision, "upper_reason": reason}
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


@flow.follows(ENTRY, "recognise", "decline", "hand_back")
def settle_package(entry: Entry, data, *, actor: Actor, now: datetime, reason: str) -> None:
    """With its last answer the package is decided, or returned when every entry came back.

    The system does it: the clerk who gives the last answer may be an author of another entry of the package.
    """
    package = contents.holding(entry)
    if package is None:
        return
    gone = contents.superseded(package)
    states = [HANDED_BACK if e.id in gone else e.state for e in contents.entries_of(package)]
    if UNANSWERED not in states:
        back = all(state == HANDED_BACK for state in states)
        flow.fire_as_system(package, "hand_back" if back else "decide", now=now)
