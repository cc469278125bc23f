"""Facts about a contest that guards read, and what its acts change beside the state."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app import flow
from app.contests import queries, setup
from app.contests.models import Contest
from app.contests.rows import told
from app.core.errors import Invalid
from app.core.vietnamese import moment_text, to_local
from workflows import CONTEST

FOLLOWING = ("screening_due_at", "judging_due_at")


@flow.provides(CONTEST)
def opens_at(contest: Contest) -> datetime | None:
    """When entries are taken from."""
    return contest.opens_at


@flow.provides(CONTEST)
def closes_at(contest: Contest) -> datetime | None:
    """The last moment for entries."""
    return contest.closes_at


@flow.provides(CONTEST)
def setup_gaps(contest: Contest) -> list[str]:
    """What the plan still lacks, as message ids."""
    return setup.gaps(contest)


@flow.provides(CONTEST)
def plan_issued(contest: Contest) -> bool:
    """Whether the plan is issued and valid."""
    return queries.has_issued(contest.id, "plan")


@flow.provides(CONTEST)
def boards_issued(contest: Contest) -> bool:
    """Whether the decision on the boards is issued and valid."""
    return queries.has_issued(contest.id, "board_decision")


@flow.applies(CONTEST, "extend_deadline")
def extend_deadline(contest: Contest, data, *, actor, now: datetime, reason: str) -> dict[str, list]:
    """Move the deadline, and the later dates by as many days, so that screening and judging keep their time."""
    new = data.get("closes_at")
    if new is None:
        raise Invalid({"closes_at": _("Nhập hạn nộp mới")})
    if new <= now:
        raise Invalid({"closes_at": _("Hạn mới phải ở sau thời điểm hiện tại")})
    if new <= contest.closes_at:
        raise Invalid({"closes_at": _("Hạn mới phải sau hạn cũ: %(old)s", old=moment_text(contest.closes_at, _))})
    days = _days_between(contest.closes_at, new)
    changes = {"closes_at": [contest.closes_at, new]}
    contest.closes_at = new
    for name in (*FOLLOWING, "award_on"):
        before = getattr(contest, name)
        if before is not None and days:
            setattr(contest, name, before + days)
            changes[name] = [before, before + days]
    return {name: [told(value) for value in pair] for name, pair in changes.items()}


def _days_between(old: datetime, new: datetime) -> timedelta:
    return timedelta(days=(to_local(new).date() - to_local(old).date()).days)
