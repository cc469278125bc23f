"""Reads of papers: for the pages of this slice, for guards and pages of others, and for anybody who checks one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select

from app.accounts.actor import Actor
from app.audit.models import AuditEvent
from app.core.db import db, read
from app.core.errors import NotFound
from app.core.vietnamese import sort_key
from app.documents import policy
from app.documents.models import Document, DocumentFile
from app.documents.templating import rendering
from app.documents.templating.store import Template, all_templates, load
from app.flow.registry import binding_named
from workflows.spec import Role

SIGNED = ("signed", "numbered", "sealed", "issued")
OVER = ("replaced", "revoked")
PAGE = 50
_PUBLIC_STATES = ("issued", "replaced", "revoked")


# --- one paper ----------------------------------------------------------------------------------------------------
def get_visible(code: str, actor: Actor) -> Document:
    """The paper with this code. Raises NotFound when there is none or the person may not know of it."""
    document = db.session.scalar(select(Document).where(Document.code == code.upper()))
    if document is None or not policy.may_see(document, actor):
        raise NotFound
    return document


def current_files(document_id: int) -> Sequence[DocumentFile]:
    """The files of the latest making of the furthest stage: at most one of each kind, .docx first; scans are not among
    them."""
    files = db.session.scalars(
        select(DocumentFile)
        .where(DocumentFile.document_id == document_id, DocumentFile.stage != "scan")
        .order_by(DocumentFile.id.desc())
    ).all()
    files = [file for file in files if file.stage == "issued"] or files
    latest: dict[str, DocumentFile] = {}
    for file in files:
        if file.made_at == files[0].made_at:
            latest.setdefault(file.kind, file)
    return [latest[kind] for kind in sorted(latest)]


def kinds_signed() -> list[Template]:
    """The kinds of papers that somebody signs, by title."""
    signed = (one for one in all_templates() if one.manifest.signers)
    return sorted(signed, key=lambda one: sort_key(one.manifest.title))


def title_of_kind(code: str) -> str:
    """What papers of the kind are called; raises KeyError for an unknown code."""
    return load(code).manifest.title


def signable_sha256(document_id: int) -> str:
    """The hash of what a signer looks at: of the PDF, else of the .docx; "" when nothing is made yet."""
    files = current_files(document_id)
    return files[-1].sha256 if files else ""


# --- papers for other slices --------------------------------------------------------------------------------------
def papers_of(contest_id: int, actor: Actor | None = None) -> list[Row]:
    """Papers of a contest itself, newest first: `code, template_code, type_name, subject, state, symbol, issued_on,
    render_state`. With `actor` only those that the person may see in lists."""
    conditions = [Document.contest_id == contest_id, Document.entry_id.is_(None)]
    return _rows(*conditions, *([policy.visible(actor)] if actor else []))


def papers_of_entry(entry_id: int, *, issued_only: bool) -> list[Row]:
    """Papers about an entry, newest first, with the columns of `papers_of`; score sheets are left out."""
    return read(_OF_ENTRY_ISSUED if issued_only else _OF_ENTRY, entry_id=entry_id)


def opens(paper: Row, actor: Actor) -> bool:
    """Whether an office held by the person opens this row of `papers_of…`, so that it may be a link."""
    return policy.handles(paper, actor)


def _rows(*conditions) -> list[Row]:
    return db.session.execute(_statement(*conditions)).all()


def _statement(*conditions) -> Select:
    return (
        select(
            Document.code,
            Document.template_code,
            Document.type_name,
            Document.subject,
            Document.state,
            Document.symbol,
            Document.issued_on,
            Document.render_state,
            Document.organisation_id,
            Document.contest_id,
            Document.signer_role,
        )
        .where(*conditions)
        .order_by(Document.id.desc())
    )


_OF_ENTRY = _statement(Document.entry_id == bindparam("entry_id"), Document.template_code != policy.SCORE_SHEET)
_OF_ENTRY_ISSUED = _OF_ENTRY.where(Document.state.in_(_PUBLIC_STATES))


def paper_of(
    template_code: str, *, contest_id: int | None = None, entry_id: int | None = None, package_id: int | None = None
) -> Document | None:
    """The valid paper of this kind about a contest itself, an entry or a package; the newest if there are several."""
    same = _about(template_code, contest_id, entry_id, package_id)
    return db.session.scalars(
        select(Document).where(*same, Document.state.not_in(OVER)).order_by(Document.id.desc()).limit(1)
    ).first()


def _about(template_code: str, contest_id: int | None, entry_id: int | None, package_id: int | None):
    conditions = [Document.template_code == template_code]
    if contest_id is not None:
        conditions.append(Document.contest_id == contest_id)
    if entry_id is not None or package_id is None:
        conditions.append(Document.entry_id == entry_id)
    if package_id is not None or entry_id is None:
        conditions.append(Document.package_id == package_id)
    return conditions


def is_issued(template_code: str, contest_id: int | None = None, *, package_id: int | None = None) -> bool:
    """Whether a valid paper of this kind about the contest itself or about the package is issued."""
    return _exists(template_code, contest_id, package_id, ("issued",))


def is_signed(template_code: str, contest_id: int) -> bool:
    """Whether a valid paper of this kind about the contest is signed (issued or not)."""
    return _exists(template_code, contest_id, None, SIGNED)


def _exists(template_code: str, contest_id: int | None, package_id: int | None, states: tuple[str, ...]) -> bool:
    same = _about(template_code, contest_id, None, package_id)
    return db.session.scalar(select(Document.id).where(*same, Document.state.in_(states)).limit(1)) is not None


# --- lists --------------------------------------------------------------------------------------------------------
def count_by_state(actor: Actor, contest_id: int | None) -> dict[str, int]:
    """How many visible papers are in each state."""
    query = select(Document.state, func.count()).where(policy.visible(actor)).group_by(Document.state)
    if contest_id is not None:
        query = query.where(Document.contest_id == contest_id)
    return dict(db.session.execute(query).all())


def list_papers(actor: Actor, contest_id: int | None, state: str, before: int | None) -> list[Row]:
    """Visible papers, newest first, one more than a page so that the reader knows of the next; keyset by `id`."""
    query = select(
        Document.id,
        Document.code,
        Document.type_name,
        Document.subject,
        Document.state,
        Document.version,
        Document.signer_role,
        Document.stale,
        Document.render_state,
        Document.symbol,
        Document.issued_on,
        Document.created_at,
    ).where(policy.visible(actor))
    if contest_id is not None:
        query = query.where(Document.contest_id == contest_id)
    if state:
        query = query.where(Document.state == state)
    if before is not None:
        query = query.where(Document.id < before)
    return db.session.execute(query.order_by(Document.id.desc()).limit(PAGE + 1)).all()


def contests_with_papers(actor: Actor) -> list[tuple[int, str]]:
    """Contests whose papers the person may see, newest first, with their titles."""
    binding = binding_named("contest")
    ids = select(Document.contest_id).where(policy.visible(actor)).distinct()
    contests = db.session.scalars(select(binding.model).where(binding.model.id.in_(ids)))
    return sorted(((c.id, binding.title(c)) for c in contests), reverse=True)


def waiting_for(actor: Actor) -> list[Document]:
    """Papers that wait for this person's signature, the longest waiting first."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.state == "awaiting_signature", _signed_by(actor), policy.visible(actor))
            .order_by(Document.id)
        )
    )


@dataclass(frozen=True)
class ToSign:
    """A paper on the signer's list: what is bound by the signature, how many pages, who initialled it and when."""

    document: Document
    sha256: str
    pages: int
    initialled_by: str
    initialled_at: datetime | None

    @property
    def choice(self) -> str:
        """What a tick stands for: this paper, in this version, with these bytes."""
        return f"{self.document.code}:{self.document.version}:{self.sha256}"


def list_to_sign(actor: Actor) -> list[ToSign]:
    """The papers of `waiting_for` with what the list shows, by three statements in all."""
    papers = waiting_for(actor)
    ids = [document.id for document in papers]
    files = _latest_files(ids)
    marks = _initials(ids)
    return [_to_sign(document, files.get(document.id), marks.get(document.id)) for document in papers]


def _to_sign(document: Document, file: DocumentFile | None, mark: Row | None) -> ToSign:
    return ToSign(
        document,
        file.sha256 if file else "",
        file.pages if file else 0,
        mark.actor_name if mark else "",
        mark.at if mark else None,
    )


def _latest_files(document_ids: list[int]) -> dict[int, DocumentFile]:
    """Of each paper the file that is signed: of its latest making the PDF, else the .docx."""
    rows = db.session.scalars(
        select(DocumentFile)
        .where(DocumentFile.document_id.in_(document_ids))
        .order_by(DocumentFile.made_at, DocumentFile.kind, DocumentFile.id)
    )
    return {file.document_id: file for file in rows}


def _initials(document_ids: list[int]) -> dict[int, Row]:
    rows = db.session.execute(
        select(AuditEvent.subject_id, AuditEvent.actor_name, AuditEvent.at)
        .where(
            AuditEvent.subject_type == "document",
            AuditEvent.subject_id.in_(document_ids),
            AuditEvent.action == "document.initial",
        )
        .order_by(AuditEvent.seq)
    )
    return {row.subject_id: row for row in rows}


def _signed_by(actor: Actor):
    """Papers of a role that the person holds, without those that name another; and those that name the person."""
    grants = [grant for grant in actor.grants if grant.role in (Role.CHAIRMAN, Role.HEAD_OF_JURY)]
    return or_(
        policy.named(actor),
        *(
            and_(
                Document.signatory_id.is_(None),
                Document.signer_role == grant.role.value,
                Document.organisation_id == grant.organisation_id,
                *([Document.contest_id == grant.contest_id] if grant.contest_id is not None else []),
            )
            for grant in grants
        ),
    )


def walls() -> tuple[Mapping[str, bool], bool]:
    """Which walls stand around the process that fills templates here, and whether they are enough for templates that
    an office uploads. Starts that process, so not for every page."""
    stand = rendering.walls()
    return stand, rendering.is_locked(stand)
