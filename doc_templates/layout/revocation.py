"""Quyết định thu hồi, bãi bỏ an earlier paper (Mẫu 1.2)."""

from .decisions import preamble
from .paper import Paper


def lay_out() -> Paper:
    """The template of `revocation`."""
    paper = Paper()
    preamble(paper)
    paper.article("1", "Thu hồi {{ cited|closed('.') }}")
    paper.text("Lý do: {{ reason|closed('.') }}")
    with paper.each("text", "articles"):
        with paper.when("not loop.last"):
            paper.article("{{ loop.index + 1 }}", "{{ text|closed('.') }}")
        with paper.when("loop.last"):
            paper.article("{{ loop.index + 1 }}", "{{ text|closed('./.') }}", "BodyLast")
    paper.sign()
    return paper
