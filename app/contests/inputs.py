"""Form fields that read Vietnamese dates, moments, money and numbers, and keep what was typed when it is wrong."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import fields as wtf

from app.core.i18n import spoken
from app.core.vietnamese import (
    BadDate,
    BadNumber,
    clean_line,
    clean_text,
    decimal_text,
    number,
    parse_date,
    parse_datetime,
    parse_money,
    parse_score,
    short_date,
    to_local,
)

LARGEST = Decimal(1_000_000)


def one_line(text: str | None) -> str:
    """Filter of short texts."""
    return clean_line(text or "")


def many_lines(text: str | None) -> str:
    """Filter of long texts."""
    return clean_text(text or "")


def key_or_none(value: Any) -> int | None:
    """The key chosen in a list, None for nothing or nonsense."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class _Read:
    """Reads one value with `read`; empty is None, a wrong one is told in Vietnamese. `write` shows a stored one."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = None
        typed = clean_line(valuelist[0]) if valuelist else ""
        if not typed:
            return
        try:
            self.data = type(self).read(typed)
        except (BadDate, BadNumber) as error:
            raise ValueError(spoken(error.message, error.params)) from None

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return type(self).write(self.data) if self.data is not None else ""


def _whole(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 9:
        raise ValueError(_("Nhập một số nguyên, ví dụ 3"))
    return int(typed)


def _points(typed: str) -> Decimal:
    return parse_score(typed, maximum=LARGEST, step=Decimal("0.01"))


class Day(_Read, wtf.DateField):
    """A day: `30/11/2026`."""

    read = staticmethod(parse_date)
    write = staticmethod(short_date)


class Moment(_Read, wtf.DateTimeField):
    """A moment of Việt Nam: `17:00 30/11/2026`; its value is aware, in UTC."""

    read = staticmethod(parse_datetime)
    write = staticmethod(lambda at: f"{to_local(at):%H:%M} {short_date(to_local(at).date())}")


class Money(_Read, wtf.StringField):
    """An amount in đồng: `1.000.000`."""

    read = staticmethod(parse_money)
    write = staticmethod(number)


class Points(_Read, wtf.DecimalField):
    """A decimal number with a comma and at most two places."""

    read = staticmethod(_points)
    write = staticmethod(decimal_text)


class Whole(_Read, wtf.IntegerField):
    """A whole number."""

    read = staticmethod(_whole)
    write = staticmethod(str)
