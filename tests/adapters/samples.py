"""Files made for the tests, honest and hostile. Nothing here is stored in the repository as bytes."""

import hashlib
import io
import struct
import zipfile
import zlib

import docx
import openpyxl
from PIL import Image

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


# --- Honest files -------------------------------------------------------------------------------------


def word() -> bytes:
    """A document of Word's kind with a paragraph and a table."""
    document = docx.Document()
    document.add_paragraph("Sáng kiến số hoá hồ sơ")
    document.add_table(2, 2)
    return _saved(document.save)


def excel() -> bytes:
    """A workbook with one row."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["Điểm", 7.5])
    return _saved(workbook.save)


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    """A small picture in a format that Pillow writes."""
    return _saved(lambda file: Image.new("RGB", size, "navy").save(file, kind))


def _saved(save) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


# --- PDF ----------------------------------------------------------------------------------------------

PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"


def pdf(*more: str, catalog: str = "", page: str = PAGE, trailer: str = "", lost: str = "") -> bytes:
    """A file of one page. `more` are objects from number 4 on, `catalog` and `trailer` further entries there,
    `lost` an object that no table lists."""
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, *more]
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    content += f"99 0 obj\n{lost}\nendobj\n".encode() if lost else b""
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return content + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(content)}\n%%EOF\n"
    ).encode("latin-1")


def pdf_with_packed_objects(*bodies: str) -> bytes:
    """Catalog, pages and page plain; `bodies`, from number 5 on, in a compressed object stream (number 4)."""
    texts = [body.encode() for body in bodies]
    starts = [sum(len(text) + 1 for text in texts[:place]) for place in range(len(texts))]
    index = " ".join(f"{5 + place} {start}" for place, start in enumerate(starts)).encode() + b" "
    packed = zlib.compress(index + b"\n".join(texts))
    content = b"%PDF-1.7\n"
    offsets = []
    plain = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE.encode(),
        b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(texts), len(index), len(packed), packed),
    ]
    for number, body in enumerate(plain, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = [(0, 0, 255), *((1, offset, 0) for offset in offsets)]
    rows += [(2, 4, place) for place in range(len(texts))] + [(1, len(content), 0)]
    table = zlib.compress(b"".join(struct.pack(">BHB", *row) for row in rows))
    return content + (
        b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (len(rows) - 1, len(rows), len(table), table, len(content))
    )


_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def protected_pdf(user_password: bytes, owner_password: bytes = b"owner") -> bytes:
    """A file with the standard protection of 40 bits; an empty user password opens without asking."""
    owner_key = hashlib.md5((owner_password + _PADDING)[:32]).digest()[:5]
    owner = _rc4(owner_key, (user_password + _PADDING)[:32])
    permissions, identity = -44, b"0123456789abcdef"
    seed = (user_password + _PADDING)[:32] + owner + struct.pack("<i", permissions) + identity
    user = _rc4(hashlib.md5(seed).digest()[:5], _PADDING)
    protection = f"<< /Filter /Standard /V 1 /R 2 /P {permissions} /O <{owner.hex()}> /U <{user.hex()}> >>"
    return pdf(protection, trailer=f"/Encrypt 4 0 R /ID [<{identity.hex()}> <{identity.hex()}>]")


def _rc4(key: bytes, data: bytes) -> bytes:
    state, mixed = list(range(256)), 0
    for i in range(256):
        mixed = (mixed + state[i] + key[i % len(key)]) % 256
        state[i], state[mixed] = state[mixed], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


# --- Zip archives -------------------------------------------------------------------------------------


def archive(members: dict[str, bytes], **changes: dict[str, object]) -> bytes:
    """A zip of the members; `changes` sets attributes of single members' headers, by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in changes.get(name, {}).items():
                setattr(info, attribute, value)
            file.writestr(info, content)
    return buffer.getvalue()


def word_with(more: dict[str, bytes], **changes: dict[str, object]) -> bytes:
    """The honest Word document with members added or replaced."""
    with zipfile.ZipFile(io.BytesIO(word())) as file:
        members = {name: file.read(name) for name in file.namelist()}
    return archive({**members, **more}, **changes)


def relationships(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    """A part with one relationship of a kind of the office formats."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATION}/{kind}" Target="{target}"{mode}/></Relationships>'
    ).encode()


def word_text(inner: str) -> bytes:
    """Word's main part with this inside its one paragraph."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p>{inner}</w:p></w:body></w:document>"
    ).encode()


def directory_of(content: bytes) -> int:
    """Where the directory of an archive starts."""
    return struct.unpack("<L", content[-6:-2])[0]


def with_directory_entry(content: bytes, **fields: int) -> bytes:
    """The archive with figures of its first directory entry forged: crc, packed, size, name_length, offset."""
    places = {"flags": 8, "method": 10, "crc": 16, "packed": 20, "size": 24, "offset": 42}
    forged = bytearray(content)
    for field, value in fields.items():
        shape = "<H" if field in ("flags", "method") else "<L"
        struct.pack_into(shape, forged, directory_of(content) + places[field], value)
    return bytes(forged)


def overlapping(copies: int) -> bytes:
    """A bomb of many directory entries that all name the same packed bytes."""
    single = archive({"copy.bmp": b"0" * 50_000})
    start = directory_of(single)
    entry = single[start : start + 46]
    entries = b"".join(
        entry[:28] + struct.pack("<H", len(name)) + entry[30:46] + name
        for name in (b"copy.bmp", *(b"copy%04d" % n for n in range(copies - 1)))
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(entries), start, 0)
    return single[:start] + entries + end


def quoted() -> bytes:
    """An archive whose first member, not packed, holds the second one as its content: both tell the truth."""
    inner = archive({"inside.bmp": b"1" * 3000})
    record = inner[: directory_of(inner)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        file.writestr("outside.bmp", b"2222" + record)
    outer = buffer.getvalue()
    start = directory_of(outer)
    offset = outer.index(record)
    entry = bytearray(inner[directory_of(inner) : -22])
    struct.pack_into("<L", entry, 42, offset)
    entries = outer[start:-22] + bytes(entry)
    return outer[:start] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(entries), start, 0)
