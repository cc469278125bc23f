"""What may not stand in a Word or Excel file of the XML kind: macros, embedded files, links that fetch data.

Only small parts are held whole; document text streams through, as it may be large.
"""

import re
from collections import defaultdict
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from app.adapters.storage.errors import BadUpload
from app.adapters.storage.zip_guard import guard

_MAIN_PARTS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_TYPES_PART = "[content_types].xml"
_MAX_SMALL_PART = 2**20
_MAX_ELEMENTS = 2_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NESTED = (b"PK\x03\x04", _OLE, b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"MZ", b"%PDF")
_DYNAMIC_DATA = re.compile(r"\bDDE(?:AUTO)?\b", re.I)
_MACRO_NAME = re.compile(r"(?:^|/)vba|(?:^|/)macrosheets/")
_EMBEDDED_NAME = re.compile(r"(?:^|/)(?:embeddings|activex)/|oleobject")

# Relationships that bring in what the names of members need not betray.
_REFUSED_KINDS = {
    "macros": ("/vbaproject", "/wordvbadata", "/xlmacrosheet", "/xlintlmacrosheet"),
    "embedded": ("/oleobject", "/package", "/control", "/afchunk"),
    "external": ("/externallink", "/connections"),
}


class _Parts:
    """Watches the members go by: keeps the small parts that must be read, looks into the others in passing."""

    def __init__(self, *, with_fields: bool) -> None:
        self.small: dict[str, bytearray] = defaultdict(bytearray)
        self.fields: list[str] = []
        self._with_fields = with_fields
        self._head = b""
        self._text: _XmlPart | None = None

    def see(self, name: str, chunk: bytes) -> None:
        """One piece of one member; an empty piece is its end."""
        self._head = (self._head + chunk)[: len(_OLE)]
        if self._head.startswith(_NESTED):
            raise BadUpload("embedded")
        lower = name.casefold()
        if lower.endswith((".xml", ".rels")):
            self._keep(lower, chunk)
            self._text = self._text or _XmlPart(self.fields, with_fields=self._with_fields)
            self._text.feed(chunk)
        if not chunk:
            self._head, self._text = b"", None

    def _keep(self, name: str, chunk: bytes) -> None:
        if name == _TYPES_PART or name.endswith(".rels"):
            self.small[name] += chunk
            if len(self.small[name]) > _MAX_SMALL_PART:
                raise BadUpload("unpacks_too_large")


class _XmlPart:
    """Reads one XML part as it streams by: well-formed, without a document type (it is there only to define
    entities), and in Word files collects the instructions of fields, which may be cut into many runs."""

    def __init__(self, fields: list[str], *, with_fields: bool) -> None:
        self._fields = fields
        self._elements = 0
        self._inside = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._refuse
        if with_fields:
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.CharacterDataHandler = self._data

    def feed(self, chunk: bytes) -> None:
        """The next piece; an empty one ends the part. Raises BadUpload `broken`."""
        try:
            self._parser.Parse(chunk, not chunk)
        except (expat.ExpatError, ValueError, LookupError):
            raise BadUpload("broken") from None

    def _refuse(self, *declaration: object) -> None:
        raise BadUpload("broken")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise BadUpload("unpacks_too_large")
        self._inside = name.endswith(" instrText")
        if name.endswith(" fldSimple"):
            self._fields += [value for key, value in attributes.items() if key.endswith("instr")]

    def _end(self, name: str) -> None:
        self._inside = False

    def _data(self, text: str) -> None:
        if self._inside:
            self._fields.append(text)


def check_office(path: Path, extension: str) -> None:
    """Look through a .docx or .xlsx.

    Raises BadUpload with code `mismatch`, `macros`, `embedded`, `external` or one of the zip guard's.
    """
    parts = _Parts(with_fields=extension == "docx")
    names = [name.casefold() for name in guard(path, parts.see)]
    _check_types(parts.small.get(_TYPES_PART), extension)
    if any(_MACRO_NAME.search(name) for name in names):
        raise BadUpload("macros")
    if any(_EMBEDDED_NAME.search(name) for name in names):
        raise BadUpload("embedded")
    for name, content in parts.small.items():
        if name.endswith(".rels"):
            _check_relationships(bytes(content))
    if _DYNAMIC_DATA.search("".join(parts.fields)):
        raise BadUpload("external")


def _elements(content: bytes) -> list[etree._Element]:
    """All elements of a small part that has been found well-formed and without entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return list(etree.fromstring(content, parser).iter("{*}*"))
    except etree.XMLSyntaxError:
        raise BadUpload("broken") from None


def _check_types(content: bytes | None, extension: str) -> None:
    """The main part must be of the kind that the extension promises."""
    if content is None:
        raise BadUpload("mismatch", extension=extension.upper())
    elements = _elements(bytes(content))
    if any(_is_xml_in_disguise(element) for element in elements):
        raise BadUpload("broken")
    declared = [element.get("ContentType", "").lower() for element in elements]
    if any("macroenabled" in kind or "vbaproject" in kind for kind in declared):
        raise BadUpload("macros")
    if any("oleobject" in kind or "activex" in kind for kind in declared):
        raise BadUpload("embedded")
    if _MAIN_PARTS[extension] not in declared:
        raise BadUpload("mismatch", extension=extension.upper())


def _is_xml_in_disguise(declaration: etree._Element) -> bool:
    """True if text that an office program would read as XML has a name that kept it from being looked through."""
    name = declaration.get("PartName") or f".{declaration.get('Extension', '')}"
    is_xml = declaration.get("ContentType", "").strip().lower().endswith(("+xml", "/xml"))
    return is_xml and not name.lower().endswith((".xml", ".rels"))


def _check_relationships(content: bytes) -> None:
    """Only a hyperlink, which a person must click, may point outside the file."""
    for relationship in _elements(content):
        kind = relationship.get("Type", "").lower()
        if relationship.get("TargetMode", "").strip().lower() == "external" and not kind.endswith("/hyperlink"):
            raise BadUpload("external")
        for code, kinds in _REFUSED_KINDS.items():
            if kind.endswith(kinds):
                raise BadUpload(code)
