"""Dates and times: written as papers and screens need them, read as people type them."""

import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from app.core.vietnamese import (
    ZONE_NAME,
    BadDate,
    clock_time,
    deadline_text,
    from_local,
    moment_text,
    official_date,
    parse_date,
    parse_datetime,
    place_and_date,
    short_date,
    to_local,
    weekday,
)

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def local(text: str) -> datetime:
    """Moment of an ISO local time."""
    return from_local(datetime.fromisoformat(text))


# --- Written --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2024, 1, 5), "ngày 05 tháng 01 năm 2024"),
        (date(2024, 2, 28), "ngày 28 tháng 02 năm 2024"),
        (date(2024, 3, 9), "ngày 09 tháng 3 năm 2024"),
        (date(2024, 6, 15), "ngày 15 tháng 6 năm 2024"),
        (date(2024, 9, 1), "ngày 01 tháng 9 năm 2024"),
        (date(2024, 10, 10), "ngày 10 tháng 10 năm 2024"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_official_date_has_zeros_where_the_decree_wants_them(day, text):
    assert official_date(day) == text
    assert place_and_date("Trung Lương", day) == f"Trung Lương, {text}"


def test_short_date_and_weekday():
    assert short_date(date(2024, 1, 5)) == "05/01/2024"
    week = [weekday(date(2026, 11, 23) + timedelta(days=n)) for n in range(7)]
    assert week == ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


@pytest.mark.parametrize(
    ("deadline", "now", "text"),
    [
        ("2026-11-30T17:00", "2026-11-22T09:00", "17 giờ 00, thứ Hai 30/11/2026 (còn 8 ngày)"),
        ("2026-11-30T17:00", "2026-11-22T23:59", "17 giờ 00, thứ Hai 30/11/2026 (còn 8 ngày)"),
        ("2026-11-30T17:00", "2026-11-29T23:59", "17 giờ 00, thứ Hai 30/11/2026 (còn 1 ngày)"),
        ("2026-11-30T17:00", "2026-11-30T00:00", "17 giờ 00, thứ Hai 30/11/2026 (còn 17 giờ)"),
        ("2026-11-30T17:00", "2026-11-30T15:00:01", "17 giờ 00, thứ Hai 30/11/2026 (còn 1 giờ)"),
        ("2026-11-30T17:00", "2026-11-30T16:00:01", "17 giờ 00, thứ Hai 30/11/2026 (còn 59 phút)"),
        ("2026-11-30T17:00", "2026-11-30T16:58", "17 giờ 00, thứ Hai 30/11/2026 (còn 2 phút)"),
        ("2026-11-30T17:00", "2026-11-30T16:59:59", "17 giờ 00, thứ Hai 30/11/2026 (còn chưa đầy 2 phút)"),
        ("2026-11-30T17:00", "2026-11-30T17:00", "17 giờ 00, thứ Hai 30/11/2026 (đã hết hạn)"),
        ("2026-11-30T17:00", "2027-01-01T00:00", "17 giờ 00, thứ Hai 30/11/2026 (đã hết hạn)"),
        ("2026-12-01T00:00", "2026-11-30T21:30", "24 giờ 00, thứ Hai 30/11/2026 (còn 2 giờ)"),
        ("2026-12-06T08:05", "2026-12-01T08:05", "08 giờ 05, Chủ nhật 06/12/2026 (còn 5 ngày)"),
    ],
)
def test_deadline_text(deadline, now, text):
    assert deadline_text(local(deadline), local(now)) == text


def test_deadline_text_can_be_translated():
    asked: list[str] = []

    def gettext(message: str, **values: object) -> str:
        asked.append(message)
        return message % values if values else message

    text = deadline_text(local("2026-11-30T17:00"), local("2026-11-22T09:00"), gettext)
    assert text == "17 giờ 00, thứ Hai 30/11/2026 (còn 8 ngày)"
    assert asked == ["thứ Hai", "còn %(n)s ngày", "%(hour)s giờ %(minute)s, %(weekday)s %(day)s (%(left)s)"]


def test_a_moment_inside_a_sentence():
    assert moment_text(local("2026-11-30T17:00")) == "17 giờ 00 ngày 30/11/2026"
    assert moment_text(local("2026-12-01T00:00")) == "24 giờ 00 ngày 30/11/2026"
    assert moment_text(local("2026-12-01T00:00:01")) == "00 giờ 00 ngày 01/12/2026"


def test_clock_time_is_local():
    assert clock_time(datetime(2026, 11, 30, 10, 0, tzinfo=UTC)) == "17 giờ 00"


# --- Time zone ------------------------------------------------------------------------------------


@given(st.datetimes(datetime(1976, 1, 1), datetime(2037, 12, 31)))
def test_local_time_is_the_time_of_ho_chi_minh_city(naive):
    expected = pytz.timezone(ZONE_NAME).localize(naive)
    assert from_local(naive) == expected
    assert from_local(naive).tzinfo is UTC
    assert to_local(expected.astimezone(UTC)).replace(tzinfo=None) == naive


def test_times_without_or_with_a_zone_are_not_mixed_up():
    with pytest.raises(ValueError, match="needs its time zone"):
        to_local(datetime(2026, 11, 30, 10, 0))
    with pytest.raises(ValueError, match="no time zone of its own"):
        from_local(datetime(2026, 11, 30, 10, 0, tzinfo=UTC))


# --- A day as typed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "5/1/2024",
        "05/01/2024",
        "05-01-2024",
        "5.1.2024",
        " 5 / 1 / 2024 ",
        "2024-01-05",
        "2024-1-5",
        "ngày 05 tháng 01 năm 2024",
        "5 tháng 1 năm 2024",
        unicodedata.normalize("NFD", "Ngày 5 tháng 1 năm 2024"),
    ],
)
def test_day_is_read_day_first(text):
    assert parse_date(text) == date(2024, 1, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "missing"),
        (" ", "missing"),
        ("hôm nay", "not_a_date"),
        ("5/1", "not_a_date"),
        ("5/1/24", "not_a_date"),
        ("5/1-2024", "not_a_date"),
        ("2024/01/05", "not_a_date"),
        ("5/1/2024 17:00", "not_a_date"),
        ("５/1/2024", "not_a_date"),
        ("5/1/2024\u0663", "not_a_date"),
        ("-5/1/2024", "not_a_date"),
        ("5/1/20240", "not_a_date"),
        ("5/1/2024 " * 10_000, "not_a_date"),
        ("30/2/2024", "no_such_day"),
        ("29/02/2023", "no_such_day"),
        ("31/04/2024", "no_such_day"),
        ("1/13/2024", "no_such_day"),
        ("0/1/2024", "no_such_day"),
        ("2024-13-01", "no_such_day"),
        ("1/1/1899", "out_of_range"),
        ("1/1/2101", "out_of_range"),
        ("1/1/0000", "out_of_range"),
    ],
)
def test_day_refused(text, code):
    with pytest.raises(BadDate) as refused:
        parse_date(text)
    assert refused.value.code == code
    assert isinstance(refused.value, ValueError)


def test_refusal_of_a_day_speaks_vietnamese():
    with pytest.raises(BadDate) as refused:
        parse_date("30/2/2024")
    assert refused.value.message % refused.value.params == str(refused.value) == "Không có ngày 30/2/2024"


@given(days)
def test_a_day_written_is_the_day_read(day):
    assert parse_date(short_date(day)) == day
    assert parse_date(official_date(day)) == day
    assert parse_date(day.isoformat()) == day


# --- A moment as typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "17:00 30/11/2026",
        "17:00, 30/11/2026",
        "17:00 ngày 30/11/2026",
        "17h 30/11/2026",
        "17h00 30-11-2026",
        "17 giờ 00 ngày 30 tháng 11 năm 2026",
        "lúc 17 giờ 00 phút ngày 30/11/2026",
        "30/11/2026 17:00",
        "30/11/2026, 17h00",
        "30/11/2026 17 giờ 00",
        "30/11/2026 17 giờ",
        "2026-11-30T17:00",
        "2026-11-30T17:00:00",
        "2026-11-30 17:00",
        "ngày 30 tháng 11 năm 2026 17:00",
    ],
)
def test_moment_is_read_as_local_time(text):
    assert parse_datetime(text) == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


def test_end_of_the_day_may_be_written_24():
    assert parse_datetime("24:00 30/11/2026") == parse_datetime("00:00 01/12/2026")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "missing_time"),
        ("", "missing_time"),
        ("30/11/2026", "not_a_time"),
        ("17:00", "not_a_time"),
        ("24:01 30/11/2026", "not_a_time"),
        ("25:00 30/11/2026", "not_a_time"),
        ("17:60 30/11/2026", "not_a_time"),
        ("17:5 30/11/2026", "not_a_time"),
        ("-1:00 30/11/2026", "not_a_time"),
        ("17:00 hôm nay", "not_a_date"),
        ("17:00 31/11/2026", "no_such_day"),
        ("17:00 30/11/1800", "out_of_range"),
        ("17:00 " * 10_000, "not_a_time"),
    ],
)
def test_moment_refused(text, code):
    with pytest.raises(BadDate) as refused:
        parse_datetime(text)
    assert refused.value.code == code


@given(st.text(max_size=70))
def test_any_text_is_read_or_refused_never_worse(text):
    for read in (parse_date, parse_datetime):
        with suppress(BadDate):
            assert read(text).year >= 1900
