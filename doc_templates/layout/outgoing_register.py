"""Sổ đăng ký văn bản đi of a year, to be printed and bound (Phụ lục IV): cover, the ten columns, closing line."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from . import measures as m
from .paper import Paper
from .tables import Column, add, plain_table

COLUMNS = (
    Column("Số, ký hiệu văn bản", 30, "{{ r.symbol }}"),
    Column("Ngày tháng văn bản", 22, "{{ r.day }}", "TableCentre"),
    Column("Tên loại và trích yếu nội dung văn bản", 50, "{{ r.subject }}"),
    Column("Người ký", 25, "{{ r.signer }}"),
    Column("Nơi nhận văn bản", 30, "{{ r.recipients }}"),
    Column("Đơn vị, người nhận bản lưu", 16, "{{ r.archive }}", "TableCentre"),
    Column("Số lượng bản", 13, "{{ r.copies }}", "TableCentre"),
    Column("Ngày chuyển", 22, "{{ r.sent }}", "TableCentre"),
    Column("Ký nhận", 15, "{{ r.received }}"),
    Column("Ghi chú", 24, "{{ r.note }}"),
)


def lay_out() -> Paper:
    """The template of the register."""
    paper = Paper(wide=True)
    _cover(paper)
    paper.text("SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM {{ year }}", "DocTitle").paragraph_format.page_break_before = True
    _counted(paper.text("", "AnnexReference"), "{{ summary }}")
    paper.listing(COLUMNS, "rows")
    _counted(paper.text("", "BodyLast"), "{{ summary }}./.")
    _closing(paper)
    return paper


def _cover(paper: Paper) -> None:
    with paper.when("head.superior_line"):
        paper.text("{{ head.superior_line }}", "Superior")
    with paper.each("line", "head.agency_lines"):
        paper.text("{{ line }}", "CertAuthority")
    title = paper.text("SỔ ĐĂNG KÝ VĂN BẢN ĐI", "DocTitle")
    title.paragraph_format.space_before = Pt(110)
    title.runs[0].font.size = Pt(34)
    paper.text("Năm {{ year }}", "CertAuthority")
    with paper.when("period"):
        paper.text("{{ period }}", "CertLead")
    with paper.each("span", "spans"):
        paper.text("{{ span }}", "CertLine")


def _counted(paragraph: Paragraph, rest: str) -> None:
    """`Sổ này có n trang, …`: the number of pages is a field that whoever lays the pages out fills in."""
    paragraph.add_run("Sổ này có ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "NUMPAGES")
    paragraph._p.append(field)
    paragraph.add_run(f" trang, {rest}")


def _closing(paper: Paper) -> None:
    half = m.WIDE_TEXT_WIDTH / 2
    left, right = plain_table(paper.document, (half, half)).rows[0].cells
    add(left, "", "PlaceDate")
    add(right, "{{ place_date }}", "PlaceDate")
    for cell, who in ((left, "VĂN THƯ"), (right, "THỦ TRƯỞNG CƠ QUAN")):
        add(cell, who, "SignCapacity")
        add(cell, "(Ký, ghi rõ họ tên)", "SignNote")
        add(cell, "", "SignSpace")
    paper.end()
