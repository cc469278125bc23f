"""The register as an .xlsx file with the ten columns of Nghị định 30/2020/NĐ-CP, Phụ lục IV, ready to print."""

import io
from collections.abc import Sequence

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy import Row

from app.core.vietnamese import short_date
from workflows.spec import N_

COLUMNS = (
    (N_("Số, ký hiệu văn bản"), 18),
    (N_("Ngày tháng văn bản"), 13),
    (N_("Tên loại và trích yếu nội dung văn bản"), 46),
    (N_("Người ký"), 20),
    (N_("Nơi nhận văn bản"), 28),
    (N_("Đơn vị, người nhận bản lưu"), 14),
    (N_("Số lượng bản"), 9),
    (N_("Ngày chuyển"), 12),
    (N_("Ký nhận"), 12),
    (N_("Ghi chú"), 18),
)
_FONT = {"font_name": "Times New Roman", "font_size": 12}
_FIRST_ROW = 4


def line_of(entry: Row) -> tuple[str | int, ...]:
    """The ten cells of one line; the ninth names who received the paper, or is left for a signature by hand."""
    return (
        entry.symbol,
        short_date(entry.issued_on),
        entry.subject,
        entry.signer,
        entry.recipients,
        entry.archive_unit,
        entry.copies,
        short_date(entry.sent_on) if entry.sent_on else "",
        entry.received_by,
        entry.note,
    )


def register_file(organisation: str, year: int, entries: Sequence[Row]) -> bytes:
    """The workbook. Every text is written as text, so that none is taken for a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    cell = book.add_format(_FONT | {"text_wrap": True, "valign": "top", "border": 1})
    sheet = book.add_worksheet(_("Sổ văn bản đi"))
    _set_up_page(sheet)
    _write_head(book, sheet, organisation, year)
    for row, entry in enumerate(entries, _FIRST_ROW + 1):
        for column, value in enumerate(line_of(entry)):
            write = sheet.write_number if isinstance(value, int) else sheet.write_string
            write(row, column, value, cell)
    book.close()
    return out.getvalue()


def _set_up_page(sheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    sheet.repeat_rows(_FIRST_ROW)
    sheet.freeze_panes(_FIRST_ROW + 1, 1)
    sheet.set_footer("&C&P/&N")


def _write_head(book, sheet, organisation: str, year: int) -> None:
    bold = book.add_format(_FONT | {"bold": True, "align": "center"})
    head = book.add_format(
        _FONT | {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    )
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, "", bold)
    sheet.write_string(0, 0, organisation, bold)
    sheet.merge_range(2, 0, 2, last, "", bold)
    sheet.write_string(2, 0, _("SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM %(year)s", year=year), bold)
    for column, (label, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_FIRST_ROW, column, _(label), head)
