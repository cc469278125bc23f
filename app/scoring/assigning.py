"""Who scores what: giving entries to judges, by a rule or one by one, and taking them back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app import flow
from app.accounts.actor import Actor
from app.accounts.models import User
from app.contests.models import Contest
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.core.vietnamese import to_local
from app.entries.models import Entry
from app.jobs import enqueue
from app.scoring import aggregates, panel, policy, queries
from app.scoring.models import ScoreSheet
from app.scoring.policy import STAFF, WORKING
from app.scoring.sharing import Need, share_out
from workflows import SCORECARD
from workflows.spec import N_, Refusal, Role

OPEN_CONTESTS = ("open", "screening", "judging")

NOT_IN_JUDGING = N_("Hồ sơ %(code)s không ở vòng chấm nên không phân công được.")
NO_JUDGE = N_("Người được chọn không phải là giám khảo của cuộc thi.")
CONFLICT = N_("%(name)s không chấm được hồ sơ %(code)s: %(why)s.")
ALREADY = N_("%(name)s đã được phân công chấm hồ sơ %(code)s.")
BEGUN = N_("Giám khảo đã bắt đầu chấm nên không bỏ phân công được.")


@dataclass(frozen=True)
class Conflict:
    """A judge who may not score an entry, and why (a msgid)."""

    entry: Entry
    judge: User
    why: str


@dataclass(frozen=True)
class Plan:
    """What a rule would add: pairs, the sheets each judge would have, conflicts that were left out, and entries that
    stay short of the least number of judges."""

    pairs: list[tuple[Entry, User]]
    load: dict[int, int]
    conflicts: list[Conflict]
    short: list[Entry]


def plan(contest: Contest, per_entry: int | None, *, now: datetime) -> Plan:
    """What `assign_all` would do now; changes nothing."""
    judges = queries.judges(contest, to_local(now).date())
    entries = queries.entries_in_judging(contest.id)
    sheets = panel.sheets_of(contest.id)
    conflicts = [
        Conflict(entry, judge, why)
        for entry in entries
        for judge in judges
        if (why := policy.conflict(entry, judge.id, judge.full_name, judge.organisation_id))
    ]
    given, working = _by_entry(sheets), _by_entry(s for s in sheets if s.state in WORKING)
    barred = {entry.id: set(given.get(entry.id, ())) for entry in entries}
    for found in conflicts:
        barred[found.entry.id].add(found.judge.id)
    needs = [Need(entry.id, len(working.get(entry.id, ())), barred[entry.id]) for entry in entries]
    load = Counter(sheet.judge_id for sheet in sheets if sheet.state in WORKING)
    pairs = share_out(needs, [judge.id for judge in judges], load, per_entry)
    return _plan(contest, entries, judges, needs, load, pairs, conflicts)


def _plan(contest, entries, judges, needs, load, pairs, conflicts) -> Plan:
    by_id, people = {entry.id: entry for entry in entries}, {judge.id: judge for judge in judges}
    added = Counter(entry_id for entry_id, _judge in pairs)
    after = load + Counter(judge_id for _entry, judge_id in pairs)
    short = [by_id[need.entry_id] for need in needs if need.has + added[need.entry_id] < contest.min_judges]
    named = [(by_id[entry_id], people[judge_id]) for entry_id, judge_id in pairs]
    return Plan(named, {judge.id: after[judge.id] for judge in judges}, conflicts, short)


def _by_entry(sheets: Iterable) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for sheet in sheets:
        found.setdefault(sheet.entry_id, []).append(sheet.judge_id)
    return found


def assign_all(actor: Actor, contest: Contest, *, now: datetime, per_entry: int | None = None) -> int:
    """Give every entry in judging to every judge, or to as many that it has `per_entry`, evenly shared out;
    conflicts are left out. Returns how many sheets were added. Raises NotAllowed or Refused."""
    _check_contest(actor, contest)
    planned = plan(contest, per_entry, now=now)
    numbers: dict[int, int] = {}
    for entry, judge in planned.pairs:
        if entry.id not in numbers:
            _check_entry(actor, entry)
            numbers[entry.id] = _last_number(entry)
        numbers[entry.id] += 1
        _create(actor, entry, judge, numbers[entry.id], now)
    for entry in {entry.id: entry for entry, _judge in planned.pairs}.values():
        aggregates.recount(entry)
    return len(planned.pairs)


def assign_judge(actor: Actor, entry: Entry, judge_id: int, now: datetime) -> ScoreSheet:
    """Give one entry to one judge. Raises NotAllowed, or Refused with the reason: a conflict of interest, a sheet
    that is there already, an entry that is not in judging, a person who is no judge."""
    _check_contest(actor, entry.contest)
    _check_entry(actor, entry)
    judge = next((user for user in queries.judges(entry.contest, to_local(now).date()) if user.id == judge_id), None)
    if judge is None:
        raise Refused(Refusal("no_judge", NO_JUDGE))
    why = policy.conflict(entry, judge.id, judge.full_name, judge.organisation_id)
    named = {"name": judge.full_name, "code": entry.code}
    if why:
        raise Refused(Refusal("conflict_of_interest", CONFLICT, named | {"why": _(why)}))
    if any(sheet.judge_id == judge.id for sheet in panel.sheets_of(entry.contest_id, [entry.id])):
        raise Refused(Refusal("already_assigned", ALREADY, named))
    sheet = _create(actor, entry, judge, _last_number(entry) + 1, now)
    aggregates.recount(entry)
    return sheet


def unassign(actor: Actor, sheet: ScoreSheet, *, now: datetime, version: int | None) -> None:
    """Take an entry back from a judge who has not begun: a sheet given again after a judge had stepped back keeps
    its scores. The assignment and its end stay on the trail."""
    entry = sheet.entry
    flow.check_version(sheet, version)
    flow.check_version(entry, None)
    check_unassign(actor, sheet)
    changes = {"judge": [sheet.judge.full_name, None]}
    flow.record_edit(sheet, "unassign", actor, now=now, changes=changes, gone=True)
    db.session.delete(sheet)
    db.session.flush()
    aggregates.recount(entry)
    flow.fire_as_system(entry, "complete_scoring", now=now)


def check_unassign(actor: Actor, sheet: ScoreSheet) -> None:
    """Raises Refused or NotAllowed, with the reason, when this person cannot take the sheet back from its judge."""
    _check_contest(actor, sheet.entry.contest)
    _check_reach(actor, sheet.entry)
    if sheet.state != SCORECARD.initial or sheet.lines:
        raise Refused(Refusal("sheet_begun", BEGUN))


def _check_contest(actor: Actor, contest: Contest) -> None:
    if not actor.is_system and not actor.roles_in(contest.organisation_id, contest.id) & STAFF:
        raise NotAllowed(_("Việc phân công dành cho Tổ thư ký và Trưởng Ban giám khảo."))
    if contest.state not in OPEN_CONTESTS:
        raise Refused(Refusal("contest_closed", N_("Cuộc thi không ở giai đoạn phân công chấm.")))


def _check_entry(actor: Actor, entry: Entry) -> None:
    flow.check_version(entry, None)
    _check_reach(actor, entry)


def _check_reach(actor: Actor, entry: Entry) -> None:
    if not actor.is_system and not flow.binding_of(entry).roles(entry, actor) & STAFF:
        raise NotAllowed(_("Người có liên quan đến hồ sơ không phân công giám khảo cho hồ sơ đó."))
    if entry.state != "screened":
        raise Refused(Refusal("entry_not_in_judging", NOT_IN_JUDGING, {"code": entry.code}))


def _last_number(entry: Entry) -> int:
    codes = db.session.scalars(select(ScoreSheet.code).where(ScoreSheet.entry_id == entry.id))
    return max((int(code.rpartition("-GK")[2]) for code in codes), default=0)


def _create(actor: Actor, entry: Entry, judge: User, number: int, now: datetime) -> ScoreSheet:
    sheet = ScoreSheet(
        code=f"{entry.code}-GK{number}",
        contest_id=entry.contest_id,
        entry_id=entry.id,
        judge_id=judge.id,
        assigned_at=now,
    )
    changes = {"judge": [None, judge.full_name]}
    seq = flow.record_creation(sheet, "assign", actor, _role(actor, entry.contest), now=now, changes=changes)
    if entry.contest.state == "judging":
        tell(sheet, seq, now)
    return sheet


def tell(sheet: ScoreSheet, event: int, now: datetime) -> None:
    """Queue a message to the sheet's judge about sheets to be done."""
    args = {"workflow": SCORECARD.name, "subject_id": sheet.id, "event": event, "role": Role.JUDGE.value}
    enqueue("notifications.tell", args | {"name": "scorecard.remind"}, now=now)


def _role(actor: Actor, contest: Contest) -> str:
    held = actor.roles_in(contest.organisation_id, contest.id) & (STAFF | {Role.SYSTEM})
    return next((role.value for role in Role if role in held), "")
