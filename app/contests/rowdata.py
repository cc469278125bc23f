"""Rows of a form as the browser sent them: empty ones left out, moved, added and removed without any script. Pure.

A row's fields are named `<list>-<place>-<field>`. The button of a row sends `hang` = `<list>-<place>-<move>`, the
button under a list `them_<list>`.
"""

from collections.abc import Iterable, Mapping

from werkzeug.datastructures import MultiDict

MOVES = ("len", "xuong", "xoa")
MOST = 200


class RowData:
    """The lists `names` of a form, each a list of rows {field: values}; other fields stay as they are.

    `quiet` names fields that count for nothing when a row is otherwise empty (a chosen board, a hidden key).
    """

    def __init__(self, sent: MultiDict, names: Mapping[str, str], quiet: Iterable[str] = ()):
        self.names = names
        self.rows = {name: _rows(sent, name, frozenset(quiet)) for name in names}
        self.others = {key: values for key, values in sent.lists() if not _of_list(key, names)}
        self.pressed = self._press(sent)

    def _press(self, sent: MultiDict) -> bool:
        """Do what a row's button says; returns whether one was pressed."""
        for name, first_field in self.names.items():
            if f"them_{name}" in sent and len(self.rows[name]) < MOST:
                self.rows[name].append({first_field: [""]})
                return True
        name, _dash, rest = sent.get("hang", "").partition("-")
        place, _dash, move = rest.partition("-")
        if name not in self.names or not _is_place(place) or move not in MOVES:
            return False
        return _move(self.rows[name], int(place), move)

    def as_sent(self) -> MultiDict:
        """Form data with the rows numbered anew."""
        pairs = [(key, value) for key, values in self.others.items() for value in values]
        for name, rows in self.rows.items():
            for place, row in enumerate(rows):
                pairs += [(f"{name}-{place}-{field}", value) for field, values in row.items() for value in values]
        return MultiDict(pairs)


def _of_list(key: str, names: Iterable[str]) -> bool:
    return any(key.startswith(f"{name}-") for name in names)


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


def _rows(sent: MultiDict, name: str, quiet: frozenset[str]) -> list[dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = {}
    for key, values in sent.lists():
        place, _dash, field = key.removeprefix(f"{name}-").partition("-")
        if key.startswith(f"{name}-") and _is_place(place) and field:
            found.setdefault(int(place), {})[field] = values
    keep_empty = "hang" in sent or any(key.startswith("them_") for key in sent)
    rows = [found[place] for place in sorted(found)]
    return [row for row in rows if keep_empty or not _is_empty(row, quiet)][:MOST]


def _is_empty(row: Mapping[str, list[str]], quiet: frozenset[str]) -> bool:
    return not any(value.strip() for field, values in row.items() if field not in quiet for value in values)


def _move(rows: list, place: int, move: str) -> bool:
    if place >= len(rows):
        return False
    if move == "xoa":
        del rows[place]
        return True
    other = place - 1 if move == "len" else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return True
