"""Forms of packages: which entries go, and the answer of the body above."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields import DateField
from wtforms.validators import Length

from app.core.i18n import spoken
from app.core.vietnamese import BadDate, clean_line, parse_date, short_date
from app.flow.forms import ActionForm
from app.handover.acts import DECISION_LIMIT


def _key(typed: str | int) -> int:
    """The key of a ticked entry, 0 for what is no key."""
    text = str(typed)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class ChooseForm(ActionForm):
    """Which entries go; the service knows which may."""

    entries = SelectMultipleField(_l("Hồ sơ gửi cấp trên"), coerce=_key, validate_choice=False)


class Day(DateField):
    """A day as people type it; empty is None."""

    def process_formdata(self, valuelist):
        """Read the text; a wrong one stays on the page with what is wrong."""
        self.data = None
        typed = clean_line(valuelist[0]) if valuelist else ""
        if not typed:
            return
        try:
            self.data = parse_date(typed)
        except BadDate as error:
            raise ValueError(spoken(error.message, error.params)) from None

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return short_date(self.data) if self.data else ""


class ResultForm(FlaskForm):
    """The decision of the body above: number and day."""

    decision = StringField(
        _l("Số quyết định"),
        [Length(max=DECISION_LIMIT, message=_l("Viết ngắn hơn 150 ký tự"))],
        filters=[lambda text: clean_line(text or "")],
        description=_l("Ví dụ 12/QĐ-UBND. Công nhận phải có số quyết định."),
    )
    decided_on = Day(_l("Ngày quyết định"), description=_l("Viết dạng ngày/tháng/năm, ví dụ 05/12/2026"))
