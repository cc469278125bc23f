"""The Jinja that official papers may use: values, `if`, `for`, a handful of filters, nothing to be called.

The sandbox of Jinja has been escaped before, so less is left to escape from: no globals, no method calls, no
attributes but the keys of dictionaries and the counters of a loop. It is one wall; the locked process is
another.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex"})
_KEPT = ("e", "escape", "first", "join", "last", "length", "lower", "trim", "upper")
LETTERS = "abcdđeghiklmnopqrstuvxy"
_STAYS = ("?", "!", ":", "…")


def closed(text: str, mark: str) -> str:
    """`text` ending in `mark` (`.`, `;`, `./.`), whatever mark it was typed with; a question stays one."""
    text = text.rstrip()
    if mark != "./." and text.endswith(_STAYS):
        return text
    return text.rstrip(" .;,/") + mark


def letter(position: int) -> str:
    """The điểm of that position, from 1: a b c d đ e g h i k l m n o p q r s t u v x y, then aa ab ac ad ađ …"""
    mark = ""
    while position:
        position, place = divmod(position - 1, len(LETTERS))
        mark = LETTERS[place] + mark
    return mark


def roman(position: int) -> str:
    """The Roman number of 1 to 39."""
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (position // 10) + ones[position % 10]


class PaperEnvironment(ImmutableSandboxedEnvironment):
    """See the module."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.tests = {name: self.tests[name] for name in ("defined", "odd", "even")}
        kept: dict[str, Callable[..., Any]] = {name: self.filters[name] for name in _KEPT}
        self.filters = kept | {"closed": closed, "letter": letter, "roman": roman}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        if isinstance(obj, Sequence) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        if isinstance(obj, StrictUndefined):
            return obj[argument]
        raise SecurityError(f"access to {argument!r} of a {type(obj).__name__} is not allowed")

    def call(self, *args: Any, **kwargs: Any) -> Any:
        raise SecurityError("calls are not allowed")
