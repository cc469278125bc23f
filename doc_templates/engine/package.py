"""The zip around a Word document: read within limits, and written so that equal content gives equal bytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

CORE = "docProps/core.xml"
MAX_PARTS = 400
MAX_UNPACKED = 40 * 1024 * 1024

_FIRST = "[Content_Types].xml"
_DATE = 1 << 5 | 1  # the first day that an archive can name: 1 January 1980
_UNIX, _VERSION, _UTF8, _LEVEL = 3, 20, 0x800, 6
_MODE = 0o644 << 16
_CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
    "<cp:lastModifiedBy>{creator}</cp:lastModifiedBy><dc:language>vi-VN</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{modified}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{modified}</dcterms:modified>'
    "</cp:coreProperties>"
)


class PackageTooBig(Exception):
    """The archive holds more than an official paper ever would."""


@dataclass(frozen=True)
class Properties:
    """What the file says of itself. `modified` is UTC as `2024-05-15T01:30:00Z`."""

    title: str
    creator: str
    modified: str


def read_parts(data: bytes) -> dict[str, bytes]:
    """Every part by name. Raises PackageTooBig before unpacking too much, BadZipFile for no archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MAX_PARTS or sum(info.file_size for info in members) > MAX_UNPACKED:
            raise PackageTooBig
        return {info.filename: archive.read(info) for info in members}


class Package:
    """The parts of a template, compressed once: papers made from it differ in few of them."""

    def __init__(self, parts: Mapping[str, bytes]):
        self.parts = dict(parts)
        self._packed = {name: _Packed.of(name, content) for name, content in parts.items()}

    def put(self, name: str, content: bytes) -> None:
        """Change a part for all papers."""
        self.parts[name] = content
        self._packed[name] = _Packed.of(name, content)

    def written(self, changed: Mapping[str, bytes]) -> bytes:
        """A .docx with these parts changed or added. Its bytes depend on the parts alone: fixed dates, fixed order, no
        traces of the machine."""
        packed = self._packed | {
            name: _Packed.of(name, content) for name, content in changed.items() if self.parts.get(name) != content
        }
        out, directory = bytearray(), bytearray()
        for name in sorted(packed, key=lambda name: (name != _FIRST, name)):
            directory += packed[name].listed(len(out))
            out += packed[name].local
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(packed), len(packed), len(directory), len(out), 0)
        return bytes(out + directory + end)


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """A .docx of these parts, as `Package.written` makes it."""
    return Package(parts).written({})


@dataclass(frozen=True)
class _Packed:
    """One part as it stands in the archive: its local header and compressed bytes, and its line of the directory
    without the place (.ZIP File Format Specification, 4.3.7 and 4.3.12)."""

    name: bytes
    header: bytes
    local: bytes

    @classmethod
    def of(cls, name: str, content: bytes) -> "_Packed":
        """Compress a part."""
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        data = deflate.compress(content) + deflate.flush()
        encoded = name.encode()
        flags = 0 if name.isascii() else _UTF8
        sizes = (zlib.crc32(content), len(data), len(content), len(encoded), 0)
        header = struct.pack("<5H3L2H", _VERSION, flags, zipfile.ZIP_DEFLATED, 0, _DATE, *sizes)
        return cls(encoded, header, b"PK\3\4" + header + encoded + data)

    def listed(self, place: int) -> bytes:
        """Its line of the directory, for a local header at byte `place`."""
        made_by = bytes((_VERSION, _UNIX))
        return b"PK\1\2" + made_by + self.header + struct.pack("<3H2L", 0, 0, 0, _MODE, place) + self.name


def core_xml(properties: Properties) -> bytes:
    """The part that holds title, creator and dates."""
    values = {key: escape(value) for key, value in vars(properties).items()}
    return _CORE_XML.format(**values).encode()
