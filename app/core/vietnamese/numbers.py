"""Numbers and money: as Vietnamese papers write them, in words, and as people type them.

Input is read by an exact grammar over ASCII digits; what does not match is refused with a code and a text.
Money is a whole number of đồng (VND).
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from app.core.vietnamese.text import clean_line
from workflows.spec import N_

MAX_MONEY = 10**15 - 1
"""Largest amount read from a form: far over any ward's budget, within a 64-bit column."""

_MESSAGES = {
    "missing": N_("Nhập một số"),
    "not_a_number": N_("Viết số bằng chữ số, ví dụ %(example)s"),
    "ambiguous": N_("Không rõ là số nào. Dùng dấu phẩy cho phần thập phân, ví dụ %(example)s"),
    "too_many_decimals": N_("Nhiều nhất %(places)s chữ số sau dấu phẩy"),
    "out_of_range": N_("Số phải từ 0 đến %(maximum)s"),
    "wrong_step": N_("Số phải là bội của %(step)s"),
}


class BadNumber(ValueError):
    """A number as typed cannot be taken. `code` names why; `message` is a msgid, `params` its values."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.message = _MESSAGES[code]
        self.params = params
        super().__init__(self.message % params)


# --- Written in figures ---------------------------------------------------------------------------


def number(value: int) -> str:
    """Whole number with a dot between thousands: `1.234.567`."""
    return f"{value:,}".replace(",", ".")


def counted(value: int) -> str:
    """How many there are, as papers write it: with a 0 before a single digit, so that none can be put in: `06`."""
    return f"0{value}" if 0 <= value < 10 else number(value)


def money(amount: int) -> str:
    """Amount in đồng as papers write it: `1.000.000 đồng`."""
    return f"{number(amount)} đồng"


def decimal_text(value: Decimal, places: int | None = None) -> str:
    """Decimal with a comma and dots between thousands: `decimal_text(Decimal("27.5"), 2)` is `27,50`.

    Halves round away from zero. Without `places` all digits that matter are shown and no more: `7,5`, `10`.
    Raises ValueError for NaN and infinity.
    """
    if not value.is_finite():
        raise ValueError(f"no text for {value}")
    return _decimal_text(value, places)


@lru_cache(maxsize=4096)  # a page of scores shows the same few again and again
def _decimal_text(value: Decimal, places: int | None) -> str:
    if places is None:
        places = _places(value)
    exact = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if exact == 0:
        exact = abs(exact)
    return f"{exact:,f}".translate(str.maketrans(",.", ".,"))


def _places(value: Decimal) -> int:
    """How many decimals are needed to write the value exactly."""
    return max(0, -int(value.normalize().as_tuple().exponent))


# --- Written in words -----------------------------------------------------------------------------

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_THOUSANDS = ("", "nghìn", "triệu")
_BILLION = 10**9
_WORDS_LIMIT = 10**18


def _units_word(tens: int, units: int) -> str:
    """Units after tens: một → mốt, bốn → tư after mươi; năm → lăm after mười and mươi."""
    if tens >= 2 and units in (1, 4):
        return "mốt" if units == 1 else "tư"
    return "lăm" if tens and units == 5 else _DIGITS[units]


def _below_hundred(tens: int, units: int) -> list[str]:
    """Words of tens and units, without `linh`."""
    words: list[str] = []
    if tens == 1:
        words = ["mười"]
    elif tens:
        words = [_DIGITS[tens], "mươi"]
    return words + ([_units_word(tens, units)] if units else [])


def _group(value: int, *, leading: bool) -> list[str]:
    """Words of 1 to 999. A group that is not the first says its missing hundreds: `không trăm linh năm`."""
    hundreds, rest = divmod(value, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or not leading else []
    if words and 0 < rest < 10:
        words.append("linh")
    return words + _below_hundred(*divmod(rest, 10))


def _below_billion(value: int, *, leading: bool) -> list[str]:
    """Words of 1 to 999,999,999; groups of zeros are not spoken."""
    words: list[str] = []
    for power in (2, 1, 0):
        group = value // 1000**power % 1000
        if group:
            words += _group(group, leading=leading and not words)
            words += [_THOUSANDS[power]] if power else []
    return words


def number_in_words(value: int) -> str:
    """A whole number from 0 to below 10^18 in words, as the North says them: linh, nghìn, tư, mốt, lăm.

    2.005.000 is `hai triệu không trăm linh năm nghìn`. Raises ValueError outside that range.
    """
    if not 0 <= value < _WORDS_LIMIT:
        raise ValueError(f"no words for {value}")
    if value == 0:
        return _DIGITS[0]
    billions, rest = divmod(value, _BILLION)
    words = [*_below_billion(billions, leading=True), "tỷ"] if billions else []
    return " ".join(words + _below_billion(rest, leading=not billions))


def money_in_words(amount: int) -> str:
    """Amount for `(Bằng chữ: …./.)`: `Một triệu năm trăm nghìn đồng`. Range as of `number_in_words`."""
    words = f"{number_in_words(amount)} đồng"
    return words[0].upper() + words[1:]


# --- Read from a form -----------------------------------------------------------------------------

_SCORE = re.compile(r"(0|[1-9][0-9]*)(?:[.,]([0-9]+))?")
_THOUSANDS_DOT = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_MONEY = re.compile(r"([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)(?: ?(?:đồng|đ|₫|vnđ|vnd))?")
_LONGEST = 40


def parse_score(text: str | None, *, maximum: Decimal, step: Decimal) -> Decimal:
    """The score typed, exactly. Grammar, after outer spaces are taken off:

        score    = whole [ ("," | ".") decimals ]
        whole    = "0" | one of 1–9 followed by any ASCII digits
        decimals = one or more ASCII digits, at most as many as `step` has

    and 0 ≤ score ≤ `maximum`, score a multiple of `step`, no longer than 40 characters. One to three digits,
    a dot and three digits (`1.000`) may mean a thousand and are refused unless the whole part is 0.
    Raises BadNumber with code `missing`, `not_a_number`, `ambiguous`, `too_many_decimals`, `out_of_range`
    or `wrong_step`.
    """
    typed = (text or "").strip()
    if not typed:
        raise BadNumber("missing")
    found = _SCORE.fullmatch(typed) if len(typed) <= _LONGEST else None
    if not found:
        raise BadNumber("not_a_number", example="7,5")
    if _THOUSANDS_DOT.fullmatch(typed):
        raise BadNumber("ambiguous", example="7,5")
    if len(found[2] or "") > _places(step):
        raise BadNumber("too_many_decimals", places=_places(step))
    return _checked(Decimal(typed.replace(",", ".")), maximum, step)


def _checked(score: Decimal, maximum: Decimal, step: Decimal) -> Decimal:
    """The score if it lies within the range and on the step."""
    if score > maximum:
        raise BadNumber("out_of_range", maximum=decimal_text(maximum))
    if score % step:
        raise BadNumber("wrong_step", step=decimal_text(step))
    return score


def parse_money(text: str | None, *, maximum: int = MAX_MONEY) -> int:
    """The amount typed, in đồng: `1000000`, `1.000.000`, `1 000 000`, alone or with `đồng`, `đ`, `VND`.

    Raises BadNumber with code `missing`, `not_a_number` or `out_of_range`.
    """
    typed = clean_line(text or "").lower()
    if not typed:
        raise BadNumber("missing")
    found = _MONEY.fullmatch(typed) if len(typed) <= _LONGEST else None
    if not found:
        raise BadNumber("not_a_number", example="1.000.000")
    amount = int(re.sub(r"[. ]", "", found[1]))
    if amount > maximum:
        raise BadNumber("out_of_range", maximum=number(maximum))
    return amount
