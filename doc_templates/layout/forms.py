"""Papers that a person hands in: Quốc hiệu over the whole width, no agency at the head."""

from . import measures as m
from .cells import set_indents
from .paper import Paper
from .styles import motto_indent


def country(paper: Paper) -> None:
    """Quốc hiệu and Tiêu ngữ with its rule, centred on the page."""
    paper.text(m.COUNTRY, "Country")
    paper.text(m.MOTTO, "Motto")
    set_indents(paper.text("", "RuleMotto"), motto_indent(m.TEXT_WIDTH))
