"""The QR code of a paper: in the Word file and the PDF, readable, large enough, and the same for the same text."""

import io
import zlib

import pypdfium2
import pytest
import segno
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image

from app.documents.templating import qr
from app.documents.templating.fields import FieldError
from app.documents.templating.rendering import render
from app.documents.templating.store import Template, load
from tests.documents.word_files import opened, parts, with_text

MM = 36_000
TEXT = "https://sangkien.example/xac-minh/7K3M9QXT2B4D"


def modules_of(picture):
    """The grid of a picture of a QR code with its quiet zone, as rows of 0 and 1."""
    picture = picture.convert("L")
    count = len(segno.make_qr(TEXT, error="m", boost_error=False).matrix) + 2 * qr.BORDER
    step = picture.width / count
    middles = [int((number + 0.5) * step) for number in range(count)]
    return [[int(picture.getpixel((x, y)) < 128) for x in middles] for y in middles]


def expected(text):
    grid = segno.make_qr(text, error="m", boost_error=False, mask=4).matrix_iter(border=qr.BORDER)
    return [list(row) for row in grid]


def drawings(content):
    return list(etree.fromstring(content).iter(qn("wp:inline")))


def test_the_picture_holds_the_text_and_a_quiet_zone():
    content, width = qr.png(TEXT)
    assert modules_of(Image.open(io.BytesIO(content))) == expected(TEXT)
    assert width * len(segno.make_qr(TEXT, error="m").matrix) / len(expected(TEXT)) >= 24.99
    assert qr.png(TEXT) == (content, width)


@pytest.mark.parametrize("length", [1, 40, 120, 700, 2000])
def test_codes_of_any_length_are_as_wide_as_they_must_be(length):
    content, width = qr.png("x" * length)
    symbol = segno.make_qr("x" * length, error="m", boost_error=False).symbol_size(border=0)[0]
    picture = Image.open(io.BytesIO(content))
    assert picture.size[0] == picture.size[1]
    assert picture.size[0] % (symbol + 2 * qr.BORDER) == 0
    assert width * symbol / (symbol + 2 * qr.BORDER) == pytest.approx(25, abs=0.02)


def test_every_paper_shows_the_code_of_its_page_once(code, paper):
    url = load(code).sample()["verify"]["qr"]
    content = parts(paper)
    (drawing,) = drawings(content["word/document.xml"])
    assert drawing.find(qn("wp:docPr")).get("descr") == f"Mã QR: {url}"
    assert int(drawing.find(qn("wp:extent")).get("cx")) >= 25 * MM
    relation = next(drawing.iter(qn("a:blip"))).get(qn("r:embed"))
    targets = {one.get("Id"): one.get("Target") for one in etree.fromstring(content["word/_rels/document.xml.rels"])}
    assert modules_of(Image.open(io.BytesIO(content[f"word/{targets[relation]}"]))) == expected(url)
    assert opened(paper).inline_shapes[0].width >= 25 * MM


def test_the_code_in_the_pdf_is_sharp_and_at_least_25_mm_wide(code, pdf):
    url = load(code).sample()["verify"]["qr"]
    found = [
        (thing.get_bounds(), thing.get_bitmap(render=False).to_pil())
        for page in pypdfium2.PdfDocument(pdf)
        for thing in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,))
    ]
    ((left, bottom, right, top), picture) = found[0]
    assert len(found) == 1
    assert modules_of(picture) == expected(url)
    inside = len(expected(url)) - 2 * qr.BORDER
    for size in (right - left, top - bottom):
        assert size / 72 * 25.4 * inside / len(expected(url)) >= 24.9


def test_without_a_code_there_is_no_picture(template):
    paper = render(template, template.sample() | {"verify": {}})
    assert not any(name.startswith("word/media/") for name in parts(paper))
    assert drawings(parts(paper)["word/document.xml"]) == []


def test_a_code_may_stand_twice_and_is_stored_once(template, tmp_path):
    path = tmp_path / "template.docx"
    path.write_bytes(with_text(template.read_bytes(), "Xem {{ verify.qr }} tại đây"))
    paper = render(Template(template.code, template.manifest, path, ""), template.sample())
    assert len(drawings(parts(paper)["word/document.xml"])) == 2
    assert [name for name in parts(paper) if "media" in name] == ["word/media/qr1.png"]
    numbers = [one.find(qn("wp:docPr")).get("id") for one in drawings(parts(paper)["word/document.xml"])]
    assert len(set(numbers)) == 2


def test_a_hostile_address_is_words_of_the_picture_and_no_xml(template):
    hostile = '"/><w:p>{{ 7*7 }}</w:p>&'
    paper = render(template, template.sample() | {"verify": {"qr": hostile, "code": "A"}})
    (drawing,) = drawings(parts(paper)["word/document.xml"])
    assert drawing.find(qn("wp:docPr")).get("descr") == f"Mã QR: {hostile}"


def test_a_text_too_long_for_a_code_is_refused(template):
    with pytest.raises(FieldError, match=r"verify\.qr"):
        render(template, template.sample() | {"verify": {"qr": "x" * 5000}})


def test_the_png_says_what_it_is():
    content, _width = qr.png(TEXT)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert zlib.crc32(content[12:29]) == int.from_bytes(content[29:33], "big")
    assert len(content) < 1000
