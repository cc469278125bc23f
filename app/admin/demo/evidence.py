"""Small evidence files for the entries of the demonstration: a page that shows the text, as PNG or PDF."""

import io
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = (
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
SIZE = (900, 600)
INK, PAPER = (23, 33, 43), (255, 255, 255)


def make(file_name: str, caption: str, text: str) -> io.BytesIO:
    """The bytes of one file; its ending says which kind."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((40, 40), caption, fill=INK, font=_font(30))
    draw.multiline_text((40, 110), textwrap.fill(text, 60), fill=INK, font=_font(24), spacing=12)
    stream = io.BytesIO()
    picture.save(stream, "PDF" if file_name.endswith(".pdf") else "PNG")
    stream.seek(0)
    return stream


def _font(size: int) -> ImageFont.ImageFont:
    """A font with Vietnamese letters where the machine has one."""
    path = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
