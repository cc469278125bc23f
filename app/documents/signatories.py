"""Who signs a paper: the head, or somebody to whom the head gave the power for some days and papers.

Nghị định 30/2020/NĐ-CP, Điều 13: a deputy signs for the head (KT.), others by order (TL.) or by a written, limited
authorisation (TUQ.). Both names stand on the trail.
"""

import json
from dataclasses import dataclass
from datetime import date

from app.accounts.actor import Actor
from app.core.db import db
from app.core.errors import Refused
from app.documents.models import Document
from app.documents.templating import store as templates_store
from app.organisations import queries as organisations
from app.organisations.capacity import POWERS
from app.organisations.models import Signatory
from workflows.spec import N_, ROLE_LABELS, Refusal, Role

OTHER_SIGNER = Refusal(
    "other_signer",
    N_("Văn bản ghi tên một người ký khác với người có thẩm quyền hôm nay. Trả lại để soạn lại văn bản."),
)
POWER_OVER = Refusal(
    "power_over",
    N_("Việc giao ký cho người này không còn hiệu lực hôm nay. Trả lại để chọn lại người ký."),
)


WRITER_FIRST = N_("%(name)s (người lập văn bản) ký số trước, sau đó người có thẩm quyền mới ký số.")


@dataclass(frozen=True)
class Signer:
    """Who signs: `title` as written in a sentence, `on_behalf_of` the name of the head signed for and `power` the
    letters before that office (`KT.`), both "" for the head."""

    name: str
    title: str
    on_behalf_of: str = ""
    power: str = ""


def signer_of(document: Document, actor: Actor, day: date) -> Signer:
    """The signer of the paper, who must be this person on this day. Raises Refused for anybody else."""
    if document.signatory_id is not None:
        return _delegate(document, actor, day)
    head = organisations.signatory(document.organisation_id, document.signer_role, day)
    if head is None:
        return Signer(actor.name, ROLE_LABELS[Role(document.signer_role)])
    if head.user_id not in (None, actor.user_id):
        raise Refused(OTHER_SIGNER)
    return Signer(head.full_name, head.title)


def _delegate(document: Document, actor: Actor, day: date) -> Signer:
    chosen = db.session.get(Signatory, document.signatory_id)
    if chosen not in organisations.delegates(document.organisation_id, document.signer_role, day):
        raise Refused(POWER_OVER)
    if not covers(chosen, document.template_code):
        raise Refused(POWER_OVER)
    if chosen.user_id != actor.user_id:
        raise Refused(OTHER_SIGNER)
    principal = db.session.get(Signatory, chosen.principal_id) if chosen.principal_id else None
    return Signer(chosen.full_name, chosen.title, principal.full_name if principal else "", POWERS[chosen.kind])


def writer_of(document: Document) -> str:
    """The name of who drew the paper up and signs it beside the one in power, such as the secretary of a meeting; ""
    for a paper with one signature, or one on which such a signature is given by hand only."""
    if templates_store.load(document.template_code).manifest.signature != "pair":
        return ""
    return json.loads(document.data).get("left_signature", {}).get("name", "")


def writer_first(name: str) -> Refusal:
    """Why the one in power cannot sign digitally yet."""
    return Refusal("writer_first", WRITER_FIRST, {"name": name})


def is_writer(document: Document, actor: Actor) -> bool:
    """Whether this person is the one whose name stands there, and holds the role that signs there."""
    name = writer_of(document)
    if not name or actor.name != name:
        return False
    signers = templates_store.load(document.template_code).manifest.signers
    held = actor.roles_in(document.organisation_id, document.contest_id)
    return any(signer.block == "left_signature" and Role(signer.role) in held for signer in signers)


def as_writer(document: Document, actor: Actor) -> Signer:
    """The writer of the paper as the one who signs. Raises Refused for anybody else."""
    if not is_writer(document, actor):
        raise Refused(OTHER_SIGNER)
    lines = json.loads(document.data)["left_signature"].get("capacity_lines", [])
    return Signer(actor.name, " ".join(lines).capitalize())


def covers(signatory: Signatory, template_code: str) -> bool:
    """Whether the power that was given on reaches papers of this kind."""
    return not signatory.scope.strip() or template_code in signatory.scope.split()


def choices(document: Document, day: date) -> list[Signatory]:
    """Those who could sign the paper in the head's place today."""
    if not document.signer_role:
        return []
    able = organisations.delegates(document.organisation_id, document.signer_role, day)
    return [signatory for signatory in able if covers(signatory, document.template_code)]
