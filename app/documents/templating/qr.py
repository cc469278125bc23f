"""QR codes of papers: small black-and-white PNGs, the same bytes for the same text.

Level M, at least 25 mm wide on paper without the quiet zone, so that an ordinary phone reads them from a copy.
"""

import base64
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import segno
from segno.encoder import DataOverflowError

from app.documents.templating.fields import WRONG_TYPE, Field, FieldError

SYMBOL_MM = 25.0
BORDER = 2
_DOTS = 290  # at 25 mm about 300 dots an inch: a converter has nothing to scale down
_MASK = 4  # any of the eight is valid; weighing them takes longer than all the rest


def png(text: str) -> tuple[bytes, float]:
    """The picture and its width in millimetres, quiet zone included."""
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=_MASK).matrix
    modules = len(matrix) + 2 * BORDER
    scale = max(1, _DOTS // modules)
    return _drawn(matrix, modules, scale), round(SYMBOL_MM * modules / len(matrix), 2)


def _drawn(matrix: Sequence[Sequence[int]], modules: int, scale: int) -> bytes:
    size = modules * scale
    blank = _line([0] * modules, scale)
    lines = [_line([0] * BORDER + list(row) + [0] * BORDER, scale) for row in matrix]
    rows = b"".join(line * scale for line in [blank] * BORDER + lines + [blank] * BORDER)
    header = struct.pack(">2I5B", size, size, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _line(modules: Sequence[int], scale: int) -> bytes:
    """One line of dots after its filter byte: eight dots a byte, 1 is white."""
    bits = "".join(("0" if module else "1") * scale for module in modules)
    bits += "1" * (-len(bits) % 8)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pictures(template: str, fields: tuple[Field, ...], filled: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the filling process needs to draw every QR field of a filled context. Raises FieldError for a text that
    is too long for a QR code."""
    return [_picture(template, path, field, text) for path, field, text in _texts(fields, filled, ())]


def _picture(template: str, path: tuple, field: Field, text: str) -> dict[str, Any]:
    try:
        content, width = png(text)
    except DataOverflowError:
        raise FieldError(WRONG_TYPE, template, ".".join(map(str, path)), field.label) from None
    return {"path": path, "png": base64.b64encode(content).decode(), "width": width, "words": f"Mã QR: {text}"}


def _texts(fields: tuple[Field, ...], values: Mapping[str, Any], path: tuple) -> Iterator[tuple[tuple, Field, str]]:
    for field in fields:
        value, here = values[field.name], (*path, field.name)
        if field.type == "qr" and value:
            yield here, field, value
        elif field.type == "group":
            yield from _texts(field.fields, value, here)
        elif field.type == "rows":
            for number, row in enumerate(value):
                yield from _texts(field.fields, row, (*here, number))
