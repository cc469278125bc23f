"""Forms of screening: the checklist, and what an act that sends an entry back asks for."""

from collections.abc import Sequence
from datetime import datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import Row
from wtforms import fields as wtf
from wtforms.fields.choices import SelectChoice

from app.core.vietnamese import clean_text, from_local, short_date, to_local
from app.entries.services import PARTS
from app.flow import forms as acts
from app.flow.forms import ActionForm
from app.screening import queries
from app.screening.services import NOTE_LIMIT, Answer
from app.web.days import DayField
from workflows.spec import N_

END_OF_DAY = time(17, 0)
RESULT_CHOICES = (
    ("passed", N_("Đạt")),
    ("failed", N_("Không đạt")),
    ("missing", N_("Cần bổ sung")),
)


def _text(value: str | None) -> str:
    return clean_text(value or "")


class EndOfDay(DayField):
    """A day as people type it, meaning 17:00 of that day in local time."""

    def process_formdata(self, valuelist):
        """Read the day; `data` is then the moment."""
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = from_local(datetime.combine(self.data, END_OF_DAY))

    def _value(self):
        if self.raw_data or self.data is None:
            return super()._value()
        return short_date(to_local(self.data).date())


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
