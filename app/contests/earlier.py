"""Initiatives already applied in an organisation, against which novelty is checked. Added, never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app import audit
from app.accounts.actor import Actor
from app.contests import policy
from app.contests.models import EarlierInitiative
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.vietnamese import number, to_local
from workflows.spec import Role

LIMITS = {"title": 500, "summary": 5_000, "unit_name": 200, "decision": 200}
REQUIRED = ("title", "summary", "year")


def add_initiative(
    organisation_id: int, actor: Actor, values: Mapping[str, Any], *, now: datetime
) -> EarlierInitiative:
    """Put an initiative on the list of the organisation.

    `values`: title, summary, year, and if known unit_name, decision, applied_on. Raises NotAllowed or Invalid.
    """
    if not policy.may_create(organisation_id, actor):
        raise NotAllowed(_("Danh sách này do cán bộ văn phòng của đơn vị quản lý."))
    errors = _problems(values, to_local(now).date())
    if errors:
        raise Invalid(errors)
    row = EarlierInitiative(organisation_id=organisation_id, **values)
    db.session.add(row)
    db.session.flush()
    audit.record(
        at=now,
        actor=actor,
        role=Role.SYSTEM.value if actor.is_system else Role.OFFICE.value,
        action="earlier_initiative.create",
        subject_type="earlier_initiative",
        subject_id=row.id,
        changes={"title": [None, row.title], "organisation_id": [None, organisation_id]},
    )
    return row


def _problems(values: Mapping[str, Any], today: date) -> dict[str, str]:
    errors = {
        name: _("Viết ngắn hơn %(n)s ký tự", n=number(most))
        for name, most in LIMITS.items()
        if len(values.get(name) or "") > most
    }
    messages = {"title": _("Nhập tên sáng kiến"), "summary": _("Nhập tóm tắt"), "year": _("Nhập năm")}
    errors |= {name: messages[name] for name in REQUIRED if not values.get(name)}
    year = values.get("year")
    if type(year) is int and not 1990 <= year <= today.year:
        errors["year"] = _("Nhập số từ %(least)s đến %(most)s", least=1990, most=today.year)
    if values.get("applied_on") and values["applied_on"] > today:
        errors["applied_on"] = _("Ngày áp dụng không ở sau hôm nay")
    return errors
