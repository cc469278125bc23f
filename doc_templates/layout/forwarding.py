"""Tờ trình gửi cấp trên xem xét, công nhận sáng kiến, with the list of entries as its annex."""

from .paper import Paper
from .submission import close
from .tables import Column

ENTRIES = (
    Column("STT", 13, "{{ r.stt }}", "TableCentre"),
    Column("Tên sáng kiến, giải pháp", 52, "{{ r.title }}"),
    Column("Tác giả, đồng tác giả (tỷ lệ %)", 36, "{{ r.authors }}"),
    Column("Chức vụ, đơn vị", 34, "{{ r.unit }}"),
    Column("Lĩnh vực", 28, "{{ r.field_name }}"),
    Column("Ngày áp dụng lần đầu", 24, "{{ r.first_applied_text }}", "TableCentre"),
    Column("Phạm vi áp dụng", 24, "{{ r.scope }}"),
    Column("Điểm", 14, "{{ r.score }}", "TableCentre"),
    Column("Đề nghị", 22, "{{ r.proposal }}"),
)


def lay_out() -> Paper:
    """The template of `forwarding`."""
    paper = Paper()
    paper.head()
    paper.title()
    paper.addressees()
    paper.bases()
    paper.text("{{ intro|closed('.') }}")
    paper.dashes("report")
    with paper.each("line", "proposals"):
        paper.text("{{ line|closed('.') }}")
    close(paper)
    paper.annex()
    paper.listing(ENTRIES, "rows")
    paper.end()
    return paper
