"""Who is what towards a score sheet, and who reads what is on it. The veto for conflicts of interest comes last."""

from collections.abc import Iterable

from app.accounts import queries as accounts
from app.accounts.actor import Actor
from app.core.clock import utcnow
from app.core.vietnamese import to_local
from app.entries.models import Entry
from app.entries.services import is_author
from app.scoring.models import ScoreSheet
from workflows.spec import N_, Role

STAFF = frozenset({Role.SECRETARY, Role.HEAD_OF_JURY})
SENT = ("submitted", "locked")
OPEN = ("pending", "draft")
BEGUN = ("draft", *SENT)
WORKING = (*OPEN, *SENT)
REFUSED = ("recused", "abstained")

IS_AUTHOR = N_("là tác giả của hồ sơ")
SAME_UNIT = N_("cùng đơn vị với tác giả")


def conflict(entry: Entry, user_id: int | None, full_name: str, home_id: int | None) -> str:
    """Why this person may not score the entry (a msgid), "" when nothing is known against it."""
    if is_author(entry, user_id, full_name):
        return IS_AUTHOR
    if entry.contest.same_unit_conflicts and home_id is not None and home_id == entry.unit_id:
        return SAME_UNIT
    return ""


def roles(sheet: ScoreSheet, actor: Actor) -> frozenset[Role]:
    """Every role in which the actor may act on the sheet. A judge with a conflict has none towards the entry, and
    who is an author of it has none at all."""
    if actor.is_system:
        return frozenset({Role.SYSTEM})
    contest = sheet.entry.contest
    held = actor.roles_in(contest.organisation_id, contest.id)
    found = held & STAFF
    if sheet.judge_id == actor.user_id:
        found |= held & {Role.JUDGE}
    against = found and conflict(sheet.entry, actor.user_id, actor.name, actor.organisation_id)
    if against == IS_AUTHOR:
        return frozenset()
    return found - {Role.JUDGE} if against else found


def people(sheet: ScoreSheet, role: Role) -> Iterable[int]:
    """Ids of the persons who hold the role towards the sheet today, for messages."""
    if role is Role.JUDGE:
        return (sheet.judge_id,)
    if role not in STAFF:
        return ()
    contest = sheet.entry.contest
    today = to_local(utcnow()).date()
    return accounts.holders(role, organisation_id=contest.organisation_id, contest_id=contest.id, on=today)


def reads_dossier(sheet: ScoreSheet, actor: Actor) -> bool:
    """Whether the judge may open what was submitted: only after declaring that there is no conflict."""
    return sheet.state in BEGUN and Role.JUDGE in roles(sheet, actor)
