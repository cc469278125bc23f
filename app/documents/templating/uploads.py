"""Templates of an office: taking an uploaded version, and what its acts change besides the state.

Of each kind an organisation has at most one version in use: putting one into use retires the one before, and retiring
one brings back the version that it had replaced, else the built-in template counts again.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import flow
from app.accounts.actor import SYSTEM, Actor
from app.adapters.storage import Received
from app.audit.queries import events_of
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound
from app.documents import policy
from app.documents.models import Document, DocumentTemplate
from app.documents.templating import policy as template_policy
from app.documents.templating import store as templates_store
from app.documents.templating.store import Template
from app.jobs import enqueue
from app.organisations.models import Organisation
from workflows import TEMPLATE
from workflows.spec import Role

LIMIT = 5 * 1024 * 1024
"""Bytes of an uploaded template: ten times what one with a coat of arms takes."""
NOTE_LIMIT = 300
LATEST = 5
"""So many of the latest papers are looked at for one that a person may see."""


def upload(
    code: str,
    organisation_id: int,
    received: Received,
    note: str,
    actor: Actor,
    *,
    now: datetime,
    key: str | None = None,
) -> DocumentTemplate:
    """A new version of the template `code` for an organisation from a stored upload; its check is queued.

    The same `key` again returns the first one. Raises NotAllowed, or Invalid for bytes that are there already.
    """
    if not template_policy.manages(actor, organisation_id):
        raise NotAllowed
    known = flow.made_with(key, actor, DocumentTemplate)
    if known:
        return known
    _one_at_a_time(organisation_id)
    _check_new(code, organisation_id, received.key)
    version = DocumentTemplate(
        organisation_id=organisation_id,
        template_code=code,
        number=_next_number(code, organisation_id),
        sha256=received.key,
        size=received.size,
        file_name=received.name,
        note=note[:NOTE_LIMIT],
        uploaded_by_id=actor.user_id,
        uploaded_by=actor.name,
        uploaded_at=now,
    )
    flow.record_creation(version, "create", actor, Role.AUTHOR.value, now=now, key=key)
    enqueue("documents.check_template", {"version_id": version.id}, now=now)
    return version


def _check_new(code: str, organisation_id: int, sha256: str) -> None:
    if templates_store.load(code).sha256 == sha256:
        raise Invalid({"file": _("Tệp này chính là mẫu có sẵn, chưa sửa gì")})
    same = select(DocumentTemplate.number).where(
        *_kind(code, organisation_id), DocumentTemplate.sha256 == sha256, DocumentTemplate.state != "refused"
    )
    number = db.session.scalar(same.limit(1))
    if number is not None:
        raise Invalid({"file": _("Tệp này giống hệt bản %(n)s đã tải lên", n=number)})


def _next_number(code: str, organisation_id: int) -> int:
    return (db.session.scalar(select(func.max(DocumentTemplate.number)).where(*_kind(code, organisation_id))) or 0) + 1


def _kind(code: str, organisation_id: int) -> tuple:
    return (DocumentTemplate.organisation_id == organisation_id, DocumentTemplate.template_code == code)


def _one_at_a_time(organisation_id: int) -> None:
    """Two uploads would take one number, two activations leave two versions in use."""
    db.session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )


# --- acts ---------------------------------------------------------------------------------------------------------
@flow.applies(TEMPLATE, "propose", "refuse")
def keep_report(
    version: DocumentTemplate, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str
) -> dict:
    """What the check found, and the trial's PDF; a person who refuses leaves both as they are."""
    if "report" in data:
        version.report = json.dumps(data["report"], ensure_ascii=False)
        version.preview_sha256 = data["preview"].get("sha256", "")
        version.preview_pages = data["preview"].get("pages", 0)
    return {}


@flow.applies(TEMPLATE, "activate")
def activate(version: DocumentTemplate, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> dict:
    """Put the version into use in place of the one before, in the same transaction."""
    _one_at_a_time(version.organisation_id)
    same = _kind(version.template_code, version.organisation_id)
    for other in db.session.scalars(select(DocumentTemplate).where(*same, DocumentTemplate.state == "active")):
        flow.fire(other, "retire", SYSTEM, now=now, reason=_("Thay bằng bản %(n)s", n=version.number))
    version.activated_at = now
    if not actor.is_system:
        version.activated_by_id, version.activated_by = actor.user_id, actor.name
    return {}


@flow.follows(TEMPLATE, "retire")
def bring_back(version: DocumentTemplate, data: Mapping[str, Any], *, actor: Actor, now: datetime, reason: str) -> None:
    """When a person takes the version out of use, the one that it had replaced counts again."""
    earlier = None if actor.is_system else replaced_before(version)
    if earlier is not None:
        flow.fire(earlier, "activate", SYSTEM, now=now)


def replaced_before(version: DocumentTemplate) -> DocumentTemplate | None:
    """The latest other version of the kind that went out of use only because another came; none that a person took
    out of use."""
    others = select(DocumentTemplate).where(
        *_kind(version.template_code, version.organisation_id),
        DocumentTemplate.state == "retired",
        DocumentTemplate.id != version.id,
    )
    for other in db.session.scalars(others.order_by(DocumentTemplate.activated_at.desc(), DocumentTemplate.id.desc())):
        last = next(iter(events_of(TEMPLATE.name, other.id, limit=1)), None)
        if last is not None and last.actor_role == Role.SYSTEM.value:
            return other
    return None


# --- reads --------------------------------------------------------------------------------------------------------
def get_visible(version_id: int, actor: Actor) -> DocumentTemplate:
    """The version with this number. Raises NotFound when there is none or the person may not know of it."""
    version = db.session.get(DocumentTemplate, version_id)
    if version is None or not template_policy.roles(version, actor):
        raise NotFound
    return version


def versions_of(code: str, organisation_id: int) -> list[DocumentTemplate]:
    """All versions of a kind at an organisation, the newest first."""
    query = select(DocumentTemplate).where(*_kind(code, organisation_id))
    return list(db.session.scalars(query.order_by(DocumentTemplate.number.desc())))


def waiting_by_kind(organisation_id: int) -> dict[str, int]:
    """How many versions of each kind are being checked or wait for the second person."""
    rows = db.session.execute(
        select(DocumentTemplate.template_code, func.count())
        .where(DocumentTemplate.organisation_id == organisation_id)
        .where(DocumentTemplate.state.in_(("checking", "proposed")))
        .group_by(DocumentTemplate.template_code)
    )
    return dict(rows.all())


def version_of(paper: Document) -> DocumentTemplate | None:
    """The uploaded version that a paper was drawn up with; None for one of the templates that the product shipped."""
    query = select(DocumentTemplate).where(
        DocumentTemplate.template_code == paper.template_code, DocumentTemplate.sha256 == paper.template_sha256
    )
    own = DocumentTemplate.organisation_id == paper.organisation_id
    return db.session.scalars(query.order_by(own.desc(), DocumentTemplate.id.desc()).limit(1)).first()


def latest_values(kind: Template, organisation_id: int, actor: Actor) -> tuple[dict[str, Any], str]:
    """The data of the organisation's latest paper of a kind that the person may see, with its code; the sample and ""
    when there is none."""
    query = select(Document).where(
        Document.template_code == kind.code, Document.organisation_id == organisation_id, policy.visible(actor)
    )
    for paper in db.session.scalars(query.order_by(Document.id.desc()).limit(LATEST)):
        if policy.may_see(paper, actor):
            return json.loads(paper.data), paper.code
    return kind.sample(), ""
