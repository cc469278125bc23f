"""Forms of papers: what signing and issuing ask for, the signer's list, and the filters of the lists."""

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, PasswordField, SelectField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.core import ids
from app.core.clock import utcnow
from app.core.vietnamese import to_local
from app.documents import confirming, queries
from app.documents.models import Document
from app.web.days import DayField

MOST_COPIES = 10_000


class PasswordAgain(FlaskForm):
    """The password once more, unless it was given a few minutes ago. The view has checked it already and left what
    is wrong in `g.password_problem`."""

    password = PasswordField(
        _l("Mật khẩu"),
        description=_l("Nhập lại mật khẩu đăng nhập để xác nhận người ký. Không hỏi lại trong 5 phút."),
        render_kw={"autocomplete": "current-password"},
    )

    def validate_password(self, field: PasswordField) -> None:
        """Say what the view found wrong."""
        if g.get("password_problem"):
            raise ValidationError(g.password_problem)

    def drop_if_fresh(self) -> None:
        """Do not ask again within the minutes in which the last answer holds."""
        if not g.get("password_problem") and confirming.is_fresh(utcnow()):
            del self.password


class SignForm(PasswordAgain):
    """What the signer was shown, by its hash, and the password."""

    sha256 = HiddenField()

    def prepare(self, subject: Document) -> None:
        """Bind the page to the bytes that it shows."""
        if not self.is_submitted():
            self.sha256.data = queries.signable_sha256(subject.id)
        self.drop_if_fresh()


class SignListForm(PasswordAgain):
    """The signer's list: the ticked papers come as fields `paper`, read by the view."""


class NumberForm(FlaskForm):
    """Date of the paper and number of copies. After validation `issued_on` holds a date."""

    issued_on = DayField(
        _l("Ngày văn bản"),
        [InputRequired(_l("Nhập ngày văn bản"))],
        description=_l("Viết dạng ngày/tháng/năm. Không trước ngày ký, không sau hôm nay."),
    )
    copies = IntegerField(
        _l("Số lượng bản"),
        [
            InputRequired(_l("Nhập số lượng bản")),
            NumberRange(1, MOST_COPIES, _l("Số lượng bản từ 1 đến 10.000")),
        ],
        invalid_value_message=_l("Số lượng bản là một số nguyên, ví dụ 3"),
        default=1,
    )

    def prepare(self, subject: Document) -> None:
        """Propose today."""
        if not self.is_submitted():
            self.issued_on.data = to_local(utcnow()).date()


class TogetherForm(FlaskForm):
    """An act on many papers: `count` and `newest` tell the list that the page had shown."""

    key = HiddenField()
    count = HiddenField()
    newest = HiddenField()

    @classmethod
    def of(cls, action: str) -> "TogetherForm":
        """The form of the act; numbering asks for the day."""
        form = NumberTogetherForm() if action == "number" else cls()
        if not form.is_submitted():
            form.key.data = ids.token()
        return form

    def act_data(self) -> dict[str, Any]:
        """`data` and `key` of the act."""
        own = {name: value for name, value in self.data.items() if name in ("issued_on", "copies")}
        return {"data": own, "key": self.key.data or ids.token()}


class NumberTogetherForm(TogetherForm):
    """The day that all papers get; their numbers follow the order in which they were drawn up."""

    issued_on = DayField(
        _l("Ngày văn bản"),
        [InputRequired(_l("Nhập ngày văn bản"))],
        description=_l("Viết dạng ngày/tháng/năm. Không trước ngày ký, không sau hôm nay."),
        default=lambda: to_local(utcnow()).date(),
    )


class PapersFilter(FlaskForm):
    """Filter of the list of papers."""

    class Meta:
        csrf = False

    cuoc_thi = SelectField(_l("Cuộc thi"), validate_choice=False)


class RegisterFilter(FlaskForm):
    """Filter of the register."""

    class Meta:
        csrf = False

    co_quan = SelectField(_l("Cơ quan"), validate_choice=False)
    nam = SelectField(_l("Năm"), validate_choice=False)
    so = SelectField(_l("Loại sổ"), validate_choice=False)
