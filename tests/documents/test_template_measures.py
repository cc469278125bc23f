"""Remarks on an uploaded template that is not laid out as Nghị định 30/2020/NĐ-CP, Phụ lục I says."""

import io
import zipfile

import pytest
from docx.shared import Mm, Pt

from app.documents.templating.store import load
from doc_templates.engine.inspecting import inspect
from tests.documents.test_template_check import looked_at, saved
from tests.documents.word_files import opened, with_part

CODE = "submission"
DECREE = "Nghị định 30/2020/NĐ-CP"


@pytest.fixture
def word():
    """A built-in paper that the decree lays out, opened to be changed."""
    return opened(load(CODE).read_bytes())


def remarks(data, code=CODE):
    problems, told = looked_at(data, code)
    assert problems == []
    return told


def test_what_the_product_ships_is_as_the_decree_says(app, code):
    assert remarks(load(code).read_bytes(), code) == []


@pytest.mark.parametrize(
    ("side", "mm", "said"),
    [
        ("top", 12.5, "Lề trên 12,5 mm; {}: 20–25 mm."),
        ("bottom", 30, "Lề dưới 30 mm; {}: 20–25 mm."),
        ("left", 20, "Lề trái 20 mm; {}: 30–35 mm."),
        ("right", 25.4, "Lề phải 25,4 mm; {}: 15–20 mm."),
    ],
)
def test_each_margin_is_measured(app, word, side, mm, said):
    setattr(word.sections[0], f"{side}_margin", Mm(mm))
    assert remarks(saved(word)) == [said.format(DECREE)]


@pytest.mark.parametrize("mm", [30, 32.5, 35])
def test_a_margin_within_the_range_is_no_remark(app, word, mm):
    word.sections[0].left_margin = Mm(mm)
    assert remarks(saved(word)) == []


def test_another_sheet_is_told_and_one_on_its_side_is_not(app, word):
    section = word.sections[0]
    section.page_width, section.page_height = Mm(215.9), Mm(279.4)
    assert remarks(saved(word)) == [f"Khổ giấy 215,9 × 279,4 mm; {DECREE}: A4, 210 × 297 mm."]
    section.page_width, section.page_height = Mm(297), Mm(210)
    assert remarks(saved(word)) == []


def test_a_font_is_told_wherever_it_is_set(app, word):
    word.add_paragraph().add_run("Viết tay").font.name = "Arial"
    word.styles["Body"].font.name = "Calibri"
    said = "Có chữ phông {}; " + DECREE + ": Times New Roman."
    assert sorted(remarks(saved(word))) == [said.format("Arial"), said.format("Calibri")]


def test_the_size_of_most_of_the_text_counts(app, word):
    word.add_paragraph().add_run("nhỏ").font.size = Pt(9)
    assert remarks(saved(word)) == []
    for name in ("Body", "BodyLast", "Basis", "Clause", "DocSubject", "DocTitle"):
        word.styles[name].font.size = Pt(12.5)
    assert remarks(saved(word)) == [f"Cỡ chữ nội dung 12,5; {DECREE}: 13–14."]


def test_a_missing_page_number_is_told(app, word):
    for field in list(word.sections[0].header._element.iter()):
        if field.tag.endswith("}fldSimple"):
            field.getparent().remove(field)
    (said,) = remarks(saved(word))
    assert said.startswith("Không có số trang ở đầu trang; ")


def test_a_font_of_the_theme_is_looked_up(app, word):
    fonts = word.styles.element.find(".//{*}docDefaults//{*}rFonts")
    namespace = fonts.tag.removesuffix("rFonts")
    for style in word.styles.element.iter(f"{namespace}rFonts"):
        style.attrib.clear()
        style.set(f"{namespace}asciiTheme", "minorHAnsi")
    theme = (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:fontScheme>'
        '<a:majorFont><a:latin typeface="Cambria"/></a:majorFont>'
        '<a:minorFont><a:latin typeface="Aptos"/></a:minorFont></a:fontScheme></a:themeElements></a:theme>'
    )
    assert remarks(with_new_part(saved(word), "word/theme/theme1.xml", theme)) == [
        f"Có chữ phông Aptos; {DECREE}: Times New Roman."
    ]


def with_new_part(data, name, text):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, text)
    return out.getvalue()


def test_papers_outside_the_decree_are_not_measured(app):
    word = opened(load("certificate").read_bytes())
    word.sections[0].left_margin = Mm(5)
    assert remarks(saved(word), "certificate") == []


@pytest.mark.parametrize("broken", ['w:left="x"', "", 'w:left="nan"'])
def test_measures_that_cannot_be_read_break_nothing(app, broken):
    data = with_part(
        load(CODE).read_bytes(),
        "word/document.xml",
        lambda xml: xml.replace('w:left="1701"', broken).replace('w:w="11906"', 'w:w=""'),
    )
    assert inspect(data, [])["measured"] == []
