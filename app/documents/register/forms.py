"""Forms of the register."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.vietnamese import clean_line
from app.documents.forms import MOST_COPIES
from app.documents.register.series import Counted


def _line(label, description, most: int) -> StringField:
    too_long = _l("Viết ngắn hơn %(n)s ký tự", n=most)
    return StringField(
        label,
        [Length(max=most, message=too_long)],
        description=description,
        filters=[lambda text: clean_line(text or "")],
    )


class LineForm(FlaskForm):
    """What the clerk fills in by hand in one line of the register."""

    archive_unit = _line(_l("Đơn vị, người nhận bản lưu"), _l("Ví dụ VT, Văn phòng."), 200)
    copies = IntegerField(
        _l("Số lượng bản"),
        [InputRequired(_l("Nhập số lượng bản")), NumberRange(1, MOST_COPIES, _l("Số lượng bản từ 1 đến 10.000"))],
        invalid_value_message=_l("Số lượng bản là một số nguyên, ví dụ 3"),
    )
    received_by = _line(_l("Ký nhận"), _l("Ai đã nhận. Để trống nếu ký tay vào sổ in."), 200)


class SeriesForm(FlaskForm):
    """One box for each type of paper: the book that counts it. Made by `series_form`."""

    symbols: tuple[str, ...] = ()

    def books(self) -> dict[str, str]:
        """What was typed, by symbol."""
        return {symbol: self[_name(n)].data for n, symbol in enumerate(self.symbols)}

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Say at each box what the service refused."""
        for number, symbol in enumerate(self.symbols):
            if symbol in errors:
                self[_name(number)].errors = [errors[symbol]]


def series_form(counted: Sequence[Counted]) -> SeriesForm:
    """The form for these types."""
    boxes = {
        _name(number): StringField(
            one.series,
            default=one.book,
            description=", ".join(one.names),
            render_kw={"readonly": True} if one.is_used else {},
            filters=[lambda text: clean_line(text or "")],
        )
        for number, one in enumerate(counted)
    }
    return type("BoxesForm", (SeriesForm,), boxes | {"symbols": tuple(one.series for one in counted)})()


def _name(number: int) -> str:
    return f"so_{number}"
