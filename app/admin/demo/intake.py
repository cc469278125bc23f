"""Authors of the demonstration write, have confirmed and submit their entries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from flask import current_app
from sqlalchemy import select

from app.adapters.storage import receive
from app.admin.demo import evidence
from app.admin.demo.story import Story
from app.contests.models import ContestField
from app.core.clock import utcnow
from app.core.db import db
from app.documents import renewing
from app.entries import services
from app.entries.models import Entry

PAPERS = ("registration", "description")
SECTIONS = ("current_state", "solution", "applicability", "conditions", "benefit", "confidential")


def play(story: Story, season) -> None:
    """Every entry, in the order in which they were submitted; drafts last."""
    latest = min(season.data["dates"]["closes_at"].astimezone(UTC), utcnow()) - timedelta(days=1)
    for entry in sorted(season.entries, key=lambda entry: entry.get("submitted_at", _never(entry))):
        _one(story, season, entry, latest)


def _never(entry: dict) -> datetime:
    return datetime.max.replace(tzinfo=UTC)


def _one(story: Story, season, entry: dict, latest: datetime) -> None:
    author = entry["authors"][0]["person"]
    moment = entry.get("submitted_at", latest)
    story.at(moment - timedelta(hours=2))
    entry_id = story.act(lambda: _start(story, season, entry, author))
    season.codes[entry["key"]] = entry_id
    for fill in (_authors, _texts, _files):
        story.act(lambda fill=fill: fill(story, season, entry, author))
    if entry.get("confirmed_by"):
        story.fire(_row(entry_id), "confirm", entry["confirmed_by"], reason=entry.get("unit_statement", ""))
    if "submitted_at" in entry:
        story.at(moment)
        story.fire(_row(entry_id), "submit", author)
        story.work()
    if entry.get("application"):
        story.act(lambda: _application(story, entry_id, author))
        story.work()


def _application(story: Story, entry_id: int, author: str) -> None:
    """The author has application and description made in the form of the law."""
    for template in PAPERS:
        renewing.draw_afresh(template, _row(entry_id), story.actor(author), now=story.now)


def _row(entry_id: int) -> Entry:
    return db.session.get(Entry, entry_id)


def _start(story: Story, season, entry: dict, author: str) -> int:
    unit_id = story.organisation_ids[entry["unit"]]
    actor = story.actor(author)
    return services.start_entry(season.contest, unit_id, actor, now=story.now, kind=entry["kind"]).id


def _authors(story: Story, season, entry: dict, author: str) -> None:
    rows = [
        services.AuthorRow(
            full_name=row["full_name"],
            born_on=row["born_on"],
            workplace=row["workplace"],
            job_title=row["job_title"],
            qualification=row["qualification"],
            share=Decimal(row["share"]),
        )
        for row in entry["authors"]
    ]
    subject = _row(season.codes[entry["key"]])
    services.save_authors(subject, rows, story.actor(author), now=story.now, version=None, unit_id=None)


def _texts(story: Story, season, entry: dict, author: str) -> None:
    subject = _row(season.codes[entry["key"]])
    values = {name: entry[name].strip() for name in SECTIONS}
    values |= {"title": entry["title"], "kind": entry["kind"], "first_applied_on": _day(entry)}
    values["field_id"] = db.session.scalar(
        select(ContestField.id).where(
            ContestField.contest_id == season.contest_id, ContestField.name == _field_name(season, entry)
        )
    )
    for part in services.parts.PARTS:
        if part.fields and set(part.fields) & values.keys():
            services.save_part(subject, part, values, story.actor(author), now=story.now, version=None)


def _day(entry: dict) -> date | None:
    return entry.get("first_applied_on")


def _field_name(season, entry: dict) -> str:
    return next(field["name"] for field in season.data["fields"] if field["key"] == entry["field"])


def _files(story: Story, season, entry: dict, author: str) -> None:
    subject = _row(season.codes[entry["key"]])
    for file in entry.get("evidence", ()):
        stream = evidence.make(file["file_name"], file["caption"], file["text"])
        limit = current_app.config["SETTINGS"].max_upload_mb * 1024 * 1024
        received = receive(current_app.extensions["storage"], stream, file["file_name"], limit=limit)
        services.add_file(subject, received, story.actor(author), now=story.now, version=None)
