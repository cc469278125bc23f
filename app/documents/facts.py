"""Papers tied to facts: what a paper says, held against what would be written today.

A paper keeps the data it was made from. When a fact changes afterwards, the paper is stale: it names the facts that
differ and goes no further; an issued one is followed by a paper that replaces, corrects or revokes it (Nghị định
30/2020/NĐ-CP, Điều 18). Number and date, which are filled in on the way, are no facts of this kind.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import flow
from app.accounts.actor import SYSTEM
from app.audit.models import AuditEvent, AuditHead
from app.core.db import db, write_transaction
from app.core.errors import DomainError
from app.documents import services
from app.documents.models import Document
from app.documents.templating import store as templates_store
from app.documents.templating.fields import Field, empty
from app.documents.templating.store import Manifest
from app.jobs import enqueue, handles, ticker
from app.jobs.models import Job
from workflows import DOCUMENT
from workflows.spec import N_, Role

Difference = list[str]

FILLED_ON_THE_WAY = frozenset({"number_text", "book_number", "place_date", "annex_reference", "verify"})
OF_THE_SIGNING = frozenset({"signature", "left_signature", "authority_line"})
"""Who signs is a fact until the signature is there; that somebody else holds the office later changes nothing."""
MOST = 20
LONGEST = 200
ALIVE = ("draft", "returned", "initialled", "awaiting_signature", "signed", "numbered", "sealed", "issued")
GONE = N_("không còn đủ điều kiện để lập văn bản này")
log = logging.getLogger(__name__)


def differences(document: Document, *, now: datetime) -> list[Difference]:
    """Facts that changed since the paper was drawn up: rows `[label, then, now]`; none where it cannot be told.

    Who holds an office and what a body is called are facts of a day: a signed paper is held against its own.
    """
    subject = services.subject_of(document) if document.signer_role else None
    if subject is None:
        return []
    try:
        today = services.data_of(document, subject, now=document.signed_at or now)
    except DomainError:
        return [[GONE, "", ""]]
    settled = FILLED_ON_THE_WAY | (OF_THE_SIGNING if document.signed_at else frozenset())
    fields = [field for field in manifest_of(document).fields if field.name not in settled]
    return list(compare(fields, json.loads(document.data), today))[:MOST]


def manifest_of(document: Document) -> Manifest:
    """What the paper's kind of template asks for."""
    return templates_store.load(document.template_code).manifest


def compare(fields: Sequence[Field], then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Differences between two contexts of one template, in the order of its fields."""
    for field in fields:
        before, after = (values.get(field.name) or empty(field) for values in (then, now))
        if before != after:
            yield from _difference(field, before, after)


def _difference(field: Field, before: Any, after: Any) -> Iterator[Difference]:
    if field.type == "group":
        yield from compare(field.fields, before, after)
    elif field.type == "rows" and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
            for label, was, is_now in compare(field.fields, old, new):
                yield [f"{field.label}, dòng {number}: {label}", was, is_now]
    else:
        yield [field.label, _words(before), _words(after)]


def _words(value: Any) -> str:
    """A value in one line; of a table its number of rows."""
    if isinstance(value, list):
        value = f"{len(value)} dòng" if value and isinstance(value[0], dict) else "; ".join(value)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@flow.provides(DOCUMENT)
def stale_facts(document: Document) -> Callable[[datetime], list[str]]:
    """Answers which facts (their labels) differ at a moment; asked anew at every step of the paper."""
    return lambda now: [label for label, _then, _today in differences(document, now=now)]


def refresh(document: Document, *, now: datetime) -> bool:
    """Bring the paper's mark of staleness up to date; whether it changed. Needs a write transaction."""
    found = differences(document, now=now)
    text = json.dumps(found, ensure_ascii=False) if found else ""
    if text == document.stale:
        return False
    changes = {"stale": [_labels(document.stale), _labels(text)]}
    document.stale = text
    action = "stale" if text else "current"
    flow.record_edit(document, action, SYSTEM, now=now, changes=changes, role=Role.SYSTEM.value)
    return True


def _labels(text: str) -> str:
    return "; ".join(label for label, *_rest in rows_of(text))


def rows_of(text: str) -> list[Difference]:
    """The rows kept in `Document.stale`."""
    return json.loads(text) if text else []


# --- looking after changes ------------------------------------------------------------------------------------------
class Watch:
    """Asks for a look at the papers of every contest in which something happened since the last look."""

    def __init__(self) -> None:
        self.seen: int | None = None

    def __call__(self, now: datetime) -> None:
        """Called by the worker about every second. A new worker looks at every contest once."""
        head = db.session.scalar(select(AuditHead.seq)) or 0
        if head == self.seen:
            db.session.rollback()
            return
        contests = _contests_since(self.seen or 0)
        db.session.rollback()
        with write_transaction():
            for contest_id in contests - _queued():
                enqueue("documents.compare", {"contest_id": contest_id}, now=now)
        self.seen = head


def _compared():
    """Papers that somebody signs. A receipt or a printed score sheet tells what was so when it was made."""
    return Document.state.in_(ALIVE), Document.signer_role != ""


def _contests_since(seq: int) -> set[int]:
    changed = select(AuditEvent.contest_id).where(AuditEvent.seq > seq, AuditEvent.action.not_in(OWN_MARKS))
    with_papers = select(Document.contest_id).where(Document.contest_id.in_(changed), *_compared())
    return set(db.session.scalars(with_papers.distinct()))


OWN_MARKS = ("document.stale", "document.current")


def _queued() -> set[int]:
    waiting = db.session.scalars(select(Job.args).where(Job.kind == "documents.compare", Job.status == "queued"))
    return {json.loads(args)["contest_id"] for args in waiting}


def find_changed(*, now: datetime, contest_id: int) -> list[int]:
    """The slow part: ids of the contest's papers whose mark is no longer right."""
    papers = db.session.scalars(
        select(Document).where(Document.contest_id == contest_id, *_compared()).order_by(Document.id)
    ).all()
    return [paper.id for paper in papers if _is_outdated(paper, now)]


def _is_outdated(document: Document, now: datetime) -> bool:
    found = differences(document, now=now)
    return (json.dumps(found, ensure_ascii=False) if found else "") != document.stale


@handles("documents.compare", prepare=find_changed)
def mark_changed(*, now: datetime, prepared: list[int], contest_id: int) -> None:
    """Mark the papers that turned stale or are true again."""
    for document_id in prepared:
        document = db.session.get(Document, document_id, populate_existing=True)
        if document.state in ALIVE:
            refresh(document, now=now)


def watch() -> None:
    """Have the worker look after changes."""
    if not any(isinstance(check, Watch) for check in ticker.checks):
        ticker.add(Watch())
