"""The zip around a Word document: read within limits, and written so that equal content gives equal bytes."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

CORE = "docProps/core.xml"
MAX_PARTS = 400
MAX_UNPACKED = 40 * 1024 * 1024

_FIRST = "[Content_Types].xml"
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
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


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """A .docx whose bytes depend on the parts alone: fixed dates, fixed order, no traces of the machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = _UNIX
            info.external_attr = 0o644 << 16
            archive.writestr(info, parts[name], zipfile.ZIP_DEFLATED, compresslevel=6)
    return out.getvalue()


def core_xml(properties: Properties) -> bytes:
    """The part that holds title, creator and dates."""
    values = {key: escape(value) for key, value in vars(properties).items()}
    return _CORE_XML.format(**values).encode()
