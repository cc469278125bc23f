"""Writes of contests: setting one up, copying a season, changing a part. Each change is on the trail."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import flow
from app.accounts.actor import Actor
from app.accounts.models import User
from app.contests import boards, checks, earlier, panels, papers, policy, queries, rows, ties
from app.contests.defaults import DEFAULTS
from app.contests.models import Contest
from app.contests.rows import ROWS, told
from app.contests.setup import NAMES
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.vietnamese import file_slug
from app.organisations.models import Organisation
from workflows import CONTEST
from workflows.spec import Role

COPIED = tuple(
    name
    for name in sorted(NAMES)
    if name not in ROWS and not name.endswith(("_at", "_on")) and name not in ("title", "year")
)
KEY_LENGTH = 40

add_panel = panels.add
add_paper, RUNNING, RESULT = papers.add, papers.RUNNING, papers.RESULT
add_people = policy.add_people
add_initiative = earlier.add_initiative


def create_contest(
    actor: Actor,
    organisation: Organisation,
    *,
    year: int,
    title: str,
    now: datetime,
    code: str = "",
    entry_prefix: str = "",
    key: str | None = None,
) -> Contest:
    """Set up a contest of the organisation, in preparation, with the default rules and nothing else.

    `code` and `entry_prefix` are made from the year when not given. The same `key` of the same person again returns
    the first contest. Raises NotAllowed or Invalid.
    """
    done = flow.made_with(key, actor, Contest)
    if done is not None:
        return done
    if organisation.kind != "authority" or not policy.may_create(organisation.id, actor):
        raise NotAllowed(_("Việc tạo cuộc thi dành cho cán bộ văn phòng của đơn vị tổ chức."))
    contest = Contest(organisation_id=organisation.id, year=year, title=title, created_at=now)
    errors = dict(checks.problems(contest, {"title": title, "year": year}, now))
    errors |= _taken(code, entry_prefix)
    if errors:
        raise Invalid(errors)
    contest.code = code or _free(Contest.code, f"CT-{year}")
    contest.entry_prefix = entry_prefix or _free(Contest.entry_prefix, f"SK-{year}")
    flow.record_creation(contest, "create", actor, _role(actor), now=now, key=key)
    return contest


def copy_contest(
    source: Contest,
    actor: Actor,
    organisation: Organisation,
    *,
    year: int,
    title: str,
    now: datetime,
    key: str | None = None,
) -> Contest:
    """A new contest with the plan, rules and lists of an earlier one, but none of its dates.

    Seats that the actor cannot give again (a closed account, the actor himself in the jury) keep the name and lose
    the account. Raises NotAllowed or Invalid.
    """
    if not policy.may_read(source, actor):
        raise NotAllowed
    done = flow.made_with(key, actor, Contest)
    if done is not None:
        return done
    contest = create_contest(actor, organisation, year=year, title=title, now=now, key=key)
    values = {name: getattr(source, name) for name in COPIED}
    values |= {name: rows.as_rows(source, name) for name in ROWS}
    for seat in values["members"]:
        if not boards.may_sit(seat["user_id"], boards.role_of(seat["board"], seat["is_head"]), actor):
            seat["user_id"] = None
    changes = {"copied_from": [None, source.code]}
    _change(contest, values, changes)
    boards.move_roles(contest, set(), actor, now=now)
    flow.record_edit(contest, "copy", actor, now=now, changes=changes, role=_role(actor))
    return contest


def edit(
    contest: Contest, actor: Actor, values: Mapping[str, Any], *, now: datetime, version: int | None = None
) -> bool:
    """Change some of the columns and lists named in `setup`; lists are given whole, as rows of plain values.

    Returns whether anything changed. Raises Conflict for a page that is out of date, NotAllowed outside
    preparation, Invalid with the field of the form that is wrong.
    """
    flow.check_version(contest, version)
    if not _may_edit(contest, actor):
        raise NotAllowed(_("Chỉ cán bộ văn phòng sửa được cuộc thi, và chỉ khi cuộc thi đang chuẩn bị."))
    if values.keys() - NAMES:
        raise ValueError(f"not editable: {sorted(values.keys() - NAMES)}")
    values = _settled(contest, values)
    errors = _strangers(values)
    for field, text in checks.problems(contest, values, now):
        errors.setdefault(field, text)
    if errors:
        raise Invalid(errors)
    seats = set(boards.seats_with_role(list(contest.members)))
    changes: dict[str, list] = {}
    _change(contest, values, changes)
    if not changes:
        return False
    boards.move_roles(contest, seats, actor, now=now)
    flow.record_edit(contest, "edit", actor, now=now, changes=changes, role=_role(actor))
    return True


def _strangers(values: Mapping[str, Any]) -> dict[str, str]:
    """Errors for people and councils that are not there."""
    errors = {}
    wanted = {row["user_id"] for row in values.get("members", ()) if row["user_id"]}
    known = set(db.session.scalars(select(User.id).where(User.id.in_(wanted)))) if wanted else set()
    for place, row in enumerate(values.get("members", ())):
        if row["user_id"] and row["user_id"] not in known:
            errors[f"members-{place}-user_id"] = _("Chọn người trong danh sách")
    receiver_id = values.get("receiver_id")
    if receiver_id is not None and receiver_id not in {row.id for row in queries.receivers()}:
        errors["receiver_id"] = _("Chọn hội đồng trong danh sách")
    return errors


def _may_edit(contest: Contest, actor: Actor) -> bool:
    """The office while the declaration lets it; the system, which loads data, in the same states."""
    return flow.may_edit(contest, actor) or (actor.is_system and bool(CONTEST.state(contest.state).edit))


def use_defaults(contest: Contest, actor: Actor, part: str, *, now: datetime, version: int | None = None) -> bool:
    """Put the default values of a part in place of what stands there. Raises KeyError for a part without any."""
    return edit(contest, actor, DEFAULTS[part](contest), now=now, version=version)


def _change(contest: Contest, values: Mapping[str, Any], changes: dict[str, list]) -> None:
    """Put the values in and note what differs."""
    for name, value in values.items():
        before = rows.as_rows(contest, name) if name in ROWS else getattr(contest, name)
        if before == value:
            continue
        if name in ROWS:
            rows.put(contest, name, value)
        else:
            setattr(contest, name, value)
        changes[name] = [told(before), told(value)]


def _settled(contest: Contest, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with what follows from them: keys of criteria, and no tie rule about a criterion that is gone."""
    settled = dict(values)
    if "criteria" in settled:
        settled["criteria"] = _with_keys(settled["criteria"])
        keys = {row["key"] for row in settled["criteria"]}
        settled["tie_rules"] = ties.fitting(settled.get("tie_rules", contest.tie_rules or ""), keys)
    for name in ROWS.keys() & settled.keys():
        settled[name] = [{column: row.get(column, "") for column in ROWS[name].columns} for row in settled[name]]
    return settled


def _with_keys(criteria: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Criteria with keys: those that have one keep it, others get one from their name."""
    taken = {row.get("key") for row in criteria}
    keyed, used = [], set()
    for row in criteria:
        key = row.get("key") or ""
        if not key or key in used:
            key = _new_key(row.get("name") or "", taken)
        used.add(key)
        taken.add(key)
        keyed.append({**row, "key": key})
    return keyed


def _new_key(name: str, taken: set) -> str:
    stem = file_slug(name, limit=KEY_LENGTH - 3).replace("-", "_").lower()
    return next(k for n in count(1) if (k := stem if n == 1 else f"{stem}_{n}") not in taken)


def _taken(code: str, entry_prefix: str) -> dict[str, str]:
    errors = {}
    for name, column, value in (
        ("code", Contest.code, code),
        ("entry_prefix", Contest.entry_prefix, entry_prefix),
    ):
        if value and db.session.scalar(select(Contest.id).where(column == value)):
            errors[name] = _("Mã này đã dùng cho cuộc thi khác")
    return errors


def _free(column, stem: str) -> str:
    """The stem, or the stem with the next number when it is taken."""
    taken = set(db.session.scalars(select(column).where(column.startswith(stem, autoescape=True))))
    return next(code for n in count(1) if (code := stem if n == 1 else f"{stem}-{n}") not in taken)


def _role(actor: Actor) -> str:
    return Role.SYSTEM.value if actor.is_system else Role.OFFICE.value
