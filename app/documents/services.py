"""Writing papers: drawing them up from a subject, asking for their bytes, and keeping what was made."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from app import flow
from app.accounts.actor import Actor
from app.core import ids
from app.core.db import Stateful, db
from app.core.errors import NotAllowed, Refused
from app.documents import contexts, policy
from app.documents.models import Document, DocumentFile
from app.documents.templating import store as templates_store
from app.documents.templating.store import Manifest, Template
from app.flow.registry import binding_named
from app.jobs import enqueue_once
from app.organisations.models import Organisation, Signatory
from workflows.spec import N_, Refusal, Role, Workflow

SUBJECT_LIMIT = 500
REDRAWN = ("draft", "returned")
NUMBERED = ("numbered", "sealed", "issued")
OVER = ("replaced", "revoked")
SUBJECT_COLUMNS = {"scorecard": "sheet_id", "handover": "package_id", "entry": "entry_id", "contest": "contest_id"}
"""Where a paper keeps the subject it was drawn from, by the subject's life cycle; the nearer one first."""
SIGN_OFF = (Role.CHAIRMAN.value, Role.HEAD_OF_JURY.value)

PAPER_IN_USE = N_("Văn bản %(code)s đã trình hoặc đã ký. Trả lại, soạn lại hoặc thu hồi văn bản đó trước.")


@dataclass(frozen=True)
class Drawn:
    """What a slice says about one paper: the context for the template, and what the paper is about.

    `issuer` is the issuing body's part of the symbol ("BGK"; by default the organisation's). `signer_role` is the
    role that signs in the application, "" for nobody; by default the template's, when it is the chairman or the
    head of the jury. `sheet_id` is the score sheet that the paper prints, `signer_name` whose it is.
    The number and the code for checking are not in `context`.
    """

    context: Mapping[str, Any]
    subject_line: str
    contest_id: int
    organisation_id: int
    entry_id: int | None = None
    package_id: int | None = None
    sheet_id: int | None = None
    issuer: str = ""
    signer_role: str | None = None
    signer_name: str = ""


Draw = Callable[..., Drawn]
_drawers: dict[tuple[str, str], Draw] = {}


def draws(template_code: str, workflow: Workflow) -> Callable[[Draw], Draw]:
    """Mark the function that builds the paper `template_code` about a subject of `workflow`.

    It is called as `build(subject, now=now)` and returns `Drawn`.
    """

    def mark(build: Draw) -> Draw:
        key = (workflow.name, template_code)
        if _drawers.setdefault(key, build) is not build:
            raise ValueError(f"{template_code} of {workflow.name} is drawn twice")
        return build

    return mark


def draw_up(
    template_code: str,
    subject: Stateful,
    actor: Actor,
    *,
    now: datetime,
    relation: str = "",
    related: Document | None = None,
) -> Document:
    """Make the paper about a subject, or make it anew from today's data while it is a draft or returned.

    `relation` ("replaces") and `related` make a paper that follows an issued one. The bytes come as background work.
    Raises Refused when the paper is already on its way to the signer, signed or issued. Needs a write transaction.
    """
    drawn = _drawers[(type(subject).__workflow__.name, template_code)](subject, now=now)
    return put_up(template_code, drawn, actor, now=now, relation=relation, related=related)


def put_up(
    template_code: str,
    drawn: Drawn,
    actor: Actor,
    *,
    now: datetime,
    relation: str = "",
    related: Document | None = None,
) -> Document:
    """The same for a paper that the caller has drawn already."""
    one_at_a_time(drawn.organisation_id)
    earlier = _live(template_code, drawn, related)
    if earlier is None:
        return _create(template_code, drawn, actor, now, relation, related)
    if earlier.state not in REDRAWN:
        raise Refused(Refusal("paper_in_use", PAPER_IN_USE, {"code": earlier.code}))
    _redraw(earlier, drawn, actor, now)
    return earlier


def data_of(document: Document, subject: Stateful, *, now: datetime) -> dict[str, Any]:
    """What the paper would say if it were drawn up today, without changing it."""
    drawn = _drawers[(type(subject).__workflow__.name, document.template_code)](subject, now=now)
    return _completed(templates_store.load(document.template_code), document, drawn.context)


def choose_signatory(
    document: Document, signatory: Signatory | None, actor: Actor, *, version: int | None, now: datetime
) -> None:
    """Say who signs: the head (None) or one to whom the head gave the power; the paper is drawn up anew.

    Raises Conflict for a stale page, NotAllowed when the paper may not be edited now.
    """
    flow.check_version(document, version)
    if not flow.may_edit(document, actor):
        raise NotAllowed
    before = document.signatory_id
    document.signatory_id = signatory.id if signatory else None
    if before != document.signatory_id:
        changes = {"signatory": [_full_name(before), signatory.full_name if signatory else ""]}
        flow.record_edit(document, "signatory", actor, now=now, changes=changes)
    subject = subject_of(document)
    if subject is not None:
        draw_up(document.template_code, subject, actor, now=now)


def _full_name(signatory_id: int | None) -> str:
    return db.session.get(Signatory, signatory_id).full_name if signatory_id else ""


def may_renew(document: Document, actor: Actor) -> bool:
    """Whether the person may have the paper made again: from today's data while it may be edited, else only its
    bytes when making them failed."""
    if document.state in REDRAWN:
        return flow.may_edit(document, actor)
    return document.render_state == "failed" and bool(
        policy.roles(document, actor) & {Role.OFFICE, Role.SECRETARY, Role.CLERK}
    )


def renew(document: Document, actor: Actor, *, version: int | None, now: datetime) -> None:
    """Make the paper again, as far as `may_renew` allows. Raises NotAllowed, or Conflict for a stale page."""
    flow.check_version(document, version)
    if not may_renew(document, actor):
        raise NotAllowed
    subject = subject_of(document) if document.state in REDRAWN else None
    if subject is not None:
        draw_up(document.template_code, subject, actor, now=now)
    elif document.render_state == "failed":
        ask_for_bytes(document, now=now)


def subject_of(document: Document) -> Stateful | None:
    """What the paper was drawn from; None when nobody draws it any more, or a person wrote it (a correction)."""
    for workflow, column in SUBJECT_COLUMNS.items():
        subject_id = getattr(document, column)
        if subject_id is not None and (workflow, document.template_code) in _drawers:
            return db.session.get(binding_named(workflow).model, subject_id)
    return None


def ask_for_bytes(document: Document, *, now: datetime) -> None:
    """Have the paper's files made from its present data. All papers of a template that wait are made together: one
    piece of work stands for them."""
    document.render_state = "waiting"
    document.render_error = ""
    db.session.flush()
    enqueue_once("documents.render_batch", {"template": document.template_code}, now=now)


def keep_bytes(document: Document, stage: str, made: list[dict[str, Any]], *, now: datetime) -> None:
    """Record the stored files of one making; `made` holds kind, sha256, size (bytes) and pages of each."""
    db.session.add_all(DocumentFile(document_id=document.id, stage=stage, made_at=now, **one) for one in made)
    document.render_state = "ready"
    document.render_error = ""
    db.session.flush()


def note_failure(document: Document, text: str) -> None:
    """Say on the paper why its files could not be made."""
    document.render_state = "failed"
    document.render_error = text
    db.session.flush()


def digest(data: str) -> str:
    """SHA-256 of a paper's data: files made from other data are not this paper's."""
    return hashlib.sha256(data.encode()).hexdigest()


def _create(
    template_code: str, drawn: Drawn, actor: Actor, now: datetime, relation: str, related: Document | None
) -> Document:
    document = Document(
        code=f"VB-{ids.random_code(8)}",
        verify_code=ids.random_code(12),
        contest_id=drawn.contest_id,
        organisation_id=drawn.organisation_id,
        entry_id=drawn.entry_id,
        package_id=drawn.package_id,
        sheet_id=drawn.sheet_id,
        template_code=template_code,
        signer_name=drawn.signer_name,
        relation=relation,
        related_id=related.id if related else None,
        signatory_id=related.signatory_id if relation == "replaces" else None,
        created_at=now,
        created_by=actor.name,
    )
    _put(document, drawn)
    flow.record_creation(document, "create", actor, _role(document, actor), now=now)
    ask_for_bytes(document, now=now)
    return document


def _redraw(document: Document, drawn: Drawn, actor: Actor, now: datetime) -> None:
    before = (document.data, document.template_sha256)
    _put(document, drawn)
    document.stale = ""
    if before == (document.data, document.template_sha256) and document.render_state != "failed":
        return
    changes = {"data": [digest(before[0]), digest(document.data)]}
    flow.record_edit(document, "redraw", actor, now=now, changes=changes, role=_role(document, actor))
    ask_for_bytes(document, now=now)


def _put(document: Document, drawn: Drawn) -> None:
    template = templates_store.in_use(document.template_code, document.organisation_id)
    document.template_sha256 = template.sha256
    document.type_name = contexts.type_name(document.template_code)
    document.subject = _cut(drawn.subject_line)
    document.series = contexts.series_of(template.manifest, drawn.issuer or _issuer(drawn.organisation_id))
    document.signer_role = signing_role(template.manifest) if drawn.signer_role is None else drawn.signer_role
    document.data = json.dumps(_completed(template, document, drawn.context), ensure_ascii=False, sort_keys=True)


def _completed(template: Template, document: Document, context: Mapping[str, Any]) -> dict[str, Any]:
    """The context with room for the number, who signs, what it does to an earlier paper, and the code under which
    the paper can be checked."""
    data = dict(context)
    data |= _signed_for(document, context) | _about_earlier(template, document)
    if template.manifest.numbered:
        data["number_text"] = contexts.number_text(contexts.blank_symbol(document.series))
    elif "book_number" in contexts.field_names(template.code):
        data["book_number"] = contexts.blank_symbol(document.series)
    if "verify" in contexts.field_names(template.code):
        data["verify"] = verification(document.verify_code)
    return data


def _signed_for(document: Document, context: Mapping[str, Any]) -> dict[str, Any]:
    """The block of the one who signs for the head; a board's own block stays as the slice made it."""
    if document.signatory_id is None or "signature" not in context or context["signature"].get("office_line"):
        return {}
    chosen = db.session.get(Signatory, document.signatory_id)
    collective = context["signature"].get("capacity_lines", [""])[0].startswith("TM.")
    return {"signature": contexts.signature(chosen, document.template_code, "collective" if collective else "head")}


def _about_earlier(template: Template, document: Document) -> dict[str, str]:
    """The sentence of a replacing paper that names the replaced one (Nghị định 30/2020/NĐ-CP, Điều 18.4)."""
    if document.relation != "replaces" or "relation_line" not in contexts.field_names(template.code):
        return {}
    earlier = db.session.get(Document, document.related_id)
    return {"relation_line": f"{earlier.type_name} này thay thế {contexts.cited(earlier)}"}


def grouped(code: str) -> str:
    """A code in groups of four, as printed: `7K3M-9QXT-2B4D`."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def verification(code: str) -> dict[str, str]:
    """What a paper prints for those who want to check it: its code, where to type it, and the QR code that opens the
    answer."""
    page = f"{current_app.config['SETTINGS'].base_url}/xac-minh"
    return {"code": grouped(code), "url": page.partition("://")[2], "qr": f"{page}/{code}"}


def signing_role(manifest: Manifest) -> str:
    """The role that signs papers of a template in the application; "" when nobody has to."""
    roles = [signer.role for signer in manifest.signers if signer.block == "signature"]
    return next((role for role in roles if role in SIGN_OFF), "")


def _cut(text: str) -> str:
    return text if len(text) <= SUBJECT_LIMIT else text[: SUBJECT_LIMIT - 1] + "…"


def _issuer(organisation_id: int) -> str:
    return db.session.get(Organisation, organisation_id).symbol


def _role(document: Document, actor: Actor) -> str:
    held = policy.roles(document, actor)
    return next((role.value for role in Role if role in held), Role.SYSTEM.value if actor.is_system else "")


def one_at_a_time(organisation_id: int) -> None:
    """Two makings of the same paper at once would make two papers; an embedded database has one writer anyway."""
    db.session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )


def _live(template_code: str, drawn: Drawn, related: Document | None) -> Document | None:
    """The paper of this kind about the same contest, entry, package or sheet that is still valid; of those that
    follow an earlier paper, the one that follows this one."""
    same = [
        Document.template_code == template_code,
        Document.contest_id == drawn.contest_id,
        Document.entry_id == drawn.entry_id,
        Document.package_id == drawn.package_id,
        Document.sheet_id == drawn.sheet_id,
        Document.state.not_in(OVER),
    ]
    if related is not None:
        same.append(Document.related_id == related.id)
    return db.session.scalars(select(Document).where(*same).order_by(Document.id.desc()).limit(1)).first()
