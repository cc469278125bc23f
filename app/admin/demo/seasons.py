"""One season of the demonstration, act by act: plan, intake, screening, judging, ranking, papers, handover."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.admin.demo import files, intake, judging, office, outcome, papers
from app.admin.demo.story import Story, morning
from app.contests import services as contests
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.organisations.models import Organisation

FINISHED = frozenset({"ranked", "forwarded_to_town", "received", "recognised", "not_recognised"})


def play(story: Story, data: dict) -> None:
    """Play the season as far as its entries say."""
    dates = data["dates"]
    season = Season(story, data)
    season.prepare(morning(dates["plan_on"], days=-3))
    papers.issue(story, season.contest, "plan", season.chairman, morning(dates["plan_on"]))
    papers.issue(story, season.contest, "board_decision", season.chairman, morning(dates["boards_on"]))
    if season.is_over:
        office.open_season(story, season)
    story.at(dates["opens_at"].astimezone(UTC))
    intake.play(story, season)
    if dates["closes_at"] < utcnow():
        story.at(dates["closes_at"].astimezone(UTC) + timedelta(minutes=1))
        if season.is_over:
            office.close_intake(story, season)
        judging.play(story, season)
        outcome.play(story, season)


class Season:
    """A contest of the story with its content, and whose hands its papers pass through."""

    def __init__(self, story: Story, data: dict):
        self.story = story
        self.data = data
        self.entries = files.entries(data["key"])
        self.codes: dict[str, int] = {}
        self.contest_id = 0
        self.chairman = _chairman(data)

    @property
    def is_over(self) -> bool:
        """Whether its entries have been ranked."""
        return any(entry["target_state"] in FINISHED for entry in self.entries)

    @property
    def contest(self) -> Contest:
        """The contest as it is now."""
        return db.session.get(Contest, self.contest_id)

    def prepare(self, moment: datetime) -> None:
        """The office sets everything up."""
        self.story.at(moment)
        self.contest_id = self.story.act(self._create)
        self.story.act(self._fill)

    def _create(self) -> int:
        organisation = db.session.get(Organisation, self.story.organisation_ids[self.data["organisation"]])
        return contests.create_contest(
            self.story.actor("vanphong"),
            organisation,
            year=self.data["year"],
            title=self.data["title"],
            entry_prefix=self.data["entry_prefix"],
            now=self.story.now,
        ).id

    def _fill(self) -> None:
        actor = self.story.actor("vanphong")
        for values in (plan_values(self.data), self._board_values(), rule_values(self.data), date_values(self.data)):
            contests.edit(self.contest, actor, values, now=self.story.now)

    def widen_board(self, moment: datetime) -> None:
        """The member who comes later takes the seat."""
        self.story.at(moment)
        values = {"members": self._board_values(everybody=True)["members"]}
        self.story.act(lambda: contests.edit(self.contest, self.story.actor("vanphong"), values, now=self.story.now))

    def _board_values(self, *, everybody: bool = False) -> dict[str, Any]:
        later = self.data.get("later_member", {})
        receiver = self.story.organisation_ids[self.data["receiver"]]
        people = {person["key"]: person for person in files.people()}
        rows = [
            {
                "board": board["key"],
                "user_id": self.story.user_ids[member["person"]],
                "seat": member["seat"],
                "is_head": member.get("head", False),
                **_post(people[member["person"]], self.data["dates"]["plan_on"]),
            }
            for board in self.data["boards"]
            for member in board["members"]
            if everybody or (board["key"], member["person"]) != (later.get("board"), later.get("person"))
        ]
        return {"members": rows, "receiver_id": receiver}


def _chairman(data: dict) -> str:
    """The person whose signature the organisation's papers carry on the day of the plan."""
    day = data["dates"]["plan_on"]
    return next(
        signer["person"]
        for signer in files.signers()
        if signer["role"] == "chairman"
        and signer["organisation"] == data["organisation"]
        and signer["valid_from"] <= day <= signer.get("valid_to", date.max)
    )


def _post(person: dict, day: date) -> dict[str, str]:
    """Name, form of address and post of a person on a day."""
    later = person.get("later", {})
    post = later if later and later["valid_from"] <= day else person
    return {
        "full_name": person["full_name"],
        "honorific": person["honorific"],
        "job_title": post["job_title"],
    }


def plan_values(data: dict) -> dict[str, Any]:
    """Columns and lists of the plan."""
    tasks = [{"office": task["office"], "lines": "\n".join(task["lines"])} for task in data["tasks"]]
    closing = "\n".join(filter(None, [data.get("closing_task"), data["closing"]]))
    return {
        "intro": data["intro"],
        "purposes": "\n".join(data["purposes"]),
        "requirements": "\n".join(data["requirements"]),
        "eligible_collective": data["eligibility"]["collective"],
        "eligible_individual": data["eligibility"]["individual"],
        "content": "\n".join(data["content"]),
        "closing": closing,
        "budget_text": data["budget_text"],
        "budget": int(data["budget"]),
        "legal_bases": [{"text": basis["text"]} for basis in data["legal_bases"]],
        "tasks": tasks,
        "recipients": "\n".join(data["recipients"]),
        "archive_line": data["archive_line"],
        "fields": [{"name": field["name"]} for field in data["fields"]],
        "prizes": [{name: prize[name] for name in ("name", "slots", "amount")} for prize in data["prizes"]],
        "checklist": [{"text": item["text"]} for item in data["checklist"]],
        "criteria": [_criterion(row) for row in data["criteria"]],
    }


def _criterion(row: dict) -> dict[str, Any]:
    bands = [f"{_points(band)}: {band['text']}" for band in row["bands"]]
    return {"key": row["key"], "name": row["name"], "max_score": row["max"], "bands": "\n".join(bands)}


def _points(band: dict) -> str:
    """A band of the scale as judges read it: `27–30`, `0`."""
    low, high = (f"{band[end].normalize():f}".replace(".", ",") for end in ("from", "to"))
    return low if low == high else f"{low}–{high}"


def rule_values(data: dict) -> dict[str, Any]:
    """How scores are combined and ties decided."""
    rules = data["rules"]
    criteria = {row["key"] for row in data["criteria"]}
    ties = [f"criterion:{rule}" if rule in criteria else rule for rule in rules["tie_rules"]]
    copied = ("score_step", "deviation_percent", "threshold", "zero_fails", "min_judges", "max_authors")
    return {name: rules[name] for name in copied} | {
        "same_unit_conflicts": rules["same_unit_conflicts"],
        "tie_rules": ",".join(ties),
    }


def date_values(data: dict) -> dict[str, Any]:
    """The dates of the season."""
    dates = data["dates"]
    moments = ("opens_at", "closes_at", "screening_due_at", "judging_due_at")
    return {name: dates[name].astimezone(UTC) for name in moments} | {
        "novelty_cutoff_on": data["novelty_cutoff_on"],
        "award_on": dates["award_on"],
    }
