"""Thông báo kết quả cuộc thi (Mẫu 1.4)."""

from .paper import Paper
from .tables import Column

WINNERS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Tác giả, đơn vị", 49, "{{ r.authors }}"),
    Column("Tên sáng kiến, giải pháp", 61, "{{ r.title }}"),
    Column("Điểm", 16, "{{ r.score }}", "TableCentre"),
    Column("Giải", 22, "{{ r.prize }}", "TableCentre"),
)


def lay_out() -> Paper:
    """The template of `result_notice`."""
    paper = Paper()
    paper.head()
    paper.title()
    paper.text("{{ intro|closed('.') }}")
    paper.text("1. Số hồ sơ dự thi và kết quả", "Clause")
    paper.dashes("figures")
    paper.text("2. Danh sách đạt giải", "Clause")
    paper.listing(WINNERS, "winners")
    paper.text("3. Tiếp nhận ý kiến, khiếu nại", "Clause")
    paper.dashes("complaints")
    paper.text("4. Tổng kết và trao giải", "Clause")
    paper.dashes("ceremony")
    paper.relation()
    paper.text("{{ closing|closed('./.') }}", "BodyLast")
    paper.sign()
    return paper
