"""Whole small seasons at random: real contest acts and timers, entries, judges' sheets, ranking and handover.

Only papers are put there as issued. After every step the trail is followed through the reviewed matrices, and what
the application keeps (states, counts, sums, ranks) is computed anew in plain Python (`season_model`).
"""

from collections import Counter
from itertools import count

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.core.db import db
from app.core.errors import Conflict, NotAllowed, Refused
from app.entries.models import Entry, EntryCount
from app.ranking.queries import all_places
from tests.flow.season_acts import MARKS, STAGES, Acts
from tests.flow.season_model import CARRIED, MATRICES, PLACED

NTH = st.sampled_from((0, 0, 0, 1, 2, 3, 5, 8))
ELSEWHERE = {
    *((state, action) for state, _role, action in MATRICES["entry"] if state in ("draft", "returned")),
    ("submitted", "return"),
}
"""Acts on entries before the judging are told in `test_life_cycle`."""

SELDOM = {("entry", "reject"), ("entry", "withdraw"), ("handover", "hand_back")}
"""Acts that not every run reaches."""


class LivesOfSeasons(Acts, RuleBasedStateMachine):
    """One season from any stage on. Every rule alone goes on, what was done least often comes first."""

    def __init__(self, number: int, done: Counter):
        super().__init__(f"phuong{number}")
        self.reached = done
        self.often: Counter = Counter()
        self.heard = 0

    @initialize(
        stage=st.sampled_from(STAGES[::-1]), marks=st.lists(MARKS, min_size=12, max_size=12), alike=st.booleans()
    )
    def it_begins(self, stage, marks, alike):
        """Three entries are handed in, and the season goes on to the stage, most simply to the last one."""
        self.alike = alike
        self.begin()
        for name in STAGES[: STAGES.index(stage) + 1]:
            getattr(self, f"reach_{name}")(iter(marks))
            self.hear()

    # --- steps ----------------------------------------------------------------------------------------------------
    @rule(nth=NTH, marks=MARKS)
    def an_act_is_done(self, nth, marks):
        """One that somebody may do and whose conditions hold."""
        chosen = self._chosen(nth, wanted=True)
        if chosen:
            self.do(*chosen, marks)

    @rule(nth=NTH, marks=MARKS)
    def an_act_is_refused_and_another_done(self, nth, marks):
        """One that somebody may do and whose conditions do not hold."""
        chosen = self._chosen(nth, wanted=False)
        if chosen:
            with pytest.raises(Refused):
                self.do(*chosen, marks)
            db.session.rollback()
        self.an_act_is_done(nth, marks)

    @rule(nth=NTH, marks=MARKS, turn=st.integers(0, 200))
    def the_wrong_people_try_and_the_right_do(self, nth, marks, turn):
        """Nobody acts without a line in a matrix; some of the people try everything on one subject."""
        subjects = sorted(self.model.states)
        kind, key = subjects[turn % len(subjects)]
        state = self.model.states[kind, key]
        for action in sorted({action for _state, _role, action in MATRICES[kind]}):
            for name in list(self.people)[turn % 4 :: 4]:
                roles = self.roles_of(name, kind, key)
                if not any((state, role, action) in MATRICES[kind] for role in roles):
                    with pytest.raises((NotAllowed, Conflict)):
                        self.fire(kind, key, action, name)
        assert not db.session.dirty
        db.session.rollback()
        self.an_act_is_done(nth, marks)

    def _chosen(self, nth: int, *, wanted: bool):
        """The `nth` possible act (kind, subject, action, person) by how seldom its like came."""
        possible = [one for one in self._possible() if self.is_possible(*one[:3]) is wanted]
        possible.sort(key=lambda one: (self.often[one[0], one[2]], one))
        if not possible:
            return None
        chosen = possible[nth % len(possible)]
        self.often[chosen[0], chosen[2]] += 1
        return chosen

    def _possible(self):
        for (kind, key), state in self.model.states.items():
            for here, role, action in MATRICES[kind]:
                if here != state or (kind, here, role, action) in CARRIED:
                    continue
                if kind == "entry" and ((here, action) in ELSEWHERE or self.ends_too_much(action)):
                    continue
                for name in self.people:
                    if role in self.roles_of(name, kind, key):
                        yield kind, key, action, name
        yield from self.others()

    # --- after every step -----------------------------------------------------------------------------------------
    @invariant()
    def the_trail_goes_through_the_matrices(self):
        """Every event is a declared move from where the subject was, and leads to where it is."""
        if self.model is not None:
            self.hear()

    def hear(self):
        event = AuditEvent.__table__.c
        kinds = (event.subject_type, event.subject_id, event.action, event.actor_role, event.from_state, event.to_state)
        rows = db.session.execute(
            sa.select(event.seq, *kinds)
            .where(event.contest_id == self.model.contest, event.seq > self.heard)
            .where(event.subject_type.in_(MATRICES))
            .order_by(event.seq)
        ).all()
        self.heard = rows[-1].seq if rows else self.heard
        self.model.hear(row[1:] for row in rows)
        assert self.stored_states() == self.model.states
        db.session.rollback()

    @invariant()
    def what_is_kept_is_what_comes_out_anew(self):
        """Sums on the entries, numbers of entries, places, and nobody with a conflict."""
        if self.model is None:
            return
        entries = db.session.query(Entry).filter_by(contest_id=self.model.contest).all()
        assert sorted(entry.id for entry in entries) == sorted(self.model.submitted_at)
        for entry in entries:
            figures = vars(self.model.figures(entry.id))
            assert {name: getattr(entry, name) for name in figures} == figures
        counted = db.session.query(EntryCount).filter(EntryCount.contest_id == self.model.contest, EntryCount.n > 0)
        assert {row.state: row.n for row in counted} == Counter(entry.state for entry in entries)
        assert not {(sheet.entry, sheet.judge) for sheet in self.model.sheets.values()} & self.model.conflicts
        self.model.is_settled()
        self._places(entries)
        db.session.rollback()

    def _places(self, entries: list[Entry]) -> None:
        ids = {entry.code: entry.id for entry in entries}
        placed = [(place.rank, ids[place.code]) for place in all_places(self.contest)]
        ranking = self.model.ranking()
        assert sorted(one for one in placed if one[1] in dict(map(reversed, ranking))) == ranking
        kept = sorted((entry.rank, entry.id) for entry in entries if entry.state in PLACED and entry.rank)
        assert kept == (ranking if self.model.season in ("ranked", "decided", "closed") else [])

    def teardown(self):
        """At the end the whole trail is sound and agrees with every row."""
        if self.model is not None:
            self.reached.update(self.model.done)
            assert verify().problem == ""
            db.session.rollback()


def live(examples: int, steps: int, *, derandomize: bool) -> None:
    """Seasons on one database, each with a ward of its own; together they reach every act."""
    numbers, done = count(1), Counter()
    run_state_machine_as_test(
        lambda: LivesOfSeasons(next(numbers), done),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    acts = {
        (kind, action)
        for kind, matrix in MATRICES.items()
        for state, _role, action in matrix
        if kind != "entry" or (state, action) not in ELSEWHERE
    }
    assert acts - {(kind, action) for kind, _state, _role, action in done} <= SELDOM


def test_a_whole_season_keeps_its_books(app):
    live(examples=9, steps=36, derandomize=True)


@pytest.mark.slow
def test_many_whole_seasons_keep_their_books(app):
    live(examples=60, steps=60, derandomize=False)
