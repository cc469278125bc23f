"""What stands in the cells of the head and of the end of a paper: Tiêu ngữ, Nơi nhận, signatures, the code."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from . import measures as m
from .styles import motto_indent
from .tables import add


def motto(cell: _Cell, width: float) -> None:
    """Quốc hiệu and Tiêu ngữ with its rule, in a cell of that width in mm."""
    add(cell, m.COUNTRY, "Country")
    add(cell, m.MOTTO, "Motto")
    add(cell, "", "RuleMotto")
    set_indents(cell.paragraphs[-1], motto_indent(width))


def set_indents(paragraph: Paragraph, indent: str) -> None:
    """The same indent in twips on both sides."""
    element = OxmlElement("w:ind")
    element.set(qn("w:left"), indent)
    element.set(qn("w:right"), indent)
    paragraph._p.get_or_add_pPr().append(element)


def recipients(cell: _Cell) -> None:
    """Nơi nhận with its list."""
    add(cell, "Nơi nhận:", "RecipientsTitle")
    add(cell, "{%p for line in recipients %}", "RecipientLine")
    add(cell, "- {{ line|closed(';') }}", "RecipientLine")
    add(cell, "{%p endfor %}", "RecipientLine")
    add(cell, "- Lưu: {{ archive_line|closed('.') }}", "RecipientLine")


def code_block(cell: _Cell, style: str = "Qr") -> None:
    """The QR code that leads to the page where anybody checks the paper, and the code below it."""
    add(cell, "{%p if verify.qr %}", style)
    add(cell, "{{ verify.qr }}", style)
    add(cell, "Mã kiểm tra: {{ verify.code }}", f"{style}Text")
    add(cell, "{%p endif %}", style)


def signature_block(cell: _Cell, block: str, office: bool, space: str = "SignSpace") -> None:
    """Quyền hạn, chức vụ; room for signature and seal; họ tên. `block` is the field it prints."""
    add(cell, f"{{%p for line in {block}.capacity_lines %}}", "SignCapacity")
    add(cell, "{{ line }}", "SignCapacity")
    add(cell, "{%p endfor %}", "SignCapacity")
    _optional(cell, f"{block}.note", "SignNote")
    add(cell, "", space)
    if office:
        _optional(cell, f"{block}.office_line", "SignCapacity")
    add(cell, f"{{{{ {block}.name }}}}", "SignName")


def _optional(cell: _Cell, expression: str, style: str) -> None:
    add(cell, f"{{%p if {expression} %}}", style)
    add(cell, f"{{{{ {expression} }}}}", style)
    add(cell, "{%p endif %}", style)
