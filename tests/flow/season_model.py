"""A season in plain Python: the states that its trail tells, what may be done next, and what its scores come to.

Every event of the trail must be a line of a reviewed matrix. Conditions, sums and ranks are written a second time
here and share nothing with the application.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "workflows/matrix"
INITIAL = {"contest": "preparing", "entry": "draft", "scorecard": "pending", "handover": "prepared"}
LINES = {kind: [line.split() for line in (FOLDER / f"{kind}.txt").read_text().splitlines()] for kind in INITIAL}
MATRICES = {
    kind: {(state, role, action): target for state, role, action, target, *_ in lines} for kind, lines in LINES.items()
}
CARRIED = {(kind, *line[:3]) for kind, lines in LINES.items() for line in lines if line[-1] == "carried"}

MIN_JUDGES = 2
SPREAD_LIMIT = 20
UPPER_STATES = ("forwarded_to_town", "received", "recognised", "not_recognised")
PLACED = ("scored", "ranked", *UPPER_STATES)
OPEN, SENT = ("pending", "draft"), ("submitted", "locked")
Key = tuple[str, int]
Marks = tuple[Decimal, ...]


@dataclass
class Sheet:
    """A judge's sheet: marks in the order of the rubric, its first two being those that part equals."""

    entry: int
    judge: str
    marks: Marks = ()


@dataclass
class Figures:
    """What the sheets of an entry come to."""

    sheets_open: int
    sheets_submitted: int
    score_mean: Decimal | None
    score_min: Decimal | None
    score_max: Decimal | None
    spread_over_limit: bool


@dataclass
class SeasonModel:
    """One contest with all that belongs to it. `states` holds what the trail told so far."""

    contest: int
    states: dict[Key, str] = field(default_factory=dict)
    done: Counter = field(default_factory=Counter)
    submitted_at: dict[int, datetime] = field(default_factory=dict)
    sheets: dict[int, Sheet] = field(default_factory=dict)
    packages: dict[int, list[int]] = field(default_factory=dict)
    gone_up: set[int] = field(default_factory=set)
    papers: set = field(default_factory=set)
    conflicts: set[tuple[int, str]] = field(default_factory=set)

    # --- the trail ------------------------------------------------------------------------------------------------
    def hear(self, events: Iterable[tuple[str, int, str, str, str, str]]) -> None:
        """Follow events (kind, subject, action, role, from, to); each goes on from where the last one ended."""
        for kind, subject, action, role, before, after in events:
            key, name, matrix = (kind, subject), action.removeprefix(f"{kind}."), MATRICES[kind]
            if key not in self.states:
                assert (before, after) == ("", INITIAL[kind]), f"{action} begins {key}"
            else:
                assert before == self.states[key], f"{action} of {key} begins elsewhere"
                if any(name == act for _state, _role, act in matrix):
                    assert matrix.get((before, role, name)) == after, f"{role} {action} in {before}"
                    self.done[kind, before, role, name] += 1
                else:
                    assert after == ("" if name == "unassign" else before), f"{action} moves {key}"
            self.states[key] = after
            if action == "handover.send":
                self.gone_up.add(subject)
            if not after:
                del self.states[key], self.sheets[subject]

    def of(self, kind: str) -> dict[int, str]:
        """States of all subjects of a kind."""
        return {key: state for (one, key), state in self.states.items() if one == kind}

    @property
    def season(self) -> str:
        """Where the contest stands."""
        return self.states["contest", self.contest]

    # --- conditions -----------------------------------------------------------------------------------------------
    def holds(self, kind: str, key: int, action: str) -> bool:
        """Whether the conditions of an act hold; true for an act without any."""
        return getattr(self, f"_{kind}_{action}", lambda key: True)(key)

    def _entries(self, *states: str) -> list[int]:
        return [entry for entry, state in self.of("entry").items() if state in states]

    def _contest_start_judging(self, key: int) -> bool:
        screened = self._entries("screened")
        return bool(screened) and all(len(self._of_entry(one, *OPEN, *SENT)) >= MIN_JUDGES for one in screened)

    def _contest_lock_ranking(self, key: int) -> bool:
        return bool(self._entries("scored")) and not self._entries("submitted", "returned", "screened")

    def _contest_reopen_ranking(self, key: int) -> bool:
        return "result_decision" not in self.papers

    def _contest_announce(self, key: int) -> bool:
        return "result_decision" in self.papers

    def _contest_finish(self, key: int) -> bool:
        return not {"sent", "acknowledged"} & set(self.of("handover").values())

    def _entry_withdraw(self, key: int) -> bool:
        return not self._of_entry(key, "draft", *SENT)

    _entry_unscreen = _entry_withdraw

    def _entry_settle_spread(self, key: int) -> bool:
        now = self.figures(key)
        enough = not now.sheets_open and now.sheets_submitted >= MIN_JUDGES
        return self.season == "judging" and enough and now.spread_over_limit

    def _scorecard_recuse(self, key: int) -> bool:
        return self.season == "judging"

    _scorecard_abstain = _scorecard_reopen = _scorecard_recuse

    def _scorecard_accept(self, key: int) -> bool:
        return self.season == "judging" and self.states["entry", self.sheets[key].entry] == "screened"

    _scorecard_submit = _scorecard_reinstate = _scorecard_accept

    def _handover_send(self, key: int) -> bool:
        return ("forwarding", key) in self.papers

    # --- scores ---------------------------------------------------------------------------------------------------
    def _of_entry(self, entry: int, *states: str) -> list[Sheet]:
        return [one for key, one in self.sheets.items() if one.entry == entry and self._state_in(key, states)]

    def _state_in(self, sheet: int, states: tuple[str, ...]) -> bool:
        return self.states["scorecard", sheet] in states

    def figures(self, entry: int) -> Figures:
        """The entry's sums, from the marks themselves."""
        totals = [sum(sheet.marks) for sheet in self._of_entry(entry, *SENT)]
        waiting = len(self._of_entry(entry, *OPEN))
        if not totals:
            return Figures(waiting, 0, None, None, None, spread_over_limit=False)
        least, most = min(totals), max(totals)
        return Figures(waiting, len(totals), four_places(totals), least, most, most - least > SPREAD_LIMIT)

    def ranking(self) -> list[tuple[int, int]]:
        """Rank and entry of all that have a place, best first; equals by every rule share a rank."""
        standing = {entry: self._standing(entry) for entry in self._entries(*PLACED)}
        places = [(1 + sum(other < own for other in standing.values()), entry) for entry, own in standing.items()]
        return sorted(places)

    def _standing(self, entry: int) -> tuple:
        marks = [sheet.marks for sheet in self._of_entry(entry, *SENT)]
        first, second = (four_places([one[n] for one in marks]) for n in (0, 1))
        return -four_places([sum(one) for one in marks]), -first, -second, self.submitted_at[entry]

    def _packed(self, state: str) -> set[int]:
        return {one for key, now in self.of("handover").items() if now == state for one in self.packages[key]}

    def is_settled(self) -> None:
        """Entries are scored when, and only when, their sheets are in and agree, or their spread was settled; with
        the ranking every scored entry is ranked and every sheet that counts is closed; entries travel with packages."""
        for entry, state in self.of("entry").items():
            now = self.figures(entry)
            is_in = not now.sheets_open and now.sheets_submitted >= MIN_JUDGES
            assert is_in or state not in PLACED
            assert not (is_in and state == "screened" and not now.spread_over_limit)
        assert set(self._entries("forwarded_to_town")) == self._packed("sent")
        assert set(self._entries("received")) <= self._packed("acknowledged")
        locked = self.season in ("ranked", "decided", "closed")
        assert ("scored" if locked else "ranked") not in self.of("entry").values()
        assert ("submitted" if locked else "locked") not in self.of("scorecard").values()


def four_places(values: list[Decimal]) -> Decimal:
    """The mean, halves up."""
    mean = sum(map(Fraction, values), Fraction(0)) / len(values)
    return Decimal(int(mean * 10_000 + Fraction(1, 2))) / 10_000
