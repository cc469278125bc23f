"""Every fact that a guard reads is answered by some slice of the running application."""

import ast
import inspect

import pytest

import workflows
from app.flow import registry


def facts_read_by(guard) -> set[str]:
    tree = ast.parse(inspect.getsource(guard))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "facts"
    }


def needed():
    for flow in workflows.ALL:
        names = {t.after for t in flow.transitions if t.after}
        for t in flow.transitions:
            for guard in t.guards:
                names |= facts_read_by(guard)
        yield from (pytest.param(flow.name, name, id=f"{flow.name}.{name}") for name in sorted(names))


@pytest.mark.parametrize(("flow", "name"), list(needed()))
def test_the_fact_has_an_answer(app, flow, name):
    assert (flow, name) in registry._answers


def test_no_answer_is_idle(app):
    read = {(p.values[0], p.values[1]) for p in needed()}
    assert set(registry._answers) - read == set()
