"""The list of entries as files: a workbook with a sheet for people and one for machines, and CSV.

Texts are never formulas: a workbook stores them as strings, and CSV puts an apostrophe before what a spreadsheet
would run.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy import Row

from app.core.vietnamese import decimal_text, short_date, to_local
from app.reports.queries import people_in
from workflows.spec import N_

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEAD_ROW = 5


class Column(NamedTuple):
    """A column: heading for people, name for machines, width in characters."""

    heading: str
    name: str
    width: int


COLUMNS = (
    Column(N_("STT"), "stt", 6),
    Column(N_("Mã hồ sơ"), "ma_ho_so", 16),
    Column(N_("Tên sáng kiến, giải pháp"), "ten", 60),
    Column(N_("Tác giả và tỷ lệ đóng góp"), "tac_gia", 40),
    Column(N_("Số tác giả"), "so_tac_gia", 9),
    Column(N_("Đơn vị"), "don_vi", 28),
    Column(N_("Lĩnh vực"), "linh_vuc", 30),
    Column(N_("Hình thức"), "hinh_thuc", 24),
    Column(N_("Áp dụng lần đầu"), "ngay_ap_dung", 13),
    Column(N_("Nộp lúc"), "nop_luc", 17),
    Column(N_("Trạng thái"), "trang_thai", 24),
)


@dataclass(frozen=True)
class Words:
    """The words for states and kinds in the reader's language, looked up once for all rows."""

    states: Mapping[str, str]
    kinds: Mapping[str, str]


def values(number: int, row: Row, words: Words) -> list[Any]:
    """One row in the order of `COLUMNS`; numbers, days and moments keep their kind, moments in local time."""
    _id, code, title, state, kind, submitted_at, unit, field, people, first_applied_on = row
    authors = people_in(people)
    return [
        number,
        code,
        title,
        "; ".join([f"{name} ({_percent(share)}%)" for name, share in authors]),
        len(authors),
        unit,
        field or "",
        words.kinds[kind],
        first_applied_on,
        to_local(submitted_at) if submitted_at else None,
        words.states[state],
    ]


@lru_cache(maxsize=1000)
def _percent(share: int) -> str:
    """Hundredths of a percent as written: 3333 is `33,33`."""
    return decimal_text(Decimal(share) / 100)


# --- workbook -----------------------------------------------------------------------------------------------------
def write_workbook(target: BinaryIO, rows: Iterable[Row], words: Words, *, host: str, title: str, note: str) -> None:
    """Write the workbook into an open binary file, row by row in constant memory."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": title})
    looks = _looks(book)
    shown, plain = book.add_worksheet(_("Danh sách")), book.add_worksheet("DuLieu")
    _head(shown, looks, host, title, note)
    plain.write_row(0, 0, [column.name for column in COLUMNS])
    for number, row in enumerate(rows, 1):
        cells = values(number, row, words)
        _put(shown, HEAD_ROW + number, cells, looks)
        _put(plain, number, cells, {"day": looks["plain_day"], "moment": looks["plain_moment"]})
    book.close()


def _looks(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    cell = base | {"border": 1, "text_wrap": True}
    return {
        "host": book.add_format(base | {"bold": True}),
        "title": book.add_format(base | {"bold": True, "font_size": 14}),
        "note": book.add_format(base | {"italic": True}),
        "heading": book.add_format(cell | {"bold": True, "align": "center"}),
        "text": book.add_format(cell),
        "day": book.add_format(cell | {"num_format": "dd/mm/yyyy"}),
        "moment": book.add_format(cell | {"num_format": "hh:mm dd/mm/yyyy"}),
        "plain_day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "plain_moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }


def _head(sheet, looks: dict[str, Any], host: str, title: str, note: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    for index, column in enumerate(COLUMNS):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, host, looks["host"])
    sheet.write_string(2, 0, _("DANH SÁCH HỒ SƠ DỰ THI"), looks["title"])
    sheet.write_string(3, 0, f"{title}. {note}" if note else title, looks["note"])
    for index, column in enumerate(COLUMNS):
        sheet.write_string(HEAD_ROW, index, _(column.heading), looks["heading"])


def _put(sheet, line: int, cells: Iterable[Any], looks: dict[str, Any]) -> None:
    text = looks.get("text")
    for index, value in enumerate(cells):
        if value is None:
            sheet.write_blank(line, index, None, text)
        elif isinstance(value, datetime):
            sheet.write_datetime(line, index, value, looks["moment"])
        elif isinstance(value, date):
            sheet.write_datetime(line, index, value, looks["day"])
        elif isinstance(value, int):
            sheet.write_number(line, index, value, text)
        else:
            sheet.write_string(line, index, value, text)


# --- CSV ----------------------------------------------------------------------------------------------------------
def csv_lines(rows: Iterable[Row], words: Words) -> Iterator[str]:
    """The list as CSV for spreadsheets in Vietnamese: byte order mark, semicolons, CRLF, dates as dd/mm/yyyy."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    buffer.write("\ufeff")
    writer.writerow([_(column.heading) for column in COLUMNS])
    for number, row in enumerate(rows, 1):
        writer.writerow([_TEXT_OF[type(cell)](cell) for cell in values(number, row, words)])
        if buffer.tell() > 32_768:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _moment(value: datetime) -> str:
    return f"{value.hour:02}:{value.minute:02} {short_date(value)}"


def neutral(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


_TEXT_OF: dict[type, Callable[[Any], str]] = {
    str: neutral,
    int: str,
    date: short_date,
    datetime: _moment,
    type(None): lambda _nothing: "",
}
"""How a cell of each kind stands in CSV."""
