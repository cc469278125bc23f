"""Giấy tiếp nhận hồ sơ dự thi: what was handed in, when, and when an answer comes."""

from .paper import Paper
from .tables import Column

ITEMS = (
    Column("STT", 14, "{{ r.stt }}", "TableCentre"),
    Column("Tài liệu", 96, "{{ r.name }}"),
    Column("Mã nội dung (SHA-256)", 50, "{{ r.fingerprint }}"),
)
FACTS = (
    ("Cuộc thi", "contest_name"),
    ("Mã hồ sơ", "entry_code"),
    ("Người nộp", "submitter_name"),
    ("Đơn vị", "unit_name"),
    ("Tên sáng kiến, giải pháp", "entry_title"),
    ("Lĩnh vực", "field_name"),
)


def lay_out() -> Paper:
    """The template of `receipt`."""
    paper = Paper()
    paper.head()
    paper.title()
    for number, (label, name) in enumerate(FACTS, 1):
        paper.text(f"{number}. {label}: {{{{ {name} }}}}")
    paper.text("7. Tác giả, tỷ lệ đóng góp:")
    with paper.each("line", "author_lines"):
        paper.text("- {{ line|closed('.' if loop.last else ';') }}")
    paper.text("8. Thành phần hồ sơ:", "BodyLast")
    paper.listing(ITEMS, "items")
    with paper.each("line", "notes"):
        paper.text("Lưu ý: {{ line|closed('.') }}")
    paper.text("9. Thời điểm tiếp nhận: {{ received_text }}", "BodyLast")
    paper.text("10. Thời hạn trả lời: {{ reply_by_text }}", "BodyLast")
    paper.sign_pair(recipients=False)
    return paper
