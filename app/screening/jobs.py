"""Background work: finding the earlier texts that are most like a submitted entry. It only points; people judge."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert

from app.core.db import db
from app.jobs import handles
from app.screening import likeness, queries
from app.screening.models import Similarity

KEPT = 5
LEAST_PERCENT = 50


@dataclass(frozen=True)
class Found:
    """One text that is like the entry: either another entry or an earlier initiative."""

    percent: int
    other_entry_id: int | None = None
    initiative_id: int | None = None


def compare(*, now: datetime, workflow: str, subject_id: int, event: int) -> list[Found]:
    """The slow part: the most similar texts, the most alike first."""
    entry = queries.entry_texts(subject_id)
    found = []
    if entry is not None:
        text = likeness.comparable(entry.title, entry.solution, entry.benefit)
        found = [_found(text, candidate) for candidate in queries.candidates(entry)]
    db.session.rollback()
    alike = [one for one in found if one.percent >= LEAST_PERCENT]
    return sorted(alike, key=lambda one: (-one.percent, one.initiative_id or 0, one.other_entry_id or 0))[:KEPT]


def _found(text: str, candidate: queries.Candidate) -> Found:
    percent = likeness.percent(text, likeness.comparable(*candidate.texts))
    return Found(percent, candidate.entry_id, candidate.initiative_id)


@handles("screening.compare", prepare=compare)
def keep(*, now: datetime, prepared: list[Found], workflow: str, subject_id: int, event: int) -> None:
    """Put what was found in the place of what was found before."""
    db.session.execute(delete(Similarity).where(Similarity.entry_id == subject_id))
    rows = [
        {
            "entry_id": subject_id,
            "other_entry_id": one.other_entry_id,
            "initiative_id": one.initiative_id,
            "percent": one.percent,
            "compared_at": now,
        }
        for one in prepared
    ]
    if rows:
        db.session.execute(insert(Similarity), rows)
