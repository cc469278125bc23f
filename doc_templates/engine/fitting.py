"""Sets what depends on how wide the filled-in text is: the rules under it, the lines of titles, odd tables.

A rule is an empty paragraph with a border; its style says which text it belongs to, its indents how long it is:
a third to a half of that text, centred (Nghị định 30/2020/NĐ-CP, Phụ lục I, Mục II).
"""

from contextlib import suppress

from lxml import etree

from .widths import broken, longest_line

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RULES = {"RuleAgency": 12.0, "RuleSubject": 14.0}
TITLES = {
    "LetterSubject": 12.0,
    "DocSubject": 14.0,
    "AnnexTitle": 14.0,
    "AnnexReference": 14.0,
    "AttachedReference": 14.0,
    "CertEntry": 17.0,
}
SHARE = 0.42
TWIPS_PER_MM = 1440 / 25.4
_SLACK = 1.02
_WIDE = round(32 * TWIPS_PER_MM)
_LEAST = 0.6
_AFTER_IND = {f"{W}{name}" for name in ("contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr")}


class Unmeasured(Exception):
    """The template of an office does not say how wide this is in twips, so it stays as it was drawn."""


def fit(body: etree._Element) -> None:
    """Fit everything in `body` (a `w:body`) whose measures are known."""
    for paragraph, size in _styled(body, TITLES):
        with suppress(Unmeasured):
            _balance(paragraph, size)
    for rule, size in _styled(body, RULES):
        with suppress(Unmeasured):
            _draw(rule, size)
    for table in body.iter(f"{W}tbl"):
        with suppress(Unmeasured):
            _fit_table(table)


def _styled(body: etree._Element, sizes: dict[str, float]) -> list[tuple[etree._Element, float]]:
    styles = [style for style in body.iter(f"{W}pStyle") if style.get(f"{W}val") in sizes]
    return [(style.getparent().getparent(), sizes[style.get(f"{W}val")]) for style in styles]


def _balance(paragraph: etree._Element, size: float) -> None:
    """Make the lines of a centred title about equally long, so that no word is left alone on the last."""
    text, available = _text(paragraph), _available(paragraph)
    count = len(broken(text, size, available))
    if count < 2:
        return
    narrow, wide = available / count, available
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if len(broken(text, size, middle)) <= count else (middle, wide)
    _indent(paragraph, max(0.0, (available - wide * _SLACK) / 2))


def _draw(rule: etree._Element, size: float) -> None:
    above = rule.getprevious()
    text = _text(above) if above is not None and above.tag == f"{W}p" else ""
    inside = _available(rule) - (2 * _indent_of(above) if text else 0)
    _indent(rule, (_available(rule) - SHARE * longest_line(text, size, inside)) / 2)


def _fit_table(table: etree._Element) -> None:
    """A table whose columns came from the data: make it as wide as declared, grid and cells alike.

    The wide columns give or take as far as they can, then all do. Converters read the grid, Word the cells.
    A table whose first row has merged cells is left alone: its columns are not known from there.
    """
    declared, rows = table.find(f"{W}tblPr/{W}tblW"), table.findall(f"{W}tr")
    if declared is None or declared.get(f"{W}type") != "dxa" or not rows:
        return
    if any(_span(cell) > 1 for cell in rows[0].findall(f"{W}tc")):
        return
    measured = [[_width(cell) for cell in row.findall(f"{W}tc")] for row in rows]
    total, widths = _twips(declared, "w"), measured[0]
    if abs(sum(widths) - total) > len(widths):
        widths = _shared_out(widths, total)
    grid = table.find(f"{W}tblGrid")
    if grid is not None and [_twips(column, "w") for column in grid] != widths:
        grid[:] = [etree.Element(f"{W}gridCol", {f"{W}w": str(width)}) for width in widths]
        for row in rows:
            _set_widths(row, widths)


def _set_widths(row: etree._Element, widths: list[int]) -> None:
    start = 0
    for cell in row.findall(f"{W}tc"):
        end = start + _span(cell)
        cell.find(f"{W}tcPr/{W}tcW").set(f"{W}w", str(sum(widths[start:end])))
        start = end


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 1 if span is None else _twips(span, "val")


def _shared_out(widths: list[int], total: int) -> list[int]:
    wide = sum(width for width in widths if width >= _WIDE)
    share = (total - sum(widths) + wide) / wide if wide else 0
    if share >= _LEAST:
        return [round(width * share) if width >= _WIDE else width for width in widths]
    return [round(width * total / sum(widths)) for width in widths]


def _width(cell: etree._Element) -> int:
    declared = cell.find(f"{W}tcPr/{W}tcW")
    if declared is None or declared.get(f"{W}type", "dxa") != "dxa":
        raise Unmeasured
    return _twips(declared, "w")


def _twips(element: etree._Element | None, name: str) -> int:
    """A measure of an element; some programs write it with a fraction."""
    try:
        return round(float(element.get(f"{W}{name}")))
    except (AttributeError, TypeError, ValueError):
        raise Unmeasured from None


def _text(paragraph: etree._Element) -> str:
    return "".join(paragraph.itertext(f"{W}t"))


def _available(paragraph: etree._Element) -> float:
    """Width in millimetres of the cell or, outside tables, of the text area of the paragraph's section."""
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    if cell is not None:
        return _width(cell) / TWIPS_PER_MM
    section = next((found for after in paragraph.itersiblings() for found in after.iter(f"{W}sectPr")), None)
    if section is None:
        raise Unmeasured
    page, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    sides = _twips(margins, "left") + _twips(margins, "right")
    return (_twips(page, "w") - sides) / TWIPS_PER_MM


def _indent_of(paragraph: etree._Element) -> float:
    indent = paragraph.find(f"{W}pPr/{W}ind")
    known = indent is not None and indent.get(f"{W}left") is not None
    return _twips(indent, "left") / TWIPS_PER_MM if known else 0.0


def _indent(paragraph: etree._Element, mm: float) -> None:
    properties = paragraph.find(f"{W}pPr")
    indent = properties.find(f"{W}ind")
    if indent is None:
        indent = etree.Element(f"{W}ind")
        later = next((child for child in properties if child.tag in _AFTER_IND), None)
        properties.append(indent) if later is None else later.addprevious(indent)
    for side in ("left", "right"):
        indent.set(f"{W}{side}", str(round(mm * TWIPS_PER_MM)))
