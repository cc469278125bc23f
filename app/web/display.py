"""How values are shown on pages: Vietnamese local time, day/month/year, 24 hours; money with points.

The rules of the language stand in ``app.core.vietnamese``; here they only become template filters.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import Flask
from flask_babel import gettext as _

from app.core import vietnamese

SOON_DAYS = 3
LONG_PAST = timedelta(days=30)
"""After that a date that was missed is history: it is named, but it alarms nobody every morning."""


class Due(NamedTuple):
    """Words for the time left and the tone they are shown in (``neutral``, ``warn`` or ``danger``)."""

    text: str
    tone: str


def init_app(app: Flask) -> None:
    """Offer the filters and ``due_words`` to templates.

    ``tr`` translates a text that is not written in the template itself (a declared label). It must be used
    there instead of ``_()``, which in templates trusts its text and would not escape it.
    """
    app.jinja_env.filters.update(
        vn_date=vn_date,
        vn_time=vn_time,
        vn_datetime=vn_datetime,
        vn_deadline=vn_deadline,
        money=vietnamese.money,
        decimal=vietnamese.decimal_text,
        number=vietnamese.number,
        tr=lambda text: _(str(text)) if text else "",
    )
    app.jinja_env.globals["due_words"] = due_words


def vn_date(value: date | datetime) -> str:
    """``30/11/2026``; a moment (aware UTC) is turned into the local day first."""
    return vietnamese.short_date(vietnamese.to_local(value) if isinstance(value, datetime) else value)


def vn_time(value: datetime) -> str:
    """``09:41`` local time of an aware moment."""
    return _clock(vietnamese.to_local(value))


def vn_datetime(value: datetime) -> str:
    """``09:41 30/11/2026`` local time of an aware moment."""
    local = vietnamese.to_local(value)
    return f"{_clock(local)} {vietnamese.short_date(local)}"


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def vn_deadline(value: datetime, now: datetime) -> str:
    """``17 giờ 00, thứ Hai 30/11/2026 (còn 8 ngày)`` in the reader's language."""
    return vietnamese.deadline_text(value, now, _)


def due_words(due_at: datetime, now: datetime) -> Due:
    """Time left in calendar days of Vietnam, the way people count: the day of the deadline is "today".

    A deadline long past (`LONG_PAST`) is told by its date, without alarm.
    """
    if due_at < now - LONG_PAST:
        return Due(_("Hạn %(date)s đã qua", date=vn_date(due_at)), "neutral")
    days = (vietnamese.to_local(due_at).date() - vietnamese.to_local(now).date()).days
    if due_at < now:
        return Due(_overdue(days), "danger")
    if days == 0:
        return Due(_("Hạn hôm nay, %(time)s", time=vn_time(due_at)), "danger")
    return Due(_("Còn %(n)s ngày", n=days), "warn" if days <= SOON_DAYS else "neutral")


def _overdue(days: int) -> str:
    if days == 0:
        return _("Quá hạn từ hôm nay")
    return _("Quá hạn %(n)s ngày", n=-days)
