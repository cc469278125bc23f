"""The blueprint of the administrator's pages and what they share."""

from collections.abc import Iterable
from typing import TypeVar

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice

from app.accounts.access import access
from app.core.db import db
from app.core.errors import Invalid, NotFound
from workflows.spec import Role

Row = TypeVar("Row")

blueprint = Blueprint("admin", __name__, url_prefix="/quan-tri", template_folder="../templates")
admin_only = access(Role.ADMIN)


def found(row: Row) -> Row:
    """The row, or the page for what does not exist."""
    if row is None:
        raise NotFound
    return row


def put_errors(form: FlaskForm, error: Invalid) -> None:
    """Undo what the service began and say at the fields what it refused."""
    db.session.rollback()
    for name, text in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)


def to_choose(rows: Iterable[tuple[int, str]], none: str = "") -> list[SelectChoice]:
    """Choices of a list by number, the first one meaning none."""
    return [SelectChoice("", none or _("Không có")), *(SelectChoice(str(key), label) for key, label in rows)]


def before_number() -> int | None:
    """The number before which a list goes on, from the address."""
    typed = request.args.get("truoc", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
