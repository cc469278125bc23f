"""The font of visible signatures: the machine's stand-in for Times New Roman, fit for embedding.

Glyph widths go into a PDF in thousandths of an em, so a font with 2,048 units is scaled to 1,000 first; otherwise its
letters stand apart.
"""

import io
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator

from app.adapters.signing.errors import SigningError

UNITS = 1000
FAMILY = "Times New Roman"


@dataclass(frozen=True)
class Times(FontEngineFactory):
    """Embeds the letters in use of the upright or italic font, at `size` points. Reads no file that stays open."""

    size: int
    italic: bool

    def create_font_engine(self, writer, obj_stream=None) -> GlyphAccumulator:
        """What the signing library draws text with. Raises SigningError (`no_fonts`)."""
        return GlyphAccumulator(writer, io.BytesIO(scaled(self.italic)), self.size, obj_stream=obj_stream)


@cache
def scaled(italic: bool) -> bytes:
    """The font at 1,000 units for an em, made once in each process. Raises SigningError (`no_fonts`)."""
    font = TTFont(_installed(italic))
    scale_upem(font, UNITS)
    if "FFTM" in font:
        del font["FFTM"]
    out = io.BytesIO()
    font.save(out)
    font.close()
    return out.getvalue()


def _installed(italic: bool) -> str:
    matcher = shutil.which("fc-match")
    if matcher is None:
        raise SigningError("no_fonts")
    pattern = FAMILY + (":italic" if italic else "")
    answer = subprocess.run([matcher, "-f", "%{file}", pattern], capture_output=True, text=True, timeout=20)
    if answer.returncode or not Path(answer.stdout).is_file():
        raise SigningError("no_fonts", answer.stderr)
    return answer.stdout
