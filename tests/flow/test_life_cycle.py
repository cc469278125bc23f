"""The whole life of an entry against a plain model: random acts by everybody, in any order, at any time.

The model knows the reviewed matrix (`tests/workflows/matrix/entry.txt`) and a second writing of the conditions. After
every step the application must be exactly where the model is, and its trail must tell the same story.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app import flow
from app.accounts.actor import SYSTEM
from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.contests.models import ChecklistItem
from app.core.db import db
from app.core.errors import Conflict, NotAllowed, Refused
from app.entries import services
from app.entries.models import Entry
from app.screening.services import save_checks
from tests.conftest import NOW
from tests.factories import entries as made
from tests.factories.people import actor_of, make_user
from workflows import ENTRY
from workflows.spec import Role

MATRIX = {
    (state, role, action): target
    for state, role, action, target in (
        line.split()[:4]
        for line in (Path(__file__).parent.parent / "workflows/matrix/entry.txt").read_text().splitlines()
    )
}
ACTIONS = sorted({action for _, _, action in MATRIX})
PEOPLE = ("author", "unit", "office", "secretary", "head_of_jury", "upper_clerk", "system", "stranger")
STAFF = ("office", "secretary", "head_of_jury")
UPPER_STATES = ("forwarded_to_town", "received", "recognised", "not_recognised")
ENDS = ("withdrawn", "rejected")
DUE = timedelta(days=5)


@dataclass
class Model:
    """What a plain reading of the rules says about one entry."""

    state: str = "draft"
    contest: str = "open"
    filled: bool = False
    confirmed: bool = False
    submitted: bool = False
    passed: bool = False
    due: object = None
    sheets: tuple[int, int] = (0, 0)
    spread: bool = False
    story: list[tuple[str, str, str]] = field(default_factory=list)

    def role_of(self, who: str) -> str:
        """In which role the person stands towards the entry now; "" for none."""
        if who in STAFF and not self.submitted:
            return ""
        if who == "upper_clerk" and self.state not in UPPER_STATES:
            return ""
        return "" if who == "stranger" else who

    def outcome(self, who: str, action: str, now) -> str:
        """The state after the act, or the name of the refusal."""
        role = self.role_of(who)
        if not any((role, action) == (r, a) for _, r, a in MATRIX):
            return "NotAllowed"
        if not any((self.state, action) == (s, a) for s, _, a in MATRIX):
            return "Conflict"
        if (self.state, role, action) not in MATRIX:
            return "NotAllowed"
        return MATRIX[self.state, role, action] if self.holds(action, now) else "Refused"

    def holds(self, action: str, now) -> bool:
        """The conditions of an act, written a second time."""
        complete = self.filled and self.confirmed
        opened, sent = self.sheets
        return {
            "submit": self.contest == "open" and now <= NOW + timedelta(days=10) and complete,
            "resubmit": self.due is not None and now <= self.due and complete,
            "screen": self.passed,
            "reject": self.due is None or now > self.due,
            "complete_scoring": opened == 0 and sent >= 3 and not self.spread,
            "settle_spread": self.contest == "judging" and opened == 0 and sent >= 3 and self.spread,
            "forward": self.contest in ("decided", "closed"),
        }.get(action, True)

    def move(self, action: str, target: str, now) -> None:
        """What an act changes."""
        self.story.append((f"entry.{action}", self.state, target))
        self.state = target
        if action == "confirm":
            self.confirmed = True
        if action == "submit":
            self.submitted = True
        if action in ("return", "extend"):
            self.due = now + DUE
        if action == "resubmit":
            self.due = None


class LifeOfAnEntry(RuleBasedStateMachine):
    """Acts of everybody on one entry."""

    def __init__(self, people: dict, contest_id: int):
        super().__init__()
        self.people = people
        self.now = NOW
        self.model = Model()
        self.contest_id = contest_id
        self._contest("open")
        self.entry_id = made.start(made_season(people)).id
        db.session.commit()

    @initialize(handed_in=st.sampled_from((True, True, False)))
    def most_are_handed_in(self, handed_in):
        """Most lives begin with the office, so that its acts are tried as often as the author's."""
        if handed_in:
            self._write()
            self._act("unit", "confirm")
            self._act("author", "submit")

    @property
    def entry(self) -> Entry:
        """The entry as it is stored."""
        return db.session.get(Entry, self.entry_id)

    def _contest(self, state: str) -> None:
        made.put_state(made_season(self.people).contest, state)
        db.session.commit()

    @rule(state=st.sampled_from(("open", "screening", "judging", "decided")))
    def contest_moves(self, state):
        """The season goes on (or back: what is true of an entry must not lean on the order)."""
        self._season(state)

    def _season(self, state: str) -> None:
        self._contest(state)
        self.model.contest = state

    @rule(days=st.integers(1, 6))
    def time_passes(self, days):
        """Deadlines come and go."""
        self.now += timedelta(days=days)

    @rule()
    def author_writes(self):
        """Filling or changing the dossier; a confirmation is void afterwards."""
        self._write()

    def _write(self) -> None:
        editable = self.model.state in ("draft", "returned")
        try:
            if not self.model.filled:
                made.fill(made_season(self.people), self.entry, now=self.now)
            else:
                part = services.parts.part_named("hieu-qua")
                text = f"Hiệu quả, lần {len(self.model.story)} {self.now:%d%m} {self.entry.version}"
                services.save_part(
                    self.entry, part, {"benefit": text}, actor_of(self.people["author"]), now=self.now, version=None
                )
            db.session.commit()
        except Refused:
            db.session.rollback()
            assert not editable
        else:
            assert editable
            self.model.filled, self.model.confirmed = True, False

    @rule()
    def office_checks(self):
        """Everything on the checklist passes; only while the entry waits for it."""
        self._check()

    def _check(self) -> None:
        try:
            save_checks(self.entry, {}, actor_of(self.people["office"]), now=self.now, version=None, pass_rest=True)
            db.session.commit()
        except (Refused, NotAllowed):
            db.session.rollback()
            assert self.model.state != "submitted"
        else:
            assert self.model.state == "submitted"
            self.model.passed = True

    @rule(opened=st.integers(0, 1), sent=st.integers(2, 4), spread=st.booleans())
    def sheets_come_in(self, opened, sent, spread):
        """The aggregates as the sheets would leave them."""
        self._sheets(opened, sent, spread)

    def _sheets(self, opened: int, sent: int, spread: bool) -> None:
        values = {"sheets_open": opened, "sheets_submitted": sent, "spread_over_limit": spread}
        db.session.execute(sa.update(Entry.__table__).where(Entry.__table__.c.id == self.entry_id).values(**values))
        db.session.commit()
        self.model.sheets, self.model.spread = (opened, sent), spread

    @rule(who=st.sampled_from(PEOPLE), action=st.sampled_from(ACTIONS))
    def somebody_acts(self, who, action):
        """Anybody tries anything."""
        self._act(who, action)

    @rule(choice=st.integers(0, 99), prepared=st.booleans())
    def life_goes_on(self, choice, prepared):
        """One of the acts that the matrix knows in this state, often with its conditions met, seldom one that ends
        the life: so that far states are reached."""
        possible = [
            (role, action)
            for (state, role, action), target in sorted(MATRIX.items())
            if state == self.model.state and (target not in ENDS or choice % 5 == 0)
        ]
        if possible:
            who, action = possible[choice % len(possible)]
            if prepared:
                self._prepare(action)
            self._act(who, action)

    def _prepare(self, action: str) -> None:
        if action == "screen":
            self._check()
        if action in ("complete_scoring", "settle_spread"):
            self._season("judging")
            self._sheets(0, 3, action == "settle_spread")
        if action == "forward":
            self._season("decided")
        if action == "resubmit" and not self.model.confirmed:
            self._act("unit", "confirm")

    def _act(self, who: str, action: str) -> None:
        expected = self.model.outcome(who, action, self.now)
        actor = SYSTEM if who == "system" else actor_of(self.people[who])
        data = {
            "return": {"parts": services.parts.NAMES, "due_at": self.now + DUE},
            "extend": {"due_at": self.now + DUE},
            "rank": {"rank": 1, "prize_id": None, "tie_note": ""},
            "recognise": {"decision": "12/QĐ-HĐ", "decided_on": self.now.date()},
        }.get(action, {})
        if action == "extend" and self.model.due and self.now + DUE <= self.model.due:
            return
        try:
            flow.fire(self.entry, action, actor, now=self.now, reason="Lý do", data=data)
            db.session.commit()
            actual = self.entry.state
        except (NotAllowed, Conflict, Refused) as error:
            db.session.rollback()
            actual = type(error).__name__
        assert actual == expected, f"{who} {action} in {self.model.state}"
        if expected not in ("NotAllowed", "Conflict", "Refused"):
            self.model.move(action, expected, self.now)

    @invariant()
    def the_application_is_where_the_model_is(self):
        """State, and the moves on the trail in their order."""
        assert self.entry.state == self.model.state
        moves = db.session.execute(
            sa.select(AuditEvent.action, AuditEvent.from_state, AuditEvent.to_state)
            .where(AuditEvent.subject_type == "entry", AuditEvent.subject_id == self.entry_id)
            .order_by(AuditEvent.seq)
        ).all()
        declared = {ENTRY.action_id(action) for action in ENTRY.actions}
        assert [tuple(move) for move in moves if move.action in declared] == self.model.story
        db.session.rollback()


def made_season(people: dict) -> made.Season:
    """The season with its rows in the present session."""
    made.attach(people["season"])
    return people["season"]


def live(app, examples: int, steps: int) -> None:
    """Run the machine on one database; each life has an entry of its own."""
    season = made.make_season()
    season.contest.checklist = [ChecklistItem(position=n, text=f"Câu hỏi {n}") for n in range(2)]
    people = {
        "season": season,
        "author": season.author,
        "unit": season.contact,
        "office": season.office,
        "secretary": make_user("thuky", Role.SECRETARY, at=season.host),
        "head_of_jury": make_user("truongban", Role.HEAD_OF_JURY, at=season.host),
        "upper_clerk": season.upper_clerk,
        "stranger": season.other_contact,
    }
    db.session.commit()
    contest_id = season.contest.id
    run_state_machine_as_test(
        lambda: LifeOfAnEntry(people, contest_id),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert "bị sửa" not in verify().problem


def test_the_life_of_an_entry_is_what_the_model_says(app):
    live(app, examples=20, steps=40)


@pytest.mark.slow
def test_many_lives_of_entries_are_what_the_model_says(app):
    live(app, examples=300, steps=60)
