"""Cleaning at the door, search keys and file names for Vietnamese text.

Everything typed, pasted or read from a file goes through `clean_line` or `clean_text` once, before it is
checked or stored; after that the rest of the product may compare strings as they are.
"""

import re
import unicodedata

# Characters that draw nothing although Unicode does not call them format characters: Hangul fillers,
# the blank Braille cell, the grapheme joiner, variation selectors. A title made of them looks empty.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(c) for c in range(0xFE00, 0xFE10)}

# The Icelandic and African capitals look exactly like Đ and come from old converters and keyboards.
_SAME_GLYPH_AS_D = str.maketrans("\u00d0\u0189", "ĐĐ")

# For search only: letters of other scripts that look like a Latin one, so that a title retyped with
# them still meets its twin in the novelty check.
_LOOK_ALIKES = str.maketrans(
    "đðɖаеорсухіјѕԁһӏԛԝαορνικτυχ",
    "dddaeopcyxijsdhlqwaopviktux",
)

_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"] + [f"{p}{n}" for p in ("com", "lpt") for n in "0123456789¹²³"]
)


def nfc(text: str) -> str:
    """The composed form (NFC): the only form that is stored or compared."""
    return unicodedata.normalize("NFC", text)


def _is_dropped(char: str) -> bool:
    """True for control, format (zero-width, bidi), surrogate, private-use and other invisible characters."""
    return char in _INVISIBLE or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"}


def clean_line(text: str) -> str:
    """One line of input as it is stored: NFC, no invisible characters, single spaces, no outer spaces.

    Invisible characters go first: one of them between a letter and its mark would keep both from composing.
    """
    visible = text
    if not text.isprintable() or not _INVISIBLE.isdisjoint(text):
        visible = "".join(" " if c.isspace() else c for c in text if c.isspace() or not _is_dropped(c))
    return " ".join(nfc(visible.translate(_SAME_GLYPH_AS_D)).split())


def clean_text(text: str) -> str:
    """As `clean_line` for each line; line ends of every system become a newline; outer empty lines go."""
    return "\n".join(clean_line(line) for line in text.splitlines()).strip("\n")


def _without_marks(text: str) -> str:
    """Letters in their plainest form. Some show their marks only after casefolding, hence called twice."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")


def fold(text: str) -> str:
    """Search key: without marks, case, đ, or the difference between `hoà` and `hòa`, `uỷ` and `ủy`.

    Compatibility forms (full-width letters, ligatures) and look-alike letters of other scripts fold too.
    The key is for comparing; it is never shown.
    """
    folded = _without_marks(clean_line(text)).casefold()
    return " ".join(_without_marks(folded).translate(_LOOK_ALIKES).split())


def upper(text: str) -> str:
    """Capitals. The text is composed first, as a decomposed letter does not survive every method."""
    return nfc(text).upper()


def is_windows_device(stem: str) -> bool:
    """True if Windows would open a device instead of a file of this name (without its extension)."""
    return stem.strip(" .").casefold() in _WINDOWS_DEVICES


def file_slug(text: str, *, limit: int = 100) -> str:
    """ASCII name for a file, without extension: `Quyết định số 15/QĐ-UBND` → `Quyet-dinh-so-15-QD-UBND`.

    Letters, digits and `_` stay, all else becomes one hyphen. Never empty, never a Windows device name.
    """
    latin = clean_line(text).replace("đ", "d").replace("Đ", "D")
    slug = re.sub(r"[^A-Za-z0-9_]+", "-", _without_marks(latin))[:limit].strip("-")
    if not slug:
        return "tep"
    return f"tep-{slug}" if is_windows_device(slug) else slug
