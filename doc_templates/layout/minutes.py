"""Biên bản họp Ban Giám khảo (Mẫu 1.9): number but no place and date at the top, two signatures."""

from .paper import Paper
from .tables import Column

RESULTS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Mã hồ sơ", 29, "{{ r.code }}", "TableCentre"),
    Column("Tên sáng kiến, giải pháp", 47, "{{ r.title }}"),
    Column("Tác giả", 33, "{{ r.authors }}"),
    Column("Điểm TB", 17, "{{ r.mean }}", "TableCentre"),
    Column("Đề nghị", 22, "{{ r.proposal }}"),
)


def lay_out() -> Paper:
    """The template of `minutes`."""
    paper = Paper()
    paper.head(place_date=False)
    paper.title()
    paper.bases()
    paper.text("Thời gian bắt đầu: {{ started_text|closed('.') }}")
    paper.text("Địa điểm: {{ place|closed('.') }}")
    _people(paper)
    paper.text("Nội dung (theo diễn biến cuộc họp):", "Clause")
    with paper.each("line", "content"):
        paper.text("{{ loop.index }}. {{ line|closed('.') }}")
    paper.text("Kết quả:", "Clause")
    paper.listing(RESULTS, "results")
    paper.text("Kết luận:", "Clause")
    paper.dashes("conclusions")
    paper.relation()
    paper.text("Cuộc họp kết thúc vào {{ ended_text|closed('./.') }}", "BodyLast")
    paper.sign_pair(recipients=True)
    return paper


def _people(paper: Paper) -> None:
    paper.text("Thành phần tham dự:", "Clause")
    paper.text("Tổng số thành viên: {{ members_total }}; có mặt: {{ present|length }}; vắng mặt: {{ absent|length }}.")
    with paper.each("person", "present"):
        paper.text("{{ person.stt }}. {{ person.honorific_name }} - {{ person.role|closed('.') }}")
    with paper.each("person", "absent"):
        paper.text("Vắng: {{ person.honorific_name }}, lý do: {{ person.reason|closed('.') }}")
    paper.text("Chủ trì (chủ tọa): {{ chair|closed('.') }}")
    paper.text("Thư ký (người ghi biên bản): {{ secretary|closed('.') }}")
