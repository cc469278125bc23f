"""The converter: what comes out, what happens when it hangs, fails or lies, and what it may not touch."""

import http.server
import io
import os
import subprocess
import sys
import threading
import time
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from app.adapters import pdf as pdf_adapter
from app.adapters.pdf import ConverterError, ConverterMissing, ConverterTimeout, LibreOffice, converter_health
from app.adapters.pdf.call import Call
from app.adapters.pdf.health import LETTERS, missing_letters
from app.adapters.pdf.slots import one_slot
from tests.processes import is_gone

SOFFICE = pdf_adapter.find_soffice()
needs_converter = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


def word(*texts, pages=1):
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    for number in range(2, pages + 1):
        document.add_page_break()
        document.add_paragraph(f"Trang {number}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(docx, changes):
    """The package with text replaced in, or added as, parts: {name: function of the old text}."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, changes[name](content.decode()) if name in changes else content)
    return out.getvalue()


def text_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


@needs_converter
def test_a_paper_becomes_an_archival_pdf(temporary):
    letters = "ẠẢẤẦẨẪẬẮẰẲẴẶ ẸẺẼẾỀỂỄỆ ỈỊ ỌỎỐỒỔỖỘỚỜỞỠỢ ỤỦỨỪỬỮỰ ỲỴỶỸ đĐơƠưƯ"
    made = LibreOffice(SOFFICE, lock_folder=temporary / "locks").convert(word(letters, pages=3))
    assert made.startswith(b"%PDF-")
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in made
    assert b"/StructTreeRoot" in made
    assert letters in text_of(made)
    assert pdf_adapter.page_count(made) == 3
    assert {p.name for p in temporary.iterdir()} <= {"locks"}


@needs_converter
def test_pages_are_pictures():
    made = LibreOffice(SOFFICE).convert(word("Một", pages=2))
    pictures = [Image.open(io.BytesIO(png)) for png in pdf_adapter.page_images(made, dpi=72)]
    assert [picture.format for picture in pictures] == ["PNG", "PNG"]
    assert all(abs(p.width - 612) <= 2 and abs(p.height - 792) <= 2 for p in pictures)
    larger = Image.open(io.BytesIO(next(pdf_adapter.page_images(made))))
    assert larger.width == pytest.approx(612 * 110 / 72, abs=2)


@needs_converter
@pytest.mark.parametrize("garbage", [b"", b"no document", b"PK\x03\x04", b"%PDF-1.7\n", b"<html>x</html>"])
def test_what_is_no_word_file_gives_no_pdf(garbage, temporary):
    with pytest.raises(ConverterError, match="Không chuyển được"):
        LibreOffice(SOFFICE, lock_folder=temporary / "locks").convert(garbage)
    assert {p.name for p in temporary.iterdir()} <= {"locks"}


@needs_converter
def test_nothing_is_fetched_and_no_file_is_read(tmp_path):
    """A linked picture, object and template, an included text and picture: no request, no content of the file."""
    asked = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    secret = tmp_path / "secret.txt"
    secret.write_text("MẬT KHẨU")
    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        made = LibreOffice(SOFFICE).convert(with_links(word("Thân bài"), address, secret))
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert "MẬT KHẨU" not in text_of(made)
    assert "Thân bài" in text_of(made)


def with_links(docx, address, secret):
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        f'<Relationship Id="rIdP" Type="{kind}/image" Target="{address}/a.png" TargetMode="External"/>'
        f'<Relationship Id="rIdO" Type="{kind}/oleObject" Target="{address}/o.xls" TargetMode="External"/>'
        f'<Relationship Id="rIdT" Type="{kind}/attachedTemplate" Target="{address}/t.dotx" TargetMode="External"/>'
        "</Relationships>"
    )
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    picture = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        '<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture">'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/>'
        '</pic:nvPicPr><pic:blipFill><a:blip r:link="rIdP"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )
    office = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    link = 'Type="Link" ProgID="Excel.Sheet.8" ShapeID="s1" DrawAspect="Content" r:id="rIdO" UpdateMode="Always"'
    linked = f"<w:p><w:r><w:object><o:OLEObject {office} {link}/></w:object></w:r></w:p>"
    fields = "".join(
        f'<w:p><w:fldSimple w:instr="{instruction}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
        for instruction in (
            f"INCLUDETEXT &quot;{secret}&quot;",
            f"INCLUDEPICTURE &quot;{address}/b.png&quot; \\d",
            f"LINK Word.Document &quot;{secret}&quot; \\a",
        )
    )
    return changed(
        docx,
        {
            "word/_rels/document.xml.rels": lambda xml: xml.replace("</Relationships>", relations),
            "word/document.xml": lambda xml: xml.replace("<w:sectPr", picture + linked + fields + "<w:sectPr", 1),
        },
    )


@pytest.mark.parametrize("soffice", [None, "", "/nowhere/soffice"])
def test_without_a_converter_it_says_what_to_install(soffice):
    with pytest.raises(ConverterMissing, match="apt-get install libreoffice-writer-nogui fonts-liberation2"):
        LibreOffice(soffice).convert(b"")


def test_the_converter_gets_no_secrets(stub, temporary, monkeypatch, tmp_path):
    monkeypatch.setenv("FLASK_SECRET_KEY", "secret")
    seen = tmp_path / "seen"
    with pytest.raises(ConverterError):
        stub(f"env > {seen}").convert(b"PK")
    names = {line.partition("=")[0] for line in seen.read_text().splitlines()}
    assert names - {"OUT", "PWD", "OLDPWD", "SHLVL", "_"} == {"PATH", "HOME", "TMPDIR", "LANG"}


def test_no_more_at_once_than_there_are_places(tmp_path):
    inside, most, lock = [0], [0], threading.Lock()

    def work(_):
        with one_slot(tmp_path, 2, wait=20):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.02)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(20)))
    assert most[0] == 2


def test_a_place_is_shared_between_processes_and_freed_by_death(tmp_path):
    hold = (
        "import sys, time; from pathlib import Path; from app.adapters.pdf.slots import one_slot\n"
        f"with one_slot(Path({str(tmp_path)!r}), 1, 5) as place:\n"
        "    (place / 'left').write_text('a paper')\n    print(place, flush=True); time.sleep(60)"
    )
    root = Path(__file__).resolve().parents[2]
    holder = subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, cwd=root, env=os.environ)
    left = Path(holder.stdout.readline().decode().strip())
    with pytest.raises(TimeoutError), one_slot(tmp_path, 1, wait=0.2):
        raise AssertionError("two hold one place")
    holder.kill()
    holder.communicate()
    assert left.is_dir()
    with one_slot(tmp_path, 1, wait=5) as place:
        assert list(place.iterdir()) == []
        assert place != left
        assert not left.exists()
    assert not place.exists()


def test_a_folder_of_somebody_else_gets_no_paper(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "locks").symlink_to(tmp_path / "theirs")
    with pytest.raises(PermissionError), one_slot(tmp_path / "locks", 1, wait=0.2):
        raise AssertionError("a folder that somebody else laid out")


def test_a_full_queue_is_a_timeout(stub, tmp_path):
    converter = stub("exit 0", timeout=0.2, slots=1)
    with one_slot(tmp_path / "locks", 1, wait=1), pytest.raises(ConverterTimeout):
        converter.convert(b"PK")


@needs_converter
def test_health_knows_converter_and_letters():
    health = converter_health()
    assert health.is_well
    assert health.version.startswith("LibreOffice ")
    assert health.missing_letters == ""


def test_health_without_a_converter_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("app.adapters.pdf.libreoffice._PLACES", ())
    health = converter_health()
    assert (health.soffice, health.version, health.font) == ("", "", "")
    assert not health.is_well
    assert "libreoffice-writer-nogui" in health.install


def test_every_letter_of_vietnamese_is_looked_for():
    assert len(LETTERS) == len(set(LETTERS)) == 134
    assert set("ăâđêôơưĂÂĐÊÔƠƯàảãáạỹỵỴỳÝ") < set(LETTERS)
    assert all(unicodedata.is_normalized("NFC", letter) for letter in LETTERS)


@pytest.mark.parametrize("content", [None, b"", b"no font", b"OTTO" + bytes(8)])
def test_a_file_that_is_no_font_has_no_letters(tmp_path, content):
    path = tmp_path / "nothing.ttf"
    if content is not None:
        path.write_bytes(content)
    assert missing_letters(str(path)) == LETTERS


def font_with(path, letters):
    """A font that has these letters and nothing else."""
    builder = FontBuilder(1000, isTTF=True)
    names = {ord(letter): f"u{ord(letter):04X}" for letter in letters}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in (".notdef", *names.values())})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *names.values()), (500, 0)))
    builder.save(path)
    return str(path)


def test_the_letters_that_a_font_lacks_are_named(tmp_path):
    assert missing_letters(font_with(tmp_path / "all.ttf", LETTERS)) == ""
    without = "".join(letter for letter in LETTERS if letter not in "ặƯ")
    assert missing_letters(font_with(tmp_path / "less.ttf", without)) == "ặƯ"


# --- many at once


def outcomes(converter, docxs):
    """By position: the text of each PDF, or the kind of error."""
    told = {}
    for position, outcome in converter.convert_many(docxs):
        assert position not in told
        told[position] = text_of(outcome) if isinstance(outcome, bytes) else type(outcome)
    return [told[position] for position in range(len(docxs))]


@needs_converter
@pytest.mark.parametrize("slots", [1, 2])
def test_many_are_converted_by_few_calls_and_a_bad_one_harms_no_other(temporary, slots, monkeypatch):
    started = []
    monkeypatch.setattr(Call, "_start", lambda call, said: started.append(call) or start(call, said))
    docxs = [word(f"Giấy số {n}") for n in range(7)]
    docxs[2], docxs[4] = b"PK\x03\x04 no archive", b"no archive at all"
    told = outcomes(LibreOffice(SOFFICE, slots=slots, lock_folder=temporary / "locks"), docxs)
    assert [text for n, text in enumerate(told) if n not in (2, 4)] == [f"Giấy số {n}" for n in (0, 1, 3, 5, 6)]
    assert (told[2], told[4]) == (ConverterError, ConverterError)
    assert len(started) == slots + 1
    assert {p.name for p in temporary.iterdir()} <= {"locks"}


start = Call._start


def test_none_are_converted_at_once(stub):
    assert list(stub("exit 1").convert_many([])) == []
    with pytest.raises(ConverterMissing):
        list(LibreOffice("").convert_many([]))


ONE_PDF = """
while [ "$1" != "--outdir" ]; do shift; done; shift 2
for source; do
  name=$(basename "$source" .docx)
  FAULT
  cp "$SAMPLE" "$PWD/out/$name.pdf"
done
"""


@pytest.fixture
def sample_pdf(tmp_path):
    """A PDF of one page in a file."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.save(tmp_path / "sample.pdf")
    return tmp_path / "sample.pdf"


def one_by_one(sample, fault=""):
    return ONE_PDF.replace("$SAMPLE", str(sample)).replace("FAULT", fault)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ('[ "$name" = 3 ] && kill -9 $$', ConverterError),
        ('[ "$name" = 3 ] && { sleep 302 & sleep 302; }', ConverterTimeout),
        ('[ "$name" = 3 ] && { echo garbage > "$PWD/out/3.pdf"; continue; }', ConverterError),
        ('[ "$name" = 0 ] && kill -9 $$', ConverterError),
    ],
)
def test_a_document_that_ends_the_converter_harms_no_other(stub, sample_pdf, temporary, fault, error):
    told = dict(stub(one_by_one(sample_pdf, fault), timeout=1, slots=2).convert_many([b"PK"] * 8))
    bad = 0 if '"$name" = 0' in fault else 3
    assert {position for position, outcome in told.items() if not isinstance(outcome, bytes)} == {bad}
    assert type(told[bad]) is error
    assert list(temporary.iterdir()) == []
    assert is_gone("sleep 302")


def test_a_converter_that_makes_nothing_is_not_asked_for_each_document(stub, tmp_path):
    told = dict(stub(f"echo x >> {tmp_path}/asked; exit 1", slots=1).convert_many([b"PK"] * 50))
    assert {type(outcome) for outcome in told.values()} == {ConverterError}
    assert len(told) == 50
    assert (tmp_path / "asked").read_text().count("x") == 4


def test_a_document_comes_as_soon_as_the_next_is_begun(stub, sample_pdf, temporary):
    """So a batch that is killed has kept what was done; whoever stops asking ends the converter."""
    many = stub(one_by_one(sample_pdf, '[ "$name" = 2 ] && sleep 303'), slots=1).convert_many([b"PK"] * 3)
    assert next(many)[0] == 0
    many.close()
    assert list(temporary.iterdir()) == []
    assert is_gone("sleep 303")
