"""Writes of the dated tree. Every change goes on the trail; a body that ends is closed, never deleted."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app import audit
from app.accounts.actor import Actor
from app.accounts.services import acting_role
from app.core.db import db
from app.core.errors import Invalid
from app.core.vietnamese import file_slug, short_date
from app.organisations import queries
from app.organisations.capacity import POWERS, capacity_for
from app.organisations.models import Organisation, Signatory

KEY = re.compile(r"[a-z0-9_]{2,60}")
ORGANISATION_FIELDS = (
    "kind",
    "level",
    "name",
    "short_name",
    "letterhead",
    "superior_line",
    "symbol",
    "place_name",
    "code",
    "phone",
    "parent_id",
    "successor_id",
    "valid_from",
    "valid_to",
)
SIGNATORY_FIELDS = (
    "user_id",
    "role",
    "kind",
    "principal_id",
    "basis",
    "scope",
    "full_name",
    "title",
    "capacity",
    "personal",
    "valid_from",
    "valid_to",
)


def create_organisation(actor: Actor, values: Mapping[str, object], *, now: datetime) -> Organisation:
    """Add a body. `values` as in `ORGANISATION_FIELDS`, `key` may be left out and is then made from the name.

    Raises Invalid.
    """
    key = str(values.get("key") or "") or _free_key(str(values["short_name"]))
    if not KEY.fullmatch(key) or queries.by_key(key):
        raise Invalid({"key": _("Mã gồm chữ thường không dấu, chữ số, gạch dưới và chưa được dùng")})
    organisation = Organisation(key=key, **{name: values[name] for name in ORGANISATION_FIELDS if name in values})
    _check_organisation(organisation)
    db.session.add(organisation)
    db.session.flush()
    _note(actor, "organisation.create", organisation, now)
    return organisation


def _free_key(short_name: str) -> str:
    plain = file_slug(short_name, limit=50).lower().replace("-", "_")
    candidates = [plain, *(f"{plain}_{number}" for number in range(2, 100))]
    return next(key for key in candidates if not queries.by_key(key))


def edit_organisation(actor: Actor, organisation: Organisation, values: Mapping[str, object], *, now: datetime) -> None:
    """Change columns of a body. Raises Invalid; nothing is recorded when nothing changes."""
    changes = _change(organisation, ORGANISATION_FIELDS, values)
    _check_organisation(organisation)
    if changes:
        _note(actor, "organisation.edit", organisation, now, changes)


def _check_organisation(organisation: Organisation) -> None:
    _check_span(organisation)
    errors = {}
    if organisation.id and organisation.parent_id:
        above = queries.get(organisation.parent_id)
        if organisation.id in (above.id, *(body.id for body in queries.ancestors(above))):
            errors["parent_id"] = _("Cơ quan cấp trên không thể là chính nó hoặc đơn vị bên dưới nó")
    if organisation.successor_id and organisation.successor_id == organisation.id:
        errors["successor_id"] = _("Cơ quan kế thừa phải là một cơ quan khác")
    if organisation.successor_id and organisation.valid_to is None:
        errors["valid_to"] = _("Nhập ngày cuối hoạt động khi có cơ quan kế thừa")
    if organisation.id is None and _has_twin(organisation):
        errors["name"] = _("Đã có cơ quan tên này, cùng cơ quan cấp trên và cùng ngày đầu")
    if errors:
        raise Invalid(errors)


def _has_twin(organisation: Organisation) -> bool:
    """Whether the same body is there already, e.g. because the button was pressed twice."""
    same = (Organisation.name, Organisation.parent_id, Organisation.valid_from)
    query = select(Organisation.id).where(*(column == getattr(organisation, column.key) for column in same))
    with db.session.no_autoflush:
        return db.session.scalar(query.limit(1)) is not None


def create_signatory(
    actor: Actor, organisation: Organisation, values: Mapping[str, object], *, now: datetime
) -> Signatory:
    """Add who signs for a body from a day on. `values` as in `SIGNATORY_FIELDS`. Raises Invalid."""
    given = {"kind": "head", "basis": "", "scope": ""} | dict(values)
    signatory = Signatory(organisation_id=organisation.id, **{name: given.get(name) for name in SIGNATORY_FIELDS})
    _check_signatory(signatory)
    db.session.add(signatory)
    db.session.flush()
    told = {"signatory": [None, f"{signatory.full_name}, {signatory.title}"]}
    _note(actor, "organisation.add_signatory", organisation, now, told)
    return signatory


def edit_signatory(actor: Actor, signatory: Signatory, values: Mapping[str, object], *, now: datetime) -> None:
    """Change a signer, e.g. his last day. Raises Invalid; nothing is recorded when nothing changes."""
    changes = _change(signatory, SIGNATORY_FIELDS, values)
    _check_signatory(signatory)
    if changes:
        organisation = queries.get(signatory.organisation_id)
        _note(actor, "organisation.edit_signatory", organisation, now, changes)


def _check_signatory(signatory: Signatory) -> None:
    _check_span(signatory)
    with db.session.no_autoflush:
        others = [s for s in queries.signatories_of(signatory.organisation_id) if s is not signatory]
    heads = [s for s in others if s.kind == "head" and s.role == signatory.role]
    if signatory.kind != "head":
        _write_capacity(signatory, heads)
        _check_power(signatory, heads)
    elif any(_overlap(s, signatory) for s in heads):
        text = _("Thời gian này đã có người khác ký với vai trò đó; sửa ngày cuối của người trước")
        raise Invalid({"valid_from": text})


def _write_capacity(signatory: Signatory, heads: list[Signatory]) -> None:
    """The printed lines of delegated power follow from the head's, unless they are given."""
    principal = next((head for head in heads if head.id == signatory.principal_id), None)
    if principal is None:
        return
    for name, authority in (("capacity", "collective"), ("personal", "head")):
        if not (getattr(signatory, name) or "").strip():
            lines = capacity_for(signatory.kind, authority, principal.capacity.splitlines(), signatory.title)
            setattr(signatory, name, "\n".join(lines))


def _check_power(signatory: Signatory, heads: list[Signatory]) -> None:
    """Delegated power has a source, a holder with an account, and the words that the decree wants."""
    errors = {}
    words = POWERS[signatory.kind]
    if signatory.principal_id not in [head.id for head in heads]:
        errors["principal_id"] = _("Chọn người giao việc ký, cùng cơ quan và cùng vai trò")
    if not signatory.user_id:
        errors["user_id"] = _("Người được giao ký phải có tài khoản")
    if not (signatory.basis or "").strip():
        errors["basis"] = _("Nhập văn bản giao việc ký")
    if signatory.kind == "authorised" and signatory.valid_to is None:
        errors["valid_to"] = _("Giấy uỷ quyền phải có ngày hết hạn")
    for name in ("capacity", "personal"):
        if not any(line.startswith(words) for line in (getattr(signatory, name) or "").splitlines()):
            errors[name] = _("Phải có dòng bắt đầu bằng %(words)s", words=words)
    if errors:
        raise Invalid(errors)


def _overlap(one: Signatory, other: Signatory) -> bool:
    ends = one.valid_to or date.max, other.valid_to or date.max
    return one.valid_from <= ends[1] and other.valid_from <= ends[0]


def _check_span(row) -> None:
    """Before any query, which would send the row to the database and its blunter constraint."""
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise Invalid({"valid_to": _("Ngày cuối phải từ ngày đầu trở đi")})


def _change(row, fields: tuple[str, ...], values: Mapping[str, object]) -> dict[str, list]:
    changes = {}
    for name in fields:
        before = getattr(row, name)
        if name in values and values[name] != before:
            setattr(row, name, values[name])
            changes[name] = [_told(before), _told(values[name])]
    return changes


def _told(value: object) -> object:
    return short_date(value) if isinstance(value, date) else value


def _note(actor: Actor, action: str, organisation: Organisation, now: datetime, changes=None) -> None:
    audit.record(
        at=now,
        actor=actor,
        role=acting_role(actor),
        action=action,
        subject_type="organisation",
        subject_id=organisation.id,
        subject_code=organisation.key,
        changes=changes,
    )
