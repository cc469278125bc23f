"""Bản mô tả sáng kiến, which goes with the application of its authors."""

from .forms import country
from .paper import Paper

PARTS = (
    ("3.1. Tình trạng giải pháp đã biết", "known"),
    ("3.2. Nội dung giải pháp đề nghị công nhận là sáng kiến", "solution"),
    ("3.3. Khả năng áp dụng của giải pháp", "applicability"),
    ("3.4. Hiệu quả, lợi ích thu được do áp dụng giải pháp", "benefit"),
)


def lay_out() -> Paper:
    """The template of `description`."""
    paper = Paper()
    country(paper)
    paper.text("{{ title }}", "FormTitle")
    paper.text("(Mã số: {{ entry_code }})", "FormNote")
    paper.text("1. Tên sáng kiến: {{ entry_title|closed('.') }}")
    paper.text("2. Lĩnh vực áp dụng sáng kiến: {{ field_name|closed('.') }}")
    paper.text("3. Mô tả sáng kiến", "Clause")
    for heading, lines in PARTS:
        paper.text(heading, "Clause")
        with paper.each("line", lines):
            paper.text("{{ line|closed('.') }}")
    with paper.when("attachments"):
        paper.text("3.5. Tài liệu kèm theo", "Clause")
        with paper.each("line", "attachments"):
            paper.text("- {{ line|closed('.' if loop.last else ';') }}")
    paper.text("Tôi (chúng tôi) cam đoan nội dung mô tả nêu trên là đúng sự thật.", "BodyLast")
    paper.sign_with_date()
    return paper
