"""Quyết định ban hành Thể lệ with the text that it puts into force (Mẫu 1.3)."""

from .decisions import articles, preamble
from .paper import Paper


def lay_out() -> Paper:
    """The template of `rules`."""
    paper = Paper()
    preamble(paper)
    articles(paper)
    paper.sign()
    paper.attached()
    with paper.each("chapter", "chapters"):
        paper.text("Chương {{ loop.index|roman }}", "Chapter")
        paper.text("{{ chapter.title|upper }}", "ChapterTitle")
        with paper.each("article", "chapter.articles"):
            _article(paper)
    return paper


def _article(paper: Paper) -> None:
    paper.text("Điều {{ article.number }}. {{ article.title }}", "Clause")
    with paper.each("line", "article.paragraphs"):
        paper.text("{{ line|closed('.') }}")
    with paper.each("clause", "article.clauses"):
        paper.text("{{ loop.index }}. {{ clause.text|closed(':' if clause.points else '.') }}")
        with paper.each("point", "clause.points"):
            paper.text("{{ loop.index|letter }}) {{ point|closed('.' if loop.last else ';') }}")
