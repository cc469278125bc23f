"""The fields of a template for the person who writes one: how each is used, what it holds, and what was meant."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from docx import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt
from flask_babel import gettext as _

from app.core.vietnamese import fold
from app.documents.templating.fields import Field
from app.documents.templating.store import Template
from workflows.spec import N_

TYPE_LABELS = {
    "text": N_("chữ"),
    "number": N_("số"),
    "flag": N_("có hoặc không"),
    "list": N_("danh sách đoạn"),
    "group": N_("nhóm trường"),
    "rows": N_("các dòng của bảng"),
    "qr": N_("ảnh mã QR"),
}
WIDTHS = (58, 72, 30, 24, 73)
VALUE_LIMIT = 300
_NEAR_ENOUGH = 0.6
_CONTAINED = 0.9
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Line:
    """One field as a person reads it: `tags` is what to copy into the template."""

    label: str
    tags: str
    kind: str
    required: bool
    value: str
    depth: int


# --- how a field is used ------------------------------------------------------------------------------------------
def usage(path: str, field: Field, item: str = "r") -> str:
    """The tags that print a field: one tag, or a loop over its items; `item` is what a row is called."""
    if field.type == "list":
        return f"{{%p for x in {path} %}} {{{{ x }}}} {{%p endfor %}}"
    if field.type == "rows":
        return f"{{%tr for {item} in {path} %}} {{{{ {item}.{field.fields[0].name} }}}} … {{%tr endfor %}}"
    if field.type == "flag":
        return f"{{% if {path} %}} … {{% endif %}}"
    return f"{{{{ {path} }}}}"


def lines(
    fields: tuple[Field, ...], values: Mapping[str, Any], prefix: str = "", depth: int = 0, item: str = "r"
) -> Iterator[Line]:
    """Every field in order, the parts of a group and the columns of a table after it, with the value that it has."""
    for field in fields:
        path, value = f"{prefix}{field.name}", values.get(field.name)
        tags = "" if field.type == "group" else usage(path, field, item)
        yield Line(field.label, tags, _(TYPE_LABELS[field.type]), field.required, _shown(field, value), depth)
        if field.type == "group":
            yield from lines(field.fields, value or {}, f"{path}.", depth + 1, item)
        if field.type == "rows":
            yield from lines(field.fields, (value or [{}])[0], f"{item}.", depth + 1, f"{item}r")


def _shown(field: Field, value: Any) -> str:
    if field.type in ("group", "rows") or value in (None, "", []):
        return ""
    if field.type == "flag":
        return _("có") if value else _("không")
    text = "\n".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 1]}…"


# --- what was meant -----------------------------------------------------------------------------------------------
def nearest(name: str, scope: Mapping[str, str], fields: tuple[Field, ...]) -> str:
    """The known name that is most like an unknown one, by its letters or by the field's Vietnamese label; "" when
    none is near. `scope` maps names in front ("" for none) to the path of what they stand for."""
    best, most = "", _NEAR_ENOUGH
    for base, path in scope.items():
        for field in _parts_at(path, fields):
            likeness = _likeness(name, field)
            if likeness > most:
                best, most = f"{base}.{field.name}" if base else field.name, likeness
    return best


def _parts_at(path: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    for step in filter(None, path.replace("[]", "").split(".")):
        fields = next((field.fields for field in fields if field.name == step), ())
    return fields


def _likeness(name: str, field: Field) -> float:
    """From 0 to about 1; words of the name that all stand in the label count as near."""
    typed, label = _words(name), _words(field.label)
    by_letters = SequenceMatcher(None, name.lower(), field.name).ratio()
    by_label = SequenceMatcher(None, " ".join(typed), " ".join(label)).ratio()
    contained = _CONTAINED + by_label / 10 if typed and set(typed) <= set(label) else 0.0
    return max(by_letters, by_label, contained)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


# --- the list as a Word file --------------------------------------------------------------------------------------
def catalogue(template: Template, values: Mapping[str, Any], source: str) -> bytes:
    """A .docx with every field, what prints it, and its value in `values`; `source` says where these come from."""
    document = WordFile()
    _set_up(document, template.manifest.title)
    document.add_heading(_("Danh mục trường: %(title)s", title=template.manifest.title), 1)
    for text in _explained(source):
        document.add_paragraph(text)
    table = document.add_table(1, len(WIDTHS), "Table Grid")
    _fill(table.rows[0], (_("Trường"), _("Thẻ để chép vào mẫu"), _("Kiểu"), _("Bắt buộc"), _("Ví dụ")))
    for line in lines(template.manifest.fields, values):
        required = _("có") if line.required else ""
        _fill(table.add_row(), ("– " * line.depth + line.label, line.tags, line.kind, required, line.value))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _explained(source: str) -> tuple[str, ...]:
    return (
        _("Chép thẻ ở cột thứ hai vào đúng chỗ trong mẫu. Chữ quanh thẻ, phông và khoảng cách là của mẫu."),
        _("Thẻ bắt đầu bằng {%p đứng một mình trong một đoạn; thẻ bắt đầu bằng {%tr đứng một mình trong một dòng."),
        _("Phần chỉ in khi có dữ liệu đặt giữa {%p if tên_trường %} và {%p endif %}."),
        source,
    )


def _set_up(document: WordFile, title: str) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Times New Roman", Pt(12)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""


def _fill(row, texts: tuple[str, ...]) -> None:
    for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
        cell.text, cell.width = text, Mm(width)
