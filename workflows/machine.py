"""The executor: one `transitions` machine per life cycle. The only module that imports `transitions`.

`Machine.add_model` would reset a loaded row to the initial state and keep it alive, and `auto_transitions` would add
a `to_<state>` past every guard; so the machine holds no model and no automatic transitions, and an event is
triggered for the row that is passed in.
"""

from functools import cache
from typing import Protocol

from transitions import Machine, MachineError

from workflows.spec import Workflow


class Subject(Protocol):
    """Anything with a state."""

    state: str


class NoSuchMove(ValueError):
    """The act does not exist in the subject's present state."""


@cache
def machine_of(workflow: Workflow) -> Machine:
    """The machine of one life cycle, built once."""
    return Machine(
        model=None,
        states=list(workflow.state_names),
        initial=workflow.initial,
        auto_transitions=False,
        send_event=True,
        transitions=[
            {"trigger": t.action, "source": list(t.source), "dest": t.dest or "="} for t in workflow.transitions
        ],
    )


def advance(workflow: Workflow, subject: Subject, action: str) -> None:
    """Move `subject` by `action`. Raises `NoSuchMove`; guards and roles are the engine's business."""
    event = machine_of(workflow).events.get(action)
    if event is None:
        raise NoSuchMove(action)
    try:
        event.trigger(subject)
    except MachineError as error:
        raise NoSuchMove(action) from error
