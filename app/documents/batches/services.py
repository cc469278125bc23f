"""Papers of one kind made together, such as the certificates of all winners: begun at once, followed on one page."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, func, select

from app.accounts.actor import Actor
from app.core import ids
from app.core.db import Stateful, db
from app.core.errors import NotFound
from app.documents import contexts, policy, services
from app.documents.models import Document, DocumentBatch, DocumentFile
from app.jobs import enqueue, enqueue_once
from workflows.spec import Workflow

PAGE = 50
_RECENT = timedelta(minutes=3)


# --- writes -------------------------------------------------------------------------------------------------------
def begin(
    template_code: str,
    contest: Stateful,
    workflow: Workflow,
    subject_ids: Iterable[int],
    actor: Actor,
    *,
    now: datetime,
) -> DocumentBatch | None:
    """Have the paper drawn up about each of the subjects that has none yet, in this order, as one batch of a contest.

    While a batch of this kind is still being drawn up that one is returned, so that a button pressed twice begins one;
    None when nothing is missing. Needs a write transaction.
    """
    services.one_at_a_time(contest.organisation_id)
    batch = latest(contest.id, template_code)
    if batch is None or not batch.undrawn:
        missing = _without_paper(template_code, workflow, list(subject_ids))
        if not missing:
            return None
        batch = _new(template_code, contest, workflow, missing, actor, now)
    enqueue_once("documents.draw_batch", {"batch_id": batch.id}, now=now)
    return batch


def _new(
    template_code: str, contest: Stateful, workflow: Workflow, missing: list[int], actor: Actor, now: datetime
) -> DocumentBatch:
    batch = DocumentBatch(
        code=f"DVB-{ids.random_code(8)}",
        contest_id=contest.id,
        organisation_id=contest.organisation_id,
        template_code=template_code,
        total=len(missing),
        subject_type=workflow.name,
        undrawn=json.dumps(missing),
        created_at=now,
        created_by=actor.name,
        created_by_id=actor.user_id,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def _without_paper(template_code: str, workflow: Workflow, subject_ids: list[int]) -> list[int]:
    about = getattr(Document, services.SUBJECT_COLUMNS[workflow.name])
    valid = (Document.template_code == template_code, Document.state.not_in(services.OVER))
    have = set(db.session.scalars(select(about).where(about.in_(subject_ids), *valid)))
    return [subject_id for subject_id in subject_ids if subject_id not in have]


def retry(batch: DocumentBatch, code: str, actor: Actor, *, now: datetime) -> int:
    """Make the papers again whose making failed: the one with this code, or all ("" for `code`). Returns how many;
    those that the person may not have made again are left alone."""
    query = _papers(batch, select(Document)).where(Document.render_state == "failed")
    failed = db.session.scalars(query.where(Document.code == code) if code else query).all()
    mine = [document for document in failed if services.may_renew(document, actor)]
    if mine and not code and batch.told == "failed":
        batch.told = ""  # whatever comes of it is told anew
    for document in mine:
        services.renew(document, actor, version=document.version, now=now)
    return len(mine)


def note_progress(batch_id: int, *, now: datetime) -> None:
    """When the last paper is made, the batch is finished, gets its files for printing, and its beginner is told."""
    # Of two workers with one paper each, the later one has to see what the earlier one made.
    batch = db.session.get(DocumentBatch, batch_id, populate_existing=True, with_for_update=True)
    left = _papers(batch, select(Document.id)).where(Document.render_state == "waiting").limit(1)
    if batch.undrawn or db.session.scalar(left) is not None:
        return
    batch.finished_at = now
    ask_for_bundle(batch_id, now=now)
    _tell(batch, now)


def _tell(batch: DocumentBatch, now: datetime) -> None:
    """A message to the person who began the batch when it came to an end, and again when the end is another one."""
    reached = progress(batch, now=now)
    outcome = "failed" if reached.failed or batch.refused else "ready"
    if batch.created_by_id is None or batch.told == outcome:
        return
    batch.told = outcome
    values = {
        "kind": contexts.type_name(batch.template_code),
        "code": batch.code,
        "done": reached.done,
        "total": batch.total,
        "failed": reached.failed,
        "refused": len(refused(batch)),
    }
    told = {"user_id": batch.created_by_id, "name": "document.batch", "url": f"/van-ban/dot/{batch.code}"}
    enqueue("notifications.inform", told | {"values": values}, now=now)


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
    papers = db.session.scalar(_papers(batch, select(func.count())))
    if seen != papers or not (papers or policy.sees_contest(batch.organisation_id, batch.contest_id, actor)):
        raise NotFound
    return batch


def latest(contest_id: int, template_code: str) -> DocumentBatch | None:
    """The newest batch of this kind in a contest."""
    of_kind = select(DocumentBatch).filter_by(contest_id=contest_id, template_code=template_code)
    return db.session.scalars(of_kind.order_by(DocumentBatch.id.desc()).limit(1)).first()


def code_of(document: Document) -> str:
    """The code of the paper's batch, "" for none."""
    return db.session.get(DocumentBatch, document.batch_id).code if document.batch_id else ""


def refused(batch: DocumentBatch) -> list[list[str]]:
    """Rows `[code, why]` of the subjects about which no paper could be drawn up."""
    return json.loads(batch.refused or "[]")


@dataclass(frozen=True)
class Progress:
    """How many papers of a batch are made, failed, wait to be made and wait to be drawn up; `seconds_left` is None
    while no pace is known."""

    done: int
    failed: int
    waiting: int
    undrawn: int
    seconds_left: float | None

    @property
    def total(self) -> int:
        return self.drawn + self.undrawn

    @property
    def drawn(self) -> int:
        return self.done + self.failed + self.waiting

    @property
    def left(self) -> int:
        return self.waiting + self.undrawn


def progress(batch: DocumentBatch, *, now: datetime) -> Progress:
    """Counted from the papers; the time left from the pace at which papers were made in the last minutes."""
    counts = dict(
        db.session.execute(
            _papers(batch, select(Document.render_state, func.count())).group_by(Document.render_state)
        ).all()
    )
    waiting, undrawn = counts.get("waiting", 0), len(json.loads(batch.undrawn or "[]"))
    left = waiting + undrawn
    pace = _pace(batch, now) if left else None
    return Progress(counts.get("ready", 0), counts.get("failed", 0), waiting, undrawn, left / pace if pace else None)


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
    if batch.undrawn:
        return ""
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
