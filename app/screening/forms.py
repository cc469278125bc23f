"""Forms of screening: the checklist, and what an act that sends an entry back asks for."""

from collections.abc import Sequence
from datetime import datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import Row
from wtforms import fields as wtf
from wtforms.fields.choices import SelectChoice

from app.core.i18n import spoken
from app.core.vietnamese import BadDate, clean_line, clean_text, from_local, parse_date, short_date, to_local
from app.entries.services import PARTS
from app.flow import forms as acts
from app.flow.forms import ActionForm
from app.screening import queries
from app.screening.services import NOTE_LIMIT, Answer
from workflows.spec import N_

END_OF_DAY = time(17, 0)
RESULT_CHOICES = (
    ("passed", N_("Đạt")),
    ("failed", N_("Không đạt")),
    ("missing", N_("Cần bổ sung")),
)


def _text(value: str | None) -> str:
    return clean_text(value or "")


class EndOfDay(wtf.DateField):
    """A day as people type it, meaning 17:00 of that day in local time."""

    def process_formdata(self, valuelist):
        """Read the text; a wrong one stays on the page with what is wrong."""
        typed = valuelist[0] if valuelist else ""
        self.data = None
        if not clean_line(typed):
            return
        try:
            self.data = from_local(datetime.combine(parse_date(typed), END_OF_DAY))
        except BadDate as error:
            raise ValueError(spoken(error.message, error.params)) from None

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return short_date(to_local(self.data).date()) if self.data else ""


class ReturnForm(FlaskForm):
    """Which parts reopen and until when; the reason begins with what was noted on the checklist."""

    parts = wtf.SelectMultipleField(_l("Phần cần bổ sung"), validate_choice=False)
    due_at = EndOfDay(_l("Hạn bổ sung"), description=_l("Đến 17 giờ 00 ngày này, ví dụ 30/11/2026"))

    def prepare(self, subject) -> None:
        """Offer the parts, and the notes as the reason."""
        self.parts.choices = [SelectChoice(part.name, _(part.label)) for part in PARTS]
        if not self.is_submitted() and "reason" in self:
            self["reason"].data = "\n".join(f"{row.text}: {row.note}" for row in queries.open_points(subject))


class ExtendForm(FlaskForm):
    """Until when."""

    due_at = EndOfDay(_l("Hạn mới"), description=_l("Đến 17 giờ 00 ngày này, ví dụ 30/11/2026"))


acts.register("return", ReturnForm)
acts.register("extend", ExtendForm)


def check_form(items: Sequence[Row]) -> ActionForm:
    """The checklist as a form: `result_<id>` and `note_<id>` for each question."""
    fields = {}
    for item in items:
        fields[f"result_{item.id}"] = wtf.RadioField(
            item.text,
            choices=[SelectChoice(value, _(label)) for value, label in RESULT_CHOICES],
            validate_choice=False,
            default=item.result,
        )
        fields[f"note_{item.id}"] = wtf.TextAreaField(
            _("Ghi chú: %(item)s", item=item.text),
            filters=[_text],
            default=item.note or "",
            render_kw={"rows": 2, "maxlength": NOTE_LIMIT},
        )
    return type("CheckForm", (ActionForm,), fields)()


def answers_of(form: ActionForm, items: Sequence[Row]) -> dict[int, Answer]:
    """What the form gives, by the question's id."""
    return {item.id: Answer(form[f"result_{item.id}"].data or "", form[f"note_{item.id}"].data or "") for item in items}
