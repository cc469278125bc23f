"""Giấy mời tổng kết, trao giải (Mẫu 1.7)."""

from .paper import Paper


def lay_out() -> Paper:
    """The template of `invitation`."""
    paper = Paper()
    paper.head()
    paper.title()
    with paper.when("guests|length == 1"):
        paper.text("{{ inviter }} trân trọng kính mời: {{ guests[0]|closed('.') }}")
    with paper.when("guests|length > 1"):
        paper.text("{{ inviter }} trân trọng kính mời:")
        with paper.each("line", "guests"):
            paper.text("- {{ line|closed('.' if loop.last else ';') }}")
    paper.text("Tới dự: {{ event|closed('.') }}")
    paper.text("Chủ trì: {{ chair|closed('.') }}")
    paper.text("Thời gian: {{ time_text|closed('.') }}")
    paper.text("Địa điểm: {{ place|closed('.') }}")
    with paper.each("line", "notes"):
        paper.text("Lưu ý: {{ line|closed('.') }}")
    paper.relation()
    paper.text("{{ closing|closed('./.') }}", "BodyLast")
    paper.sign()
    return paper
