"""What the declared acts change on an entry beside its state."""

from app.entries.models import Entry
from app.flow import applies
from workflows import ENTRY


@applies(ENTRY, "confirm")
def confirm(entry: Entry, data, *, actor, now, reason):
    """The unit stands by the dossier as it is now; any later edit voids this."""
    changes = {"confirmed_at": [_iso(entry.confirmed_at), _iso(now)], "confirmed_by": [entry.confirmed_by, actor.name]}
    entry.confirmed_at = now
    entry.confirmed_by = actor.name
    return changes


@applies(ENTRY, "submit")
def submit(entry: Entry, data, *, actor, now, reason):
    """The moment of the first submission counts for the deadline and for ties."""
    entry.submitted_at = now
    return {"submitted_at": [None, _iso(now)]}


@applies(ENTRY, "resubmit")
def resubmit(entry: Entry, data, *, actor, now, reason):
    """What was asked for has been given: nothing stays open for completion."""
    changes = {
        "returned_parts": [entry.returned_parts, ""],
        "completion_due_at": [_iso(entry.completion_due_at), None],
    }
    entry.returned_parts = ""
    entry.return_reason = ""
    entry.completion_due_at = None
    return changes


def _iso(moment):
    return moment.isoformat() if moment else None
