"""Tables: the borderless ones that hold head and signatures, and the ruled ones that list things."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Cell

from .measures import twips

PADDING = 1.2
_CELL_SIDES = ("top", "left", "bottom", "right")
_ALL_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True)
class Column:
    """A column of a list: heading, width in mm, what is printed in each row, the style of its cells.

    With `each` = (items of the heading, items of a row), both called `c`, it stands once for every item.
    """

    head: str
    width: float
    value: str
    style: str = "TableText"
    each: tuple[str, str] | None = None

    def cells(self) -> list[tuple[str, str]]:
        """(heading, value) of its cells in the template: three when it repeats, for opening, cell and end."""
        if self.each is None:
            return [(self.head, self.value)]
        opening = tuple(f"{{%tc for c in {items} %}}" for items in self.each)
        return [opening, (self.head, self.value), ("{%tc endfor %}", "{%tc endfor %}")]


def plain_table(document: Document, widths: Sequence[float], rows: int = 1) -> Table:
    """A borderless table of these widths (mm) without cell padding; no row is split over pages."""
    table = _table(document, widths, rows)
    _pad(table, _CELL_SIDES, 0)
    for row in table.rows:
        _keep_whole(row)
    return table


def list_table(
    document: Document, columns: Sequence[Column], rows: str, total: Sequence[tuple[int, str, str]] = ()
) -> Table:
    """A ruled table with one row (called `r`) for each item of `rows`; its heading repeats on every page.

    `total` closes it: (number of columns spanned, text, style) for each cell of the last row.
    """
    cells = [(column, *texts) for column in columns for texts in column.cells()]
    table = _table(document, [column.width for column, *_ in cells], 4)
    _set_width(table, sum(column.width for column in columns))
    _rule_all(table)
    head, opening, item, closing = table.rows
    for n, (column, heading, value) in enumerate(cells):
        write(head.cells[n], heading, "TableHead")
        write(item.cells[n], value, column.style)
    write(opening.cells[0], f"{{%tr for r in {rows} %}}", "TableText")
    write(closing.cells[0], "{%tr endfor %}", "TableText")
    for row in (head, item):
        _keep_whole(row)
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    if total:
        _total(table, total)
    return table


def write(cell: _Cell, text: str, style: str) -> None:
    """Put one paragraph into an empty cell."""
    cell.paragraphs[0].text = text
    cell.paragraphs[0].style = style


def add(cell: _Cell, text: str, style: str) -> None:
    """Put a further paragraph into a cell; the first one uses the paragraph that every cell is born with."""
    first = cell.paragraphs[0]
    if len(cell.paragraphs) == 1 and not first.text and first.style.name == "Normal":
        write(cell, text, style)
    else:
        cell.add_paragraph(text, style)


def _table(document: Document, widths: Sequence[float], rows: int) -> Table:
    table = document.add_table(rows, len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    _set_width(table, sum(widths))
    indent = OxmlElement("w:tblInd")
    indent.set(qn("w:w"), "0")
    indent.set(qn("w:type"), "dxa")
    table._tbl.tblPr.find(qn("w:tblW")).addnext(indent)
    return table


def _set_width(table: Table, mm: float) -> None:
    width = table._tbl.tblPr.find(qn("w:tblW"))
    width.set(qn("w:type"), "dxa")
    width.set(qn("w:w"), twips(mm))


def _pad(table: Table, sides: Sequence[str], mm: float) -> None:
    padding = OxmlElement("w:tblCellMar")
    for side in sides:
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), twips(mm))
        edge.set(qn("w:type"), "dxa")
        padding.append(edge)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(padding)


def _rule_all(table: Table) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in _ALL_SIDES:
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    properties = table._tbl.tblPr
    properties.find(qn("w:tblInd")).addnext(borders)
    _pad(table, ("left", "right"), PADDING)


def _total(table: Table, cells: Sequence[tuple[int, str, str]]) -> None:
    row = table.add_row()
    _keep_whole(row)
    start = 0
    for span, text, style in cells:
        cell = row.cells[start]
        if span > 1:
            cell = cell.merge(row.cells[start + span - 1])
        write(cell, text, style)
        start += span


def _keep_whole(row) -> None:
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
