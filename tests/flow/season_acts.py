"""What people do in a random season, through the services that their pages use."""

from datetime import timedelta
from decimal import Decimal
from itertools import chain

import hypothesis.strategies as st
import pytest

from app import flow
from app.accounts.actor import SYSTEM, Actor
from app.audit import record
from app.contests.models import Contest
from app.core.db import db
from app.core.errors import Refused
from app.entries import services as entry_services
from app.entries.authors import AuthorRow
from app.entries.models import Entry
from app.flow import timers
from app.handover import services as handover
from app.handover.models import Package
from app.scoring import services as scoring
from app.scoring.models import ScoreSheet
from app.screening.services import save_checks
from tests.conftest import NOW
from tests.factories import contests
from tests.factories import entries as made
from tests.factories.handover import issue_forwarding
from tests.factories.people import actor_of, make_user
from tests.flow.season_model import MIN_JUDGES, UPPER_STATES, SeasonModel, Sheet
from workflows.spec import Role

MODELS = {"contest": Contest, "entry": Entry, "scorecard": ScoreSheet, "handover": Package}
STAGES = ("opened", "collected", "judged", "scored", "ranked", "decided", "sent", "acknowledged")
RUBRIC = (("novelty", "Tính mới", 30), ("effect", "Hiệu quả", 30), ("reach", "Khả năng áp dụng", 40))
GIVEN = ("20 20 30", "20 25 25", "20 15 35", "25 15 30", "15.5 20 20", "30 30 31", "0 30 40")
MARKS = st.sampled_from([tuple(map(Decimal, marks.split())) for marks in GIVEN])
TOP, LOW = (Decimal(30), Decimal(30), Decimal(40)), (Decimal(15), Decimal(15), Decimal(20))
ENTRIES = 3


class Acts:
    """A ward of its own with an open contest, and everything that can be done in it."""

    def __init__(self, key: str):
        super().__init__()
        self.key, self.now, self.model, self.alike = key, NOW, None, False

    @property
    def contest(self) -> Contest:
        """The contest as it is stored."""
        return db.session.get(Contest, self.model.contest)

    # --- the beginning --------------------------------------------------------------------------------------------
    def begin(self) -> None:
        """The people, a contest set up, its papers issued, and the timer that opens it."""
        ward = contests.make_ward(self.key)
        kin = make_user(f"{self.key}.nguoinha", home=ward.units[0], full_name="Phan Văn Nhà")
        author = make_user(f"{self.key}.tacgia", home=ward.units[0], full_name="Nguyễn Thị Đào")
        upper = make_user(f"{self.key}.captren", Role.UPPER_CLERK, at=ward.council, full_name="Hồ Thị Lan")
        ward.judges.append(kin)
        before = NOW - timedelta(days=2)
        criteria = [{"key": key, "name": name, "max_score": Decimal(most), "bands": ""} for key, name, most in RUBRIC]
        contest = contests.make_contest(ward, now=before, criteria=criteria, min_judges=MIN_JUDGES)
        self.model = SeasonModel(contest.id)
        users = {"office": ward.office, "secretary": ward.secretary, "head_of_jury": ward.head}
        users |= {"chairman": ward.chairman, "author": author, "unit": ward.unit_contact, "upper_clerk": upper}
        users |= {f"judge{n}": judge for n, judge in enumerate(ward.judges)}
        self.people: dict[str, Actor] = {name: actor_of(user) for name, user in users.items()}
        units = ward.units
        self.season = made.Season(
            *(
                ward.host,
                units[0],
                units[1],
                ward.council,
                contest,
                author,
                ward.unit_contact,
                ward.clerk,
                ward.office,
                upper,
            )
        )
        for paper in ("plan", "board_decision"):
            self.issue(contests.issue_paper(contest, paper, now=before))
        db.session.commit()
        assert timers.run_due(contest.opens_at - timedelta(seconds=1)) == 0

    def issue(self, paper) -> None:
        """Tell the trail of a paper that was put there as issued."""
        what = {"subject_type": "document", "subject_id": paper.id, "to_state": paper.state, "role": "system"}
        record(at=paper.created_at, actor=SYSTEM, action="document.create", **what)

    def reach_opened(self, marks) -> None:
        """The timer opens the contest; entries are handed in, the last two at the same moment; one judge is an author
        of the first."""
        assert timers.run_due(self.contest.opens_at) >= 1
        made.attach(self.season)
        for n in range(ENTRIES):
            entry = made.fill(self.season, made.start(self.season, now=self.now), now=self.now, title=f"Sáng kiến {n}")
            if n == 0:
                names = ("Nguyễn Thị Đào", self.people["judge2"].name)
                rows = [AuthorRow(name, Decimal(50), workplace="Văn phòng") for name in names]
                author = self.people["author"]
                entry_services.save_authors(entry, rows, author, now=self.now, version=None, unit_id=None)
                self.model.conflicts.add((entry.id, "judge2"))
            self.now += timedelta(minutes=n < ENTRIES - 1)
            made.submit(self.season, made.confirm(self.season, entry, now=self.now), now=self.now)
            self.model.submitted_at[entry.id] = self.now
            self.model.conflicts.add((entry.id, "judge3"))
        db.session.commit()

    # --- stages ---------------------------------------------------------------------------------------------------
    def reach_collected(self, marks) -> None:
        """Intake is over, a day later than planned."""
        self.do("contest", self.model.contest, "extend_deadline", "office", None)
        self.do("contest", self.model.contest, "close_intake", "system", None)

    def reach_judged(self, marks) -> None:
        """All entries are accepted and shared out, and judging begins, neither before the other."""
        for entry in self.model.of("entry"):
            self.do("entry", entry, "screen", "office", None)
        self.refuse("contest", self.model.contest, "start_judging", "secretary")
        self.do("all", 0, "assign", "secretary", None)
        key, sheet = next(iter(self.model.sheets.items()))
        self.refuse("scorecard", key, "accept", sheet.judge)
        self.do("contest", self.model.contest, "start_judging", "secretary", None)

    def reach_scored(self, marks) -> None:
        """Every sheet is sent, of each entry all alike or the first two far apart; then the head keeps them. The
        ranking waits for the last sheet, which is opened once more."""
        given = {entry: next(marks) for entry in self.model.of("entry")}
        apart = chain((TOP, LOW), marks)
        *others, last = self.model.sheets
        for key in (*others, last):
            sheet = self.model.sheets[key]
            self.do("scorecard", key, "accept", sheet.judge, None)
            if key == last:
                self._settle()
                self.refuse("contest", self.model.contest, "lock_ranking", "head_of_jury")
            self.do("scorecard", key, "submit", sheet.judge, given[sheet.entry] if self.alike else next(apart))
        self._settle()
        self.do("scorecard", last, "reopen", "secretary", None)
        self.do("scorecard", last, "submit", self.model.sheets[last].judge, given[self.model.sheets[last].entry])
        self._settle()

    def _settle(self) -> None:
        waiting = db.session.query(Entry).filter_by(contest_id=self.model.contest, state="screened", sheets_open=0)
        for entry in waiting.all():
            self.do("entry", entry.id, "settle_spread", "head_of_jury", None)

    def refuse(self, kind: str, key: int, action: str, name: str) -> None:
        """A condition says no, whatever the person is."""
        with pytest.raises(Refused):
            self.fire(kind, key, action, name)
        db.session.rollback()

    def reach_ranked(self, marks) -> None:
        """The head locks the ranking, at the second go."""
        for action in ("lock_ranking", "reopen_ranking", "lock_ranking"):
            self.do("contest", self.model.contest, action, "head_of_jury", None)

    def reach_decided(self, marks) -> None:
        """The decision is issued, the results announced; there is no way back."""
        self.refuse("contest", self.model.contest, "announce", "office")
        self.do("paper", 0, "result_decision", "office", None)
        self.refuse("contest", self.model.contest, "reopen_ranking", "head_of_jury")
        self.do("contest", self.model.contest, "announce", "office", None)

    def reach_sent(self, marks) -> None:
        """Everything goes up, is refused, and goes up again."""
        self.do("handover", self._send_all(), "refuse", "upper_clerk", None)
        self.hear()
        self._send_all()
        self.refuse("contest", self.model.contest, "finish", "office")

    def _send_all(self) -> int:
        self.do("all", 0, "prepare", "office", None)
        self.hear()
        package = max(self.model.packages)
        self.do("paper", package, "forwarding", "office", None)
        self.do("handover", package, "send", "office", None)
        return package

    def reach_acknowledged(self, marks) -> None:
        """The body above has it."""
        self.do("handover", max(self.model.packages), "acknowledge", "upper_clerk", None)

    # --- who, and what --------------------------------------------------------------------------------------------
    def roles_of(self, name: str, kind: str, key: int) -> set[str]:
        """In which roles a person stands towards a subject, in plain words."""
        state = self.model.states[kind, key]
        if name.startswith("judge"):
            mine = kind == "scorecard" and self.model.sheets[key].judge == name
            return {"judge"} if mine else set()
        if name == "upper_clerk":
            knows = state in UPPER_STATES if kind == "entry" else key in self.model.gone_up
            return {name} if kind in ("entry", "handover") and knows else set()
        if name in ("author", "unit"):
            return {name} if kind == "entry" else set()
        return {name}

    def is_possible(self, kind: str, key: int, action: str) -> bool:
        """Whether the conditions hold."""
        if action == "unassign":
            return not self.model.sheets[key].marks
        return kind in ("all", "paper") or self.model.holds(kind, key, action)

    def ends_too_much(self, action: str) -> bool:
        """Whether fewer than two entries would stay, with which the season could not go on."""
        staying = [state for state in self.model.of("entry").values() if state not in ("withdrawn", "rejected")]
        return action in ("withdraw", "reject") and len(staying) < ENTRIES

    def others(self):
        """Acts that are no moves of a declared life: sharing out, taking back, papers, packages."""
        season, model = self.model.season, self.model
        if season == "open":
            yield "contest", model.contest, "close_intake", "system"
        if season in ("open", "screening", "judging") and "screened" in model.of("entry").values():
            yield "all", 0, "assign", "secretary"
            for key, state in model.of("scorecard").items():
                if state == "pending" and model.states["entry", model.sheets[key].entry] == "screened":
                    yield "pair", key, "unassign", "secretary"
        if season == "ranked" and "result_decision" not in model.papers:
            yield "paper", 0, "result_decision", "office"
        if season in ("decided", "closed") and self._ready():
            yield "all", 0, "prepare", "office"
        for key, state in model.of("handover").items():
            if state == "prepared" and ("forwarding", key) not in model.papers:
                yield "paper", key, "forwarding", "office"

    def _ready(self) -> list[int]:
        """Ranked entries in no package that is being prepared."""
        busy = {
            one
            for key, state in self.model.of("handover").items()
            if state == "prepared"
            for one in self.model.packages[key]
        }
        return [key for key, state in self.model.of("entry").items() if state == "ranked" and key not in busy]

    # --- doing ----------------------------------------------------------------------------------------------------
    def do(self, kind: str, key: int, action: str, name: str, marks) -> None:
        """Do it and commit."""
        if kind in ("all", "pair", "paper"):
            getattr(self, f"_{action}")(key)
        elif action == "close_intake":
            self.now = max(self.now, self.contest.closes_at)
            assert timers.run_due(self.now) >= 1
        else:
            self.fire(kind, key, action, name, marks or TOP)
        db.session.commit()

    def fire(self, kind: str, key: int, action: str, name: str, marks=None) -> None:
        """One declared act by a person."""
        subject = db.session.get(MODELS[kind], key)
        actor = self.people[name]
        if marks and (kind, action) == ("scorecard", "submit"):
            given = {c.id: scoring.Mark(mark) for c, mark in zip(self.contest.criteria, marks, strict=True)}
            scoring.submit_sheet(subject, given, "", actor, now=self.now, version=subject.version)
            self.model.sheets[key].marks = marks
            return
        if marks and action == "screen":
            save_checks(subject, {}, actor, now=self.now, version=None, pass_rest=True)
        data = {
            "extend_deadline": {"closes_at": self.contest.closes_at + timedelta(days=1)},
            "recognise": {"decision": "12/QĐ-HĐ", "decided_on": self.now.date()},
        }
        flow.fire(subject, action, actor, now=self.now, reason="Lý do", data=data.get(action, {}))

    def _assign(self, key: int) -> None:
        scoring.assign_all(self.people["secretary"], self.contest, now=self.now)
        names = {actor.user_id: name for name, actor in self.people.items()}
        for sheet in db.session.query(ScoreSheet).filter_by(contest_id=self.model.contest):
            self.model.sheets.setdefault(sheet.id, Sheet(sheet.entry_id, names[sheet.judge_id]))

    def _unassign(self, key: int) -> None:
        sheet = db.session.get(ScoreSheet, key)
        scoring.unassign(self.people["secretary"], sheet, now=self.now, version=sheet.version)

    def _result_decision(self, key: int) -> None:
        self.issue(contests.issue_paper(self.contest, "result_decision", now=self.now))
        self.model.papers.add("result_decision")

    def _forwarding(self, key: int) -> None:
        self.issue(issue_forwarding(db.session.get(Package, key), now=self.now))
        self.model.papers.add(("forwarding", key))

    def _prepare(self, key: int) -> None:
        ready = self._ready() or list(self.model.of("entry"))
        package = handover.prepare(self.contest, ready, self.people["office"], now=self.now)
        self.model.packages[package.id] = ready

    def stored_states(self) -> dict[tuple[str, int], str]:
        """States of everything that belongs to the contest, as they are stored."""
        states = {("contest", self.model.contest): self.contest.state}
        for kind in ("entry", "scorecard", "handover"):
            rows = db.session.query(MODELS[kind].id, MODELS[kind].state).filter_by(contest_id=self.model.contest)
            states |= {(kind, row.id): row.state for row in rows}
        return states
