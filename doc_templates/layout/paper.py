"""The components of an official paper in their order on the page (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from . import cells, page
from . import measures as m
from .styles import define_styles
from .tables import Column, add, list_table, plain_table


class Paper:
    """A template in the making. Texts may hold Jinja tags; nothing printed here names an organisation."""

    def __init__(self, wide: bool = False):
        self.document = Document()
        self.document.element.body[:] = [self.document.element.body.sectPr]
        define_styles(self.document)
        page.lay_out_as_word_2013(self.document)
        section = self.document.sections[0]
        page.shape(section, wide)
        page.number_pages(section)
        page.verify_line(section)

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

    def head(self, left: float = m.HEAD_LEFT, place_date: bool = True, about: bool = False) -> None:
        """Agency and number on the left, Quốc hiệu, Tiêu ngữ, place and date on the right.

        An official letter has no title; it says under its number what it is `about`.
        """
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
        cells.motto(country, width - left)
        number, date = table.rows[1].cells
        add(number, "{{ number_text }}", "NumberLine")
        if about:
            add(number, "V/v {{ subject }}", "LetterSubject")
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
            last = "loop.last and not proposer" if proposer else "loop.last"
            self.text(f"{{{{ basis|closed('.' if {last} else ';') }}}}", "Basis")
        if proposer:
            with self.when("proposer"):
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

    def relation(self) -> None:
        """The sentence that says which earlier paper this one replaces."""
        with self.when("relation_line"):
            self.text("{{ relation_line|closed('.') }}")

    def listing(self, columns: Sequence[Column], rows: str, total: Sequence[tuple[int, str, str]] = ()) -> None:
        """A ruled table with a little air above it; what follows has its own."""
        self.text("", "TableGap").paragraph_format.keep_with_next = True
        list_table(self.document, columns, rows, total)

    def sign(self) -> None:
        """Nơi nhận on the left, level with the signature on the right."""
        left, right = self._end_block((m.SIGN_LEFT, m.SIGN_RIGHT))
        cells.recipients(left)
        cells.code_block(left)
        cells.signature_block(right, "signature", office=True)
        self.end()

    def sign_pair(self, recipients: bool, width: float = m.TEXT_WIDTH) -> None:
        """Two signatures side by side; the code between them, or on the right of Nơi nhận that stands below.

        Everything is one row, which no page parts: Nơi nhận would else be left alone on a last page.
        """
        between = () if recipients else (m.CODE_WIDTH,)
        side = (width - sum(between)) / 2
        left, *middle, right = self._end_block((side, *between, side))
        cells.signature_block(left, "left_signature", office=False)
        cells.signature_block(right, "signature", office=True)
        if recipients:
            add(left, "", "SignGap")
            cells.recipients(left)
            cells.code_block(right, "QrRight")
        else:
            cells.code_block(middle[0], "QrCentre")
        self.end()

    def sign_three(self, middle_title: str) -> None:
        """Three signatures, the middle one of a person whose name is written by hand; the code below the left one."""
        left, middle, right = self._end_block((m.TEXT_WIDTH / 3,) * 3)
        cells.signature_block(left, "left_signature", office=False)
        cells.code_block(left)
        add(middle, middle_title, "SignCapacity")
        cells.signature_block(right, "signature", office=True)
        self.end()

    def sign_alone(self, width: float = m.TEXT_WIDTH) -> None:
        """One signature on the right, the code beside it."""
        left, right = self._end_block((width - m.SIGN_RIGHT, m.SIGN_RIGHT))
        cells.code_block(left)
        cells.signature_block(right, "signature", office=True)
        self.end()

    def sign_with_date(self) -> None:
        """The block of a person who hands a paper in, under place and date."""
        left, right = self._end_block((m.TEXT_WIDTH - m.SIGN_RIGHT, m.SIGN_RIGHT))
        cells.code_block(left)
        add(right, "{{ place_date }}", "SignNote")
        cells.signature_block(right, "signature", office=False)
        self.end()

    def _end_block(self, widths: Sequence[float]) -> Sequence[_Cell]:
        self.text("", "SignGap")
        return plain_table(self.document, widths).rows[0].cells

    def end(self) -> None:
        """A document may not end in a table: the paragraph that must follow is too small to make a page."""
        self.text("", "SectionEnd")

    def annex(self, wide: bool = True) -> None:
        """An annex, headed by its name and what it belongs to."""
        self.new_section(wide)
        self.text("Phụ lục", "AnnexNumber")
        self.text("{{ annex_title|upper }}", "AnnexTitle")
        self.text("({{ annex_reference }})", "AnnexReference")

    def attached(self) -> None:
        """A text that the paper puts into force, headed by its own name (Mẫu 1.3)."""
        self.new_section(wide=False)
        self.text("{{ attached_title|upper }}", "DocTitle")
        self.text("{{ attached_subject }}", "DocSubject")
        self.text("({{ annex_reference }})", "AttachedReference")
        self.text("", "RuleSubject")

    def new_section(self, wide: bool) -> None:
        """Go on with a new page, numbered from one."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        end = self.document.element.body.findall(qn("w:p"))[-1]
        Paragraph(end, self.document).style = "SectionEnd"
        page.shape(section, wide)
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        section._sectPr.find(qn("w:pgMar")).addnext(start)
