"""Forms of acts: what every act needs, and the extra fields that slices hand in by name."""

import re
from functools import cache
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from app.core import ids
from app.core.db import Stateful
from app.core.vietnamese import clean_text
from workflows.spec import Comment, Transition

_extras: dict[str, type[FlaskForm]] = {}

LONGEST_VERSION = 10
_KEY = re.compile(r"[\w-]{1,60}", re.ASCII)

RESERVED = ("csrf_token", "version", "key", "reason")


def register(name: str, fields: type[FlaskForm]) -> None:
    """Hand in the extra fields of a declared `form` name. `prepare(subject)` on the class may fill choices."""
    _extras[name] = fields


class ActionForm(FlaskForm):
    """Hidden version and idempotency key; slices add fields, `build` adds the reason."""

    version = HiddenField()
    key = HiddenField(filters=[lambda text: text if _KEY.fullmatch(text or "") else ""])

    def prepare(self, subject: Stateful) -> None:
        """Fill choices and defaults from the subject before the form is shown or checked."""

    def shown_version(self) -> int | None:
        """The version that the page had shown; None when the field is empty, -1 (so stale) for what is no version."""
        text = self.version.data or ""
        if not text:
            return None
        return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_VERSION else -1

    def extra_data(self) -> dict[str, Any]:
        """Values of the slice's own fields, by name."""
        return {name: value for name, value in self.data.items() if name not in RESERVED}


def _reason(*, is_required: bool) -> TextAreaField:
    label = lazy_gettext("Lý do") if is_required else lazy_gettext("Ghi chú")
    short = Length(max=2000, message=lazy_gettext("Viết ngắn hơn 2.000 ký tự"))
    return TextAreaField(
        label,
        validators=[short] if is_required else [Optional(), short],
        filters=[lambda text: clean_text(text or "")],
        render_kw={"rows": 6 if is_required else 3},
    )


@cache
def _class_of(extra: type[FlaskForm] | None, comment: Comment) -> type[ActionForm]:
    """Made once for each kind of act: WTForms reads a new class through at its first use."""
    bases = (extra, ActionForm) if extra else (ActionForm,)
    fields: dict[str, Any] = {}
    if comment is not Comment.NONE:
        fields["reason"] = _reason(is_required=comment is Comment.REQUIRED)
    return type("ActForm", bases, fields)


def build(subject: Stateful, transition: Transition) -> ActionForm:
    """The form of one act on one subject, bound to the request if it is a POST."""
    form = _class_of(_extras[transition.form] if transition.form else None, transition.comment)()
    form.prepare(subject)
    if not form.is_submitted():
        form.version.data = str(subject.version)
        form.key.data = ids.token()
    return form
