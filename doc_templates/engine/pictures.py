"""Pictures that stand where a template prints a field of the type `qr`: the engine is given their bytes.

The field's value becomes a drawing in the text; the picture, its relationship and its content type join the package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

_TYPES = "[Content_Types].xml"
_TYPES_NS = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELS_NS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_NO_RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_EMU_PER_MM = 36_000
_DRAWING = (
    '</w:t></w:r><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="{size}" cy="{size}"/><wp:docPr id="{number}" name="QR {number}" descr={words}/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:nvPicPr><pic:cNvPr id="{number}" name="QR {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    '</wp:inline></w:drawing></w:r><w:r><w:t xml:space="preserve">'
)


@dataclass(frozen=True)
class Picture:
    """A square PNG, `width` mm wide, for the value at `path` of the context; `words` say what it shows."""

    path: Sequence[str | int]
    png: bytes
    width: float
    words: str


@dataclass(frozen=True)
class Drawing:
    """XML made here alone, which a template prints as it is; the words in it are quoted already."""

    xml: str

    def __html__(self) -> str:
        return self.xml


def placed(context: Mapping[str, Any], pictures: Sequence[Picture]) -> Mapping[str, Any]:
    """The context with drawings in place of the values that have a picture."""
    for number, picture in enumerate(pictures, 1):
        size = round(picture.width * _EMU_PER_MM)
        words = quoteattr(picture.words)
        drawing = Drawing(_DRAWING.format(size=size, number=number, words=words, key=_key(number)))
        context = _replaced(context, picture.path, drawing)
    return context


def added_parts(
    parts: Mapping[str, bytes], filled: Mapping[str, bytes], pictures: Sequence[Picture]
) -> dict[str, bytes]:
    """The parts that join or change because parts in `filled` show pictures."""
    added: dict[str, bytes] = {}
    for number, picture in enumerate(pictures, 1):
        target = f"media/qr{number}.png"
        for name, xml in filled.items():
            if f'"{_key(number)}"'.encode() in xml:
                rels = _rels_of(name)
                added[rels] = _related(added.get(rels) or parts.get(rels, _NO_RELS), _key(number), target)
                added[f"word/{target}"] = picture.png
    return added | {_TYPES: _with_png(parts[_TYPES])} if added else {}


def _key(number: int) -> str:
    return f"rIdQr{number}"


def _replaced(value: Any, path: Sequence[str | int], drawing: Drawing) -> Any:
    if not path:
        return drawing
    copy = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = _replaced(copy[path[0]], path[1:], drawing)
    return copy


def _rels_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels"


def _related(rels: bytes, key: str, target: str) -> bytes:
    root = etree.fromstring(rels)
    etree.SubElement(root, f"{_RELS_NS}Relationship", {"Id": key, "Type": _IMAGE, "Target": target})
    return etree.tostring(root, encoding="UTF-8", standalone=True)


def _with_png(types: bytes) -> bytes:
    root = etree.fromstring(types)
    if not any(default.get("Extension") == "png" for default in root.iter(f"{_TYPES_NS}Default")):
        root.insert(0, etree.Element(f"{_TYPES_NS}Default", {"Extension": "png", "ContentType": "image/png"}))
    return etree.tostring(root, encoding="UTF-8", standalone=True)
