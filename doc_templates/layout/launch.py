"""Thông báo phát động cuộc thi (Mẫu 1.4)."""

from .paper import Paper
from .tables import Column

PRIZES = (
    Column("TT", 12, "{{ loop.index }}", "TableCentre"),
    Column("Giải", 63, "{{ r.name }}"),
    Column("Số lượng", 30, "{{ r.slots }}", "TableCentre"),
    Column("Tiền thưởng một giải", 55, "{{ r.amount_text }}", "TableNumber"),
)


def lay_out() -> Paper:
    """The template of `launch`."""
    paper = Paper()
    paper.head()
    paper.title()
    paper.text("{{ intro|closed('.') }}")
    paper.text("1. Đối tượng dự thi", "Clause")
    paper.dashes("eligible")
    paper.text("2. Lĩnh vực dự thi", "Clause")
    with paper.each("field", "fields"):
        paper.text("{{ loop.index|letter }}) {{ field|closed('.' if loop.last else ';') }}")
    paper.text("3. Hồ sơ dự thi", "Clause")
    paper.dashes("dossier")
    paper.text("4. Thời gian, nơi nhận hồ sơ", "Clause")
    paper.text("- Thời gian nhận hồ sơ: {{ intake_text|closed('.') }}")
    paper.dashes("places")
    paper.text("5. Cơ cấu giải thưởng", "Clause")
    paper.listing(PRIZES, "prizes")
    paper.relation()
    paper.text("{{ closing|closed('./.') }}", "BodyLast")
    paper.sign()
    return paper
