"""The only way to change a state. `offers` says what a person may do now; `fire` does it.

One act is one transaction: lock the row, find the transition, check role, guards and reason, let the slice change
its other columns, move the state, add the trail event, queue the effects. Any error leaves nothing behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm.attributes import flag_modified

from app import audit
from app.accounts.actor import SYSTEM, Actor
from app.core import ids
from app.core.db import Stateful, db, is_writing
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.core.i18n import spoken
from app.flow import keys
from app.flow.registry import Binding, Facts, binding_of
from app.jobs import enqueue_all
from workflows.machine import advance
from workflows.spec import Comment, Issue, Notify, Refusal, Role, Start, Transition, Workflow

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
    _lock(subject)  # before the key is looked for: the first of two presses may only be about to commit
    done = key and keys.find(key, actor, binding.workflow, action)
    if done and done.subject_id == subject.id:
        return done.event_seq
    held = binding.roles(subject, actor)
    transition = _transition(binding, subject, action, held, version)
    role = _acting_role(binding.workflow, held, transition)
    reason = _checked_reason(transition, reason)
    refusal = transition.guards and transition.first_refusal(Facts(subject), now)
    if refusal:
        raise Refused(refusal)
    seq = _perform(binding, subject, transition, actor, role, now, reason, data or {})
    if key:
        keys.remember(key, actor, binding.workflow, action, subject, seq, now)
    return seq


def _perform(binding, subject, transition, actor, role, now, reason, data) -> int:
    apply = binding.appliers.get(transition.action)
    changes = (apply(subject, data, actor=actor, now=now, reason=reason) if apply else None) or {}
    before = subject.state
    advance(binding.workflow, subject, transition.action)
    _touch(subject)
    db.session.flush()
    seq = _note(subject, transition.action, actor, role, now, from_state=before, changes=changes, reason=reason)
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
    key: str | None = None,
) -> int:
    """Put a new subject into its initial state and on the trail; `action` is e.g. "create".

    With `key` the same form coming again is answered by `made_with`.
    """
    workflow = binding_of(subject).workflow
    subject.state = workflow.initial
    db.session.add(subject)
    db.session.flush()
    seq = _note(subject, action, actor, role, now, from_state="", changes=changes)
    if key:
        keys.remember(key, actor, workflow, keys.CREATE, subject, seq, now)
    return seq


def record_edit(
    subject: Stateful,
    action: str,
    actor: Actor,
    *,
    now: datetime,
    changes: Mapping[str, Any],
    role: str = "",
    reason: str = "",
    gone: bool = False,
) -> int:
    """Put a change that moves no state on the trail, e.g. `entry.edit` with {"title": [before, after]}; `gone`: the
    subject ends with it and has no state any more."""
    held = () if role else binding_of(subject).roles(subject, actor)
    acting = role or next((r.value for r in Role if r in held), "")
    _touch(subject)
    db.session.flush()
    to = "" if gone else subject.state
    return _note(subject, action, actor, acting, now, from_state=subject.state, to=to, changes=changes, reason=reason)


def _note(subject, action, actor, role, now, *, from_state, to=None, changes=None, reason="") -> int:
    """One event about the subject, which is now in the state `to` (by default its own)."""
    binding = binding_of(subject)
    return audit.record(
        at=now,
        actor=actor,
        role=role,
        action=binding.workflow.action_id(action),
        subject_type=binding.workflow.name,
        subject_id=subject.id,
        subject_code=binding.code(subject),
        contest_id=binding.scope(subject),
        from_state=from_state,
        to_state=subject.state if to is None else to,
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
        raise NotAllowed(who_may(binding.workflow, declared[0]))
    found = binding.workflow.find(action, subject.state)
    if found is None or (version is not None and subject.version != version):
        raise Conflict(subject, since=version)
    return found


def _acting_role(workflow: Workflow, held: frozenset[Role], transition: Transition) -> str:
    acting = held & transition.by
    if not acting:
        raise NotAllowed(who_may(workflow, transition))
    return next(role.value for role in Role if role in acting)


def who_may(workflow: Workflow, transition: Transition) -> str:
    """The sentence that names the roles of an act."""
    roles = ", ".join(gettext(workflow.role_label(role)) for role in Role if role in transition.by)
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


def fire_as_system(subject: Stateful, action: str, *, now: datetime, reason: str = "") -> int | None:
    """Let the system do an act if it is possible now; returns None when a guard or the state says no."""
    binding = binding_of(subject)
    _lock(subject)
    found = binding.workflow.find(action, subject.state)
    if found is None or found.first_refusal(Facts(subject), now):
        return None
    return fire(subject, action, SYSTEM, now=now, reason=reason)
