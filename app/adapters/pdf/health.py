"""Is there a converter, and will its PDFs hold every Vietnamese letter?"""

import shutil
import subprocess
from dataclasses import dataclass

from app.adapters.pdf.converter import PACKAGES
from app.adapters.pdf.libreoffice import find_soffice

PAPER_FONT = "Times New Roman"
# Letters with two marks (ạ to ỹ) and those with a horn: what older fonts lack.
_NEEDED = [*range(0x1EA0, 0x1EFA), 0x01A0, 0x01A1, 0x01AF, 0x01B0, 0x0110, 0x0111]
_SECONDS = 20


@dataclass(frozen=True)
class Health:
    """`version` and `font` are empty when there is none; `missing_letters` those the stand-in font lacks."""

    soffice: str
    version: str
    font: str
    missing_letters: str
    install: str = PACKAGES

    @property
    def is_well(self) -> bool:
        """Official papers can be made as PDF here."""
        return bool(self.version and self.font and not self.missing_letters)


def converter_health(soffice: str | None = None) -> Health:
    """Look at the machine; takes up to a few seconds, so not for every page."""
    soffice = soffice or find_soffice() or ""
    version = _said(soffice, "--version") if soffice else ""
    match = _said("fc-match", "--format=%{family[0]}\t%{file}", PAPER_FONT)
    font, _, file = match.partition("\t")
    return Health(soffice, version, font, missing_letters(file) if file else _letters(_NEEDED))


def missing_letters(font_file: str) -> str:
    """The Vietnamese letters that a font file has no picture for."""
    ranges = _said("fc-query", "--format=%{charset}\n", font_file).split()
    has = [(int(low, 16), int(high or low, 16)) for low, _, high in (item.partition("-") for item in ranges)]
    return _letters(point for point in _NEEDED if not any(low <= point <= high for low, high in has))


def _letters(points) -> str:
    return "".join(map(chr, points))


def _said(program: str, *arguments: str) -> str:
    """What a program prints, or nothing when it is absent, fails or hangs."""
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        done = subprocess.run([path, *arguments], capture_output=True, timeout=_SECONDS, text=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
