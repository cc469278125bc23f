"""What a visible signature looks like: a picture, or lines of text in an embedded font."""

import io
import textwrap
from dataclasses import dataclass
from datetime import datetime

from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.stamp.base import BaseStampStyle
from pyhanko.stamp.static import StaticStampStyle
from pyhanko.stamp.text import TextStampStyle

from app.adapters.signing.fonts import Times

BLACK, BLUE, RED = (0.0, 0.0, 0.0), (0.0, 0.13, 0.55), (0.8, 0.05, 0.05)
NUMBER_SIZE = 13
"""Số, ký hiệu and the day stand in size 13 (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
NOTE_SIZE = 9
SEAL_COLUMNS = 17


@dataclass(frozen=True)
class Look:
    """Either `picture` (the bytes of a PNG) or `text`; `size` in points, `border` in points."""

    text: str = ""
    picture: bytes = b""
    size: int = NOTE_SIZE
    color: tuple[float, float, float] = BLACK
    italic: bool = False
    align: str = "middle"
    border: int = 0


def number(text: str) -> Look:
    """The number right before its symbol."""
    return Look(text, size=NUMBER_SIZE, align="right")


def day(text: str) -> Look:
    """The day, in the middle of its room and italic like the rest of its line."""
    return Look(text, size=NUMBER_SIZE, italic=True)


def person(picture: bytes, name: str, signed_at: str) -> Look:
    """The picture of the handwritten signature; without one a note in blue that says who signed and when."""
    if picture:
        return Look(picture=picture)
    return Look(f"Ký bởi: {name}\nThời gian ký:\n{signed_at}", color=BLUE, align="right")


def seal(picture: bytes, organisation: str, signed_at: str) -> Look:
    """The picture of the red seal; without one a note in red with a frame."""
    if picture:
        return Look(picture=picture)
    words = [f"Ký bởi: {organisation}", f"Thời gian ký: {signed_at}"]
    rows = [row for line in words for row in textwrap.wrap(line, SEAL_COLUMNS)]
    return Look("\n".join(rows), color=RED, align="left", border=1)


def moment(at: datetime) -> str:
    """A moment as the decree writes it, local with its offset: `05-01-2024 08:30:00 +07:00`."""
    text = at.strftime("%d-%m-%Y %H:%M:%S %z")
    return f"{text[:-2]}:{text[-2:]}"


_ALIGN = {
    "left": AxisAlignment.ALIGN_MIN,
    "middle": AxisAlignment.ALIGN_MID,
    "right": AxisAlignment.ALIGN_MAX,
}


def style(look: Look) -> BaseStampStyle:
    """The look as the signing library draws it. Raises SigningError (`no_fonts`)."""
    if look.picture:
        layout = SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, inner_content_scaling=InnerScaling.STRETCH_TO_FIT
        )
        picture = PdfImage(Image.open(io.BytesIO(look.picture)))
        return StaticStampStyle(background=picture, background_layout=layout, background_opacity=1.0, border_width=0)
    font = Times(look.size, look.italic)
    tight = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MIN)
    box = TextBoxStyle(
        font=font, font_size=look.size, leading=look.size + 2, text_color=look.color, box_layout_rule=tight
    )
    edge = 3 if look.border else 0
    height = AxisAlignment.ALIGN_MIN if look.size == NUMBER_SIZE else AxisAlignment.ALIGN_MID
    layout = SimpleBoxLayoutRule(_ALIGN[look.align], height, Margins.uniform(edge))
    return TextStampStyle(
        stamp_text=look.text.replace("%", "%%"),
        text_box_style=box,
        inner_content_layout=layout,
        border_width=look.border,
        border_color=look.color,
        background=None,
    )
