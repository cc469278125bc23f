"""Tờ trình đề nghị công nhận kết quả cuộc thi (Mẫu 1.4)."""

from .paper import Paper
from .tables import Column

WINNERS = (
    Column("STT", 12, "{{ r.stt }}", "TableCentre"),
    Column("Mã hồ sơ", 29, "{{ r.code }}", "TableCentre"),
    Column("Tên sáng kiến, giải pháp", 47, "{{ r.title }}"),
    Column("Tác giả, đơn vị", 34, "{{ r.authors }}"),
    Column("Điểm", 16, "{{ r.score }}", "TableCentre"),
    Column("Giải", 22, "{{ r.prize }}", "TableCentre"),
)


def lay_out() -> Paper:
    """The template of `submission`."""
    paper = Paper()
    paper.head()
    paper.title()
    paper.addressees()
    paper.bases()
    paper.text("{{ intro|closed('.') }}")
    paper.text("1. Kết quả tổ chức cuộc thi", "Clause")
    paper.dashes("report")
    paper.text("2. Danh sách đề nghị công nhận kết quả và trao giải", "Clause")
    paper.listing(WINNERS, "winners")
    paper.text("3. Kinh phí", "Clause")
    paper.text("{{ budget|closed('.') }}")
    paper.text("4. Kiến nghị", "Clause")
    paper.dashes("proposals")
    close(paper)
    return paper


def close(paper: Paper) -> None:
    """The end of every Tờ trình: what goes with it, the last sentence, Nơi nhận and signature."""
    with paper.when("attachments"):
        items = "{% for line in attachments %}{{ line }}{{ '' if loop.last else '; ' }}{% endfor %}"
        paper.text(f"(Gửi kèm: {items})")
    paper.relation()
    paper.text("{{ closing|closed('./.') }}", "BodyLast")
    paper.sign()
