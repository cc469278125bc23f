"""Forms of packages: which entries go, and the answer of the body above."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import Length

from app.core.vietnamese import clean_line
from app.flow.forms import ActionForm
from app.handover.acts import DECISION_LIMIT
from app.web.days import DayField


def _key(typed: str | int) -> int:
    """The key of a ticked entry, 0 for what is no key."""
    text = str(typed)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class ChooseForm(ActionForm):
    """Which entries go; the service knows which may."""

    entries = SelectMultipleField(_l("Hồ sơ gửi cấp trên"), coerce=_key, validate_choice=False)


class ResultForm(FlaskForm):
    """The decision of the body above: number and day."""

    decision = StringField(
        _l("Số quyết định"),
        [Length(max=DECISION_LIMIT, message=_l("Viết ngắn hơn 150 ký tự"))],
        filters=[lambda text: clean_line(text or "")],
        description=_l("Ví dụ 12/QĐ-UBND. Công nhận phải có số quyết định."),
    )
    decided_on = DayField(_l("Ngày quyết định"), description=_l("Viết dạng ngày/tháng/năm, ví dụ 05/12/2026"))
