"""The end of a season of the demonstration: ranking, papers, results, and the answer of the body above."""

from datetime import timedelta

from sqlalchemy import select

from app.admin.demo import office, papers
from app.admin.demo.story import Story, morning
from app.core.db import db
from app.documents.batches import services as batches
from app.entries.models import Entry
from app.handover import services as handover
from app.handover.models import Package
from workflows import ENTRY

ANSWERED = frozenset({"received", "recognised", "not_recognised"})


def play(story: Story, season) -> None:
    """Only for a season in which entries have been ranked."""
    if not season.is_over:
        return
    _rank(story, season)
    _decide(story, season)
    _hand_over(story, season)


def _rank(story: Story, season) -> None:
    story.at(season.data["dates"]["judging_due_at"])
    story.fire(season.contest, "lock_ranking", "truongban")
    story.work()
    (minutes,) = papers.drawn(season.contest_id, "minutes")
    papers.sign_and_issue(story, minutes, "truongban", office="thuky")


def _decide(story: Story, season) -> None:
    """The submission to the chairman, his decision, the certificates, and the announcement."""
    award = season.data["dates"]["award_on"]
    papers.issue(story, season.contest, "submission", season.chairman, morning(award, days=-7))
    papers.issue(story, season.contest, "result_decision", season.chairman, morning(award, days=-4))
    _certify(story, season)
    office.prepare_ceremony(story, season)
    story.at(morning(award))
    story.fire(season.contest, "announce", "vanphong")
    office.announce(story, season)
    office.close_season(story, season)


def _certify(story: Story, season) -> None:
    """All certificates are drawn up as one batch, then each goes through every hand."""

    def begin() -> None:
        awarded = [entry.id for entry in _awarded(season)]
        batches.begin("certificate", season.contest, ENTRY, awarded, story.actor("vanphong"), now=story.now)

    story.act(begin)
    story.work()
    papers.sign_and_issue_all(story, papers.drawn(season.contest_id, "certificate"), season.chairman)


def _awarded(season) -> list[Entry]:
    return list(
        db.session.scalars(
            select(Entry)
            .where(Entry.contest_id == season.contest_id, Entry.prize_id.is_not(None))
            .order_by(Entry.rank, Entry.id)
        )
    )


def _hand_over(story: Story, season) -> None:
    """Two packages: one that the body above has taken in and answered, one that still waits there."""
    story.at(story.now + timedelta(days=10))
    _send(story, season, [e for e in season.entries if e["target_state"] in ANSWERED], acknowledged=True)
    _answer(story, season)
    _send(story, season, [e for e in season.entries if e["target_state"] == "forwarded_to_town"], acknowledged=False)


def _send(story: Story, season, entries: list[dict], *, acknowledged: bool) -> None:
    entry_ids = [season.codes[entry["key"]] for entry in entries]

    def prepare() -> int:
        return handover.prepare(season.contest, entry_ids, story.actor("vanphong"), now=story.now).id

    package_id = story.act(prepare)
    papers.issue(story, db.session.get(Package, package_id), "forwarding", season.chairman, story.now)
    story.fire(db.session.get(Package, package_id), "send", "vanphong")
    story.work()
    if acknowledged:
        story.at(story.now + timedelta(days=3))
        story.fire(db.session.get(Package, package_id), "acknowledge", "captren")
        story.work()


def _answer(story: Story, season) -> None:
    for entry in sorted(season.entries, key=lambda e: str(e.get("upper_result", {}).get("decided_on", ""))):
        result = entry.get("upper_result")
        if result is None:
            continue
        story.at(morning(result["decided_on"]))
        action = "recognise" if entry["target_state"] == "recognised" else "decline"
        story.fire(
            db.session.get(Entry, season.codes[entry["key"]]),
            action,
            "captren",
            reason=result["note"],
            decision=result["decision_number"],
            decided_on=result["decided_on"],
        )
    story.work()
