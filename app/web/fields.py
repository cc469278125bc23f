"""What the form macros ask about a WTForms field, answered by class: a subclass follows its parent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flask import Flask
from wtforms import fields as wtf
from wtforms.fields import Field
from wtforms.form import BaseForm

# The first class that fits decides: a subclass stands before its parent.
KINDS: tuple[tuple[type, str], ...] = (
    (wtf.HiddenField, "hidden"),
    (wtf.SubmitField, "submit"),
    (wtf.PasswordField, "password"),
    (wtf.TextAreaField, "long"),
    (wtf.MultipleFileField, "file"),
    (wtf.FileField, "file"),
    (wtf.RadioField, "radios"),
    (wtf.SelectMultipleField, "checkboxes"),
    (wtf.SelectField, "select"),
    (wtf.BooleanField, "checkbox"),
    (wtf.DateTimeField, "date"),
    (wtf.DateField, "date"),
    (wtf.DecimalField, "decimal"),
    (wtf.FloatField, "decimal"),
    (wtf.IntegerField, "integer"),
    (wtf.EmailField, "email"),
    (wtf.TelField, "tel"),
    (wtf.FieldList, "rows"),
    (wtf.FormField, "group"),
)
INPUT_MODES = {"date": "numeric", "integer": "numeric", "decimal": "decimal"}
BROWSER_LIMITS = ("maxlength", "minlength", "min", "max", "step")
CHOICES = ("radios", "checkboxes")


class FieldError(NamedTuple):
    """One line of the error summary; ``target`` is the id of the control, "" for the whole form."""

    target: str
    message: str


def init_app(app: Flask) -> None:
    """Offer the functions below to the macros."""
    app.jinja_env.globals.update(
        field_kind=field_kind,
        form_errors=form_errors,
        own_errors=own_errors,
        described_by=described_by,
        control_attrs=control_attrs,
    )


def field_kind(field: Field) -> str:
    """How the field is drawn: one of the names in ``KINDS``, or ``text``."""
    if getattr(field.widget, "input_type", "") == "hidden":
        return "hidden"
    return _kind_of(type(field))


@cache
def _kind_of(field_class: type[Field]) -> str:
    return next((kind for cls, kind in KINDS if issubclass(field_class, cls)), "text")


def form_errors(form: BaseForm) -> list[FieldError]:
    """All errors of a form in the order of its fields, those of the whole form first."""
    whole = [FieldError("", str(message)) for message in getattr(form, "form_errors", ())]
    return whole + [error for field in form for error in _errors_of(field)]


def own_errors(field: Field) -> list[str]:
    """Messages of the field itself, without those of the fields inside it."""
    return [str(message) for message in field.errors if not isinstance(message, dict | list | tuple)]


def described_by(field: Field, hint: object) -> str:
    """Ids of the hint (when there is one) and of the error text, for ``aria-describedby``."""
    ids = [f"{field.id}-hint"] if hint else []
    return " ".join(ids + ([f"{field.id}-error"] if field.errors else []))


def control_attrs(
    field: Field,
    *,
    described: object = "",
    width: str = "",
    autocomplete: str = "",
    score: bool = False,
    most: int | None = None,
) -> dict[str, object]:
    """Attributes of the control: one text box for dates and numbers, no limits that a browser would enforce.

    A browser's own limits cut pasted text silently or speak its own language; the server says what is wrong.
    """
    kind = field_kind(field)
    width = width or ("s" if kind in INPUT_MODES else "")
    attrs: dict[str, object] = dict.fromkeys(BROWSER_LIMITS, False)
    attrs["class"] = "choice__box" if kind == "checkbox" else f"input input--{width}" if width else "input"
    attrs |= {"type": "text", "inputmode": INPUT_MODES[kind]} if kind in INPUT_MODES else {}
    attrs |= {"rows": 6} if kind == "long" and "rows" not in (field.render_kw or {}) else {}
    attrs |= {"autocomplete": autocomplete or "off"} if autocomplete or kind in (*INPUT_MODES, "text") else {}
    attrs |= {"aria-describedby": ids} if (ids := described_by(field, described)) else {}
    attrs |= {"aria-invalid": "true"} if field.errors else {}
    attrs |= {"data-score": True} if score else {}
    attrs |= {"value": _with_comma(field)} if kind == "decimal" else {}
    return attrs | ({"data-most": most} if most else {})


def _with_comma(field: Field) -> str:
    """A stored number as Vietnamese writes it; what a person typed stays as typed."""
    return field._value() if field.raw_data else field._value().replace(".", ",")


def _errors_of(field: Field) -> Iterator[FieldError]:
    kind = field_kind(field)
    if kind == "group":
        yield from form_errors(field.form)
    elif kind == "rows":
        yield from (FieldError(field.id, message) for message in own_errors(field))
        for entry in field.entries:
            yield from _errors_of(entry)
    else:
        target = f"{field.id}-0" if kind in CHOICES else field.id
        yield from (FieldError(target, message) for message in own_errors(field))
