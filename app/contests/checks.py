"""What the parts of a contest may hold: checks of values before they are stored. Pure.

Each check takes the new values (by the names of `setup`), and the contest as it is, and yields `(field, sentence)`.
A field of a row is named as its form names it: `criteria-2-max_score`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _

from app.contests import ties
from app.contests.models import BOARDS, Contest
from app.contests.rows import COLUMNS, ROWS
from app.core.vietnamese import MAX_MONEY, decimal_text, fold, money, number, to_local

Problem = tuple[str, str]
Values = Mapping[str, Any]

TEXT_LIMIT = 20_000
ROW_LIMIT = 60
SCORE_STEPS = (Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), Decimal(1))
COMBINATIONS = ("mean", "drop_extremes")
MOMENTS = ("opens_at", "closes_at", "screening_due_at", "judging_due_at")
MOST_SCORE = Decimal(1000)
RANGES = {"max_authors": (1, 50), "min_judges": (1, 15), "year": (2000, 2100)}


def problems(contest: Contest, values: Values, now: datetime) -> Iterator[Problem]:
    """Everything wrong with the new values, given what the contest holds besides."""
    for name, value in values.items():
        if name in ROWS:
            yield from _rows(name, value)
        elif isinstance(value, str):
            yield from _length(name, value, COLUMNS.get(name, TEXT_LIMIT))
    if "title" in values and not values["title"]:
        yield "title", _("Nhập tên cuộc thi")
    for check in CHECKS:
        yield from check(contest, values, now)


def _length(name: str, text: str, most: int) -> Iterator[Problem]:
    if len(text) > most:
        yield name, _("Viết ngắn hơn %(n)s ký tự", n=number(most))


def _rows(name: str, rows: list[dict]) -> Iterator[Problem]:
    if len(rows) > ROW_LIMIT:
        yield name, _("Nhiều nhất %(n)s dòng", n=ROW_LIMIT)
    for place, row in enumerate(rows):
        for column, most in ROWS[name].texts.items():
            yield from _length(f"{name}-{place}-{column}", row.get(column) or "", most)
        for column, message in ROWS[name].required.items():
            if not row.get(column):
                yield f"{name}-{place}-{column}", _(message)
    if ROWS[name].distinct:
        yield from _repeated(name, rows, ROWS[name].distinct)


def _repeated(name: str, rows: list[dict], column: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        key = fold(row.get(column) or "")
        if key and key in seen:
            yield f"{name}-{place}-{column}", _("Đã có dòng này ở trên")
        seen.add(key)


def _whole_numbers(_contest: Contest, values: Values, _now: datetime) -> Iterator[Problem]:
    for name, (least, most) in RANGES.items():
        if name in values and not (type(values[name]) is int and least <= values[name] <= most):
            yield name, _("Nhập số từ %(least)s đến %(most)s", least=least, most=most)


def _dates(contest: Contest, values: Values, now: datetime) -> Iterator[Problem]:
    if not values.keys() & {*MOMENTS, "award_on"}:
        return
    given = {name: values.get(name, getattr(contest, name)) for name in (*MOMENTS, "award_on")}
    for name in ("opens_at", "closes_at"):
        if given[name] is not None and given[name] != getattr(contest, name) and given[name] <= now:
            yield name, _("Chọn thời điểm ở sau hiện tại")
    yield from _in_order(given)


def _in_order(given: Values) -> Iterator[Problem]:
    messages = {
        "closes_at": _("Hạn nộp phải sau lúc mở nhận hồ sơ"),
        "screening_due_at": _("Hạn kiểm tra phải sau hạn nộp"),
        "judging_due_at": _("Hạn chấm điểm phải sau hạn kiểm tra"),
    }
    set_ones = [name for name in MOMENTS if given[name] is not None]
    for earlier, later in pairwise(set_ones):
        if given[later] <= given[earlier]:
            yield later, messages[later]
    last = given[set_ones[-1]] if set_ones else None
    if last and given["award_on"] and given["award_on"] < to_local(last).date():
        yield "award_on", _("Ngày trao giải phải sau các hạn ở trên")


def _money(contest: Contest, values: Values, _now: datetime) -> Iterator[Problem]:
    if not values.keys() & {"budget", "prizes"}:
        return
    budget = values.get("budget", contest.budget)
    if type(budget) is not int or not 0 <= budget <= MAX_MONEY:
        yield "budget", _("Nhập số tiền từ 0 đồng trở lên")
        return
    prizes = values.get("prizes", [{"slots": p.slots, "amount": p.amount} for p in contest.prizes])
    wrong = list(_prizes(prizes))
    yield from wrong
    total = 0 if wrong else sum(prize["slots"] * prize["amount"] for prize in prizes)
    if total > budget:
        yield "budget", _("Tổng tiền thưởng %(total)s vượt kinh phí", total=money(total))


def _prizes(prizes: list[dict]) -> Iterator[Problem]:
    for place, prize in enumerate(prizes):
        if type(prize.get("slots")) is not int or not 1 <= prize["slots"] <= 100:
            yield f"prizes-{place}-slots", _("Nhập số từ %(least)s đến %(most)s", least=1, most=100)
        if type(prize.get("amount")) is not int or not 0 <= prize["amount"] <= MAX_MONEY:
            yield f"prizes-{place}-amount", _("Nhập số tiền từ 0 đồng trở lên")


def _rubric(contest: Contest, values: Values, _now: datetime) -> Iterator[Problem]:
    step = values.get("score_step", contest.score_step)
    if "score_step" in values and step not in SCORE_STEPS:
        yield "score_step", _("Chọn bước điểm")
        return
    if "criteria" in values:
        yield from _criteria(values["criteria"], step)
    elif "score_step" in values and any(criterion.max_score % step for criterion in contest.criteria):
        yield "score_step", _("Điểm tối đa của các tiêu chí phải là bội của bước điểm")


def _criteria(criteria: list[dict], step: Decimal) -> Iterator[Problem]:
    for place, row in enumerate(criteria):
        most = row.get("max_score")
        if not isinstance(most, Decimal) or not most.is_finite() or not 0 < most <= MOST_SCORE:
            yield f"criteria-{place}-max_score", _("Điểm tối đa phải lớn hơn 0 và không quá 1.000")
        elif most % step:
            yield f"criteria-{place}-max_score", _("Điểm tối đa phải là bội của %(step)s", step=decimal_text(step))


def _rules(contest: Contest, values: Values, _now: datetime) -> Iterator[Problem]:
    if "combination" in values and values["combination"] not in COMBINATIONS:
        yield "combination", _("Chọn cách tính điểm")
    deviation = values.get("deviation_percent", Decimal(0))
    if not isinstance(deviation, Decimal) or not 0 <= deviation <= 100:
        yield "deviation_percent", _("Nhập số từ %(least)s đến %(most)s", least=0, most=100)
    rubric = _rubric_after(contest, values)
    scale = sum(rubric.values()) or MOST_SCORE
    threshold = values.get("threshold", Decimal(0))
    if not isinstance(threshold, Decimal) or not 0 <= threshold <= scale:
        yield "threshold", _("Nhập số từ %(least)s đến %(most)s", least=0, most=decimal_text(Decimal(scale)))
    if any(not ties.known(rule, rubric) for rule in ties.parse(values.get("tie_rules", ""))):
        yield "tie_rules", _("Chọn các quy tắc trong danh sách")


def _rubric_after(contest: Contest, values: Values) -> dict[str, Decimal]:
    """The highest scores by key, as they will stand; wrong ones are told elsewhere."""
    if "criteria" not in values:
        return {criterion.key: criterion.max_score for criterion in contest.criteria}
    scores = {row["key"]: row["max_score"] for row in values["criteria"]}
    return {key: most for key, most in scores.items() if isinstance(most, Decimal) and most.is_finite()}


def _members(_contest: Contest, values: Values, _now: datetime) -> Iterator[Problem]:
    taken: set[tuple[str, int]] = set()
    headed: set[str] = set()
    for place, row in enumerate(values.get("members", ())):
        board, user_id = row.get("board"), row.get("user_id")
        if board not in BOARDS:
            yield f"members-{place}-board", _("Chọn ban")
        if user_id is not None and (board, user_id) in taken:
            yield f"members-{place}-user_id", _("Người này đã có trong ban")
        if row.get("is_head") and board in headed:
            yield f"members-{place}-is_head", _("Mỗi ban có một người đứng đầu")
        if user_id is not None:
            taken.add((board, user_id))
        if row.get("is_head"):
            headed.add(board)


CHECKS: tuple[Callable[[Contest, Values, datetime], Iterator[Problem]], ...] = (
    _whole_numbers,
    _dates,
    _money,
    _rubric,
    _rules,
    _members,
)
