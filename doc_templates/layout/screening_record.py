"""Biên bản sơ loại hồ sơ (Mẫu 1.9): what the secretariat found of every entry, question by question."""

from .paper import Paper
from .tables import Column

RESULTS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Mã hồ sơ", 29, "{{ r.code }}", "TableCentre"),
    Column("Tên sáng kiến, giải pháp", 55, "{{ r.title }}"),
    Column("{{ c }}", 7, "{{ c }}", "TableCentre", each=("heads", "r.marks")),
    Column("Kết luận", 20, "{{ r.conclusion }}", "TableCentre"),
    Column("Lý do", 37, "{{ r.reason }}"),
)


def lay_out() -> Paper:
    """The template of `screening_record`."""
    paper = Paper()
    paper.head(place_date=False)
    paper.title()
    paper.bases()
    paper.text("Thời gian bắt đầu: {{ started_text|closed('.') }}")
    paper.text("Địa điểm: {{ place|closed('.') }}")
    paper.text("Thành phần tham dự:", "Clause")
    with paper.each("person", "present"):
        paper.text("{{ person.stt }}. {{ person.honorific_name }} - {{ person.role|closed('.') }}")
    paper.text("Chủ trì (chủ tọa): {{ chair|closed('.') }}")
    paper.text("Thư ký (người ghi biên bản): {{ secretary|closed('.') }}")
    paper.text("Nội dung kiểm tra:", "Clause")
    with paper.each("question", "questions"):
        paper.text("{{ loop.index }}. {{ question|closed('.' if loop.last else ';') }}")
    paper.text("Kết quả kiểm tra từng hồ sơ:", "Clause")
    paper.text("Ở cột của từng nội dung kiểm tra: Đ là đạt, K là không đạt, T là thiếu, – là chưa kiểm tra.")
    paper.listing(RESULTS, "results")
    paper.text("Kết luận:", "Clause")
    paper.dashes("conclusions")
    paper.relation()
    paper.text("Cuộc họp kết thúc vào {{ ended_text|closed('./.') }}", "BodyLast")
    paper.sign_pair(recipients=True)
    return paper
