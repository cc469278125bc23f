"""Writes of entries: starting one, saving its parts. Acts that move the state are declared and go through `flow`.

Every save checks the version that the page had shown, the state, the role and the part; keeps the search text in
the same transaction; voids the unit's confirmation; and leaves one event with what was before and after.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from app import flow
from app.accounts.actor import Actor
from app.adapters.storage import Received
from app.contests.models import Contest
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.vietnamese import clean_line, clean_text, to_local
from app.entries import authors, dossier, parts, policy, search
from app.entries.authors import AuthorRow
from app.entries.models import Entry, EntryAuthor, EntryFile
from app.entries.parts import PARTS, WHOLE, Part
from app.entries.queries import units_for
from workflows.guards import intake_open
from workflows.spec import N_, Refusal, Role

__all__ = [
    "PARTS",
    "AuthorRow",
    "add_file",
    "add_links",
    "check_editable",
    "is_author",
    "register_viewer",
    "remove_file",
    "save_authors",
    "save_part",
    "sections",
    "start_entry",
]

register_viewer = policy.register_viewer
add_links = dossier.add_links
sections = dossier.sections
is_author = policy.is_author

LONGEST_TEXT = 10_000
MAX_FILES = 20
KINDS = ("individual", "collective")

NOT_EDITABLE = Refusal("not_editable", N_("Hồ sơ đang được xử lý nên không sửa được nữa."))
PART_CLOSED = N_("Phần «%(part)s» không nằm trong yêu cầu bổ sung nên không sửa được.")


# --- starting -----------------------------------------------------------------------------------------------------
def start_entry(
    contest: Contest, unit_id: int, actor: Actor, *, now: datetime, kind: str = "individual", key: str | None = None
) -> Entry:
    """A new draft with the next code of the contest; the same `key` again returns the first one.

    Raises Refused when the contest takes no entries now, Invalid for a unit that the actor cannot submit for.
    """
    known = flow.made_with(key, actor, Entry)
    if known:
        return known
    refusal = intake_open(SimpleNamespace(contest_state=contest.state, closes_at=contest.closes_at), now)
    if refusal:
        raise Refused(refusal)
    unit = next((row for row in units_for(contest, actor, to_local(now).date()) if row.id == unit_id), None)
    if unit is None:
        raise Invalid({"unit_id": _("Chọn đơn vị của tác giả")})
    entry = _new_entry(contest, unit_id, actor, now, kind)
    if actor.organisation_id == unit_id and Role.UNIT not in actor.roles_in(unit_id, contest.id):
        entry.authors.append(_first_author(actor, unit.name))
    role = Role.UNIT if Role.UNIT in actor.roles_in(unit_id, contest.id) else Role.AUTHOR
    flow.record_creation(entry, "create", actor, role.value, now=now, key=key)
    search.keep(entry)
    return entry


def _new_entry(contest: Contest, unit_id: int, actor: Actor, now: datetime, kind: str) -> Entry:
    return Entry(
        contest_id=contest.id,
        code=f"{contest.entry_prefix}-{_take_number(contest):04}",
        kind=kind if kind in KINDS else KINDS[0],
        unit_id=unit_id,
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )


def _take_number(contest: Contest) -> int:
    """The next number, without touching the contest's version: its page does not grow stale by a new entry."""
    taken = db.session.execute(
        update(Contest.__table__)
        .where(Contest.__table__.c.id == contest.id)
        .values(next_entry_number=Contest.__table__.c.next_entry_number + 1)
        .returning(Contest.__table__.c.next_entry_number)
    ).scalar_one()
    db.session.expire(contest, ["next_entry_number"])
    return taken - 1


def _first_author(actor: Actor, workplace: str) -> EntryAuthor:
    return EntryAuthor(
        position=1,
        user_id=actor.user_id,
        full_name=actor.name,
        workplace=workplace,
        job_title=actor.job_title,
        share=WHOLE,
    )


# --- saving parts -------------------------------------------------------------------------------------------------
def save_part(
    entry: Entry, part: Part, values: Mapping[str, Any], actor: Actor, *, now: datetime, version: int | None
) -> bool:
    """Put the values of a part's columns into the entry; False when nothing differs.

    Raises Conflict, NotAllowed, Refused, or Invalid with a text at each wrong field.
    """
    flow.check_version(entry, version)
    check_editable(entry, part, actor)
    values = {name: _clean(name, values[name]) for name in part.fields if name in values}
    _check_values(entry, values, actor, now)
    changes = {
        name: [_plain(getattr(entry, name)), _plain(value)]
        for name, value in values.items()
        if getattr(entry, name) != value
    }
    for name in changes:
        setattr(entry, name, values[name])
    return _record(entry, actor, now, changes)


def save_authors(
    entry: Entry, rows: Sequence[AuthorRow], actor: Actor, *, now: datetime, version: int | None, unit_id: int | None
) -> bool:
    """Replace the authors; `unit_id` None keeps the unit. False when nothing differs.

    Raises Conflict, NotAllowed, Refused, or Invalid: no author, too many, or shares that do not make 100 % exactly.
    """
    flow.check_version(entry, version)
    check_editable(entry, parts.part_of("authors"), actor)
    rows = [authors.cleaned(row) for row in rows]
    authors.check(rows, most=entry.contest.max_authors)
    before, after = authors.in_words(entry.authors), authors.in_words(rows)
    changes = {"authors": [before, after]} if before != after else {}
    if unit_id is not None and unit_id != entry.unit_id:
        _check_values(entry, {"unit_id": unit_id}, actor, now)
        changes["unit_id"] = [entry.unit_id, unit_id]
        entry.unit_id = unit_id
    if "authors" in changes:
        authors.replace(entry, rows)
    return _record(entry, actor, now, changes)


def add_file(entry: Entry, received: Received, actor: Actor, *, now: datetime, version: int | None) -> EntryFile:
    """Take a stored upload as evidence. The same content under the same name is taken once."""
    flow.check_version(entry, version)
    check_editable(entry, parts.part_of("files"), actor)
    known = next((f for f in entry.files if (f.sha256, f.name) == (received.key, received.name)), None)
    if known:
        return known
    if len(entry.files) >= MAX_FILES:
        raise Invalid({"file": _("Nhiều nhất %(n)s tệp. Bỏ bớt tệp không cần rồi tải lên", n=MAX_FILES)})
    file = EntryFile(
        entry_id=entry.id,
        name=received.name,
        sha256=received.key,
        size=received.size,
        media_type=received.media_type,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    db.session.add(file)
    _record(entry, actor, now, {"files": [None, f"{file.name} ({file.sha256[:16]})"]})
    db.session.expire(entry, ["files"])
    return file


def remove_file(entry: Entry, file: EntryFile, actor: Actor, *, now: datetime, version: int | None) -> None:
    """Hide a file; its bytes and its row stay."""
    flow.check_version(entry, version)
    check_editable(entry, parts.part_of("files"), actor)
    file.removed_at = now
    _record(entry, actor, now, {"files": [f"{file.name} ({file.sha256[:16]})", None]})
    db.session.expire(entry, ["files"])


def check_editable(entry: Entry, part: Part, actor: Actor) -> None:
    """Raises NotAllowed for a person who never edits, Refused while this part is not open."""
    if not policy.roles(entry, actor) & policy.AUTHOR_SIDE:
        raise NotAllowed(_("Chỉ tác giả và đầu mối đơn vị sửa được hồ sơ."))
    if not flow.may_edit(entry, actor):
        raise Refused(NOT_EDITABLE)
    if not parts.is_open(entry, part):
        raise Refused(Refusal("part_closed", PART_CLOSED, {"part": _(part.label)}))


def _record(entry: Entry, actor: Actor, now: datetime, changes: dict[str, Any]) -> bool:
    if not changes:
        return False
    if entry.confirmed_at is not None:
        changes["confirmed_at"] = [entry.confirmed_at.isoformat(), None]
        entry.confirmed_at = None
        entry.confirmed_by = ""
    entry.updated_at = now
    db.session.flush()
    search.keep(entry)
    flow.record_edit(entry, "edit", actor, now=now, changes=changes)
    return True


# --- checking -----------------------------------------------------------------------------------------------------
def _check_values(entry: Entry, values: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    today = to_local(now).date()
    errors = {}
    for name, value in values.items():
        if isinstance(value, str) and len(value) > _limit(name):
            errors[name] = _("Viết ngắn hơn %(n)s ký tự", n=_limit(name))
    if values.get("field_id") and values["field_id"] not in {field.id for field in entry.contest.fields}:
        errors["field_id"] = _("Chọn lĩnh vực trong danh sách")
    if values.get("kind", KINDS[0]) not in KINDS:
        errors["kind"] = _("Chọn cá nhân hoặc tập thể")
    if values.get("first_applied_on") and values["first_applied_on"] > today:
        errors["first_applied_on"] = _("Ngày áp dụng lần đầu phải là hôm nay hoặc trước đó. Chưa áp dụng thì để trống")
    if "unit_id" in values and values["unit_id"] not in {u.id for u in units_for(entry.contest, actor, today)}:
        errors["unit_id"] = _("Chọn đơn vị của tác giả")
    if errors:
        raise Invalid(errors)


def _clean(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return clean_line(value) if _limit(name) < LONGEST_TEXT else clean_text(value)


def _limit(name: str) -> int:
    """Most characters of a column; long texts have none in the database."""
    return getattr(Entry.__table__.c[name].type, "length", None) or LONGEST_TEXT


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
