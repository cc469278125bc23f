"""Writes about people: accounts and dated roles. Every change goes on the trail.

The administrator runs accounts but has no part in contents: no life cycle knows that role, and nobody who holds it
gives a role to himself; that needs a second administrator.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import gettext as _

from app import audit
from app.accounts import links, passwords, queries, sessions
from app.accounts.actor import Actor
from app.accounts.models import GRANTED, RoleGrant, User
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.vietnamese import name_sort_key, short_date, to_local
from workflows.spec import ROLE_LABELS, Role

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")
EMAIL = re.compile(r"[^@\s<>(),;:\\\"\[\]]{1,64}@[^@\s<>(),;:\\\"\[\]]{1,185}\.[a-z0-9-]{2,}", re.IGNORECASE)
EDITABLE = ("full_name", "honorific", "job_title", "email", "organisation_id")
BOARD_ROLES = frozenset({Role.SECRETARY, Role.JUDGE, Role.HEAD_OF_JURY})
SELF_GIVEN = frozenset({Role.SECRETARY})


def create_user(
    actor: Actor,
    *,
    username: str,
    full_name: str,
    organisation_id: int | None,
    now: datetime,
    honorific: str = "",
    job_title: str = "",
    email: str = "",
    password_hash: str | None = None,
) -> User:
    """Add a person. Without a hash nobody can sign in as them before a one-time link was used. Raises Invalid."""
    username = queries.sign_in_name(username)
    errors = _problems_of_name(username) | _problems_of_person(full_name, email)
    if errors:
        raise Invalid(errors)
    user = User(
        username=username,
        full_name=full_name,
        honorific=honorific,
        job_title=job_title,
        email=email,
        organisation_id=organisation_id,
        password_hash=password_hash or passwords.unusable(),
        name_key=name_sort_key(full_name),
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    _note(actor, "user.create", user, now)
    return user


def _problems_of_name(username: str) -> dict[str, str]:
    if not USERNAME.fullmatch(username):
        return {"username": _("Tên đăng nhập gồm 3 đến 60 chữ không dấu, chữ số, dấu chấm hoặc gạch, ví dụ mai.tran")}
    if queries.by_username(username):
        return {"username": _("Tên đăng nhập này đã có người dùng")}
    return {}


def _problems_of_person(full_name: str, email: str) -> dict[str, str]:
    errors = {}
    if not full_name:
        errors["full_name"] = _("Nhập họ và tên")
    if email and not EMAIL.fullmatch(email):
        errors["email"] = _("Thư điện tử viết theo dạng ten@coquan.gov.vn")
    return errors


def edit_user(actor: Actor, user: User, values: Mapping[str, object], *, now: datetime) -> None:
    """Change some of `EDITABLE`. Raises Invalid; nothing is recorded when nothing changes."""
    errors = _problems_of_person(str(values.get("full_name", user.full_name)), str(values.get("email", user.email)))
    if errors:
        raise Invalid(errors)
    changes = {}
    for name in EDITABLE:
        before = getattr(user, name)
        if name in values and values[name] != before:
            setattr(user, name, values[name])
            changes[name] = [before, values[name]]
    user.name_key = name_sort_key(user.full_name)
    if changes:
        _note(actor, "user.edit", user, now, changes=changes)


def disable_user(actor: Actor, user: User, reason: str, *, now: datetime) -> None:
    """Close the account and end all its sessions at once. It stays, since the trail names it."""
    if actor.user_id == user.id:
        raise NotAllowed(_("Không tự khóa tài khoản của mình; việc này cần một quản trị viên khác."))
    if user.disabled_at:
        return
    user.disabled_at = now
    db.session.flush()
    _check_administrator_left(now)
    sessions.end_all(user.id, now=now)
    _note(actor, "user.disable", user, now, reason=reason)


def enable_user(actor: Actor, user: User, *, now: datetime) -> None:
    """Open a closed account again; the former password does not come back."""
    if user.disabled_at is None:
        return
    user.disabled_at = None
    user.password_hash = passwords.unusable()
    _note(actor, "user.enable", user, now)


def password_link(actor: Actor, user: User, *, now: datetime) -> str:
    """Take the present password away, end all sessions and return the address where the person chooses a new one.

    The address opens once, within `links.LASTS`. Only the person is to see it.
    """
    if user.disabled_at:
        raise Invalid({"": _("Tài khoản đang bị khóa")})
    user.password_hash = passwords.unusable()
    sessions.end_all(user.id, now=now)
    _note(actor, "user.password_link", user, now)
    base = current_app.config["SETTINGS"].base_url
    return f"{base}/mat-khau-moi/{links.token_for(user, now=now)}"


def grant_role(
    actor: Actor,
    user: User,
    role: Role,
    organisation_id: int,
    contest_id: int | None,
    valid_from: date,
    valid_to: date | None,
    *,
    now: datetime,
) -> RoleGrant:
    """Give a role in an organisation, for one contest or (`None`) for all of its contests, from a day to a day.

    An administrator may give every role, to others only; the office of the organisation may give the roles of the
    boards for one contest. Raises NotAllowed or Invalid.
    """
    _check_may_grant(actor, user, role, organisation_id, contest_id)
    _check_grant(user, role, organisation_id, contest_id, valid_from, valid_to)
    grant = RoleGrant(
        user_id=user.id,
        role=role.value,
        organisation_id=organisation_id,
        contest_id=contest_id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.session.add(grant)
    db.session.flush()
    _note(actor, "user.grant", user, now, changes=_told(grant), contest_id=contest_id)
    return grant


def _check_may_grant(actor: Actor, user: User, role: Role, organisation_id: int, contest_id: int | None) -> None:
    if actor.is_system:
        return
    own = actor.user_id == user.id
    if actor.holds(Role.ADMIN):
        if own:
            raise NotAllowed(_("Quản trị viên không tự giao vai trò cho mình; việc này cần một quản trị viên khác."))
        return
    is_office = contest_id is not None and Role.OFFICE in actor.roles_in(organisation_id, contest_id)
    if not is_office or role not in (SELF_GIVEN if own else BOARD_ROLES):
        raise NotAllowed(_("Việc giao vai trò này dành cho quản trị viên."))


def _check_grant(user, role, organisation_id, contest_id, valid_from, valid_to) -> None:
    if role.value not in GRANTED:
        raise Invalid({"role": _("Vai trò này có theo từng hồ sơ, không giao chung được")})
    if user.disabled_at:
        raise Invalid({"": _("Tài khoản đang bị khóa")})
    if valid_to is not None and valid_to < valid_from:
        raise Invalid({"valid_to": _("Ngày cuối phải từ ngày đầu trở đi")})
    for held in queries.grants_of(user.id):
        same = (held.role, held.organisation_id, held.contest_id) == (role.value, organisation_id, contest_id)
        ends = held.valid_to or date.max
        if same and held.valid_from <= (valid_to or date.max) and valid_from <= ends:
            raise Invalid({"valid_from": _("Người này đã có vai trò đó trong thời gian này")})


def revoke_role(actor: Actor, grant: RoleGrant, *, now: datetime, reason: str = "") -> None:
    """End a role as of today; the row stays as history. Raises NotAllowed or Invalid (the last administrator)."""
    user = queries.get_user(grant.user_id)
    if not actor.is_system and not actor.holds(Role.ADMIN):
        _check_may_grant(actor, user, Role(grant.role), grant.organisation_id, grant.contest_id)
    yesterday = to_local(now).date() - timedelta(days=1)
    if grant.valid_to is not None and grant.valid_to <= yesterday:
        return
    before, grant.valid_to = grant.valid_to, yesterday
    db.session.flush()
    if grant.role == Role.ADMIN.value:
        _check_administrator_left(now)
    changes = _told(grant) | {"valid_to": [before and short_date(before), short_date(yesterday)]}
    _note(actor, "user.revoke", user, now, changes=changes, reason=reason, contest_id=grant.contest_id)


def _check_administrator_left(now: datetime) -> None:
    if not queries.holders(Role.ADMIN, on=to_local(now).date()):
        raise Invalid({"": _("Phải còn ít nhất một quản trị viên đang làm việc")})


def _told(grant: RoleGrant) -> dict[str, list]:
    """A role as the trail keeps it: words, since the rows it points to may change."""
    told = {
        "role": ROLE_LABELS[Role(grant.role)],
        "organisation_id": grant.organisation_id,
        "valid_from": short_date(grant.valid_from),
        "valid_to": grant.valid_to and short_date(grant.valid_to),
    }
    return {name: [None, value] for name, value in told.items() if value is not None}


def acting_role(actor: Actor) -> str:
    """The role that the trail names for acts on people and organisations."""
    if actor.is_system:
        return Role.SYSTEM.value
    return Role.ADMIN.value if actor.holds(Role.ADMIN) else Role.OFFICE.value


def _note(actor: Actor, action: str, user: User, now: datetime, *, changes=None, reason="", contest_id=None) -> None:
    audit.record(
        at=now,
        actor=actor,
        role=acting_role(actor),
        action=action,
        subject_type="user",
        subject_id=user.id,
        subject_code=user.username,
        contest_id=contest_id,
        changes=changes,
        reason=reason,
    )


def end_sessions(user_id: int, *, now: datetime, but: int | None = None) -> None:
    """End the open sessions of a person, but for one if given."""
    sessions.end_all(user_id, now=now, but=but)


def demo_accounts() -> list[dict]:
    """The accounts shown on the sign-in page of a demonstration: `username`, `full_name`, `job_title`, `roles`.

    The names come from the setting `DEMO_ACCOUNTS`, which the demonstration fills; empty otherwise.
    """
    usernames = tuple(current_app.config.get("DEMO_ACCOUNTS", ()))
    if not usernames or not current_app.config["SETTINGS"].demo:
        return []
    people: dict[str, dict] = {}
    for row in queries.demonstration_people(usernames):
        person = people.setdefault(row.username, {**row._asdict(), "roles": []})
        if row.role and ROLE_LABELS[Role(row.role)] not in person["roles"]:
            person["roles"].append(ROLE_LABELS[Role(row.role)])
    return list(people.values())
