"""Sổ tiếp nhận hồ sơ dự thi: a wide table, so the sheet lies on its side."""

from . import measures as m
from .paper import Paper
from .tables import Column

ROWS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Thời điểm nhận", 26, "{{ r.received_text }}", "TableCentre"),
    Column("Mã hồ sơ", 28, "{{ r.code }}", "TableCentre"),
    Column("Người nộp, đơn vị", 38, "{{ r.submitter }}"),
    Column("Tên sáng kiến, giải pháp", 50, "{{ r.title }}"),
    Column("Thành phần hồ sơ", 32, "{{ r.parts }}"),
    Column("Ngày hẹn trả lời", 23, "{{ r.reply_by_text }}", "TableCentre"),
    Column("Người nhận", 20, "{{ r.receiver }}"),
    Column("Ghi chú", 18, "{{ r.note }}"),
)
HEAD_LEFT = 110.0


def lay_out() -> Paper:
    """The template of `intake_book`."""
    paper = Paper(wide=True)
    paper.head(left=HEAD_LEFT)
    paper.title()
    paper.listing(ROWS, "rows")
    paper.text("{{ span_text|closed('./.') }}", "BodyLast")
    paper.sign_pair(recipients=False, width=m.WIDE_TEXT_WIDTH)
    return paper
