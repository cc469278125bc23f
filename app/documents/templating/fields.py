"""The contract of a template: which fields it needs, of which shape; and the check of a context against it.

A context holds plain strings, whole numbers, truth values, lists and dictionaries and nothing else: a
template can call the public methods of what it is given, so it is given nothing worth calling.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import DomainError
from workflows.spec import N_

TYPES = ("text", "qr", "number", "flag", "list", "group", "rows")

_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Field:
    """One field. `fields` are the parts of a group, or the columns of rows; `required` means never blank.

    The value of a `qr` is the text that its picture holds.
    """

    name: str
    label: str
    type: str
    required: bool = True
    fields: tuple["Field", ...] = ()


class DocumentError(DomainError):
    """A paper cannot be made. `message` is a Vietnamese msgid with named places, `params` what fills them."""

    message = N_("Không tạo được văn bản.")

    def __init__(self, message: str = "", **params: Any):
        self.message = message or type(self).message
        self.params = params
        super().__init__(self.message % params if params else self.message)


class FieldError(DocumentError):
    """The context does not fit the template with code `template`; `field` is a path: `rows[2].title`."""

    def __init__(self, message: str, template: str, field: str, label: str):
        super().__init__(message, template=template, field=field, label=label)
        self.template = template
        self.field = field


MISSING = N_("Mẫu “%(template)s” thiếu trường “%(label)s” (%(field)s).")
UNKNOWN = N_("Mẫu “%(template)s” không có trường “%(field)s”.")
WRONG_TYPE = N_("Mẫu “%(template)s”: trường “%(label)s” (%(field)s) có kiểu dữ liệu không đúng.")
NOT_A_ROW = N_("Mẫu “%(template)s”: mỗi dòng của “%(label)s” (%(field)s) phải gồm các trường có tên.")

_EMPTY: dict[str, Any] = {"text": "", "qr": "", "number": 0, "flag": False}


def fill(template: str, fields: tuple[Field, ...], context: Mapping[str, Any]) -> dict[str, Any]:
    """A clean copy of `context` that holds every declared field and no other.

    Text becomes NFC and loses the characters that XML cannot carry (form feed, NUL and the like: none is
    visible). Optional fields that are absent become empty. Raises FieldError for a missing, blank, unknown
    or wrongly typed field.
    """
    return _group(template, fields, context, "")


def _group(template: str, fields: tuple[Field, ...], values: Any, path: str) -> dict[str, Any]:
    unknown = next((key for key in values if key not in {f.name for f in fields}), None)
    if unknown is not None:
        raise FieldError(UNKNOWN, template, f"{path}{unknown}", "")
    return {f.name: _value(template, f, values.get(f.name), f"{path}{f.name}") for f in fields}


def _value(template: str, field: Field, value: Any, path: str) -> Any:
    if value is None and not field.required:
        return empty(field)
    if value is None:
        raise FieldError(MISSING, template, path, field.label)
    if not _has_type(field.type, value):
        raise FieldError(WRONG_TYPE, template, path, field.label)
    if field.type in ("text", "qr"):
        value = clean(value)
    if field.required and _is_blank(value):
        raise FieldError(MISSING, template, path, field.label)
    return _parts(template, field, value, path)


def _parts(template: str, field: Field, value: Any, path: str) -> Any:
    if field.type == "list":
        item = Field(field.name, field.label, "text")
        return [_value(template, item, one, f"{path}[{n}]") for n, one in enumerate(value, 1)]
    if field.type == "rows":
        return [_row(template, field, row, f"{path}[{n}]") for n, row in enumerate(value, 1)]
    if field.type == "group":
        return empty(field) if not value else _group(template, field.fields, value, f"{path}.")
    return value


def _row(template: str, field: Field, row: Any, path: str) -> dict[str, Any]:
    if type(row) is not dict:
        raise FieldError(NOT_A_ROW, template, path, field.label)
    return _group(template, field.fields, row, f"{path}.")


def _is_blank(value: Any) -> bool:
    return not value.strip() if isinstance(value, str) else value in ([], {})


def _has_type(kind: str, value: Any) -> bool:
    python = {"text": str, "qr": str, "number": int, "flag": bool, "list": list, "rows": list, "group": dict}[kind]
    return type(value) is python


def empty(field: Field) -> Any:
    """What stands for an optional field that was not given."""
    if field.type == "group":
        return {part.name: empty(part) for part in field.fields}
    return _EMPTY.get(field.type, [])


def clean(text: str) -> str:
    """NFC, without the characters that an XML document cannot hold."""
    return _NOT_IN_XML.sub("", unicodedata.normalize("NFC", text))


def leaves(fields: tuple[Field, ...], prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Every field with its dotted path, groups and columns included: `head.agency_lines`, `rows[].title`."""
    for field in fields:
        path = f"{prefix}{field.name}"
        yield path, field
        yield from leaves(field.fields, f"{path}[]." if field.type == "rows" else f"{path}.")
