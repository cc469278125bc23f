"""Công văn đính chính a paper that is wrong in form only (Mẫu 1.5): no tên loại, `V/v` under the number."""

from .paper import Paper
from .tables import Column

ROWS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Đã ghi", 74, "{% if r.place %}{{ r.place }}: {% endif %}{{ r.wrong }}"),
    Column("Sửa lại là", 74, "{{ r.right }}"),
)


def lay_out() -> Paper:
    """The template of `correction`."""
    paper = Paper()
    paper.head(about=True)
    paper.addressees()
    paper.text("Đính chính {{ cited }}. Lý do: {{ reason|closed('.') }}")
    paper.text("Các chỗ sau đây được sửa lại:", "BodyLast")
    paper.listing(ROWS, "rows")
    paper.text("Các nội dung khác của văn bản nêu trên không thay đổi./.", "BodyLast")
    paper.sign()
    return paper
