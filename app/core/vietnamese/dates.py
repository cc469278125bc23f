"""Dates and times: as official papers and screens write them, and as people type them.

Days are `date`, moments are time-zone aware `datetime` in UTC; local time exists only on paper and screen.
Vietnam keeps UTC+7 all year and has since 1975, so the zone is a fixed offset and needs no zone database.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

from app.core.vietnamese.text import clean_line
from workflows.spec import N_

ZONE_NAME = "Asia/Ho_Chi_Minh"
LOCAL = timezone(timedelta(hours=7), ZONE_NAME)
FIRST_YEAR, LAST_YEAR = 1900, 2100

_MESSAGES = {
    "missing": N_("Nhập ngày"),
    "missing_time": N_("Nhập giờ và ngày, ví dụ 17:00 30/11/2026"),
    "not_a_date": N_("Ngày viết theo dạng ngày/tháng/năm, ví dụ 30/11/2026"),
    "not_a_time": N_("Giờ và ngày viết theo dạng 17:00 30/11/2026"),
    "no_such_day": N_("Không có ngày %(day)s"),
    "out_of_range": N_("Năm phải từ %(first)s đến %(last)s"),
}

_WEEKDAYS = (
    N_("thứ Hai"),
    N_("thứ Ba"),
    N_("thứ Tư"),
    N_("thứ Năm"),
    N_("thứ Sáu"),
    N_("thứ Bảy"),
    N_("Chủ nhật"),
)


class BadDate(ValueError):
    """A date as typed cannot be taken: `code` names why, `message` is a msgid, `params` its values."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.message = _MESSAGES[code]
        self.params = params
        super().__init__(self.message % params)


def vietnamese(message: str, **params: object) -> str:
    """The text as declared: stands where a translating function such as `gettext` may be handed in."""
    return message % params if params else message


# --- Time zone ------------------------------------------------------------------------------------


def to_local(moment: datetime) -> datetime:
    """An aware moment as the wall clock in Vietnam shows it. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(LOCAL)


def from_local(naive: datetime) -> datetime:
    """A wall-clock time in Vietnam as a moment in UTC. Raises ValueError if it already has a time zone."""
    if naive.tzinfo is not None:
        raise ValueError("a local time has no time zone of its own")
    return naive.replace(tzinfo=LOCAL).astimezone(UTC)


# --- Written --------------------------------------------------------------------------------------


def official_date(day: date) -> str:
    """`ngày 05 tháng 01 năm 2024`, `ngày 15 tháng 6 năm 2024`.

    A leading 0 for days under 10 and for months 1 and 2 only (Nghị định 30/2020/NĐ-CP, Phụ lục I, Mục II).
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def place_and_date(place: str, day: date) -> str:
    """Line of place and date above a paper: `Trung Lương, ngày 05 tháng 01 năm 2024`."""
    return f"{place}, {official_date(day)}"


def short_date(day: date) -> str:
    """`05/01/2024`."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def clock_time(moment: datetime) -> str:
    """Local time of a moment as papers write it: `17 giờ 00`."""
    return f"{to_local(moment):%H giờ %M}"


def weekday(day: date, gettext: Callable[..., str] = vietnamese) -> str:
    """`thứ Hai` … `thứ Bảy`, `Chủ nhật`."""
    return gettext(_WEEKDAYS[day.weekday()])


def moment_text(moment: datetime, gettext: Callable[..., str] = vietnamese) -> str:
    """`17 giờ 00 ngày 30/11/2026`: a moment inside a sentence; midnight is 24 giờ 00 of the day before."""
    day, hour, minute = _closing(moment)
    return gettext(N_("%(hour)s giờ %(minute)s ngày %(day)s"), hour=hour, minute=minute, day=short_date(day))


def _closing(moment: datetime) -> tuple[date, str, str]:
    """Day, hour and minute of a deadline. Midnight closes the day before, at 24 giờ 00, as notices say it."""
    local = to_local(moment)
    if local.time() == time(0):
        return local.date() - timedelta(days=1), "24", "00"
    return local.date(), f"{local:%H}", f"{local:%M}"


def _time_left(moment: datetime, closing_day: date, now: datetime, gettext: Callable[..., str]) -> str:
    """Days by the calendar; on the last day whole hours, then minutes, never more than there are."""
    seconds = int((moment - now).total_seconds())
    if seconds <= 0:
        return gettext(N_("đã hết hạn"))
    days = (closing_day - to_local(now).date()).days
    if days:
        return gettext(N_("còn 1 ngày")) if days == 1 else gettext(N_("còn %(n)s ngày"), n=days)
    if seconds >= 3600:
        hours = seconds // 3600
        return gettext(N_("còn 1 giờ")) if hours == 1 else gettext(N_("còn %(n)s giờ"), n=hours)
    minutes = seconds // 60
    return gettext(N_("còn %(n)s phút"), n=minutes) if minutes > 1 else gettext(N_("còn chưa đầy 2 phút"))


def deadline_text(moment: datetime, now: datetime, gettext: Callable[..., str] = vietnamese) -> str:
    """`17 giờ 00, thứ Hai 30/11/2026 (còn 8 ngày)`: a deadline with its weekday and what is left of it.

    `gettext` is called as `gettext(msgid, **values)`; without it the text is Vietnamese. Times are aware.
    """
    day, hour, minute = _closing(moment)
    return gettext(
        N_("%(hour)s giờ %(minute)s, %(weekday)s %(day)s (%(left)s)"),
        hour=hour,
        minute=minute,
        weekday=weekday(day, gettext),
        day=short_date(day),
        left=_time_left(moment, day, now, gettext),
    )


# --- Read from a form -----------------------------------------------------------------------------

_DAY_FIRST = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SPELLED = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})")
_TIME = r"(?:lúc )?([0-9]{1,2})(?: ?: ?([0-9]{2})(?::00)?| ?(?:giờ|h)(?: ?([0-9]{2})(?: phút)?)?)"
_TIME_THEN_DAY = re.compile(rf"{_TIME},? (?:ngày )?(.+)")
_DAY_THEN_TIME = re.compile(rf"(?:ngày )?(.+?)(?:, ?| |(?<=[0-9])t(?=[0-9])){_TIME}")
_LONGEST = 60


def _typed(text: str | None) -> str:
    """Input with single spaces in small letters; over-long input cannot match anything."""
    typed = clean_line(text or "").lower()
    return typed if len(typed) <= _LONGEST else "?"


def _day_month_year(typed: str) -> tuple[int, int, int] | None:
    """The three numbers of a date in any accepted form."""
    if found := _DAY_FIRST.fullmatch(typed):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _YEAR_FIRST.fullmatch(typed):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _SPELLED.fullmatch(typed):
        return int(found[1]), int(found[2]), int(found[3])
    return None


def parse_date(text: str | None) -> date:
    """The day typed: `5/1/2024`, `05-01-2024`, `5.1.2024`, `2024-01-05`, `ngày 5 tháng 1 năm 2024`.

    Raises BadDate with code `missing`, `not_a_date`, `no_such_day` or `out_of_range` (years 1900–2100).
    """
    typed = _typed(text)
    if not typed:
        raise BadDate("missing")
    numbers = _day_month_year(typed)
    if not numbers:
        raise BadDate("not_a_date")
    day, month, year = numbers
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDate("out_of_range", first=FIRST_YEAR, last=LAST_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise BadDate("no_such_day", day=f"{day}/{month}/{year}") from None


def parse_datetime(text: str | None) -> datetime:
    """The moment typed in local time, as UTC: `17:00 30/11/2026`, `30/11/2026 17 giờ 00`.

    `2026-11-30T17:00` is what a browser's own date-time field sends. `24:00` is the end of the day named.

    Raises BadDate with code `missing_time`, `not_a_time`, or those of `parse_date` for the day in it.
    """
    typed = _typed(text)
    if not typed:
        raise BadDate("missing_time")
    if found := _TIME_THEN_DAY.fullmatch(typed):
        hour, minute, minute_spelled, day_text = found.groups()
    elif found := _DAY_THEN_TIME.fullmatch(typed):
        day_text, hour, minute, minute_spelled = found.groups()
    else:
        raise BadDate("not_a_time")
    minutes = int(hour) * 60 + int(minute or minute_spelled or 0)
    if int(minute or minute_spelled or 0) > 59 or minutes > 24 * 60:
        raise BadDate("not_a_time")
    return from_local(datetime.combine(parse_date(day_text), time(0)) + timedelta(minutes=minutes))
