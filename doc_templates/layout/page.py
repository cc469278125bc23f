"""The sheet of a paper: its size and margins, its page numbers, the line at its foot."""

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm

from . import measures as m


def lay_out_as_word_2013(document: Document) -> None:
    """Word and LibreOffice then agree that the edge of a table, not the text in it, stands at the margin."""
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = OxmlElement("w:compat")
        settings.find(qn("w:rsids")).addprevious(compat)
    mode = OxmlElement("w:compatSetting")
    uri = "http://schemas.microsoft.com/office/word"
    for key, value in (("name", "compatibilityMode"), ("uri", uri), ("val", "15")):
        mode.set(qn(f"w:{key}"), value)
    compat.append(mode)


def shape(section: Section, wide: bool) -> None:
    """A4 with the margins of the decree, upright or on its side."""
    width, height = (m.PAGE_HEIGHT, m.PAGE_WIDTH) if wide else (m.PAGE_WIDTH, m.PAGE_HEIGHT)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(m.TOP), Mm(m.BOTTOM)
    section.left_margin, section.right_margin = Mm(m.LEFT), Mm(m.RIGHT)
    section.header_distance, section.footer_distance = Mm(m.HEADER), Mm(m.FOOTER)
    section.different_first_page_header_footer = True


def number_pages(section: Section) -> None:
    """The number stands in the top margin of every page but the first."""
    paragraph = section.header.paragraphs[0]
    paragraph.style = "PageNumber"
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    section.first_page_header.paragraphs[0].style = "PageNumber"


def verify_line(section: Section) -> None:
    """The code under which anybody checks the paper, at the foot of every page."""
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0].style = "VerifyLine"
        footer.paragraphs[0].text = (
            "{% if verify.code %}Mã kiểm tra: {{ verify.code }}"
            "{% if verify.url %} – {{ verify.url }}{% endif %}{% endif %}"
        )
