"""Công văn đính chính a paper that is wrong in form only (Mẫu 1.5): no tên loại, `V/v` under the number."""

from .paper import Paper
from .tables import Column

ROWS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Vị trí", 38, "{{ r.place }}"),
    Column("Đã ghi", 55, "{{ r.wrong }}"),
    Column("Sửa lại là", 55, "{{ r.right }}"),
)


def lay_out() -> Paper:
    """The template of `correction`."""
    paper = Paper()
    paper.head(about=True)
    paper.addressees()
    paper.text("{{ opening|closed(':') }}")
    paper.listing(ROWS, "rows")
    paper.text("{{ unchanged|closed('.') }}")
    paper.text("{{ closing|closed('./.') }}", "BodyLast")
    paper.sign()
    return paper
