"""Báo cáo tổng kết cuộc thi (Mẫu 1.4)."""

from .paper import Paper
from .tables import Column

FIELDS = (
    Column("TT", 12, "{{ loop.index }}", "TableCentre"),
    Column("Lĩnh vực", 76, "{{ r.name }}"),
    Column("Hồ sơ nhận", 24, "{{ r.received }}", "TableCentre"),
    Column("Hồ sơ được chấm", 24, "{{ r.judged }}", "TableCentre"),
    Column("Hồ sơ đạt giải", 24, "{{ r.awarded }}", "TableCentre"),
)
TOTAL = (
    (2, "Tổng cộng", "TableTotal"),
    (1, "{{ totals.received }}", "TableTotal"),
    (1, "{{ totals.judged }}", "TableTotal"),
    (1, "{{ totals.awarded }}", "TableTotal"),
)


def lay_out() -> Paper:
    """The template of `closing_report`."""
    paper = Paper()
    paper.head()
    paper.title()
    with paper.when("addressees"):
        paper.addressees()
    paper.text("{{ intro|closed('.') }}")
    paper.text("I. CÔNG TÁC TỔ CHỨC", "Part")
    paper.dashes("organising")
    paper.text("II. KẾT QUẢ CUỘC THI", "Part")
    paper.text("1. Số liệu chung", "Clause")
    paper.dashes("figures")
    paper.text("2. Kết quả theo lĩnh vực", "Clause")
    paper.listing(FIELDS, "by_field", TOTAL)
    paper.text("3. Kết quả theo đối tượng dự thi", "Clause")
    paper.dashes("by_kind")
    paper.text("4. Trao giải, kinh phí", "Clause")
    paper.dashes("prizes")
    paper.text("III. TỒN TẠI, HẠN CHẾ", "Part")
    paper.dashes("shortcomings")
    paper.text("IV. KIẾN NGHỊ", "Part")
    paper.dashes("proposals")
    paper.relation()
    paper.text("{{ closing|closed('./.') }}", "BodyLast")
    paper.sign()
    return paper
