"""What all Quyết định share: their articles, the last of which says when they take effect and closes the text."""

from .paper import Paper


def preamble(paper: Paper) -> None:
    """From the head of a decision to the word that opens its articles."""
    paper.head()
    paper.title()
    paper.authority()
    paper.bases(proposer=True)
    paper.text("QUYẾT ĐỊNH:", "Deciding")


def articles(paper: Paper, items: str = "articles") -> None:
    """`Điều n.` with its khoản, for every item with `text` and `clauses`."""
    with paper.each("article", items):
        with paper.when("not loop.last"):
            paper.article("{{ loop.index }}", "{{ article.text|closed('.') }}")
            with paper.each("clause", "article.clauses"):
                paper.text("{{ loop.index }}. {{ clause|closed('.') }}")
        with paper.when("loop.last"):
            paper.article("{{ loop.index }}", effective("article.text"), "BodyLast")


def effective(text: str) -> str:
    """The words of the article on effect; of a decision that replaces another they go on to say so."""
    replacing = "{% if relation_line %} {{ relation_line|closed('./.') }}{% endif %}"
    return f"{{{{ {text}|closed('.' if relation_line else './.') }}}}{replacing}"
