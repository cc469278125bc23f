"""Danh sách chi tiền thưởng, on which those who receive the money sign; three signatures close it."""

from .paper import Paper
from .tables import Column

ROWS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Họ và tên / Tập thể", 43, "{{ r.name }}"),
    Column("Chức vụ, đơn vị", 34, "{{ r.unit }}"),
    Column("Giải", 20, "{{ r.prize }}", "TableCentre"),
    Column("Số tiền (đồng)", 26, "{{ r.amount }}", "TableNumber"),
    Column("Ký nhận", 25, ""),
)
TOTAL = (
    (4, "Tổng cộng", "TableTotal"),
    (1, "{{ total_amount_text }}", "TableTotalNumber"),
    (1, "", "TableTotal"),
)


def lay_out() -> Paper:
    """The template of `payment_list`."""
    paper = Paper()
    paper.head()
    paper.title()
    paper.text("({{ annex_reference }})", "AnnexReference")
    paper.listing(ROWS, "rows", TOTAL)
    paper.text("(Bằng chữ: {{ total_in_words|closed('./.') }})", "BodyLast")
    paper.sign_three("KẾ TOÁN")
    return paper
