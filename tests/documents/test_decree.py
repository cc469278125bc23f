"""Each paper, measured against the table of Nghị định 30/2020/NĐ-CP, Phụ lục I, Mục I, II and V.

The papers are those made from the samples. Sizes are ranges as the decree gives them.
"""

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from app.documents.templating.store import load
from tests.documents.conftest import CODES, sample_paper
from tests.documents.word_files import find, look, opened, paragraphs, parts, shape, tables

ADMINISTRATIVE = [code for code in CODES if "head" in load(code).sample()]
TITLED = [code for code in ADMINISTRATIVE if "title" in load(code).sample()]
WITH_TWO_BLOCKS = ["minutes", "screening_record"]
WITH_RECIPIENTS = [
    code for code in ADMINISTRATIVE if "recipients" in load(code).sample() and code not in WITH_TWO_BLOCKS
]
LANDSCAPE_SECTIONS = {
    "certificate": [0],
    "score_summary": [0],
    "intake_book": [0],
    "result_decision": [1],
    "forwarding": [1],
}
DECISIONS = ["board_decision", "result_decision", "revocation", "rules"]
WITH_ANNEX = ["forwarding", "result_decision", "rules"]
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"

# component: (least size, greatest size, bold, italic, alignment)
TABLE = {
    "Quốc hiệu": (12, 13, True, False, ALIGN.CENTER),
    "Tiêu ngữ": (13, 14, True, False, ALIGN.CENTER),
    "cơ quan chủ quản": (12, 13, False, False, ALIGN.CENTER),
    "cơ quan ban hành": (12, 13, True, False, ALIGN.CENTER),
    "số, ký hiệu": (13, 13, False, False, ALIGN.CENTER),
    "địa danh, thời gian": (13, 14, False, True, ALIGN.CENTER),
    "tên loại": (13, 14, True, False, ALIGN.CENTER),
    "trích yếu": (13, 14, True, False, ALIGN.CENTER),
    "trích yếu công văn": (12, 13, False, False, ALIGN.CENTER),
    "thẩm quyền ban hành": (13, 14, True, False, ALIGN.CENTER),
    "căn cứ": (13, 14, False, True, ALIGN.JUSTIFY),
    "Kính gửi": (13, 14, False, False, None),
    "quyền hạn, chức vụ": (13, 14, True, False, ALIGN.CENTER),
    "họ và tên": (13, 14, True, False, ALIGN.CENTER),
    "Nơi nhận": (12, 12, True, True, ALIGN.LEFT),
    "nơi nhận": (11, 11, False, False, ALIGN.LEFT),
    "Phụ lục": (14, 14, True, False, ALIGN.CENTER),
    "tên phụ lục": (13, 14, True, False, ALIGN.CENTER),
    "kèm theo": (13, 14, False, True, ALIGN.CENTER),
}


def components(code):
    """(component, its text in the sample) of everything in TABLE that this paper has."""
    data = load(code).sample()
    yield "Quốc hiệu", COUNTRY
    yield "Tiêu ngữ", MOTTO
    plain = {
        "cơ quan chủ quản": data["head"].get("superior_line"),
        "số, ký hiệu": data.get("number_text"),
        "địa danh, thời gian": data.get("place_date"),
        "tên loại": data.get("title"),
        **({"trích yếu": data["subject"]} if "title" in data else {"trích yếu công văn": f"V/v {data['subject']}"}),
        "thẩm quyền ban hành": data.get("authority_line"),
        "họ và tên": data["signature"]["name"],
        "Phụ lục": "Phụ lục" if "annex_title" in data else None,
        "tên phụ lục": data.get("annex_title", "").upper(),
        "kèm theo": f"({data['annex_reference']})" if "annex_reference" in data else None,
    }
    yield from ((name, text) for name, text in plain.items() if text)
    yield from (("cơ quan ban hành", line) for line in data["head"]["agency_lines"])
    for block in ("signature", "left_signature"):
        yield from (("quyền hạn, chức vụ", line) for line in data.get(block, {}).get("capacity_lines", []))
    if "recipients" in data:
        yield "Nơi nhận", "Nơi nhận:"
        yield from (("nơi nhận", f"- {line};") for line in data["recipients"])
        yield "nơi nhận", f"- Lưu: {data['archive_line']}."
    yield from bases(data)
    if "addressees" in data:
        one = len(data["addressees"]) == 1
        yield "Kính gửi", f"Kính gửi: {data['addressees'][0]}" if one else "Kính gửi:"


def bases(data):
    lines = data.get("legal_bases", []) + ([data["proposer"]] if "proposer" in data else [])
    for number, line in enumerate(lines, 1):
        yield "căn cứ", line + ("." if number == len(lines) else ";")


def in_order(paper):
    return [p for p in paragraphs(opened(paper)) if p.text.strip()]


@pytest.mark.parametrize("code", ADMINISTRATIVE)
def test_components_look_as_the_table_says(code, paper):
    document = opened(paper)
    for component, text in components(code):
        paragraph = find(document, text)
        least, most, bold, italic, align = TABLE[component]
        size, is_bold, is_italic = look(paragraph)
        assert least <= size <= most, component
        assert (is_bold, is_italic) == (bold, italic), component
        assert align in (None, shape(paragraph, "alignment")), component


def test_page_and_margins(code, paper):
    for number, section in enumerate(opened(paper).sections):
        wide = number in LANDSCAPE_SECTIONS.get(code, [])
        size = (round(section.page_width.mm), round(section.page_height.mm))
        assert size == ((297, 210) if wide else (210, 297))
        if code in ADMINISTRATIVE:
            assert 20 <= round(section.top_margin.mm, 1) <= 25
            assert 20 <= round(section.bottom_margin.mm, 1) <= 25
            assert 30 <= round(section.left_margin.mm, 1) <= 35
            assert 15 <= round(section.right_margin.mm, 1) <= 20


def test_one_font_and_one_language_everywhere(paper):
    for name, content in parts(paper).items():
        if not name.endswith(".xml") or b"w:rFonts" not in content:
            continue
        for fonts in opened_part(content).iter(qn("w:rFonts")):
            assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    languages = {lang.get(qn("w:val")) for lang in opened_part(parts(paper)["word/styles.xml"]).iter(qn("w:lang"))}
    assert languages == {"vi-VN"}


def opened_part(content):
    return etree.fromstring(content)


def test_no_text_is_underlined(paper):
    """Rules are lines: an underline would move with the text and is not what the decree draws."""
    assert b"<w:u " not in parts(paper)["word/document.xml"]
    assert b"<w:u " not in parts(paper)["word/styles.xml"]


@pytest.mark.parametrize("code", ADMINISTRATIVE)
def test_head_is_a_borderless_table_without_padding(code, paper):
    table = opened(paper).tables[0]
    grid = [int(column.get(qn("w:w"))) / 1440 * 25.4 for column in table._tbl.tblGrid]
    cells = [cell.width.mm for cell in table.rows[0].cells]
    assert [round(width) for width in grid] == [round(width) for width in cells]
    assert round(sum(cells)) == (247 if code in LANDSCAPE_SECTIONS and 0 in LANDSCAPE_SECTIONS[code] else 160)
    assert round(cells[1]) >= 94
    padding = table._tbl.tblPr.find(qn("w:tblCellMar"))
    assert [edge.get(qn("w:w")) for edge in padding] == ["0"] * 4
    assert table._tbl.tblPr.find(qn("w:tblBorders")) is None


@pytest.mark.parametrize("code", ADMINISTRATIVE)
def test_number_and_date_stand_on_one_line(code, paper):
    data = load(code).sample()
    row = opened(paper).tables[0].rows[1]
    first = [cell.paragraphs[0].text for cell in row.cells]
    assert first == [data.get("number_text", ""), data.get("place_date", "")]


@pytest.mark.parametrize("code", ADMINISTRATIVE)
def test_body_is_justified_indented_and_spaced(code, paper):
    bodies = [p for p in in_order(paper) if p.style.name in ("Body", "BodyLast")]
    assert bodies
    for paragraph in bodies:
        assert look(paragraph)[0] == 14
        assert shape(paragraph, "alignment") == ALIGN.JUSTIFY
        assert round(shape(paragraph, "first_line_indent").mm, 1) == 12.7
        assert shape(paragraph, "space_before").pt >= 6
        assert 1.0 <= shape(paragraph, "line_spacing") <= 1.5


def test_articles_are_bold_and_numbered_from_one():
    for code in DECISIONS:
        articles = [p for p in in_order(sample_paper(code)) if p.text.startswith("Điều") and p.style.name != "Clause"]
        assert [p.runs[0].text for p in articles] == ["Điều 1. ", "Điều 2. ", "Điều 3. "]
        for paragraph in articles:
            assert [run.bold for run in paragraph.runs if run.text] == [True, None]


@pytest.mark.parametrize("code", [*WITH_RECIPIENTS, *WITH_TWO_BLOCKS])
def test_the_text_ends_with_its_mark(code, paper):
    texts = [p.text for p in in_order(paper)]
    last = max(number for number, text in enumerate(texts) if text.endswith("./."))
    assert not any(".." in text or ".;" in text or ";." in text for text in texts)
    assert texts[last + 1 :]


@pytest.mark.parametrize("code", WITH_RECIPIENTS)
def test_recipients_stand_level_with_the_signature(code, paper):
    data = load(code).sample()
    table = next(t for t in tables(opened(paper)) if t.rows[0].cells[0].text.startswith("Nơi nhận:"))
    left, right = table.rows[0].cells
    assert right.paragraphs[0].text == data["signature"]["capacity_lines"][0]
    lines = [paragraph.text for paragraph in left.paragraphs if paragraph.text]
    assert lines[-2:] == [f"- Lưu: {data['archive_line']}.", f"Mã kiểm tra: {data['verify']['code']}"]


def test_a_row_is_never_split_and_headings_repeat(paper):
    for table in tables(opened(paper)):
        for row in table.rows:
            assert row._tr.trPr is None or row._tr.trPr.find(qn("w:cantSplit")) is not None
        if table._tbl.tblPr.find(qn("w:tblBorders")) is not None:
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize("code", [code for code in CODES if code != "certificate"])
def test_the_signature_never_stands_alone_on_a_page(code, paper):
    """The last sentence is kept with the block, whatever the length of the text before it."""
    name = load(code).sample()["signature"]["name"]
    document = opened(paper)
    table = next(t for t in tables(document) if name in [p.text for p in t.rows[0].cells[-1].paragraphs])
    assert len(table.rows) == 1
    before = table._tbl.getprevious()
    kept = []
    while before is not None and before.tag == qn("w:p") and shape(Paragraph(before, document), "keep_with_next"):
        kept.append(Paragraph(before, document).text)
        before = before.getprevious()
    assert kept[0] == ""
    assert code == "score_summary" or kept[1]


def test_page_number_stands_in_the_top_margin_but_not_on_page_one(code, paper):
    for section in opened(paper).sections:
        assert section.different_first_page_header_footer
        assert "PAGE" not in section.first_page_header._element.xml
        fields = [f.get(qn("w:instr")) for f in section.header._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE"]
        paragraph = section.header.paragraphs[0]
        assert shape(paragraph, "alignment") == ALIGN.CENTER
        assert 13 <= paragraph.style.font.size.pt <= 14
        assert not paragraph.style.font.italic
        assert section.header_distance.mm < section.top_margin.mm


def test_an_annex_starts_on_a_page_of_its_own_numbered_from_one():
    for code in WITH_ANNEX:
        first, second = opened(sample_paper(code)).sections
        assert first._sectPr.find(qn("w:pgNumType")) is None
        assert second._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_a_certificate_has_a_double_bronze_frame_and_no_picture_but_the_code():
    paper = sample_paper("certificate")
    borders = opened(paper).sections[0]._sectPr.find(qn("w:pgBorders"))
    frame = {(edge.get(qn("w:val")), edge.get(qn("w:color"))) for edge in borders}
    assert frame == {("double", "7A5230")}
    assert [name for name in parts(paper) if "media" in name] == ["word/media/qr1.png"]
