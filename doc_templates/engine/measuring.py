"""Measures an uploaded template against Nghị định 30/2020/NĐ-CP, Phụ lục I: sheet, margins, font, size, page number.

What is found are remarks: an office may have its reasons. The application has the words; here are kinds and numbers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SHEET = (210, 297)
MARGINS = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
"""Least and greatest in millimetres."""
FONT = "Times New Roman"
SIZES = (13, 14)
MOST_FONTS = 5
_SLACK = 0.5
_TWIPS_PER_MM = 1440 / 25.4
_WORDS_OWN_SIZE = 20
"""Half points, where a file says nothing."""


def measure(parts: Mapping[str, etree._Element]) -> list[dict[str, Any]]:
    """Remarks on the parsed parts of a template, each once: `kind`, `measured`, and `expected` where it is a range."""
    body = parts["word/document.xml"].find(f"{W}body")
    if body is None:
        return []
    looks = _Looks(parts)
    found = [*_sheets(body), *_fonts(body, looks), *_size(body, looks), *_numbering(parts)]
    return [one for place, one in enumerate(found) if one not in found[:place]]


def _sheets(body: etree._Element) -> Iterator[dict[str, Any]]:
    for section in body.iter(f"{W}sectPr"):
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        sides = [_mm(size, side) for side in ("w", "h")]
        known = [side for side in sides if side is not None]
        if len(known) == 2 and any(abs(mm - want) > _SLACK for mm, want in zip(sorted(known), SHEET, strict=True)):
            yield {"kind": "sheet", "measured": " × ".join(map(_told, known))}
        for side, (least, greatest) in MARGINS.items():
            mm = _mm(margins, side)
            if mm is not None and not least - _SLACK <= mm <= greatest + _SLACK:
                yield {"kind": f"margin_{side}", "measured": _told(mm), "expected": f"{least}–{greatest}"}


def _fonts(body: etree._Element, looks: "_Looks") -> Iterator[dict[str, Any]]:
    for name in sorted({looks.font(run) for run in body.iter(f"{W}r") if _text(run)})[:MOST_FONTS]:
        if name and name.casefold() != FONT.casefold():
            yield {"kind": "font", "measured": name}


def _size(body: etree._Element, looks: "_Looks") -> Iterator[dict[str, Any]]:
    """The size of most of the text outside tables."""
    sizes: Counter[float] = Counter()
    for paragraph in body.findall(f"{W}p"):
        for run in paragraph.iter(f"{W}r"):
            sizes[looks.size(run)] += len(_text(run))
    if sizes and sizes.total():
        points = max(sizes, key=sizes.__getitem__)
        if not SIZES[0] <= points <= SIZES[1]:
            yield {"kind": "size", "measured": _told(points), "expected": f"{SIZES[0]}–{SIZES[1]}"}


def _numbering(parts: Mapping[str, etree._Element]) -> Iterator[dict[str, Any]]:
    headers = [root for name, root in parts.items() if name.startswith("word/header")]
    if not any("PAGE" in _instructions(root).split() for root in headers):
        yield {"kind": "page_number"}


def _instructions(root: etree._Element) -> str:
    simple = (field.get(f"{W}instr", "") for field in root.iter(f"{W}fldSimple"))
    return " ".join([*simple, *(field.text or "" for field in root.iter(f"{W}instrText"))]).upper()


class _Looks:
    """Font and size of a run: its own, its style's, its paragraph's style's and those above, the document's."""

    def __init__(self, parts: Mapping[str, etree._Element]):
        styles = parts.get("word/styles.xml")
        found = [] if styles is None else styles.findall(f"{W}style")
        self._styles = {style.get(f"{W}styleId", ""): style for style in found}
        paragraphs = [style for style in found if style.get(f"{W}type") == "paragraph"]
        self._usual = next((one.get(f"{W}styleId", "") for one in paragraphs if _is_default(one)), "")
        self._defaults = None if styles is None else styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._theme = next((root for name, root in parts.items() if name.startswith("word/theme/")), None)

    def size(self, run: etree._Element) -> float:
        """Points."""
        for properties in self._properties(run):
            size = properties.find(f"{W}sz")
            if size is not None and size.get(f"{W}val", "").isdecimal():
                return int(size.get(f"{W}val")) / 2
        return _WORDS_OWN_SIZE / 2

    def font(self, run: etree._Element) -> str:
        """The name of the font of Latin letters, "" where the file names none."""
        for properties in self._properties(run):
            fonts = properties.find(f"{W}rFonts")
            if fonts is None:
                continue
            if name := fonts.get(f"{W}asciiTheme"):
                return self._of_theme(name)
            if name := fonts.get(f"{W}ascii"):
                return name
        return ""

    def _properties(self, run: etree._Element) -> Iterator[etree._Element]:
        own = run.find(f"{W}rPr")
        if own is not None:
            yield own
            yield from self._of_style(own.find(f"{W}rStyle"))
        paragraph = next(run.iterancestors(f"{W}p"), None)
        style = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        yield from self._of_style(style, self._usual)
        if self._defaults is not None:
            yield self._defaults

    def _of_style(self, named: etree._Element | None, usual: str = "") -> Iterator[etree._Element]:
        name, seen = usual if named is None else named.get(f"{W}val", ""), set()
        while name in self._styles and name not in seen:
            seen.add(name)
            properties = self._styles[name].find(f"{W}rPr")
            if properties is not None:
                yield properties
            above = self._styles[name].find(f"{W}basedOn")
            name = "" if above is None else above.get(f"{W}val", "")

    def _of_theme(self, name: str) -> str:
        if self._theme is None:
            return ""
        kind = "majorFont" if name.startswith("major") else "minorFont"
        latin = next((latin for fonts in self._theme.iter(f"{A}{kind}") for latin in fonts.iter(f"{A}latin")), None)
        return "" if latin is None else latin.get("typeface", "")


def _is_default(style: etree._Element) -> bool:
    return style.get(f"{W}default") in ("1", "true")


def _mm(element: etree._Element | None, name: str) -> float | None:
    """A measure that the file gives in twips, in millimetres; None where it gives none that can be read."""
    try:
        mm = float(element.get(f"{W}{name}")) / _TWIPS_PER_MM
    except (AttributeError, TypeError, ValueError):
        return None
    return mm if isfinite(mm) else None


def _told(number: float) -> str:
    """At most one decimal, with the comma of Vietnamese."""
    return f"{number:.1f}".removesuffix(".0").replace(".", ",")


def _text(run: etree._Element) -> str:
    return "".join(run.itertext(f"{W}t")).strip()
