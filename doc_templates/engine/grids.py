"""Makes a table whose number of columns came from the data as wide as the template says, in proportion."""

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def fit_grids(body: etree._Element) -> None:
    """Where the cells of a table's first row do not add up to the table's width, scale every column.

    Converters take the widths from the grid, Word from the cells: both are set.
    """
    for table in body.iter(f"{W}tbl"):
        total = table.find(f"{W}tblPr/{W}tblW")
        widths = [_width(cell) for cell in table.find(f"{W}tr").iter(f"{W}tc")]
        if total is not None and total.get(f"{W}type") == "dxa" and sum(widths) != int(total.get(f"{W}w")):
            _scale(table, widths, int(total.get(f"{W}w")))


def _scale(table: etree._Element, widths: list[int], total: int) -> None:
    ratio = total / sum(widths)
    grid = table.find(f"{W}tblGrid")
    grid[:] = [etree.Element(f"{W}gridCol", {f"{W}w": str(round(width * ratio))}) for width in widths]
    for cell in table.iter(f"{W}tc"):
        cell.find(f"{W}tcPr/{W}tcW").set(f"{W}w", str(round(_width(cell) * ratio)))


def _width(cell: etree._Element) -> int:
    return int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w"))
