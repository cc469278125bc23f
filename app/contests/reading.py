"""The contents of a part in words, for those who may only read it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.contests import rows, ties
from app.contests.forms import FORMS
from app.contests.models import Contest
from app.contests.setup import Part
from app.core.vietnamese import decimal_text, moment_text, money, short_date
from app.organisations import queries as organisations
from workflows.spec import N_

RowText = Callable[[Mapping[str, Any]], str]

ROW_TEXTS: Mapping[str, RowText] = {
    "fields": lambda row: row["name"],
    "criteria": lambda row: f"{row['name']}: {decimal_text(row['max_score'])}",
    "prizes": lambda row: f"{row['name']}: {row['slots']:02} × {money(row['amount'])}",
    "legal_bases": lambda row: row["text"],
    "tasks": lambda row: f"{row['office']}: {'; '.join(row['lines'].splitlines())}",
    "checklist": lambda row: row["text"],
}
BOARD_FIELDS = {
    "organising": N_("Ban Tổ chức"),
    "jury": N_("Ban Giám khảo"),
    "secretariat": N_("Tổ Thư ký"),
}


def summary(contest: Contest, part: Part) -> list[dict[str, Any]]:
    """Rows for the macro `summary_list`."""
    if part.name == "cac-ban":
        return [{"label": _(label), "value": _seats(contest, board)} for board, label in BOARD_FIELDS.items()]
    form = FORMS[part.name](formdata=None)
    form.fill(contest)
    return [{"label": _label(form, name), "value": _words(contest, form, name)} for name in part.holds]


def _seats(contest: Contest, board: str) -> list[str]:
    members = (row for row in rows.as_rows(contest, "members") if row["board"] == board)
    return [f"{m['honorific']} {m['full_name']}, {m['job_title']} ({m['seat']})".strip() for m in members]


def _label(form, name: str) -> str:
    field = form[form.field_name(name)]
    return _("Thứ tự phân định khi bằng điểm") if name == "tie_rules" else str(field.label.text)


def _words(contest: Contest, form, name: str) -> Any:
    if name in rows.ROWS:
        return [ROW_TEXTS[name](row) for row in rows.as_rows(contest, name)]
    value = getattr(contest, name)
    if name == "tie_rules":
        return [_tie_words(contest, rule) for rule in ties.parse(value)]
    if name == "receiver_id":
        return organisations.names([value]).get(value, "") if value else ""
    if name == "combination":
        return next(str(choice.label) for choice in form.combination.choices if choice.value == value)
    return _plain(name, value)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if value is None or isinstance(value, str):
        return value
    if name.endswith("_at"):
        return moment_text(value, _)
    if name.endswith("_on"):
        return short_date(value)
    if name == "budget":
        return money(value)
    return str(value) if isinstance(value, int) else decimal_text(value)


def _tie_words(contest: Contest, rule: str) -> str:
    names = {criterion.key: criterion.name for criterion in contest.criteria}
    key = ties.criterion_of(rule)
    if key:
        return _("Điểm cao hơn ở tiêu chí “%(name)s”", name=names.get(key, key))
    return _(ties.LABELS[rule])
