"""The rules of an entry's life, written a second time in plain Python: what the application is held against.

Who may do what in which state comes from the reviewed matrix. Conditions and consequences stand here in words of
their own and share nothing with the application.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

MATRIX_FILE = Path(__file__).parent.parent / "workflows/matrix/entry.txt"
MATRIX = {
    (state, role, action): target
    for state, role, action, target in (line.split()[:4] for line in MATRIX_FILE.read_text().splitlines())
}
STATES = tuple(dict.fromkeys([state for state, _, _ in MATRIX] + list(MATRIX.values())))
LIVING = tuple(dict.fromkeys(state for state, _, _ in MATRIX))
ACTIONS = tuple(sorted({action for _, _, action in MATRIX}))

STAFF = ("office", "secretary", "judge", "head_of_jury", "chairman", "clerk", "admin")
UPPER_STATES = ("forwarded_to_town", "received", "recognised", "not_recognised")
NO_ROLE = ("stranger", "insider")
REFUSALS = ("NotAllowed", "Conflict", "Invalid")
MIN_JUDGES = 3
SPREAD_LIMIT = 20
EDITED_PART = "hieu-qua"

NEEDS_REASON = ("withdraw", "return", "reject", "unscreen", "settle_spread", "decline", "hand_back")
KEEPS_REASON = (*NEEDS_REASON, "confirm", "screen", "extend", "recognise")

CONDITIONS = {
    "submit": ("intake_not_open", "deadline_passed", "parts_missing"),
    "resubmit": ("completion_overdue", "parts_missing"),
    "withdraw": ("scoring_begun",),
    "screen": ("checklist_open",),
    "reject": ("completion_awaited",),
    "unscreen": ("scoring_begun",),
    "complete_scoring": ("sheets_open", "too_few_sheets", "spread_over_limit"),
    "settle_spread": ("judging_closed", "sheets_open", "too_few_sheets", "no_spread"),
    "forward": ("results_not_published",),
}
"""Why an act is refused, in the order in which the reasons are asked for."""
WRONG_FORMS = {
    "return": ({"parts": ()}, {"days": 0}),
    "extend": ({"days": 0},),
    "recognise": ({"decision": ""},),
    **{action: ({"reason": ""},) for action in NEEDS_REASON if action != "return"},
}


@dataclass
class Act:
    """What somebody tries, with what the form would carry."""

    who: str
    action: str
    reason: str = "Lý do"
    days: int = 5
    parts: tuple[str, ...] = (EDITED_PART, "minh-chung")
    decision: str = "12/QĐ-HĐ"

    def due(self, now: datetime) -> datetime:
        """The date that the office sets for a completion."""
        return now + timedelta(days=self.days)


@dataclass
class Model:
    """What a plain reading of the rules says about one entry and what surrounds it."""

    closes_at: datetime
    state: str = "draft"
    contest: str = "open"
    filled: bool = False
    checks: tuple[str, ...] = ("", "")
    sheets: tuple[tuple[str, int], ...] = ()
    confirmed_at: datetime | None = None
    submitted_at: datetime | None = None
    due: datetime | None = None
    parts: str = ""
    asked: str = ""
    rank: int | None = None
    answer: tuple[str, str] = ("", "")
    story: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    # --- who may, and what comes of it --------------------------------------------------------------------------
    def role_of(self, who: str) -> str:
        """In which role the person stands towards the entry now; "" for none."""
        if who in STAFF and self.submitted_at is None:
            return ""
        if who == "upper_clerk" and self.state not in UPPER_STATES:
            return ""
        return "" if who in NO_ROLE else who

    def outcome(self, act: Act, now: datetime) -> str:
        """The state after the act, or why there is none: a kind of refusal, or the reason of a refusing condition."""
        role, action = self.role_of(act.who), act.action
        if not any((role, action) == (r, a) for _, r, a in MATRIX):
            return "NotAllowed"
        if not any((self.state, action) == (s, a) for s, _, a in MATRIX):
            return "Conflict"
        if (self.state, role, action) not in MATRIX:
            return "NotAllowed"
        if action in NEEDS_REASON and not act.reason:
            return "Invalid"
        refusing = next((why for why in CONDITIONS.get(action, ()) if self.refuses(why, now)), "")
        return refusing or ("Invalid" if self.is_wrong(act, now) else MATRIX[self.state, role, action])

    def is_wrong(self, act: Act, now: datetime) -> bool:
        """Whether the form's fields are refused."""
        if act.action == "return":
            return not act.parts or act.days <= 0
        if act.action == "extend":
            return act.due(now) <= max(now, self.due)
        return act.action == "recognise" and not act.decision

    def refuses(self, why: str, now: datetime) -> bool:
        """Whether a condition does not hold just now."""
        return {
            "intake_not_open": self.contest == "preparing",
            "deadline_passed": self.contest != "open" or now > self.closes_at,
            "parts_missing": not (self.filled and self.confirmed_at),
            "completion_overdue": self.due is None or now > self.due,
            "completion_awaited": self.due is not None and now <= self.due,
            "scoring_begun": bool(self.with_state("draft", "submitted", "locked")),
            "checklist_open": set(self.checks) != {"passed"},
            "sheets_open": bool(self.with_state("pending", "draft")),
            "too_few_sheets": len(self.with_state("submitted", "locked")) < MIN_JUDGES,
            "spread_over_limit": self.spread > SPREAD_LIMIT,
            "no_spread": self.spread <= SPREAD_LIMIT,
            "judging_closed": self.contest != "judging",
            "results_not_published": self.contest not in ("decided", "closed"),
        }[why]

    def with_state(self, *states: str) -> list[int]:
        """Totals of the sheets in these states."""
        return [total for state, total in self.sheets if state in states]

    @property
    def spread(self) -> int:
        """How far the sheets that count lie apart."""
        totals = self.with_state("submitted", "locked")
        return max(totals) - min(totals) if totals else 0

    @property
    def editable(self) -> bool:
        """Whether the author may write the part that the tests write."""
        return self.state == "draft" or (self.state == "returned" and EDITED_PART in self.parts.split())

    # --- what an act changes --------------------------------------------------------------------------------------
    def move(self, act: Act, target: str, now: datetime) -> None:
        """Everything that an act leaves behind."""
        reason = act.reason if act.action in KEEPS_REASON else ""
        self.story.append((f"entry.{act.action}", act.who, self.state, target, reason))
        self.state = target
        getattr(self, f"_{act.action}", lambda *_: None)(act, now)

    def _confirm(self, act: Act, now: datetime) -> None:
        self.confirmed_at = now

    def _submit(self, act: Act, now: datetime) -> None:
        self.submitted_at = now

    def _return(self, act: Act, now: datetime) -> None:
        self.parts, self.asked, self.due = " ".join(act.parts), act.reason, act.due(now)

    def _extend(self, act: Act, now: datetime) -> None:
        self.due = act.due(now)

    def _resubmit(self, act: Act, now: datetime) -> None:
        self.parts, self.asked, self.due = "", "", None
        self.checks = tuple("passed" if one == "passed" else "" for one in self.checks)

    def _rank(self, act: Act, now: datetime) -> None:
        self.rank = 1

    def _unrank(self, act: Act, now: datetime) -> None:
        self.rank = None

    def _forward(self, act: Act, now: datetime) -> None:
        self.answer = ("", "")

    def _recognise(self, act: Act, now: datetime) -> None:
        self.answer = (f"Quyết định số {act.decision} ngày {now + timedelta(hours=7):%d/%m/%Y}", act.reason)

    def _decline(self, act: Act, now: datetime) -> None:
        self.answer = ("", act.reason)

    def _hand_back(self, act: Act, now: datetime) -> None:
        self.answer = ("", act.reason)


def path_to(state: str) -> Sequence[tuple[str, str]]:
    """The fewest acts, each with a role that may do it, that lead from a draft to the state."""
    reached, todo = {"draft": ()}, ["draft"]
    while state not in reached:
        here = todo.pop(0)
        for (source, role, action), target in MATRIX.items():
            if source == here and target not in reached:
                reached[target] = (*reached[here], (role, action))
                todo.append(target)
    return reached[state]
