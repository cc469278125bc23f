"""Is there a converter, and will its PDFs hold every Vietnamese letter?"""

import shutil
import subprocess
import unicodedata
from dataclasses import dataclass

from fontTools.ttLib import TTFont, TTLibError

from app.adapters.pdf.converter import PACKAGES
from app.adapters.pdf.libreoffice import find_soffice

PAPER_FONT = "Times New Roman"
STYLES = ("", ":bold", ":italic", ":bold:italic")
_SECONDS = 20


def _letters_needed() -> str:
    """The letters of Vietnamese beyond those of English: 12 vowels in 6 tones, and đ, small and capital: 134."""
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    small = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones]
    return "".join(letter for letter in [*small, "đ", *map(str.upper, small), "Đ"] if not letter.isascii())


LETTERS = _letters_needed()


@dataclass(frozen=True)
class Health:
    """`version` and `font` are empty when there is none; `missing_letters` those that the font lacks which stands in
    for Times New Roman, upright, bold, italic or both."""

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
    found = [
        _said("fc-match", "--format=%{family[0]}\t%{file}", PAPER_FONT + style).partition("\t") for style in STYLES
    ]
    lacking = {letter for _font, _, file in found for letter in missing_letters(file)}
    return Health(soffice, version, found[0][0], "".join(letter for letter in LETTERS if letter in lacking))


def missing_letters(font_file: str) -> str:
    """The Vietnamese letters that a font file has no picture for; all of them for a file that is no font."""
    try:
        with open(font_file, "rb") as file:
            has = TTFont(file, lazy=True, fontNumber=0).getBestCmap() or {}
    except (OSError, TTLibError):
        has = {}
    return "".join(letter for letter in LETTERS if ord(letter) not in has)


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
