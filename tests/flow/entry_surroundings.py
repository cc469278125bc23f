"""What surrounds an entry in random lives: the season, the checklist, the sheets, the dossier, the people.

Each change is made by the services where there is one, told to the model, and can be made so that an act's
conditions hold, or all but one.
"""

from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from app.accounts.actor import SYSTEM
from app.contests.models import ChecklistItem, Contest, Criterion
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.entries import services
from app.entries.authors import AuthorRow
from app.entries.models import Entry
from app.scoring import aggregates
from app.scoring.models import ScoreSheet
from app.screening.models import Check
from app.screening.services import Answer, save_checks
from tests.conftest import NOW
from tests.factories import entries as made
from tests.factories.people import actor_of, make_user
from tests.flow.entry_model import EDITED_PART, STAFF, Act, Model
from workflows.spec import Role

MOMENT = timedelta(microseconds=1)
SENT = ("submitted", "locked")


class Surroundings:
    """One entry with its model and all that conditions ask about."""

    entry_id: int
    model: Model

    def __init__(self, people: dict):
        super().__init__()
        self.people = people
        self.now = NOW

    def attempt(self, act: Act) -> None:
        """Do an act and hold what comes of it against the model."""
        raise NotImplementedError

    @property
    def season(self) -> made.Season:
        """The season with its rows in the present session."""
        made.attach(self.people["season"])
        return self.people["season"]

    @property
    def entry(self) -> Entry:
        """The entry as it is stored."""
        return db.session.get(Entry, self.entry_id)

    def actor(self, who: str):
        """The person as services get it."""
        return SYSTEM if who == "system" else self.people[who]

    # --- changes ---------------------------------------------------------------------------------------------------
    def contest_is(self, state: str) -> None:
        """Put the season where no act of this test would: its own life is told elsewhere."""
        values = {"state": state, "closes_at": self.model.closes_at}
        db.session.execute(sa.update(Contest).where(Contest.id == self.people["contest_id"]).values(values))
        db.session.commit()
        self.model.contest = state

    def time_passes(self, days: int) -> None:
        """Deadlines come."""
        self.now += timedelta(days=days)

    def author_writes(self, _=None) -> None:
        """Fill the dossier, or change it where that is allowed; a confirmation is void afterwards."""
        try:
            if self.model.filled:
                part = services.parts.part_named(EDITED_PART)
                text = f"Hiệu quả, lần {len(self.model.story)} {self.now:%d%m%f} {self.entry.version}"
                services.save_part(
                    self.entry, part, {"benefit": text}, self.actor("author"), now=self.now, version=None
                )
            else:
                self._fill()
            db.session.commit()
        except Refused:
            db.session.rollback()
            assert not self.model.editable
        else:
            assert self.model.editable
            self.model.filled, self.model.confirmed_at = True, None

    def _fill(self) -> None:
        made.fill(self.season, self.entry, now=self.now)
        names = (self.people["season"].author.full_name, self.people["insider"].name)
        rows = [AuthorRow(name, Decimal(50), workplace="Văn phòng") for name in names]
        services.save_authors(self.entry, rows, self.actor("author"), now=self.now, version=None, unit_id=None)

    def stored_checks(self) -> tuple[str, ...]:
        """The answers to the checklist as they are stored."""
        found = {row.item_id: row.result for row in db.session.query(Check).filter_by(entry_id=self.entry_id)}
        return tuple(found.get(question, "") for question in self.people["questions"])

    def office_checks(self, results: tuple[str, ...]) -> None:
        """Answer the checklist; only while the entry waits for it."""
        answers = [Answer(result, "Thiếu bản in" if result in ("failed", "missing") else "") for result in results]
        by_id = dict(zip(self.people["questions"], answers, strict=True))
        try:
            save_checks(self.entry, by_id, self.actor("office"), now=self.now, version=None)
            db.session.commit()
        except (Refused, NotAllowed):
            db.session.rollback()
            assert self.model.state != "submitted"
        else:
            assert self.model.state == "submitted"
            self.model.checks = results

    def sheets_are(self, sheets) -> None:
        """Sheets in any state, and the entry's figures as scoring keeps them."""
        table, entry = ScoreSheet.__table__, self.entry
        db.session.execute(sa.delete(table).where(table.c.entry_id == self.entry_id))
        rows = [
            {
                "code": f"{entry.code}-GK{n}",
                "state": state,
                "version": 1,
                "contest_id": entry.contest_id,
                "entry_id": entry.id,
                "judge_id": judge_id,
                "total": total if state in SENT else None,
                "assigned_at": self.now,
                "comment": "",
            }
            for n, ((state, total), judge_id) in enumerate(zip(sheets, self.people["judges"], strict=False))
        ]
        if rows:
            db.session.execute(sa.insert(table), rows)
        aggregates.recount(entry)
        db.session.commit()
        self.model.sheets = tuple(sheets)

    def meet(self, action: str) -> None:
        """See to it that the conditions of an act hold, a deadline just so."""
        if action in ("submit", "resubmit"):
            self._complete(action)
        if action in ("withdraw", "unscreen"):
            self.sheets_are([("pending", 0)])
        if action == "screen":
            self.office_checks(("passed", "passed"))
        if action == "return":
            self.office_checks(("passed", "missing"))
        if action == "extend":
            self.time_passes(1)
        if action == "reject" and self.model.due:
            self.now = max(self.now, self.model.due + MOMENT)
        if action in ("complete_scoring", "settle_spread"):
            self.contest_is("judging")
            self.sheets_are([("submitted", 50), ("locked", 60), ("submitted", 71 if action == "settle_spread" else 70)])
        if action == "forward":
            self.contest_is("decided")

    def _complete(self, action: str) -> None:
        if action == "submit":
            self.model.closes_at = max(self.model.closes_at, self.now)
            self.contest_is("open")
        elif self.model.refuses("completion_overdue", self.now):
            self.attempt(Act("office", "extend"))
        if not self.model.filled:
            self.author_writes()
        if not self.model.confirmed_at:
            self.attempt(Act("unit", "confirm"))
        if action == "resubmit":
            self.now = self.model.due

    def spoil(self, why: str) -> None:
        """See to it that one condition does not hold, as narrowly as can be."""
        if why in ("deadline_passed", "completion_overdue"):
            self.now = (self.model.closes_at if why == "deadline_passed" else self.model.due) + MOMENT
        if why == "completion_awaited" and self.model.due:
            self.attempt(Act("office", "extend"))
            self.now = self.model.due
        if why == "parts_missing" and self.model.editable:
            self.author_writes()
        if why == "checklist_open":
            self.office_checks(("passed", "missing"))
        seasons = {"intake_not_open": "preparing", "judging_closed": "ranked", "results_not_published": "ranked"}
        if why in seasons:
            self.contest_is(seasons[why])
        far = 70 if why == "no_spread" else 71
        sheets = {
            "scoring_begun": [("draft", 0)],
            "sheets_open": [("submitted", 50)] * 2 + [("submitted", far), ("pending", 0)],
            "too_few_sheets": [("submitted", 50), ("submitted", far), ("abstained", 0)],
            "spread_over_limit": [("submitted", 50)] * 2 + [("submitted", far)],
            "no_spread": [("submitted", 50)] * 2 + [("submitted", far)],
        }
        if why in sheets:
            self.sheets_are(sheets[why])


def make_people() -> dict:
    """A season, everybody in it as actors, and somebody of the office who is named as an author of every entry."""
    season = made.make_season()
    contest = season.contest
    contest.checklist = [ChecklistItem(position=n, text=f"Câu hỏi {n}") for n in range(2)]
    contest.criteria = [Criterion(position=1, key="all", name="Chung", max_score=Decimal(100))]
    roles = {role.value: role for role in Role}
    at_host = {who: make_user(who, roles[who], at=season.host) for who in STAFF if who != "office"}
    users = at_host | {
        "author": season.author,
        "unit": season.contact,
        "office": season.office,
        "upper_clerk": season.upper_clerk,
        "stranger": season.other_contact,
        "insider": make_user("noibo", Role.OFFICE, at=season.host, full_name="Đỗ Văn Nội"),
    }
    judges = [make_user(f"giamkhao{n}", Role.JUDGE, at=season.host) for n in range(5)]
    db.session.commit()
    actors = {who: actor_of(user) for who, user in users.items()}
    return actors | {
        "season": season,
        "contest_id": contest.id,
        "questions": [item.id for item in contest.checklist],
        "judges": [judge.id for judge in judges],
    }
