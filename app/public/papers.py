"""What anybody may learn of a paper in hand: by the code printed on it, or by the bytes of a file.

Only papers that went out are known here; one on its way is answered like one that does not exist. The first page is
shown of public kinds alone: never of score sheets, minutes, lists of points or anything that names an entry before its
contest has announced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import Row, or_, select

from app.audit.queries import events_of
from app.core.db import db
from app.core.vietnamese import to_local
from app.documents import queries as documents
from app.documents.models import Document, DocumentFile
from app.organisations.models import Organisation
from app.public import queries

CODE_LENGTH = 20
_STATES = ("issued", "replaced", "revoked")
_STAGES = ("issued", "signed", "scan")
_NO_NAMES = ("score_sheet",)
_RESULTS = ("certificate", "result_decision", "result_notice")
PICTURED = frozenset(
    {"board_decision", "certificate", "launch", "plan", "result_decision", "result_notice", "revocation", "rules"}
)


@dataclass(frozen=True)
class Checked:
    """A paper that went out. `status` is valid, corrected, replaced or revoked, the last two since `over_on`.

    `files` are its stored files, `followers` the papers that went out and replace, correct or revoke it, `earlier` the
    one that this paper does so to. `stage` and `kind` tell which stored file was recognised by its bytes ("" by code).
    """

    document: Document
    organisation: str
    files: Sequence[DocumentFile]
    followers: Sequence[Row]
    earlier: Row | None
    over_on: date | None
    is_told: bool
    stage: str = ""
    kind: str = ""

    @property
    def status(self) -> str:
        """What holds now."""
        if self.document.state != "issued":
            return self.document.state
        return "corrected" if any(one.relation == "corrects" for one in self.followers) else "valid"

    @property
    def subject(self) -> str:
        """What it is about, "" as long as that would tell of results."""
        return self.document.subject if self.is_told or self.document.template_code == "receipt" else ""

    @property
    def signer(self) -> str:
        """Who signed; the name of a judge is not told."""
        if self.document.signed_at is None or self.document.template_code in _NO_NAMES:
            return ""
        return ", ".join(filter(None, (self.document.signer_name, self.document.signer_title)))

    @property
    def picture_sha256(self) -> str:
        """The PDF whose first page may be shown, "" for none."""
        open_kind = self.document.template_code in PICTURED
        hidden = self.document.template_code in _RESULTS and not queries.is_announced(self.document.contest_id)
        if not open_kind or hidden or not self.is_told:
            return ""
        return next((file.sha256 for file in self.files if file.kind == "pdf"), "")


def by_code(code: str) -> Checked | None:
    """The paper with this code, however it is typed; None for every other code."""
    return _checked(_one(Document.verify_code == plain_code(code)))


def by_bytes(sha256: str) -> Checked | None:
    """The paper that one of its stored files, signed, issued or scanned, makes known by its SHA-256."""
    file = db.session.execute(
        select(DocumentFile.document_id, DocumentFile.stage, DocumentFile.kind)
        .where(DocumentFile.sha256 == sha256, DocumentFile.stage.in_(_STAGES))
        .order_by(DocumentFile.stage, DocumentFile.id.desc())
        .limit(1)
    ).first()
    return _checked(_one(Document.id == (file.document_id if file else None)), *(file[1:] if file else ()))


def plain_code(text: str) -> str:
    """The code without what people type between its groups."""
    return "".join(one for one in text.upper() if one.isascii() and one.isalnum())[:CODE_LENGTH]


def content(sha256: str) -> bytes:
    """The stored bytes."""
    with current_app.extensions["storage"].open(sha256) as stored:
        return stored.read()


def _one(condition) -> Row | None:
    query = select(Document, Organisation.name).join(Organisation, Organisation.id == Document.organisation_id)
    return db.session.execute(query.where(condition, *_went_out())).first()


def _went_out():
    return Document.state.in_(_STATES), Document.issued_at.is_not(None)


def _checked(found: Row | None, stage: str = "", kind: str = "") -> Checked | None:
    if found is None:
        return None
    document = found.Document
    followers, earlier = _related(document)
    return Checked(
        document,
        found.name,
        [file for file in documents.current_files(document.id) if file.stage == "issued"],
        followers,
        earlier,
        _over_on(document),
        document.entry_id is None or queries.is_announced(document.contest_id),
        stage,
        kind,
    )


def _related(document: Document) -> tuple[list[Row], Row | None]:
    columns = (
        Document.id,
        Document.type_name,
        Document.symbol,
        Document.issued_on,
        Document.verify_code,
        Document.relation,
    )
    near = or_(Document.related_id == document.id, Document.id == document.related_id)
    rows = db.session.execute(select(*columns).where(near, *_went_out()).order_by(Document.id)).all()
    followers = [row for row in rows if row.id != document.related_id]
    return followers, next((row for row in rows if row.id == document.related_id), None)


def _over_on(document: Document) -> date | None:
    """The day on which the paper was taken back or replaced, from its trail."""
    if document.state == "issued":
        return None
    over = ("document.revoke", "document.replace")
    return next((to_local(row.at).date() for row in events_of("document", document.id) if row.action in over), None)
