"""Quyết định công nhận kết quả và trao giải (Mẫu 1.2), with the list of winners as its annex."""

from .decisions import articles, preamble
from .paper import Paper
from .tables import Column

WINNERS = (
    Column("STT", 13, "{{ r.stt }}", "TableCentre"),
    Column("Mã hồ sơ", 29, "{{ r.code }}", "TableCentre"),
    Column("Họ và tên / Tập thể", 40, "{{ r.authors }}"),
    Column("Chức vụ, đơn vị", 45, "{{ r.unit }}"),
    Column("Tên sáng kiến, giải pháp", 59, "{{ r.title }}"),
    Column("Điểm", 15, "{{ r.score }}", "TableCentre"),
    Column("Giải", 19, "{{ r.prize }}", "TableCentre"),
    Column("Tiền thưởng (đồng)", 27, "{{ r.amount }}", "TableNumber"),
)
TOTAL = ((7, "Tổng cộng", "TableTotal"), (1, "{{ total_amount_text }}", "TableTotalNumber"))


def lay_out() -> Paper:
    """The template of `result_decision`."""
    paper = Paper()
    preamble(paper)
    articles(paper)
    paper.sign()
    paper.annex()
    paper.listing(WINNERS, "rows", TOTAL)
    paper.text("(Bằng chữ: {{ total_in_words|closed('./.') }})", "BodyPlain")
    return paper
