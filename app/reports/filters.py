"""What a list of entries is narrowed to: read from the address, written back into addresses and chips."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.core.vietnamese import clean_line
from workflows import ENTRY
from workflows.spec import N_

KINDS = {"individual": N_("Cá nhân hoặc nhóm tác giả"), "collective": N_("Tập thể")}
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Status:
    """One word for one or more states; `name` stands in addresses."""

    name: str
    label: str
    tone: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Filters:
    """All conditions of one list. `before` and `after` are entry ids that bound the page."""

    contest: str = ""
    words: str = ""
    status: str = ""
    field_id: int | None = None
    unit_id: int | None = None
    kind: str = ""
    before: int | None = None
    after: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether something other than the state narrows the list."""
        return bool(self.words or self.field_id or self.unit_id or self.kind)


NAMES = {
    "contest": "cuoc-thi",
    "words": "q",
    "status": "trang-thai",
    "field_id": "linh-vuc",
    "unit_id": "don-vi",
    "kind": "hinh-thuc",
    "before": "truoc",
    "after": "sau",
}


def read(args: Mapping[str, str]) -> Filters:
    """The conditions in an address; what cannot be one is left out."""
    kind = args.get(NAMES["kind"], "")
    return Filters(
        contest=args.get(NAMES["contest"], "")[:60],
        words=clean_line(args.get(NAMES["words"], ""))[:LONGEST_SEARCH],
        status=args.get(NAMES["status"], ""),
        kind=kind if kind in KINDS else "",
        **{name: _number(args.get(NAMES[name])) for name in ("field_id", "unit_id", "before", "after")},
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def query_string(filters: Filters, **changed) -> str:
    """The conditions as the part of an address after `?`, with some changed; a changed one leaves the page."""
    if changed and not {"before", "after"} & set(changed):
        changed = {"before": None, "after": None} | changed
    values = vars(replace(filters, **changed))
    return urlencode({NAMES[name]: value for name, value in values.items() if value})


def statuses(*, as_author: bool) -> list[Status]:
    """Words for the states in the order of the declaration; for the author's side states of one word are one."""
    found: dict[str, Status] = {}
    for state in ENTRY.states:
        label = state.author_label if as_author else state.label
        known = found.get(label)
        states = (*known.states, state.name) if known else (state.name,)
        found[label] = Status(states[0], label, known.tone if known else state.tone, states)
    return list(found.values())


def chips(filters: Filters, path: str, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Each condition with the address of the list without it. `names` gives the words shown for a condition."""
    shown = {
        "words": _("«%(words)s»", words=filters.words) if filters.words else "",
        **{name: names.get(name, "") for name in ("status", "field_id", "unit_id", "kind")},
    }
    empty = Filters()
    return [
        {"label": label, "url": f"{path}?{query_string(filters, **{name: getattr(empty, name)})}"}
        for name, label in shown.items()
        if label and getattr(filters, name)
    ]
