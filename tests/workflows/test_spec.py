"""A declaration that contradicts itself stops the program; the five real ones are sound and reviewed."""

from pathlib import Path

import pytest

import workflows
from workflows.diagram import mermaid, page
from workflows.machine import NoSuchMove, advance
from workflows.spec import Role, SpecError, State, Transition, Workflow

HERE = Path(__file__).parent
OFFICE = frozenset({Role.OFFICE})


def transition(action="go", source=("a",), dest="b", **changes):
    return Transition(
        **{"action": action, "source": source, "dest": dest, "by": OFFICE, "label": "x", "done": "x"} | changes
    )


def workflow(*transitions, states=("a", "b"), initial="a", final=("b",)):
    return Workflow(
        "w",
        title="W",
        initial=initial,
        states=tuple(State(name, name, final=name in final) for name in states),
        transitions=transitions,
    )


def test_a_sound_declaration_is_accepted():
    assert workflow(transition()).find("go", "a").dest == "b"


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: workflow(transition(dest="c")), "unknown state c"),
        (lambda: workflow(transition(source=("z",)), transition()), "unknown state z"),
        (lambda: workflow(transition(), transition()), "declared twice"),
        (lambda: workflow(transition(), states=("a", "b", "c"), final=("b", "c")), "c cannot be reached"),
        (lambda: workflow(transition(), final=()), "b is a dead end"),
        (lambda: workflow(transition(), initial="z"), "initial state z"),
        (lambda: workflow(transition(by=frozenset())), "nobody"),
        (lambda: workflow(transition(tone="loud")), "unknown tone"),
        (lambda: workflow(transition(by=frozenset({Role.SYSTEM}))), "only the system"),
        (lambda: workflow(transition(after="opens_at")), "may not do it"),
        (lambda: workflow(transition(), states=("a", "b", "b")), "state b declared twice"),
    ],
)
def test_a_contradiction_is_refused(build, said):
    with pytest.raises(SpecError, match=said):
        build()


def test_a_state_left_only_by_loops_is_a_dead_end():
    with pytest.raises(SpecError, match="b is a dead end"):
        workflow(transition(), transition("again", ("b",), None), final=())


def _matrix_line(state, role, action, target, note):
    return f"{state:20} {role:13} {action:18} {target:20} {note}".rstrip()


@pytest.mark.parametrize("flow", workflows.ALL, ids=lambda flow: flow.name)
def test_the_matrix_of_states_roles_and_acts_is_as_reviewed(flow):
    """Every act that any role may begin in any state. Change the file only together with a reviewed declaration."""
    lines = [
        _matrix_line(state.name, role.value, t.action, t.target(state.name), "" if t.offered else "carried")
        for state in flow.states
        for role in Role
        for t in flow.leaving(state.name)
        if role in t.by
    ]
    reviewed = (HERE / "matrix" / f"{flow.name}.txt").read_text(encoding="utf-8").splitlines()
    assert lines == reviewed


@pytest.mark.parametrize("flow", workflows.ALL, ids=lambda flow: flow.name)
def test_the_machine_moves_exactly_as_declared(flow):
    class Subject:
        state = ""

    for state in flow.state_names:
        for action in flow.actions:
            subject = Subject()
            subject.state = state
            found = flow.find(action, state)
            if found:
                advance(flow, subject, action)
                assert subject.state == found.target(state)
            else:
                with pytest.raises(NoSuchMove):
                    advance(flow, subject, action)
                assert subject.state == state


def test_no_automatic_transition_slips_past_the_guards():
    class Subject:
        state = "draft"

    for name in ("to_ranked", "to_draft", "initial", "nonsense"):
        with pytest.raises(NoSuchMove):
            advance(workflows.ENTRY, Subject(), name)


@pytest.mark.parametrize("flow", workflows.ALL, ids=lambda flow: flow.name)
def test_the_generated_page_is_the_committed_one(flow):
    """`make docs` writes it anew."""
    docs = HERE.parent.parent / "docs" / "workflows" / f"{flow.name}.md"
    assert docs.read_text(encoding="utf-8") == page(flow)
    assert mermaid(flow).startswith("stateDiagram-v2")


@pytest.mark.parametrize("flow", workflows.ALL, ids=lambda flow: flow.name)
def test_every_guard_says_in_vietnamese_what_must_hold(flow):
    for t in flow.transitions:
        for guard in t.guards:
            assert guard.__doc__
            assert guard.__doc__.strip().endswith(".")
