"""Draws the rules under the agency's name and under the trích yếu: a third to a half of the text, centred.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Mục II. Their length depends on the data, so it is set after the
template was filled. A rule is an empty paragraph with a border; its style says which text it belongs to.
"""

from lxml import etree

from .widths import longest_line

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SIZES = {"RuleAgency": 12.0, "RuleSubject": 14.0}
SHARE = 0.42
TWIPS_PER_MM = 1440 / 25.4
_AFTER_IND = {f"{W}{name}" for name in ("contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr")}


def fit_rules(body: etree._Element) -> None:
    """Set the indents of every rule in `body` (a `w:body`) so that it is SHARE of the text above it."""
    for style in body.iter(f"{W}pStyle"):
        size = SIZES.get(style.get(f"{W}val"))
        if size:
            _fit(style.getparent().getparent(), size)


def _fit(rule: etree._Element, size: float) -> None:
    above = rule.getprevious()
    text = "".join(above.itertext(f"{W}t")) if above is not None and above.tag == f"{W}p" else ""
    available = _available(rule)
    indent = (available - SHARE * longest_line(text, size, available)) / 2
    element = _indent_of(rule)
    for side in ("left", "right"):
        element.set(f"{W}{side}", str(round(max(indent, 0) * TWIPS_PER_MM)))


def _available(rule: etree._Element) -> float:
    """Width in millimetres of the cell or, outside tables, of the text area of the rule's section."""
    cell = next(rule.iterancestors(f"{W}tc"), None)
    if cell is not None:
        return int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) / TWIPS_PER_MM
    section = next(found for after in rule.itersiblings() for found in after.iter(f"{W}sectPr"))
    page, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    sides = int(margins.get(f"{W}left")) + int(margins.get(f"{W}right"))
    return (int(page.get(f"{W}w")) - sides) / TWIPS_PER_MM


def _indent_of(rule: etree._Element) -> etree._Element:
    properties = rule.find(f"{W}pPr")
    indent = properties.find(f"{W}ind")
    if indent is None:
        indent = etree.Element(f"{W}ind")
        later = next((child for child in properties if child.tag in _AFTER_IND), None)
        properties.append(indent) if later is None else later.addprevious(indent)
    return indent
