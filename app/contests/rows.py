"""The lists of a contest: which table holds each, which columns a row has, and what a row must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import String, inspect

from app.contests.models import (
    BoardMember,
    ChecklistItem,
    Contest,
    ContestField,
    Criterion,
    LegalBasis,
    PlanTask,
    Prize,
)
from app.core.db import Base, db
from workflows.spec import N_

LINES_LIMIT = 4_000


@dataclass(frozen=True)
class RowKind:
    """One list: its table and columns, the longest text of each text column, which columns must be filled (with
    what to say otherwise), and the column that tells the rows apart."""

    model: type[Base]
    columns: tuple[str, ...]
    texts: Mapping[str, int]
    required: Mapping[str, str] = field(default_factory=dict)
    distinct: str = ""


def _kind(model: type[Base], *columns: str, distinct: str = "", **required: str) -> RowKind:
    types = {c.key: c.columns[0].type for c in inspect(model).column_attrs}
    texts = {name: types[name].length or LINES_LIMIT for name in columns if isinstance(types[name], String)}
    return RowKind(model, columns, texts, required, distinct)


ROWS: Mapping[str, RowKind] = {
    "fields": _kind(ContestField, "name", distinct="name", name=N_("Nhập tên lĩnh vực")),
    "criteria": _kind(Criterion, "key", "name", "max_score", "bands", distinct="name", name=N_("Nhập tên tiêu chí")),
    "prizes": _kind(Prize, "name", "slots", "amount", distinct="name", name=N_("Nhập tên giải")),
    "legal_bases": _kind(LegalBasis, "text", distinct="text", text=N_("Nhập căn cứ")),
    "tasks": _kind(
        PlanTask, "office", "lines", office=N_("Nhập bộ phận, đơn vị"), lines=N_("Nhập ít nhất một nhiệm vụ")
    ),
    "members": _kind(
        BoardMember,
        "board",
        "user_id",
        "honorific",
        "full_name",
        "job_title",
        "seat",
        "is_head",
        full_name=N_("Nhập họ và tên"),
        job_title=N_("Nhập chức vụ, đơn vị công tác"),
        seat=N_("Nhập chức danh trong ban"),
    ),
    "checklist": _kind(ChecklistItem, "text", distinct="text", text=N_("Nhập nội dung kiểm tra")),
}

COLUMNS: Mapping[str, int] = {
    c.key: c.columns[0].type.length
    for c in inspect(Contest).column_attrs
    if isinstance(c.columns[0].type, String) and c.columns[0].type.length
}
"""Longest text of the contest's own columns that have a limit."""


def as_rows(contest: Contest, name: str) -> list[dict[str, Any]]:
    """The rows of one list as plain values in the order in which they were put in, without ids and positions."""
    present = sorted(getattr(contest, name), key=lambda row: row.position)
    return [{column: getattr(row, column) for column in ROWS[name].columns} for row in present]


def put(contest: Contest, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Make the list hold exactly these rows in this order.

    The former rows are deleted first, since two people who change places would else meet in a unique index; nothing
    points to rows of a contest in preparation.
    """
    kind, present = ROWS[name], getattr(contest, name)
    present.clear()
    db.session.flush()
    for place, row in enumerate(rows):
        present.append(kind.model(position=place, **{column: row[column] for column in kind.columns}))


def told(value: Any) -> Any:
    """A value as the trail keeps it: dates in ISO, decimals exact, rows as lists of plain values."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list):
        return [{column: told(cell) for column, cell in row.items()} for row in value]
    return value
