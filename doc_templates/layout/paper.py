"""The components of an official paper in their order on the page (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from . import measures as m
from .styles import define_styles, motto_indent
from .tables import Column, add, list_table, plain_table


class Paper:
    """A template in the making. Texts may hold Jinja tags; nothing printed here names an organisation."""

    def __init__(self, wide: bool = False):
        self.document = Document()
        self.document.element.body[:] = [self.document.element.body.sectPr]
        define_styles(self.document)
        _lay_out_as_word_2013(self.document)
        section = self.document.sections[0]
        _shape(section, wide)
        _number_pages(section)
        _verify_line(section)

    def text(self, text: str, style: str = "Body") -> Paragraph:
        """One paragraph."""
        return self.document.add_paragraph(text, style)

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is added within stands only under that condition."""
        self.text(f"{{%p if {condition} %}}")
        yield
        self.text("{%p endif %}")

    @contextmanager
    def each(self, variable: str, items: str) -> Iterator[None]:
        """What is added within stands once for every item."""
        self.text(f"{{%p for {variable} in {items} %}}")
        yield
        self.text("{%p endfor %}")

    def dashes(self, items: str, mark: str = ".") -> None:
        """One paragraph with a dash for each item."""
        with self.each("line", items):
            self.text(f"- {{{{ line|closed('{mark}') }}}}")

    def paragraphs(self, items: str, last_mark: str = ".") -> None:
        """One paragraph for each item; the last keeps with what follows and ends in `last_mark`."""
        with self.each("line", items):
            with self.when("not loop.last"):
                self.text("{{ line|closed('.') }}")
            with self.when("loop.last"):
                self.text(f"{{{{ line|closed('{last_mark}') }}}}", "BodyLast")

    def head(self, left: float = m.HEAD_LEFT, place_date: bool = True) -> None:
        """Agency and number on the left, Quốc hiệu, Tiêu ngữ, place and date on the right."""
        width = m.TEXT_WIDTH if left == m.HEAD_LEFT else m.WIDE_TEXT_WIDTH
        table = plain_table(self.document, (left, width - left), rows=2)
        agency, country = table.rows[0].cells
        add(agency, "{%p if head.superior_line %}", "Superior")
        add(agency, "{{ head.superior_line }}", "Superior")
        add(agency, "{%p endif %}", "Superior")
        add(agency, "{%p for line in head.agency_lines %}", "Agency")
        add(agency, "{{ line }}", "Agency")
        add(agency, "{%p endfor %}", "Agency")
        add(agency, "", "RuleAgency")
        _motto(country, width - left)
        number, date = table.rows[1].cells
        add(number, "{{ number_text }}", "NumberLine")
        add(date, "{{ place_date }}" if place_date else "", "PlaceDate")

    def title(self) -> None:
        """Tên loại, trích yếu and the rule below it."""
        self.text("{{ title }}", "DocTitle")
        self.text("{{ subject }}", "DocSubject")
        self.text("", "RuleSubject")

    def authority(self) -> None:
        """The line of a decision that says whose power it is."""
        self.text("{{ authority_line }}", "Authority")

    def bases(self, proposer: bool = False) -> None:
        """Căn cứ, one a line with `;`, the last with a full stop; a decision ends them with its proposer."""
        with self.each("basis", "legal_bases"):
            last = "false" if proposer else "loop.last"
            self.text(f"{{{{ basis|closed('.' if {last} else ';') }}}}", "Basis")
        if proposer:
            self.text("{{ proposer|closed('.') }}", "Basis")

    def addressees(self) -> None:
        """Kính gửi: one addressee on the same line, several on lines of their own."""
        with self.when("addressees|length == 1"):
            self.text("Kính gửi: {{ addressees[0] }}", "Addressee")
        with self.when("addressees|length > 1"):
            self.text("Kính gửi:", "AddresseeLead")
            with self.each("line", "addressees"):
                self.text("- {{ line|closed('.' if loop.last else ';') }}", "AddresseeItem")

    def article(self, number: str, text: str, style: str = "Body") -> Paragraph:
        """`Điều n.` in bold and its text."""
        paragraph = self.text("", style)
        paragraph.add_run(f"Điều {number}. ").bold = True
        paragraph.add_run(text)
        return paragraph

    def listing(self, columns: Sequence[Column], rows: str, total: Sequence[tuple[int, str, str]] = ()) -> None:
        """A ruled table with a little air around it."""
        self.text("", "TableGap").paragraph_format.keep_with_next = True
        list_table(self.document, columns, rows, total)
        self.text("", "TableGap")

    def sign(self) -> None:
        """Nơi nhận on the left, level with the signature on the right."""
        self.text("", "SignGap")
        left, right = plain_table(self.document, (m.SIGN_LEFT, m.SIGN_RIGHT)).rows[0].cells
        _recipients(left)
        code_block(left)
        signature_block(right, "signature", office=True)
        self.end()

    def sign_pair(self, recipients: bool, width: float = m.TEXT_WIDTH) -> None:
        """Two signatures side by side, Nơi nhận below when the paper has one; else the code stands between them."""
        self.text("", "SignGap")
        between = () if recipients else (m.CODE_WIDTH,)
        side = (width - sum(between)) / 2
        left, *middle, right = plain_table(self.document, (side, *between, side)).rows[0].cells
        signature_block(left, "left_signature", office=False)
        signature_block(right, "signature", office=True)
        if recipients:
            self.text("", "TableGap")
            below = plain_table(self.document, (m.SIGN_LEFT, m.SIGN_RIGHT)).rows[0].cells
            _recipients(below[0])
            code_block(below[1], "QrRight")
        else:
            code_block(middle[0], "QrCentre")
        self.end()

    def sign_alone(self, width: float = m.TEXT_WIDTH) -> None:
        """One signature on the right, nothing beside it."""
        self.text("", "SignGap")
        cells = plain_table(self.document, (width - m.SIGN_RIGHT, m.SIGN_RIGHT)).rows[0].cells
        code_block(cells[0])
        signature_block(cells[1], "signature", office=True)
        self.end()

    def end(self) -> None:
        """A document may not end in a table: the paragraph that must follow is too small to make a page."""
        self.text("", "SectionEnd")

    def annex(self, wide: bool = True) -> None:
        """A new section with page numbers of its own, headed by its name and what it belongs to."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        end = self.document.element.body.findall(qn("w:p"))[-1]
        Paragraph(end, self.document).style = "SectionEnd"
        _shape(section, wide)
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        section._sectPr.find(qn("w:pgMar")).addnext(start)
        self.text("Phụ lục", "AnnexNumber")
        self.text("{{ annex_title|upper }}", "AnnexTitle")
        self.text("({{ annex_reference }})", "AnnexReference")


def _lay_out_as_word_2013(document) -> None:
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


def _shape(section: Section, wide: bool) -> None:
    width, height = (m.PAGE_HEIGHT, m.PAGE_WIDTH) if wide else (m.PAGE_WIDTH, m.PAGE_HEIGHT)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(m.TOP), Mm(m.BOTTOM)
    section.left_margin, section.right_margin = Mm(m.LEFT), Mm(m.RIGHT)
    section.header_distance, section.footer_distance = Mm(m.HEADER), Mm(m.FOOTER)
    section.different_first_page_header_footer = True


def _number_pages(section: Section) -> None:
    """The number stands in the top margin of every page but the first."""
    paragraph = section.header.paragraphs[0]
    paragraph.style = "PageNumber"
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    section.first_page_header.paragraphs[0].style = "PageNumber"


def _verify_line(section: Section) -> None:
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0].style = "VerifyLine"
        footer.paragraphs[0].text = (
            "{% if verify.code %}Mã kiểm tra: {{ verify.code }}"
            "{% if verify.url %} – {{ verify.url }}{% endif %}{% endif %}"
        )


def _motto(cell, width: float) -> None:
    add(cell, m.COUNTRY, "Country")
    add(cell, m.MOTTO, "Motto")
    add(cell, "", "RuleMotto")
    set_indents(cell.paragraphs[-1], motto_indent(width))


def set_indents(paragraph: Paragraph, indent: str) -> None:
    """The same indent in twips on both sides."""
    element = OxmlElement("w:ind")
    element.set(qn("w:left"), indent)
    element.set(qn("w:right"), indent)
    paragraph._p.get_or_add_pPr().append(element)


def _recipients(cell) -> None:
    add(cell, "Nơi nhận:", "RecipientsTitle")
    add(cell, "{%p for line in recipients %}", "RecipientLine")
    add(cell, "- {{ line|closed(';') }}", "RecipientLine")
    add(cell, "{%p endfor %}", "RecipientLine")
    add(cell, "- Lưu: {{ archive_line|closed('.') }}", "RecipientLine")


def code_block(cell, style: str = "Qr") -> None:
    """The QR code that leads to the page where anybody checks the paper, and the code below it."""
    add(cell, "{%p if verify.qr %}", style)
    add(cell, "{{ verify.qr }}", style)
    add(cell, "Mã kiểm tra: {{ verify.code }}", f"{style}Text")
    add(cell, "{%p endif %}", style)


def signature_block(cell, block: str, office: bool, space: str = "SignSpace") -> None:
    """Quyền hạn, chức vụ; room for signature and seal; họ tên. `block` is the field it prints."""
    add(cell, f"{{%p for line in {block}.capacity_lines %}}", "SignCapacity")
    add(cell, "{{ line }}", "SignCapacity")
    add(cell, "{%p endfor %}", "SignCapacity")
    _optional(cell, f"{block}.note", "SignNote")
    add(cell, "", space)
    if office:
        _optional(cell, f"{block}.office_line", "SignCapacity")
    add(cell, f"{{{{ {block}.name }}}}", "SignName")


def _optional(cell, expression: str, style: str) -> None:
    add(cell, f"{{%p if {expression} %}}", style)
    add(cell, f"{{{{ {expression} }}}}", style)
    add(cell, "{%p endif %}", style)
