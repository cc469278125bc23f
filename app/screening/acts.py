"""Facts of screening, and what its acts change on an entry beside the state."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete

from app.core.db import db
from app.core.errors import Invalid
from app.entries.models import Entry
from app.entries.services import PARTS
from app.flow import applies, follows, provides
from app.screening import queries
from app.screening.models import Check
from workflows import ENTRY

PART_NAMES = tuple(part.name for part in PARTS)


@provides(ENTRY)
def checks_total(entry: Entry) -> int:
    """How many questions the checklist has."""
    return queries.count_checks(entry)[0]


@provides(ENTRY)
def checks_passed(entry: Entry) -> int:
    """How many of them passed."""
    return queries.count_checks(entry)[1]


@applies(ENTRY, "return")
def ask_for_completion(entry: Entry, data, *, actor, now, reason):
    """Which parts reopen, why, and until when."""
    parts = [name for name in PART_NAMES if name in (data.get("parts") or ())]
    due_at = data.get("due_at")
    errors = _due_problem(due_at, now)
    if not parts:
        errors["parts"] = _("Chọn ít nhất một phần cần bổ sung")
    if errors:
        raise Invalid(errors)
    changes = {
        "returned_parts": [entry.returned_parts, " ".join(parts)],
        "return_reason": [entry.return_reason, reason],
        "completion_due_at": [_iso(entry.completion_due_at), _iso(due_at)],
    }
    entry.returned_parts = " ".join(parts)
    entry.return_reason = reason
    entry.completion_due_at = due_at
    return changes


@applies(ENTRY, "extend")
def extend(entry: Entry, data, *, actor, now, reason):
    """A later date for the completion."""
    due_at = data.get("due_at")
    errors = _due_problem(due_at, now)
    if not errors and entry.completion_due_at is not None and due_at <= entry.completion_due_at:
        errors["due_at"] = _("Hạn mới phải sau hạn cũ")
    if errors:
        raise Invalid(errors)
    changes = {"completion_due_at": [_iso(entry.completion_due_at), _iso(due_at)]}
    entry.completion_due_at = due_at
    return changes


@follows(ENTRY, "resubmit")
def forget_open_points(entry: Entry, data, *, actor, now, reason):
    """What had not passed is to be looked at anew; what had passed stays. The trail keeps the former answers."""
    gone = delete(Check).where(Check.entry_id == entry.id, Check.result != "passed")
    db.session.execute(gone.execution_options(synchronize_session=False))


def _due_problem(due_at: datetime | None, now: datetime) -> dict[str, str]:
    if due_at is None:
        return {"due_at": _("Nhập hạn bổ sung")}
    return {} if due_at > now else {"due_at": _("Hạn bổ sung phải ở sau thời điểm hiện tại")}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
