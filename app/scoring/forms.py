"""The sheet as a form, made from the contest's rubric, and the small forms of the panel."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row
from wtforms import fields as wtf

from app.core.vietnamese import BadNumber, clean_text, decimal_text, parse_score
from app.flow.forms import ActionForm
from app.scoring.sheets import COMMENT_LIMIT, NOTE_LIMIT, Mark, example, out_of_range, wrong_step


class ScoreField(wtf.DecimalField):
    """A score as people type it; an empty box is no score and never 0."""

    def __init__(self, label="", *, maximum: Decimal = Decimal(0), step: Decimal = Decimal(1), **kwargs):
        super().__init__(label, **kwargs)
        self.maximum = maximum
        self.step = step

    def process_formdata(self, valuelist):
        """Read the text exactly; a wrong one stays on the page with what is wrong."""
        self.data = None
        typed = valuelist[0] if valuelist else ""
        if not typed.strip():
            return
        try:
            self.data = parse_score(typed, maximum=self.maximum, step=self.step)
        except BadNumber as error:
            raise ValueError(self._words(error.code)) from None

    def _words(self, code: str) -> str:
        if code == "out_of_range":
            return out_of_range(self.maximum)
        if code in ("wrong_step", "too_many_decimals"):
            return wrong_step(self.maximum, self.step)
        return _("Viết điểm bằng chữ số, ví dụ %(example)s", example=example(self.maximum, self.step))

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return decimal_text(self.data) if self.data is not None else ""


def _text(value: str | None) -> str:
    return clean_text(value or "")


def sheet_form(lines: Sequence[Row], step: Decimal, comment: str) -> ActionForm:
    """The form of one sheet: `score_<id>` and `note_<id>` for each criterion, and the comment."""
    fields = {}
    for line in lines:
        fields[f"score_{line.id}"] = ScoreField(line.name, maximum=line.max_score, step=step, default=line.score)
        label = _("Nhận xét về %(criterion)s", criterion=line.name)
        fields[f"note_{line.id}"] = wtf.TextAreaField(
            label, filters=[_text], default=line.note or "", render_kw={"rows": 2, "maxlength": NOTE_LIMIT}
        )
    fields["comment"] = wtf.TextAreaField(
        _("Nhận xét chung"), filters=[_text], default=comment, render_kw={"rows": 2, "maxlength": COMMENT_LIMIT}
    )
    return type("SheetForm", (ActionForm,), fields)()


def marks_of(form: ActionForm, lines: Sequence[Row]) -> dict[int, Mark]:
    """What the form gives, by criterion id."""
    return {line.id: Mark(form[f"score_{line.id}"].data, form[f"note_{line.id}"].data or "") for line in lines}


def ask_for_missing(form: ActionForm, lines: Sequence[Row]) -> bool:
    """Whether every criterion has a score; says at each empty box what to enter."""
    empty = [form[f"score_{line.id}"] for line in lines if form[f"score_{line.id}"].data is None]
    for box in empty:
        box.errors = [*box.errors, _("Nhập điểm từ 0 đến %(maximum)s", maximum=decimal_text(box.maximum))]
    return not empty


class AssignForm(ActionForm):
    """One entry for one judge."""

    entry_id = wtf.SelectField(_l("Hồ sơ"), coerce=str, validate_choice=False)
    judge_id = wtf.SelectField(_l("Giám khảo"), coerce=str, validate_choice=False)
