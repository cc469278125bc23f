"""What the guards ask about entries, and about a contest by its entries."""

from datetime import datetime

from app.contests.models import Contest
from app.entries import parts, queries
from app.entries.models import Entry
from app.flow import provides
from workflows import CONTEST, ENTRY

UNSETTLED = ("submitted", "returned", "screened")


@provides(ENTRY)
def contest_state(entry: Entry) -> str:
    """Where the entry's contest stands."""
    return entry.contest.state


@provides(ENTRY)
def closes_at(entry: Entry) -> datetime | None:
    """Until when entries are taken."""
    return entry.contest.closes_at


@provides(ENTRY)
def missing_parts(entry: Entry) -> list[str]:
    """Labels (msgids) of the parts that are not complete."""
    return [part.label for part in parts.missing(entry)]


@provides(ENTRY)
def completion_due_at(entry: Entry) -> datetime | None:
    """Until when a returned entry is awaited."""
    return entry.completion_due_at


@provides(CONTEST)
def entries_unsettled(contest: Contest) -> int:
    """How many entries are neither out nor scored."""
    return queries.count_in_states(contest.id, UNSETTLED)


@provides(CONTEST)
def entries_scored(contest: Contest) -> int:
    """How many entries are scored and not yet ranked."""
    return queries.count_in_states(contest.id, ("scored",))
