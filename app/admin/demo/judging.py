"""Screening, assignment and scoring of the demonstration's entries.

An entry that nobody has sheets for is screened last, when the others are judged already.
"""

from datetime import timedelta

from sqlalchemy import select

from app.admin.demo import office
from app.admin.demo.story import Story
from app.contests.models import ChecklistItem, Criterion
from app.core.db import db
from app.entries.models import Entry
from app.scoring import services as scoring
from app.scoring.models import ScoreSheet
from app.screening import services as screening

ACCEPTED = frozenset({"screened", "scored", "ranked", "forwarded_to_town", "received", "recognised", "not_recognised"})
PARTS = {
    "authors": "tac-gia",
    "title": "ten-linh-vuc",
    "description": "mo-ta",
    "benefit": "hieu-qua",
    "evidence": "minh-chung",
    "confirmation": "xac-nhan",
}
DAYS_LEFT = 10


def play(story: Story, season) -> None:
    """From the end of the intake to the last sheet."""
    early = [entry for entry in season.entries if entry["target_state"] in ACCEPTED and entry.get("sheets")]
    late = [entry for entry in season.entries if entry["target_state"] in ACCEPTED and not entry.get("sheets")]
    _screen(story, season, early)
    _refuse(story, season)
    if season.is_over:
        office.record_screening(story, season)
    story.at(story.now + timedelta(days=2))
    story.act(lambda: _assign(story, season, early))
    story.work()
    story.fire(season.contest, "start_judging", "thuky")
    _score(story, season, early)
    if season.is_over:
        office.print_sheet(story, season)
    _screen(story, season, late)


def _screen(story: Story, season, entries: list[dict]) -> None:
    for entry in entries:
        story.at(story.now + timedelta(hours=1))
        story.act(lambda entry=entry: _check(story, season, entry, ()))
        story.fire(_row(season, entry), "screen", "vanphong")
    story.work()


def _refuse(story: Story, season) -> None:
    """Rejected, returned and withdrawn entries; those of `submitted` stay where they are."""
    for entry in season.entries:
        act = {"rejected": _reject, "returned": _return, "withdrawn": _withdraw}.get(entry["target_state"])
        if act:
            story.at(story.now + timedelta(hours=1))
            act(story, season, entry)
    story.work()


def _reject(story: Story, season, entry: dict) -> None:
    failed = dict.fromkeys(entry["reject_failed_checks"], entry["reject_reason"])
    story.act(lambda: _check(story, season, entry, failed))
    story.fire(_row(season, entry), "reject", "vanphong", reason=entry["reject_reason"])


def _return(story: Story, season, entry: dict) -> None:
    """The author lets the date pass, so that the office of the demonstration may settle the entry."""
    missing = dict.fromkeys(entry["return_failed_checks"], entry["return_reason"])
    story.act(lambda: _check(story, season, entry, missing, result="missing"))
    story.fire(
        _row(season, entry),
        "return",
        "vanphong",
        reason=entry["return_reason"],
        parts=[PARTS[name] for name in entry["return_parts"]],
        due_at=story.now + timedelta(days=DAYS_LEFT),
    )


def _withdraw(story: Story, season, entry: dict) -> None:
    story.fire(_row(season, entry), "withdraw", entry["authors"][0]["person"], reason=entry["withdraw_reason"])


def _check(story: Story, season, entry: dict, failed, result: str = "failed") -> None:
    """The office answers the checklist; `failed` maps keys of questions to the note."""
    items = db.session.scalars(
        select(ChecklistItem).where(ChecklistItem.contest_id == season.contest_id).order_by(ChecklistItem.position)
    ).all()
    keys = [row["key"] for row in season.data["checklist"]]
    answers = {
        item.id: screening.Answer(result, failed[key]) if key in failed else screening.Answer("passed", "")
        for key, item in zip(keys, items, strict=True)
    }
    screening.save_checks(_row(season, entry), answers, story.actor("vanphong"), now=story.now, version=None)


def _assign(story: Story, season, entries: list[dict]) -> None:
    for entry in entries:
        for sheet in entry["sheets"]:
            judge_id = story.user_ids[sheet["judge"]]
            scoring.assign_judge(story.actor("thuky"), _row(season, entry), judge_id, story.now)


def _score(story: Story, season, entries: list[dict]) -> None:
    """Each judge works through the entries; the last sheets come in a few days before the end."""
    criteria = {c.key: c.id for c in db.session.scalars(select(Criterion).filter_by(contest_id=season.contest_id))}
    judges = sorted({sheet["judge"] for entry in entries for sheet in entry["sheets"]})
    for judge in judges:
        story.at(story.now + timedelta(days=1))
        for entry in entries:
            for sheet in entry["sheets"]:
                if sheet["judge"] == judge:
                    _fill_sheet(story, season, entry, sheet, criteria)
        story.work()


def _fill_sheet(story: Story, season, entry: dict, sheet: dict, criteria: dict[str, int]) -> None:
    row_id = db.session.scalar(
        select(ScoreSheet.id).where(
            ScoreSheet.entry_id == season.codes[entry["key"]],
            ScoreSheet.judge_id == story.user_ids[sheet["judge"]],
        )
    )
    story.fire(_sheet(row_id), "accept", sheet["judge"])
    marks = {criteria[key]: scoring.Mark(score) for key, score in sheet["scores"].items()}
    keep = scoring.submit_sheet if sheet["state"] == "submitted" else scoring.save_sheet
    story.act(
        lambda: keep(_sheet(row_id), marks, sheet["comment"], story.actor(sheet["judge"]), now=story.now, version=None)
    )


def _sheet(sheet_id: int) -> ScoreSheet:
    return db.session.get(ScoreSheet, sheet_id)


def _row(season, entry: dict) -> Entry:
    return db.session.get(Entry, season.codes[entry["key"]])
