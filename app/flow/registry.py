"""What each slice hands to the engine about its subjects. Filled once, while the application is built."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.core.db import Stateful
from workflows.spec import Role, Workflow

Changes = Mapping[str, Any]
Answer = Callable[[Any], Any]
Apply = Callable[..., Changes | None]
Follow = Callable[..., None]


@dataclass
class Binding:
    """How the engine sees one life cycle's subjects.

    `roles(subject, actor)`: every role the actor holds towards this subject, conflicts of interest already taken off.
    `people(subject, role)`: ids of the persons who hold a role, for messages.
    `scope(subject)`: the contest's id, for the trail. `url(subject)` and `act_url(subject, action)`: its pages.
    `due(now)`: subjects for which a timed transition may have come (none by default).
    """

    workflow: Workflow
    model: type[Stateful]
    roles: Callable[[Any, Actor], frozenset[Role]]
    people: Callable[[Any, Role], Iterable[int]]
    code: Callable[[Any], str]
    title: Callable[[Any], str]
    scope: Callable[[Any], int | None]
    url: Callable[[Any], str]
    act_url: Callable[[Any, str], str]
    due: Callable[[datetime], Iterable[Any]] = lambda now: ()
    appliers: dict[str, Apply] = field(default_factory=dict)
    followers: dict[str, list[Follow]] = field(default_factory=dict)


_bindings: dict[str, Binding] = {}
_appliers: dict[tuple[str, str], Apply] = {}
_followers: dict[tuple[str, str], list[Follow]] = {}
_answers: dict[tuple[str, str], Answer] = {}


class Facts:
    """What the guards read about one subject: each attribute asks its registered answer once, when it is read."""

    def __init__(self, subject: Any):
        self._subject = subject
        self._workflow = type(subject).__workflow__.name

    def __getattr__(self, name: str) -> Any:
        answer = None if name.startswith("_") else _answers.get((self._workflow, name))
        if answer is None:
            raise AttributeError(f"nobody answers the fact {name} of {self.__dict__.get('_workflow')}")
        value = self.__dict__[name] = answer(self._subject)
        return value


def provides(workflow: Workflow) -> Callable[[Answer], Answer]:
    """Mark the function that answers the fact of its own name: `answer(subject)`. Any slice may answer facts of a
    lower slice's subject; so guards of a contest can ask about entries without the contest knowing them."""

    def mark(answer: Answer) -> Answer:
        name = (workflow.name, answer.__name__)
        if _answers.setdefault(name, answer) is not answer:
            raise ValueError(f"the fact {name} is answered twice")
        return answer

    return mark


def register(binding: Binding) -> None:
    """Make a life cycle known to the engine (again for each application that is built)."""
    name = binding.workflow.name
    binding.appliers = {action: apply for (flow, action), apply in _appliers.items() if flow == name}
    binding.followers = {action: list(many) for (flow, action), many in _followers.items() if flow == name}
    _bindings[name] = binding


def applies(workflow: Workflow, *actions: str) -> Callable[[Apply], Apply]:
    """Mark the function that changes the subject's other columns during an act, before the state moves.

    Called as `apply(subject, data, actor=…, now=…, reason=…)`; returns {"field": [before, after]} for the trail.
    """

    def mark(apply: Apply) -> Apply:
        for action in actions:
            _check_action(workflow, action)
            if _appliers.setdefault((workflow.name, action), apply) is not apply:
                raise ValueError(f"{workflow.action_id(action)} is applied twice")
            if workflow.name in _bindings:
                _bindings[workflow.name].appliers[action] = apply
        return apply

    return mark


def follows(workflow: Workflow, *actions: str) -> Callable[[Follow], Follow]:
    """Mark a function called after the act is recorded, in the same transaction: for acts that carry others along.

    Called as `follow(subject, data, actor=…, now=…, reason=…)`.
    """

    def mark(follow: Follow) -> Follow:
        for action in actions:
            _check_action(workflow, action)
            known = _followers.setdefault((workflow.name, action), [])
            if follow not in known:
                known.append(follow)
                if workflow.name in _bindings:
                    _bindings[workflow.name].followers.setdefault(action, []).append(follow)
        return follow

    return mark


def _check_action(workflow: Workflow, action: str) -> None:
    if action not in workflow.actions:
        raise ValueError(f"{workflow.action_id(action)} is not declared")


def binding_of(subject: Any) -> Binding:
    """The binding of a loaded subject; raises KeyError when its slice is not registered."""
    return _bindings[type(subject).__workflow__.name]


def binding_named(name: str) -> Binding:
    """The binding of a life cycle by its name."""
    return _bindings[name]


def all_bindings() -> tuple[Binding, ...]:
    """Every registered life cycle."""
    return tuple(_bindings.values())
