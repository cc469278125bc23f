"""The only way to change a state. `offers` says what a person may do now; `fire` does it.

One act is one transaction: lock the row, find the transition, check role, guards and reason, let the slice change
its other columns, move the state, add the trail event, queue the effects. Any error leaves nothing behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm.attributes import flag_modified

from app import audit
from app.accounts.actor import SYSTEM, Actor
from app.core import ids
from app.core.db import Stateful, db, is_writing
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.core.i18n import spoken
from app.flow.models import ActKey
from app.flow.registry import Binding, Facts, binding_of
from app.jobs import enqueue_all
from workflows.machine import advance
from workflows.spec import ROLE_LABELS, Comment, Issue, Notify, Refusal, Role, Start, Transition

REASON_LIMIT = 2000


@dataclass(frozen=True)
class Blocked:
    """Why an offered act cannot be done just now, ready to be shown."""

    code: str
    message: str


@dataclass(frozen=True)
class Offer:
    """One act that the actor's roles allow in the present state; `refusal` says why it cannot be done just now."""

    workflow: str
    transition: Transition
    url: str
    version: int
    key: str
    refusal: Blocked | None

    @property
    def action(self) -> str:
        """The act's name."""
        return self.transition.action

    @property
    def label(self) -> str:
        """The words on the button."""
        return self.transition.label

    @property
    def tone(self) -> str:
        """The look of the button."""
        return self.transition.tone

    @property
    def direct(self) -> bool:
        """Whether one press does it; an act with a reason, fields or a warning has a page of its own first."""
        t = self.transition
        return t.comment is Comment.NONE and not t.form and not t.hint


def offers(subject: Stateful, actor: Actor, now: datetime) -> list[Offer]:
    """Acts for the actor's roles in the declared order, those a guard refuses among them with their reason."""
    binding = binding_of(subject)
    roles = binding.roles(subject, actor)
    possible = [t for t in binding.workflow.leaving(subject.state) if t.offered and t.by & roles]
    facts = Facts(subject)
    return [
        Offer(
            binding.workflow.name,
            t,
            binding.act_url(subject, t.action),
            subject.version,
            ids.token(),
            _blocked(t.first_refusal(facts, now)),
        )
        for t in possible
    ]


def _blocked(refusal: Refusal | None) -> Blocked | None:
    return refusal and Blocked(refusal.code, spoken(refusal.message, refusal.params))


def waiting_roles(subject: Stateful) -> list[Role]:
    """Whose act the subject waits for: roles of the offered moves out of its state, in the order of `Role`."""
    moves = [t for t in binding_of(subject).workflow.leaving(subject.state) if t.offered and t.dest]
    return [role for role in Role if any(role in t.by for t in moves if t.tone == "primary")]


def may_edit(subject: Stateful, actor: Actor) -> bool:
    """Whether the declaration lets one of the actor's roles edit the subject in its present state."""
    binding = binding_of(subject)
    return bool(binding.workflow.state(subject.state).edit & binding.roles(subject, actor))


def fire(
    subject: Stateful,
    action: str,
    actor: Actor,
    *,
    now: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
    key: str | None = None,
) -> int:
    """Do one act and return the number of its trail event.

    `version` is what the person's page had shown, `key` the form's idempotency key: the same key again returns the
    first event and changes nothing. Raises Conflict, NotAllowed, Refused or Invalid; then nothing has changed.
    """
    binding = binding_of(subject)
    done = key and _event_of(key, actor, binding, subject, action)
    if done:
        return done
    _lock(subject)
    held = binding.roles(subject, actor)
    transition = _transition(binding, subject, action, held, version)
    role = _acting_role(held, transition)
    reason = _checked_reason(transition, reason)
    refusal = transition.guards and transition.first_refusal(Facts(subject), now)
    if refusal:
        raise Refused(refusal)
    seq = _perform(binding, subject, transition, actor, role, now, reason, data or {})
    if key:
        _remember(key, actor, binding, subject, action, seq, now)
    return seq


def _perform(binding, subject, transition, actor, role, now, reason, data) -> int:
    apply = binding.appliers.get(transition.action)
    changes = (apply(subject, data, actor=actor, now=now, reason=reason) if apply else None) or {}
    before = subject.state
    advance(binding.workflow, subject, transition.action)
    _touch(subject)
    db.session.flush()
    seq = audit.record(
        at=now,
        actor=actor,
        role=role,
        action=binding.workflow.action_id(transition.action),
        subject_type=binding.workflow.name,
        subject_id=subject.id,
        subject_code=binding.code(subject),
        contest_id=binding.scope(subject),
        from_state=before,
        to_state=subject.state,
        changes=changes,
        reason=reason,
    )
    enqueue_all(_planned(binding, subject, transition, seq, data), now=now)
    for follow in binding.followers.get(transition.action, ()):
        follow(subject, data, actor=actor, now=now, reason=reason)
    return seq


def record_creation(
    subject: Stateful,
    action: str,
    actor: Actor,
    role: str,
    *,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
) -> int:
    """Put a new subject into its initial state and on the trail; `action` is e.g. "create"."""
    binding = binding_of(subject)
    subject.state = binding.workflow.initial
    db.session.add(subject)
    db.session.flush()
    return audit.record(
        at=now,
        actor=actor,
        role=role,
        action=binding.workflow.action_id(action),
        subject_type=binding.workflow.name,
        subject_id=subject.id,
        subject_code=binding.code(subject),
        contest_id=binding.scope(subject),
        to_state=subject.state,
        changes=changes,
    )


def record_edit(
    subject: Stateful,
    action: str,
    actor: Actor,
    *,
    now: datetime,
    changes: Mapping[str, Any],
    role: str = "",
    reason: str = "",
) -> int:
    """Put a change that moves no state on the trail, e.g. `entry.edit` with {"title": [before, after]}."""
    binding = binding_of(subject)
    held = binding.roles(subject, actor)
    acting = role or next((r.value for r in Role if r in held), "")
    _touch(subject)
    db.session.flush()
    return audit.record(
        at=now,
        actor=actor,
        role=acting,
        action=binding.workflow.action_id(action),
        subject_type=binding.workflow.name,
        subject_id=subject.id,
        subject_code=binding.code(subject),
        contest_id=binding.scope(subject),
        from_state=subject.state,
        to_state=subject.state,
        changes=changes,
        reason=reason,
    )


def check_version(subject: Stateful, version: int | None) -> None:
    """Lock the row and raise Conflict when the page had shown an older version."""
    _lock(subject)
    if version is not None and subject.version != version:
        raise Conflict(subject, since=version)


def _lock(subject: Stateful) -> None:
    """Make sure the row is current and nobody else can change it before the commit.

    On SQLite a writing transaction holds the only write lock from its first statement, so a row loaded in it is
    current. Elsewhere the row is read anew under a row lock, on this row alone: rows that were loaded beside it stay
    free, and an outer join could not be locked at all.
    """
    if not is_writing():
        raise RuntimeError("an act needs a write transaction")
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.refresh(subject, with_for_update={"of": type(subject)})


def _touch(subject: Stateful) -> None:
    """Raise the version even when only child rows or nothing changed, so that every older page is stale."""
    flag_modified(subject, "state")


def _transition(binding: Binding, subject, action: str, held: frozenset[Role], version: int | None) -> Transition:
    declared = [t for t in binding.workflow.transitions if t.action == action]
    if not declared:
        raise NotAllowed(gettext("Không có thao tác này."))
    if not any(t.by & held for t in declared):
        raise NotAllowed(who_may(declared[0]))
    found = binding.workflow.find(action, subject.state)
    if found is None or (version is not None and subject.version != version):
        raise Conflict(subject, since=version)
    return found


def _acting_role(held: frozenset[Role], transition: Transition) -> str:
    acting = held & transition.by
    if not acting:
        raise NotAllowed(who_may(transition))
    return next(role.value for role in Role if role in acting)


def who_may(transition: Transition) -> str:
    """The sentence that names the roles of an act."""
    roles = ", ".join(gettext(ROLE_LABELS[role]) for role in Role if role in transition.by)
    return gettext("Thao tác này dành cho: %(roles)s.", roles=roles)


def _checked_reason(transition: Transition, reason: str) -> str:
    if transition.comment is Comment.NONE:
        return ""
    if transition.comment is Comment.REQUIRED and not reason.strip():
        raise Invalid({"reason": gettext("Nhập lý do")})
    if len(reason) > REASON_LIMIT:
        raise Invalid({"reason": gettext("Lý do dài quá 2.000 ký tự")})
    return reason.strip()


def _planned(binding: Binding, subject, transition: Transition, seq: int, data: Mapping[str, Any]):
    """The queued work of an act; every job gets the subject and the event it comes from."""
    common = {"workflow": binding.workflow.name, "subject_id": subject.id, "event": seq}
    for effect in transition.effects:
        if isinstance(effect, Notify):
            action = binding.workflow.action_id(transition.action)
            yield "notifications.tell", common | {"role": effect.role.value, "name": action}
        elif isinstance(effect, Issue):
            yield "documents.draw_up", common | {"template": effect.template}
        elif isinstance(effect, Start):
            yield effect.job, common


_KNOWN_KEY = select(ActKey.event_seq).where(
    ActKey.key == bindparam("of_key"),
    ActKey.user_id.is_not_distinct_from(bindparam("of_user")),
    ActKey.action == bindparam("of_action"),
    ActKey.subject_type == bindparam("of_type"),
    ActKey.subject_id == bindparam("of_id"),
)
_NEW_KEY = insert(ActKey.__table__)


def _event_of(key: str, actor: Actor, binding: Binding, subject, action: str) -> int | None:
    """The event that this key led to; a key of another person or act counts as unknown."""
    row = {"of_key": key, "of_user": actor.user_id, "of_action": action}
    row |= {"of_type": binding.workflow.name, "of_id": subject.id}
    return db.session.execute(_KNOWN_KEY, row).scalar()


def _remember(key: str, actor: Actor, binding: Binding, subject, action: str, seq: int, now: datetime) -> None:
    row = {"key": key, "user_id": actor.user_id, "action": action, "event_seq": seq, "at": now}
    row |= {"subject_type": binding.workflow.name, "subject_id": subject.id}
    db.session.execute(_NEW_KEY, row)


def fire_as_system(subject: Stateful, action: str, *, now: datetime, reason: str = "") -> int | None:
    """Let the system do an act if it is possible now; returns None when a guard or the state says no."""
    binding = binding_of(subject)
    _lock(subject)
    found = binding.workflow.find(action, subject.state)
    if found is None or found.first_refusal(Facts(subject), now):
        return None
    return fire(subject, action, SYSTEM, now=now, reason=reason)
