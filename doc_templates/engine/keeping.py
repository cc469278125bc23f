"""Keeps the end of a paper in company, whatever the length of what was filled in.

The last rows of a list stay together, and what closes a text stays with the lines or rows before it, so that no total,
sum in words, signature or Nơi nhận begins a page alone. Set after filling: which row is the last comes from the data.

What closes a list goes into a last row of its table, without rules: converters bind a row to the next one on every
page, but what follows a table only to a table that has not been broken yet.
"""

from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LAST_ROWS = 3
"""A total and two rows above it."""
CLOSING = ("BodyLast", "BodyPlain", "SignGap")
"""Styles of what closes a text: its last sentence, a sum in words, the gap above the signatures."""
_SIDES = ("top", "left", "bottom", "right")


def keep(body: etree._Element) -> None:
    """Keep what belongs together in `body` (a `w:body`)."""
    for table in [table for table in body.findall(f"{W}tbl") if _heading(table)]:
        _keep_last_rows(table)
        _take_in(table, list(_closing_after(table)))
    for paragraph in body.findall(f"{W}p"):
        if _style(paragraph) in CLOSING:
            _keep_company(paragraph)
        elif _style(paragraph) == "SectionEnd":
            _keep_before_end(paragraph)


def _heading(table: etree._Element) -> list[etree._Element]:
    """The rows of a list's heading; other tables have none."""
    return [row for row in table.findall(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]


def _keep_last_rows(table: etree._Element) -> None:
    rows = table.findall(f"{W}tr")[len(_heading(table)) :]
    for row in rows[-LAST_ROWS:]:
        for paragraph in row.iter(f"{W}p"):
            _keep_with_next(paragraph)


def _closing_after(table: etree._Element) -> Iterator[etree._Element]:
    """What closes the list that nothing but gaps parts from it, up to the signatures."""
    found: list[etree._Element] = []
    for after in table.itersiblings():
        if after.tag == f"{W}tbl" and found and not _heading(after):
            yield from [*found, after]
            return
        if after.tag != f"{W}p" or _ends_section(after) or (_says(after) and _style(after) not in CLOSING):
            break
        found.append(after)
    while found and _style(found[-1]) not in CLOSING:
        found.pop()
    yield from found


def _take_in(table: etree._Element, closing: list[etree._Element]) -> None:
    if not closing:
        return
    row = etree.SubElement(table, f"{W}tr")
    etree.SubElement(etree.SubElement(row, f"{W}trPr"), f"{W}cantSplit")
    cell = etree.SubElement(row, f"{W}tc")
    _shape_as_text(cell, [round(float(column.get(f"{W}w"))) for column in table.find(f"{W}tblGrid")])
    cell.extend(closing)
    if closing[-1].tag == f"{W}tbl":  # a cell may not end in a table
        end = etree.SubElement(etree.SubElement(cell, f"{W}p"), f"{W}pPr")
        etree.SubElement(end, f"{W}pStyle").set(f"{W}val", "SectionEnd")


def _shape_as_text(cell: etree._Element, columns: list[int]) -> None:
    """As wide as all columns (twips), without rules, its text level with the text outside."""
    properties = etree.SubElement(cell, f"{W}tcPr")
    width = etree.SubElement(properties, f"{W}tcW")
    width.set(f"{W}w", str(sum(columns)))
    width.set(f"{W}type", "dxa")
    etree.SubElement(properties, f"{W}gridSpan").set(f"{W}val", str(len(columns)))
    borders = etree.SubElement(properties, f"{W}tcBorders")
    for side in _SIDES[1:]:
        etree.SubElement(borders, f"{W}{side}").set(f"{W}val", "nil")
    padding = etree.SubElement(properties, f"{W}tcMar")
    for side in _SIDES:
        edge = etree.SubElement(padding, f"{W}{side}")
        edge.set(f"{W}w", "0")
        edge.set(f"{W}type", "dxa")


def _keep_company(closing: etree._Element) -> None:
    """Bind a closing paragraph to the text before it, over the gaps between."""
    before = closing.getprevious()
    while before is not None and before.tag == f"{W}p" and not _ends_section(before):
        _keep_with_next(before)
        if _says(before):
            return
        before = before.getprevious()


def _keep_before_end(end: etree._Element) -> None:
    """Bind the signatures to the tiny paragraph that has to follow a table, which else makes an empty page."""
    before = end.getprevious()
    if before is not None and before.tag == f"{W}tbl" and not _heading(before):
        for paragraph in before.iter(f"{W}p"):
            _keep_with_next(paragraph)


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val", "")


def _says(paragraph: etree._Element) -> bool:
    return bool("".join(paragraph.itertext(f"{W}t")).strip())


def _ends_section(paragraph: etree._Element) -> bool:
    return paragraph.find(f"{W}pPr/{W}sectPr") is not None


def _keep_with_next(paragraph: etree._Element) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    if properties.find(f"{W}keepNext") is None:
        style = properties.find(f"{W}pStyle")
        properties.insert(0 if style is None else 1, etree.Element(f"{W}keepNext"))
