"""The vocabulary of a declared life cycle: states, transitions, roles, refusals and effects.

Frozen dataclasses only. A `Workflow` checks itself when it is built, so a wrong name, an unreachable state or a
dead end stops the program at import instead of losing an entry later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


def N_(text: str) -> str:
    """Mark a Vietnamese text for translation where it is declared; it is translated where it is shown."""
    return text


class Role(StrEnum):
    """What a person is towards one subject. `AUTHOR`, `JUDGE` and `SIGNER` hold for that subject only."""

    AUTHOR = "author"
    UNIT = "unit"
    OFFICE = "office"
    SECRETARY = "secretary"
    JUDGE = "judge"
    HEAD_OF_JURY = "head_of_jury"
    SIGNER = "signer"
    CHAIRMAN = "chairman"
    DEPUTY = "deputy"
    CLERK = "clerk"
    UPPER_CLERK = "upper_clerk"
    ADMIN = "admin"
    SYSTEM = "system"


ROLE_LABELS: Mapping[Role, str] = {
    Role.AUTHOR: N_("Tác giả"),
    Role.UNIT: N_("Đầu mối đơn vị"),
    Role.OFFICE: N_("Cán bộ văn phòng"),
    Role.SECRETARY: N_("Tổ thư ký"),
    Role.JUDGE: N_("Giám khảo"),
    Role.HEAD_OF_JURY: N_("Trưởng Ban giám khảo"),
    Role.SIGNER: N_("Người ký"),
    Role.CHAIRMAN: N_("Chủ tịch"),
    Role.DEPUTY: N_("Người ký thay"),
    Role.CLERK: N_("Văn thư"),
    Role.UPPER_CLERK: N_("Cán bộ cấp trên"),
    Role.ADMIN: N_("Quản trị viên"),
    Role.SYSTEM: N_("Hệ thống"),
}


class Comment(StrEnum):
    """Whether a person gives a reason with an act."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


TONES = frozenset({"neutral", "info", "warn", "danger", "success", "violet"})
BUTTON_TONES = frozenset({"primary", "secondary", "danger"})


@dataclass(frozen=True)
class Refusal:
    """Why an act cannot be done now: a stable noun as code, and a Vietnamese sentence with named parameters."""

    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


Guard = Callable[[Any, datetime], Refusal | None]
"""Reads the facts that the slice gathered about its subject, and the time; returns None when the act may go on."""


@dataclass(frozen=True)
class Notify:
    """Tell the people who hold `role` towards the subject; the message is named after the act."""

    role: Role


@dataclass(frozen=True)
class Issue:
    """Make the paper `template` about the subject."""

    template: str


@dataclass(frozen=True)
class Start:
    """Begin the background job `job` for the subject."""

    job: str


Effect = Notify | Issue | Start


@dataclass(frozen=True)
class State:
    """One state: what staff read, what an author reads, its colour, and who may edit the subject in it."""

    name: str
    label: str
    author: str = ""
    tone: str = "neutral"
    edit: frozenset[Role] = frozenset()
    final: bool = False

    @property
    def author_label(self) -> str:
        """The author's word for this state; the staff's where they share one."""
        return self.author or self.label


@dataclass(frozen=True)
class Transition:
    """One act. `dest=None` leaves the state as it is (a recorded act without a move).

    `offered=False`: never a button of its own; another act carries it along. `after` names the date among the
    facts at which the SYSTEM fires it. `form` names extra fields that the slice adds to the confirm page.
    """

    action: str
    source: tuple[str, ...]
    dest: str | None
    by: frozenset[Role]
    label: str
    done: str
    tone: str = "secondary"
    comment: Comment = Comment.NONE
    guards: tuple[Guard, ...] = ()
    form: str | None = None
    effects: tuple[Effect, ...] = ()
    after: str | None = None
    offered: bool = True
    hint: str = ""

    def target(self, state: str) -> str:
        """The state after the act, begun in `state`."""
        return self.dest or state

    def first_refusal(self, facts: Any, now: datetime) -> Refusal | None:
        """The first guard that says no, in the order of the declaration."""
        return next((r for guard in self.guards if (r := guard(facts, now))), None)


class SpecError(ValueError):
    """A declaration contradicts itself."""


@dataclass(frozen=True)
class Workflow:
    """A life cycle. Raises `SpecError` when its declaration is not sound.

    `called` has the words for roles whose usual word does not fit its subjects.
    """

    name: str
    title: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    called: Mapping[Role, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise SpecError(f"{self.name}: " + "; ".join(problems))

    @property
    def state_names(self) -> tuple[str, ...]:
        """Stored values, in the order of the declaration."""
        return tuple(state.name for state in self.states)

    @property
    def actions(self) -> tuple[str, ...]:
        """Names of all acts, in the order of the declaration, each once."""
        return tuple(dict.fromkeys(t.action for t in self.transitions))

    def state(self, name: str) -> State:
        """The declared state; raises KeyError for an unknown name."""
        return next((s for s in self.states if s.name == name), None) or _missing(name)

    def find(self, action: str, state: str) -> Transition | None:
        """The transition that `action` means in `state`, or None."""
        return next((t for t in self.transitions if t.action == action and state in t.source), None)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """All transitions that may begin in `state`."""
        return tuple(t for t in self.transitions if state in t.source)

    def role_label(self, role: Role) -> str:
        """What somebody with the role is called towards a subject of this life cycle."""
        return self.called.get(role, ROLE_LABELS[role])

    def action_id(self, action: str) -> str:
        """The id used everywhere: `entry.screen`."""
        return f"{self.name}.{action}"


def _missing(name: str) -> State:
    raise KeyError(name)


def _problems(workflow: Workflow):
    names = [s.name for s in workflow.states]
    yield from (f"state {n} declared twice" for n in {n for n in names if names.count(n) > 1})
    if workflow.initial not in names:
        yield f"initial state {workflow.initial} is not declared"
        return
    yield from _transition_problems(workflow, set(names))
    yield from _path_problems(workflow)


def _transition_problems(workflow: Workflow, names: set[str]):
    seen: set[tuple[str, str]] = set()
    for t in workflow.transitions:
        for state in (*t.source, *filter(None, [t.dest])):
            if state not in names:
                yield f"{t.action} names unknown state {state}"
        for pair in ((t.action, source) for source in t.source):
            if pair in seen:
                yield f"{pair[0]} from {pair[1]} declared twice"
            seen.add(pair)
        if not t.by:
            yield f"{t.action} has nobody who may do it"
        if t.tone not in BUTTON_TONES:
            yield f"{t.action} has unknown tone {t.tone}"
        if t.offered and t.by == {Role.SYSTEM}:
            yield f"{t.action} is offered, yet only the system may do it"
        if t.after and Role.SYSTEM not in t.by:
            yield f"{t.action} is timed, yet the system may not do it"


def _path_problems(workflow: Workflow):
    reached, todo = {workflow.initial}, [workflow.initial]
    while todo:
        for t in workflow.leaving(todo.pop()):
            if t.dest and t.dest not in reached:
                reached.add(t.dest)
                todo.append(t.dest)
    for state in workflow.states:
        if state.tone not in TONES:
            yield f"state {state.name} has unknown tone {state.tone}"
        if state.name not in reached:
            yield f"state {state.name} cannot be reached"
        moves = [t for t in workflow.leaving(state.name) if t.dest]
        if not moves and not state.final:
            yield f"state {state.name} is a dead end"
