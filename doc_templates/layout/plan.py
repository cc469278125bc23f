"""Kế hoạch tổ chức cuộc thi (Mẫu 1.4), in the order of the plan of 2024."""

from .paper import Paper
from .tables import Column

CRITERIA = (
    Column("TT", 12, "{{ loop.index }}", "TableCentre"),
    Column("Tiêu chí", 113, "{{ r.name }}"),
    Column("Điểm tối đa", 35, "{{ r.max }}", "TableCentre"),
)
PRIZES = (
    Column("TT", 12, "{{ loop.index }}", "TableCentre"),
    Column("Giải", 63, "{{ r.name }}"),
    Column("Số lượng", 30, "{{ r.slots }}", "TableCentre"),
    Column("Tiền thưởng một giải", 55, "{{ r.amount_text }}", "TableNumber"),
)


def lay_out() -> Paper:
    """The template of `plan`."""
    paper = Paper()
    paper.head()
    paper.title()
    paper.bases()
    with paper.each("line", "intro"):
        paper.text("{{ line|closed('.') }}")
    _aims(paper)
    _contest(paper)
    paper.text("III. KINH PHÍ THỰC HIỆN", "Part")
    paper.text("{{ budget|closed('.') }}")
    _tasks(paper)
    paper.relation()
    paper.paragraphs("closing", "./.")
    paper.sign()
    return paper


def _aims(paper: Paper) -> None:
    paper.text("I. MỤC ĐÍCH, YÊU CẦU", "Part")
    paper.text("1. Mục đích", "Clause")
    paper.dashes("purposes")
    paper.text("2. Yêu cầu", "Clause")
    paper.dashes("requirements")


def _contest(paper: Paper) -> None:
    paper.text("II. ĐỐI TƯỢNG, NỘI DUNG, CÁCH THỨC THỰC HIỆN", "Part")
    paper.text("1. Đối tượng dự thi", "Clause")
    paper.text("- {{ eligible.collective|closed('.') }}")
    paper.text("- {{ eligible.individual|closed('.') }}")
    paper.text("2. Nội dung dự thi", "Clause")
    paper.dashes("content")
    paper.text("3. Lĩnh vực dự thi", "Clause")
    with paper.each("field", "fields"):
        paper.text("{{ loop.index|letter }}) {{ field|closed('.' if loop.last else ';') }}")
    paper.text("4. Hồ sơ dự thi", "Clause")
    paper.dashes("dossier")
    paper.text("5. Thời gian thực hiện", "Clause")
    with paper.each("step", "timeline"):
        paper.text("- {{ step.step }}: {{ step.time_text|closed('.') }}")
    paper.text("6. Tiêu chí chấm điểm", "Clause")
    total = ((2, "Tổng cộng", "TableTotal"), (1, "{{ criteria_total }}", "TableTotal"))
    paper.listing(CRITERIA, "criteria", total)
    paper.text("7. Cơ cấu giải thưởng", "Clause")
    paper.listing(PRIZES, "prizes")


def _tasks(paper: Paper) -> None:
    paper.text("IV. TỔ CHỨC THỰC HIỆN", "Part")
    with paper.each("task", "tasks"):
        paper.text("{{ loop.index }}. {{ task.office }}", "Clause")
        paper.dashes("task.lines")
