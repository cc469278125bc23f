"""Which data a tag uses, told from its text alone: nothing is filled in, nothing runs.

Every name has to be a field of the contract, a part of one, or the variable of a loop around it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from .environment import LOOP, PaperEnvironment

Note = Callable[..., None]
_LISTS = ("list", "rows")
_KEEP = ("first", "last")


@dataclass(frozen=True)
class Shape:
    """What a name holds. `kind` is a field's type, `item` of rows, `any` where it cannot be told, `loop`."""

    kind: str
    path: str = ""
    parts: Mapping[str, "Shape"] = field(default_factory=dict)


ANY, TEXT = Shape("any"), Shape("text")
_COUNTERS = Shape("loop", "loop", {name: Shape("number") for name in LOOP})


def shapes(fields: Sequence[Mapping[str, Any]], prefix: str = "") -> dict[str, Shape]:
    """The contract as shapes by name; `fields` are mappings with name, type and fields."""
    found = {}
    for one in fields:
        path = f"{prefix}{one['name']}"
        inside = f"{path}[]." if one["type"] == "rows" else f"{path}."
        found[one["name"]] = Shape(one["type"], path, shapes(one["fields"], inside))
    return found


class Names:
    """Reads tags in their order. `note(kind, **facts)` is told what is wrong; `printed` and `used` collect paths."""

    def __init__(self, contract: Mapping[str, Shape], note: Note):
        self.environment = PaperEnvironment()
        self.scopes: list[dict[str, Shape]] = [dict(contract)]
        self.note = note
        self.printed: set[str] = set()
        self.used: set[str] = set()

    def output(self, inner: str) -> None:
        """`{{ inner }}`"""
        for node in self._parsed(f"{{{{ {inner} }}}}").find_all(nodes.Output):
            for expression in node.nodes:
                shape = self._shape(expression, printing=True)
                if shape.kind in ("group", "rows", "item", "loop"):
                    self.note("whole", name=shape.path)

    def condition(self, inner: str) -> None:
        """`{% if inner %}`, `{% elif inner %}`"""
        for node in self._parsed(f"{{% if {inner} %}}{{% endif %}}").find_all(nodes.If):
            self._shape(node.test)

    def open_loop(self, inner: str) -> None:
        """`{% for inner %}`: its variable is known until `close_loop`."""
        scope: dict[str, Shape] = {"loop": _COUNTERS}
        self.scopes.append(scope)
        for node in self._parsed(f"{{% for {inner} %}}{{% endfor %}}").find_all(nodes.For):
            each = self._each(self._shape(node.iter))
            if isinstance(node.target, nodes.Name):
                scope[node.target.name] = each
            else:
                self.note("several")
                scope |= {name.name: ANY for name in node.target.find_all(nodes.Name)}
            if node.test is not None:
                self._shape(node.test)

    def close_loop(self) -> None:
        """`{% endfor %}`"""
        self.scopes.pop()

    def assign(self, inner: str) -> None:
        """`{% set name = value %}`"""
        for node in self._parsed(f"{{% {inner} %}}").find_all(nodes.Assign):
            shape = self._shape(node.node)
            if isinstance(node.target, nodes.Name):
                self.scopes[-1][node.target.name] = shape

    def _parsed(self, text: str) -> nodes.Template:
        try:
            return self.environment.parse(text)
        except TemplateSyntaxError as error:
            self.note("syntax", detail=error.message)
        return nodes.Template([])

    def _each(self, shape: Shape) -> Shape:
        if shape.kind == "rows":
            return Shape("item", f"{shape.path}[]", shape.parts)
        if shape.kind == "list":
            return Shape("text", shape.path)
        if shape.kind not in ("any", "literal"):
            self.note("not_a_list", name=shape.path)
        return ANY

    def _shape(self, node: nodes.Node, printing: bool = False) -> Shape:
        if isinstance(node, nodes.Name):
            return self._found(node.name, printing)
        if isinstance(node, nodes.Getattr):
            return self._part(node, node.attr, printing)
        if isinstance(node, nodes.Getitem):
            return self._item(node, printing)
        if isinstance(node, nodes.Filter):
            return self._filtered(node, printing)
        return self._other(node, printing)

    def _found(self, name: str, printing: bool) -> Shape:
        for scope in reversed(self.scopes):
            if name in scope:
                return self._used(scope[name], printing)
        self.note("unknown", name=name, base="", path="", scope=self._loops())
        return ANY

    def _part(self, node: nodes.Getattr | nodes.Getitem, name: str, printing: bool) -> Shape:
        owner = self._shape(node.node)
        if name.startswith("_"):
            self.note("not_allowed", detail=name)
            return ANY
        if owner.kind == "any":
            return ANY
        if name in owner.parts:
            return self._used(owner.parts[name], printing)
        if owner.parts:
            base = _written(node.node)
            self.note("unknown", name=f"{base}.{name}", base=base, path=owner.path, scope={})
        else:
            self.note("no_parts", name=_written(node.node), part=name)
        return ANY

    def _item(self, node: nodes.Getitem, printing: bool) -> Shape:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._part(node, node.arg.value, printing)
        owner = self._shape(node.node, printing)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int) and owner.kind in _LISTS:
            return self._each(owner)
        if owner.kind != "any":
            self.note("not_allowed", detail=_written(node.node) + "[…]")
        return ANY

    def _filtered(self, node: nodes.Filter, printing: bool) -> Shape:
        inside = self._shape(node.node, printing) if node.node is not None else ANY
        for argument in [*node.args, *(keyword.value for keyword in node.kwargs)]:
            self._shape(argument)
        if node.name not in self.environment.filters:
            self.note("no_filter", name=node.name)
            return ANY
        if node.name in _KEEP and inside.kind in _LISTS:
            return self._each(inside)
        return TEXT

    def _other(self, node: nodes.Node, printing: bool) -> Shape:
        if isinstance(node, nodes.Call):
            self.note("not_allowed", detail=f"{_written(node.node)}()")
        if isinstance(node, nodes.Test) and node.name not in self.environment.tests:
            self.note("no_test", name=node.name)
        for child in node.iter_child_nodes():
            self._shape(child, printing)
        if isinstance(node, nodes.Const | nodes.TemplateData):
            return TEXT
        return Shape("literal") if isinstance(node, nodes.List | nodes.Tuple | nodes.Dict) else ANY

    def _used(self, shape: Shape, printing: bool) -> Shape:
        self.used.add(shape.path)
        if printing:
            self.printed.add(shape.path)
        return shape

    def _loops(self) -> dict[str, str]:
        """The variables of the loops around, with what they stand for."""
        return {name: s.path for scope in self.scopes[1:] for name, s in scope.items() if s.kind == "item"}


def _written(node: nodes.Node) -> str:
    """A name with its parts as it was typed: `row.title`."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return "…"
