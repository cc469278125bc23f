"""The whole life of an entry against a plain model: acts of everybody, in any order, at any time.

The model (`entry_model`) knows the reviewed matrix and a second writing of the conditions. After every step the
application must be exactly where the model is, and its trail must tell the same story. What a run reached is counted
and has to be everything: each state, each act, each condition of each act, each person in each state.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app import flow
from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.entries.models import Entry
from tests.factories import entries as made
from tests.flow.entry_model import ACTIONS, CONDITIONS, LIVING, MATRIX, STATES, WRONG_FORMS, Act, Model, path_to
from tests.flow.entry_surroundings import SENT, Surroundings, make_people
from workflows import ENTRY

PEOPLE = (
    *("author", "unit", "office", "secretary", "judge", "head_of_jury", "chairman", "clerk"),
    *("upper_clerk", "admin", "system", "stranger", "insider"),
)
GUARD_OF = {
    **dict.fromkeys(("intake_not_open", "deadline_passed"), "intake_open"),
    **dict.fromkeys(("sheets_open", "too_few_sheets"), "enough_sheets_in"),
    "parts_missing": "parts_complete",
    "completion_overdue": "completion_open",
    "completion_awaited": "completion_not_awaited",
    "scoring_begun": "scoring_not_begun",
    "checklist_open": "checklist_passed",
    "spread_over_limit": "spread_within_limit",
    "no_spread": "spread_over_limit",
    "judging_closed": "judging_open",
    "results_not_published": "results_published",
}
NTH = st.sampled_from((0, 0, 0, 1, 2, 3))
SHEETS = st.lists(
    st.tuples(st.sampled_from(("pending", "draft", *SENT, "recused", "abstained")), st.integers(50, 80)), max_size=5
)
CHANGES = st.one_of(
    st.tuples(st.just("author_writes"), st.none()),
    st.tuples(st.just("contest_is"), st.sampled_from(("preparing", "open", "screening", "judging", "decided"))),
    st.tuples(st.just("sheets_are"), SHEETS),
    st.tuples(st.just("office_checks"), st.tuples(*[st.sampled_from(("", "passed", "failed", "missing"))] * 2)),
    st.tuples(st.just("time_passes"), st.sampled_from((0, 1, 3, 8))),
)
FORMS = st.builds(
    Act,
    st.just(""),
    st.just(""),
    reason=st.sampled_from(("Lý do", "")),
    days=st.integers(0, 8),
    parts=st.sampled_from((("hieu-qua", "minh-chung"), ("hieu-qua",), ("minh-chung",), ())),
    decision=st.sampled_from(("12/QĐ-HĐ", "")),
)


class Reached:
    """What all lives of a run came to; written by them, never read."""

    def __init__(self):
        self.states: Counter = Counter()
        self.done: Counter = Counter()
        self.refused: Counter = Counter()
        self.tried: Counter = Counter()

    def is_everything(self) -> None:
        """Every state, act, condition and person was there; named by what is missing."""
        guarded = {(t.action, guard.__name__) for t in ENTRY.transitions for guard in t.guards}
        assert set(ENTRY.state_names) == set(STATES) == set(self.states)
        assert set(ENTRY.actions) == set(ACTIONS)
        assert not set(MATRIX) - set(self.done)
        assert not {(a, why) for a, reasons in CONDITIONS.items() for why in reasons} - set(self.refused)
        assert guarded == {(action, GUARD_OF[why]) for action, why in self.refused}
        assert not {(state, who) for state in STATES for who in PEOPLE} - set(self.tried)


class LivesOfEntries(Surroundings, RuleBasedStateMachine):
    """Lives of entries in one season, one after the other; each begins in any state, which it came to by real acts.

    Of a machine's rules only some are used in each example, and many examples are much alike. So every rule alone
    goes on with the life, and the simplest choice is always what was done least often before.
    """

    def __init__(self, people: dict, reached: Reached):
        super().__init__(people)
        self.reached = reached
        self.often: Counter = Counter()
        self.turn = 0
        self.model = None

    @initialize(state=st.sampled_from(LIVING), turn=st.integers(0, 6))
    def the_first_life_begins(self, state, turn):
        """`turn` says which of the acts that were never done comes first."""
        self.turn = turn
        self._begin(state)

    def _begin(self, state: str) -> None:
        """Somewhere in the middle, so that late acts are tried as often as early ones."""
        self.model = Model(closes_at=self.now + timedelta(days=10))
        self.contest_is("open")
        self.entry_id = made.start(self.season, now=self.now).id
        db.session.commit()
        for role, action in path_to(state):
            self.meet(action)
            self.attempt(Act(role, action))

    # --- steps ----------------------------------------------------------------------------------------------------
    @rule(nth=NTH)
    def an_act_is_refused_and_then_done(self, nth):
        """At first each of its conditions alone does not hold, or its form is wrong; then all is well."""
        role, action = self._chosen_act(nth)
        here = self.model.state
        for why in CONDITIONS.get(action, ()):
            if not self.often[here, action, why]:
                self.often[here, action, why] = 1
                self.meet(action)
                self.spoil(why)
                self.attempt(Act(role, action))
        if (self.model.state, role, action) in MATRIX:
            self.meet(action)
            for wrong in WRONG_FORMS.get(action, ()) if not self.often[here, action, "form"] else ():
                self.attempt(replace(Act(role, action), **wrong))
            self.often[here, action, "form"] = 1
            self.attempt(Act(role, action))

    @rule(nth=NTH, change=CHANGES, form=FORMS)
    def something_changes_and_an_act_is_tried(self, nth, change, form):
        """Whatever holds then: the season, the sheets, the checklist, the dossier, the time; any form."""
        role, action = self._chosen_act(nth)
        name, value = change
        getattr(self, name)(value)
        self.attempt(replace(form, who=role, action=action))

    def _chosen_act(self, nth: int) -> tuple[str, str]:
        """An act that somebody may do now, the `nth` by how seldom it came. Where a life is at its end the next one
        begins."""
        if self.model.state not in LIVING:
            self._begin(min(LIVING, key=lambda state: self.often[state]))
        possible = [(role, action) for state, role, action in MATRIX if state == self.model.state]
        possible = possible[self.turn % len(possible) :] + possible[: self.turn % len(possible)]
        possible.sort(key=lambda one: self.often[self.model.state, *one])
        chosen = possible[nth % len(possible)]
        self.often.update([self.model.state, (self.model.state, *chosen)])
        return chosen

    @invariant()
    def everybody_tries_everything(self):
        """All that nobody may do now is refused to everybody, and leaves nothing behind; once in each state."""
        if self.model is None or self.often["all tried", self.model.state]:
            return
        self.often["all tried", self.model.state] = 1
        entry = self.entry
        for who in PEOPLE:
            for action in ACTIONS:
                act = Act(who, action)
                expected = self.model.outcome(act, self.now)
                if expected not in STATES:
                    assert self._refusal(entry, act) == expected, f"{who} {action} in {self.model.state}"
            self.reached.tried[self.model.state, who] += 1
        assert not db.session.dirty
        assert not db.session.new
        db.session.rollback()

    # --- acts -----------------------------------------------------------------------------------------------------
    def attempt(self, act: Act) -> None:
        before, expected = self.model.state, self.model.outcome(act, self.now)
        refusal = self._refusal(self.entry, act)
        assert (refusal or self.entry.state) == expected, f"{act} in {before}"
        if refusal:
            db.session.rollback()
            self.reached.refused.update([(act.action, refusal)] if refusal in GUARD_OF else [])
        else:
            db.session.commit()
            self.model.move(act, expected, self.now)
            self.reached.done[before, act.who, act.action] += 1

    def _refusal(self, entry: Entry, act: Act) -> str:
        """Do the act; "" when it is done."""
        data = {
            "return": {"parts": act.parts, "due_at": act.due(self.now)},
            "extend": {"due_at": act.due(self.now)},
            "rank": {"rank": 1, "prize_id": None, "tie_note": ""},
            "recognise": {"decision": act.decision, "decided_on": (self.now + timedelta(hours=7)).date()},
        }.get(act.action, {})
        try:
            flow.fire(entry, act.action, self.actor(act.who), now=self.now, reason=act.reason, data=data)
        except Refused as error:
            return error.refusal.code
        except (NotAllowed, Conflict, Invalid) as error:
            return type(error).__name__
        return ""

    # --- after every step -----------------------------------------------------------------------------------------
    @invariant()
    def the_application_is_where_the_model_is(self):
        """State and columns, and the moves on the trail in their order."""
        if self.model is None:
            return
        entry, model = self.entry, self.model
        self.reached.states[entry.state] += 1
        assert (entry.state, entry.submitted_at, entry.confirmed_at) == (
            *(model.state, model.submitted_at, model.confirmed_at),
        )
        assert entry.confirmed_by == ("Lê Văn Đức" if model.confirmed_at else "")
        assert (entry.completion_due_at, entry.returned_parts, entry.return_reason) == (
            *(model.due, model.parts, model.asked),
        )
        assert (entry.rank, entry.upper_decision, entry.upper_reason) == (model.rank, *model.answer)
        assert self.stored_checks() == model.checks
        assert self._moves() == model.story
        db.session.rollback()

    def _moves(self) -> list[tuple]:
        declared = [ENTRY.action_id(action) for action in ACTIONS]
        event = AuditEvent.__table__.c
        rows = db.session.execute(
            sa.select(event.action, event.actor_role, event.from_state, event.to_state, event.reason)
            .where(event.subject_type == "entry", event.subject_id == self.entry_id, event.action.in_(declared))
            .order_by(event.seq)
        )
        return [tuple(row) for row in rows]


def live(examples: int, steps: int, *, derandomize: bool) -> None:
    """Run the machine on one database; each life has an entry of its own."""
    people, reached = make_people(), Reached()
    run_state_machine_as_test(
        lambda: LivesOfEntries(people, reached),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            phases=(Phase.generate, Phase.shrink),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    reached.is_everything()
    assert "bị sửa" not in verify().problem


def test_the_life_of_an_entry_is_what_the_model_says(app):
    live(examples=12, steps=40, derandomize=True)


@pytest.mark.slow
def test_many_lives_of_entries_are_what_the_model_says(app):
    live(examples=120, steps=60, derandomize=False)
