"""Papers of one kind made together, such as the certificates of all winners: begun at once, followed on one page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, func, select, update

from app.accounts.actor import Actor
from app.core import ids
from app.core.db import Stateful, db
from app.core.errors import NotFound, Refused
from app.documents import policy, services
from app.documents.models import Document, DocumentBatch, DocumentFile
from app.jobs import enqueue_once

PAGE = 50
_RECENT = timedelta(minutes=3)


# --- writes -------------------------------------------------------------------------------------------------------
def draw_all(template_code: str, subjects: Iterable[Stateful], actor: Actor, *, now: datetime) -> int:
    """Draw up the paper about each subject; those that had none before are a new batch, in this order. Returns how
    many papers were drawn up; one that is on its way already is left alone."""
    drawn = [paper for subject in subjects if (paper := _drawn(template_code, subject, actor, now)) is not None]
    new = [paper for paper in drawn if paper.batch_id is None]
    if new:
        first = new[0]
        batch = DocumentBatch(
            code=f"DVB-{ids.random_code(8)}",
            contest_id=first.contest_id,
            organisation_id=first.organisation_id,
            template_code=template_code,
            total=len(new),
            created_at=now,
            created_by=actor.name,
        )
        db.session.add(batch)
        db.session.flush()
        belongs = update(Document).where(Document.id.in_([paper.id for paper in new]))
        db.session.execute(belongs.values(batch_id=batch.id), execution_options={"synchronize_session": "evaluate"})
    return len(drawn)


def _drawn(template_code: str, subject: Stateful, actor: Actor, now: datetime) -> Document | None:
    try:
        return services.draw_up(template_code, subject, actor, now=now)
    except Refused:
        return None


def retry(batch: DocumentBatch, code: str, actor: Actor, *, now: datetime) -> int:
    """Make the papers again whose making failed: the one with this code, or all ("" for `code`). Returns how many;
    those that the person may not have made again are left alone."""
    query = _papers(batch, select(Document)).where(Document.render_state == "failed")
    failed = db.session.scalars(query.where(Document.code == code) if code else query).all()
    mine = [document for document in failed if services.may_renew(document, actor)]
    for document in mine:
        services.renew(document, actor, version=document.version, now=now)
    return len(mine)


def note_progress(batch_id: int, *, now: datetime) -> None:
    """When the last paper is made, the batch is finished and gets its files for printing."""
    left = select(Document.id).where(Document.batch_id == batch_id, Document.render_state == "waiting").limit(1)
    if db.session.scalar(left) is None:
        db.session.get(DocumentBatch, batch_id).finished_at = now
        ask_for_bundle(batch_id, now=now)


def ask_for_bundle(batch_id: int, *, now: datetime) -> None:
    """Have the one PDF and the ZIP of a batch made from the files its papers have now."""
    enqueue_once("documents.bundle", {"batch_id": batch_id}, now=now)


# --- reads --------------------------------------------------------------------------------------------------------
def get_visible(code: str, actor: Actor) -> DocumentBatch:
    """The batch with this code, for those who may see every paper of it. Raises NotFound."""
    batch = db.session.scalar(select(DocumentBatch).where(DocumentBatch.code == code.upper()))
    if batch is None:
        raise NotFound
    seen = db.session.scalar(_papers(batch, select(func.count())).where(policy.visible(actor)))
    if seen == 0 or seen != db.session.scalar(_papers(batch, select(func.count()))):
        raise NotFound
    return batch


def latest(contest_id: int, template_code: str) -> DocumentBatch | None:
    """The newest batch of this kind in a contest."""
    of_kind = select(DocumentBatch).filter_by(contest_id=contest_id, template_code=template_code)
    return db.session.scalars(of_kind.order_by(DocumentBatch.id.desc()).limit(1)).first()


def code_of(document: Document) -> str:
    """The code of the paper's batch, "" for none."""
    return db.session.get(DocumentBatch, document.batch_id).code if document.batch_id else ""


@dataclass(frozen=True)
class Progress:
    """How many papers of a batch are made, failed and still wait; `seconds_left` is None while no pace is known."""

    done: int
    failed: int
    waiting: int
    seconds_left: float | None

    @property
    def total(self) -> int:
        return self.done + self.failed + self.waiting


def progress(batch: DocumentBatch, *, now: datetime) -> Progress:
    """Counted from the papers; the time left from the pace at which papers were made in the last minutes."""
    counts = dict(
        db.session.execute(
            _papers(batch, select(Document.render_state, func.count())).group_by(Document.render_state)
        ).all()
    )
    waiting = counts.get("waiting", 0)
    pace = _pace(batch, now) if waiting else None
    return Progress(counts.get("ready", 0), counts.get("failed", 0), waiting, waiting / pace if pace else None)


def _pace(batch: DocumentBatch, now: datetime) -> float | None:
    """Papers a second, from the first to the last that was made lately."""
    count, first, last = db.session.execute(
        _papers(batch, select(func.count(), func.min(DocumentFile.made_at), func.max(DocumentFile.made_at)))
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .where(DocumentFile.kind == "docx", DocumentFile.made_at > now - _RECENT)
    ).one()
    return (count - 1) / (last - first).total_seconds() if count > 1 and last > first else None


def items(batch: DocumentBatch, render_state: str = "", after: int = 0) -> Sequence[Row]:
    """Up to `PAGE` papers and one more, in the order they were drawn up: `id, code, subject, symbol, state,
    render_state, render_error`. `render_state` chooses one state, `after` is the id of the last paper shown."""
    columns = ("id", "code", "subject", "symbol", "state", "render_state", "render_error")
    query = _papers(batch, select(*(getattr(Document, name) for name in columns))).where(Document.id > after)
    if render_state:
        query = query.where(Document.render_state == render_state)
    return db.session.execute(query.order_by(Document.id).limit(PAGE + 1)).all()


def made_from(batch: DocumentBatch) -> str:
    """Names the files that the papers of a batch have now; "" while one of them has none."""
    ready = select(Document.id).where(Document.batch_id == batch.id, Document.render_state != "ready").limit(1)
    if db.session.scalar(ready) is not None:
        return ""
    count, newest = db.session.execute(
        _papers(batch, select(func.count(), func.max(DocumentFile.id)))
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .where(DocumentFile.stage != "scan")
    ).one()
    return f"{count}-{newest}"


def for_printing(batch_id: int) -> list[tuple[Document, DocumentFile]]:
    """Each paper with its present PDF (its .docx where there is none): by number once it has one, before that in the
    order they were drawn up."""
    rows = db.session.execute(
        select(Document, DocumentFile)
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .where(Document.batch_id == batch_id, DocumentFile.stage != "scan")
        .order_by(
            Document.number.is_(None),
            Document.number,
            Document.id,
            (DocumentFile.stage == "issued"),
            DocumentFile.made_at,
            DocumentFile.kind,
            DocumentFile.id,
        )
    ).all()
    return [(document, file) for document, file in {document.id: (document, file) for document, file in rows}.values()]


def _papers(batch: DocumentBatch, query):
    return query.select_from(Document).where(Document.batch_id == batch.id)
