"""Forms of the administrator's pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.models import GRANTED, User
from app.core.vietnamese import clean_line, clean_text
from app.organisations.models import Organisation, Signatory
from app.web.days import DayField
from workflows.spec import N_, ROLE_LABELS, Role

KINDS = {
    "authority": N_("Cơ quan ban hành văn bản"),
    "unit": N_("Đơn vị nộp hồ sơ"),
    "council": N_("Hội đồng cấp trên nhận hồ sơ"),
}
SIGNS_AS = {
    "head": N_("Người đứng đầu"),
    "deputy": N_("Ký thay (KT.)"),
    "order": N_("Ký thừa lệnh (TL.)"),
    "authorised": N_("Ký thừa uỷ quyền (TUQ.)"),
}
SIGNING = (Role.CHAIRMAN, Role.HEAD_OF_JURY, Role.SECRETARY, Role.OFFICE, Role.UPPER_CLERK)


def _cleaned(text: str | None) -> str:
    return clean_line(text or "")


def _line(column, label, missing=None, description="") -> StringField:
    """One line of text, as long as its column allows; `missing` is said when nothing was typed."""
    longest = column.type.length
    checks = [InputRequired(missing)] if missing else [Optional()]
    checks.append(Length(max=longest, message=_l("Viết ngắn hơn %(n)s ký tự", n=longest)))
    return StringField(label, checks, filters=[_cleaned], description=description)


def _lines(label, description, missing=None) -> TextAreaField:
    checks = [InputRequired(missing)] if missing else [Optional()]
    checks.append(Length(max=500, message=_l("Viết ngắn hơn 500 ký tự")))
    return TextAreaField(
        label,
        checks,
        filters=[lambda text: clean_text(text or "")],
        description=description,
        render_kw={"rows": 3},
    )


def _number(value: object) -> int | None:
    """The chosen row of a list; "" means none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _choice(label, *checks, description="") -> SelectField:
    """One row of a table; the view fills the choices."""
    return SelectField(
        label,
        [*checks],
        coerce=_number,
        choices=[],
        description=description,
        invalid_choice_message=_l("Chọn một dòng trong danh sách"),
    )


def _one_of(label, words, missing=None) -> SelectField:
    """One of a few declared values with their words."""
    return SelectField(
        label,
        [InputRequired(missing)] if missing else [],
        choices=[SelectChoice(value, _l(text)) for value, text in words.items()],
        invalid_choice_message=_l("Chọn một dòng trong danh sách"),
    )


class FirstDayNeeded(FlaskForm):
    """A span of days."""

    valid_from = DayField(_l("Từ ngày"), [InputRequired(_l("Nhập ngày đầu"))], description=_l("Ví dụ 01/07/2026"))
    valid_to = DayField(_l("Đến hết ngày"), [Optional()], description=_l("Để trống khi chưa biết ngày cuối."))


class PersonForm(FlaskForm):
    """A person's record; the sign-in name is given once and stays."""

    full_name = _line(User.full_name, _l("Họ và tên"), _l("Nhập họ và tên"))
    honorific = _line(User.honorific, _l("Cách xưng hô"), description=_l("Ông, Bà hoặc Đồng chí; in trên văn bản."))
    job_title = _line(User.job_title, _l("Chức vụ"))
    email = _line(User.email, _l("Thư điện tử"))
    organisation_id = _choice(_l("Cơ quan, đơn vị"))


class NewPersonForm(PersonForm):
    """A person who is new here."""

    username = _line(
        User.username,
        _l("Tên đăng nhập"),
        _l("Nhập tên đăng nhập"),
        _l("Chữ không dấu, chữ số, dấu chấm hoặc gạch, ví dụ mai.tran. Không đổi được về sau."),
    )


class ReasonForm(FlaskForm):
    """Why an account is closed or a role ends."""

    reason = TextAreaField(
        _l("Lý do"),
        [InputRequired(_l("Nhập lý do")), Length(max=500, message=_l("Viết ngắn hơn 500 ký tự"))],
        filters=[lambda text: clean_text(text or "")],
        render_kw={"rows": 3},
    )


class GrantForm(FirstDayNeeded):
    """A role for a person."""

    role = _one_of(_l("Vai trò"), {role: ROLE_LABELS[Role(role)] for role in GRANTED}, _l("Chọn vai trò"))
    organisation_id = _choice(_l("Cơ quan, đơn vị"), InputRequired(_l("Chọn cơ quan, đơn vị")))
    contest_id = _choice(_l("Phạm vi"))


class OrganisationForm(FirstDayNeeded):
    """A public body in a span of days."""

    name = _line(Organisation.name, _l("Tên đầy đủ"), _l("Nhập tên đầy đủ"), _l("Như viết trong câu."))
    short_name = _line(Organisation.short_name, _l("Tên ngắn"), _l("Nhập tên ngắn"), _l("Như hiện trong danh sách."))
    kind = _one_of(_l("Loại"), KINDS, _l("Chọn loại"))
    level = _line(Organisation.level, _l("Cấp"), description=_l("Chỉ để hiển thị, ví dụ Cấp xã."))
    parent_id = _choice(_l("Trực thuộc"))
    letterhead = _lines(_l("Tên trên đầu văn bản"), _l("Mỗi dòng in một dòng, chữ hoa."))
    superior_line = _line(Organisation.superior_line, _l("Tên cơ quan cấp trên trên đầu văn bản"))
    symbol = _line(Organisation.symbol, _l("Ký hiệu trong số văn bản"), description=_l("Ví dụ UBND."))
    place_name = _line(Organisation.place_name, _l("Địa danh trước ngày tháng"))
    code = _line(Organisation.code, _l("Mã định danh"))
    phone = _line(Organisation.phone, _l("Điện thoại"))
    successor_id = _choice(_l("Cơ quan kế thừa"), description=_l("Khi cơ quan này đã kết thúc hoạt động."))


class ScopeField(SelectMultipleField):
    """Kinds of papers, kept as their codes, one a line."""

    def process_data(self, value: str | None) -> None:
        """The stored text as a list."""
        super().process_data((value or "").split())


class SignatoryForm(FirstDayNeeded):
    """Who signs for a body in a span of days: the head, or one to whom the head gave the power."""

    role = _one_of(_l("Ký với vai trò"), {role.value: ROLE_LABELS[role] for role in SIGNING})
    kind = _one_of(_l("Tư cách ký"), SIGNS_AS)
    principal_id = _choice(_l("Ký thay cho"), description=_l("Chỉ chọn khi ký thay, thừa lệnh, thừa uỷ quyền."))
    basis = _line(
        Signatory.basis, _l("Văn bản giao việc ký"), description=_l("Ví dụ Thông báo số 03/TB-UBND ngày 05/01/2026.")
    )
    scope = ScopeField(
        _l("Loại văn bản được giao ký"), [Optional()], choices=[], description=_l("Không chọn loại nào: mọi loại.")
    )
    full_name = _line(Signatory.full_name, _l("Họ và tên in dưới chữ ký"), _l("Nhập họ và tên"))
    title = _line(Signatory.title, _l("Chức vụ viết trong câu"), _l("Nhập chức vụ"))
    capacity = _lines(
        _l("Thể thức ký thay mặt tập thể"),
        _l("Các dòng chữ hoa phía trên chữ ký, ví dụ TM. ỦY BAN NHÂN DÂN, dòng dưới CHỦ TỊCH."),
        _l("Nhập thể thức ký"),
    )
    personal = _lines(
        _l("Thể thức ký theo thẩm quyền riêng"), _l("Ví dụ CHỦ TỊCH."), _l("Nhập thể thức ký theo thẩm quyền riêng")
    )
    user_id = _choice(_l("Tài khoản ký trong hệ thống"))
