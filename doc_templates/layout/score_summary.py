"""Bảng tổng hợp điểm: as many columns as judges, so the sheet lies on its side.

The decree lets a paper whose table is not split off into an annex be set in landscape.
"""

from . import measures as m
from .paper import Paper
from .tables import Column

ROWS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Mã hồ sơ", 29, "{{ r.code }}", "TableCentre"),
    Column("Tên sáng kiến, giải pháp", 73, "{{ r.title }}"),
    Column("Tác giả, đơn vị", 53, "{{ r.authors }}, {{ r.unit }}"),
    Column("{{ c.short }}", 12, "{{ c }}", "TableCentre", each=("judges", "r.scores")),
    Column("Trung bình", 16, "{{ r.mean }}", "TableCentre"),
    Column("Chênh lệch", 17, "{{ r.spread }}", "TableCentre"),
    Column("Xếp hạng", 15, "{{ r.rank }}", "TableCentre"),
    Column("Ghi chú", 20, "{{ r.note }}"),
)
HEAD_LEFT = 110.0


def lay_out() -> Paper:
    """The template of `score_summary`."""
    paper = Paper(wide=True)
    paper.head(left=HEAD_LEFT)
    paper.title()
    paper.text("", "TableGap")
    paper.text("{{ basis_line|closed('.') }}")
    names = "{% for judge in judges %}{{ judge.short }}: {{ judge.name }}{{ '.' if loop.last else '; ' }}{% endfor %}"
    paper.text(f"Giám khảo: {names}")
    paper.listing(ROWS, "rows")
    paper.sign_pair(recipients=False, width=m.WIDE_TEXT_WIDTH)
    return paper
