"""Quyết định thành lập Ban Tổ chức, Ban Giám khảo, Tổ Thư ký (Mẫu 1.2)."""

from .decisions import effective, preamble
from .paper import Paper
from .tables import Column

MEMBERS = (
    Column("STT", 14, "{{ r.stt }}", "TableCentre"),
    Column("Họ và tên", 52, "{{ r.honorific_name }}"),
    Column("Chức vụ, đơn vị công tác", 60, "{{ r.job_title }}"),
    Column("Chức danh", 34, "{{ r.role }}"),
)


def lay_out() -> Paper:
    """The template of `board_decision`."""
    paper = Paper()
    preamble(paper)
    paper.article("1", "{{ establishing|closed(':') }}")
    with paper.each("body", "bodies"):
        paper.text("{{ loop.index }}. {{ body.name }}", "Clause")
        paper.listing(MEMBERS, "body.members")
    paper.article("2", "Nhiệm vụ của các ban, tổ").paragraph_format.keep_with_next = True
    with paper.each("duty", "duties"):
        paper.text("{{ loop.index }}. {{ duty|closed('.') }}")
    paper.text("{{ dissolution|closed('.') }}")
    paper.article("3", effective("effect"), "BodyLast")
    paper.sign()
    return paper
