"""Phiếu chấm điểm of one judge for one entry; author and unit stay away when judging is blind."""

from .paper import Paper
from .tables import Column

CRITERIA = (
    Column("TT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Tiêu chí đánh giá", 56, "{{ r.name }}"),
    Column("Thang điểm", 20, "{{ r.max }}", "TableCentre"),
    Column("Điểm chấm", 20, "{{ r.score }}", "TableCentre"),
    Column("Nhận xét", 52, "{{ r.comment }}"),
)
TOTAL = (
    (2, "Tổng điểm", "TableTotal"),
    (1, "{{ total_max }}", "TableTotal"),
    (1, "{{ total_score }}", "TableTotal"),
    (1, "", "TableTotal"),
)


def lay_out() -> Paper:
    """The template of `score_sheet`."""
    paper = Paper()
    paper.head()
    paper.title()
    paper.text("", "TableGap")
    paper.text("Mã hồ sơ: {{ entry_code }}")
    paper.text("Tên sáng kiến, giải pháp: {{ entry_title }}")
    paper.text("Lĩnh vực: {{ field_name }}")
    with paper.when("author_line"):
        paper.text("Tác giả: {{ author_line }}")
    with paper.when("unit_line"):
        paper.text("Đơn vị công tác: {{ unit_line }}")
    paper.text("Giám khảo: {{ judge_name }}")
    paper.listing(CRITERIA, "criteria", TOTAL)
    with paper.when("overall_comment"):
        paper.text("Nhận xét chung: {{ overall_comment|closed('.') }}")
    paper.text("Thời điểm gửi phiếu: {{ submitted_text }}", "BodyLast")
    paper.sign_alone()
    return paper
