"""What waits for a role, read from the declarations: states that it may edit, or leave by a main act. Pure."""

from functools import cache

from workflows.spec import Role, Transition, Workflow


@cache
def states_for(workflow: Workflow, role: Role) -> tuple[str, ...]:
    """The states in which a subject waits for somebody in this role, in the order of the declaration."""
    return tuple(
        state.name
        for state in workflow.states
        if not state.final and (role in state.edit or main_act(workflow, state.name, role) is not None)
    )


@cache
def main_act(workflow: Workflow, state: str, role: Role) -> Transition | None:
    """The main offered move out of the state that this role may make."""
    moves = (t for t in workflow.leaving(state) if t.offered and t.dest and role in t.by and t.tone == "primary")
    return next(moves, None)
