"""Giấy chứng nhận: landscape, a double bronze frame, no emblem; no type of the decree, so freely laid out."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from . import measures as m
from .cells import code_block, set_indents, signature_block
from .paper import Paper
from .styles import motto_indent
from .tables import add, plain_table

SIDE = 25.0
WIDTH = m.PAGE_HEIGHT - 2 * SIDE


def lay_out() -> Paper:
    """The template of `certificate`."""
    paper = Paper(wide=True)
    section = paper.document.sections[0]
    section.left_margin = section.right_margin = Mm(SIDE)
    section.footer_distance = Mm(15)
    section.bottom_margin = Mm(18)
    _frame(section)
    paper.text(m.COUNTRY, "CertCountry")
    paper.text(m.MOTTO, "CertMotto")
    set_indents(paper.text("", "CertRuleMotto"), motto_indent(WIDTH, 15))
    paper.text("{{ authority_line }}", "CertAuthority")
    paper.text("{{ title }}", "CertTitle")
    paper.text("Chứng nhận", "CertLead")
    paper.text("{{ recipient_name }}", "CertName")
    with paper.when("recipient_detail"):
        paper.text("{{ recipient_detail }}", "CertLine")
    paper.text("{{ award_text }} {{ contest_name }}", "CertLine")
    paper.text("với sáng kiến, giải pháp", "CertLead")
    paper.text("“{{ entry_title }}”", "CertEntry")
    with paper.when("co_authors"):
        paper.text("Đồng tác giả: {{ co_authors }}", "CertLine")
    _foot(paper)
    return paper


def _foot(paper: Paper) -> None:
    paper.text("", "CertGap")
    left, middle, right = plain_table(paper.document, (WIDTH - 110 - m.CODE_WIDTH, m.CODE_WIDTH, 110)).rows[0].cells
    add(left, "{{ decision_text }}", "CertBasis")
    add(left, "{%p if book_number %}", "CertBasis")
    add(left, "Số vào sổ: {{ book_number }}", "CertBasis")
    add(left, "{%p endif %}", "CertBasis")
    code_block(middle)
    add(right, "{{ place_date }}", "PlaceDate")
    signature_block(right, "signature", office=True, space="CertSpace")
    paper.end()


def _frame(section) -> None:
    borders = OxmlElement("w:pgBorders")
    borders.set(qn("w:offsetFrom"), "page")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "double"), ("sz", "18"), ("space", "24"), ("color", m.BRONZE)):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    section._sectPr.find(qn("w:pgMar")).addnext(borders)
