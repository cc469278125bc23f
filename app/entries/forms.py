"""Forms of the author's pages. What they accept is checked again by the services."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectChoice
from wtforms import fields as wtf
from wtforms.validators import InputRequired, Length, Optional

from app.core import ids
from app.core.i18n import spoken
from app.core.vietnamese import (
    BadNumber,
    clean_line,
    clean_text,
    decimal_text,
    parse_score,
)
from app.entries.authors import AuthorRow
from app.entries.models import Entry
from app.entries.parts import Part
from app.entries.services import LONGEST_TEXT
from app.flow import forms as acts
from app.flow.forms import ActionForm
from app.web.days import DayField

MOST_ROWS = 30
KIND_CHOICES = [
    SelectChoice("individual", _l("Cá nhân hoặc nhóm tác giả")),
    SelectChoice("collective", _l("Tập thể")),
]
PLEDGE = _l(
    "Tôi (chúng tôi) xin cam đoan mọi thông tin nêu trong hồ sơ là trung thực, đúng sự thật và hoàn toàn chịu trách "
    "nhiệm trước pháp luật."
)
"""The words of the application form (Thông tư 18/2013/TT-BKHCN, Phụ lục I)."""


def one_line(text: str | None) -> str:
    """Filter of short texts."""
    return clean_line(text or "")


def many_lines(text: str | None) -> str:
    """Filter of long texts."""
    return clean_text(text or "")


def number_or_none(value) -> int | None:
    """The key chosen in a list, None for nothing chosen."""
    return int(value) if str(value or "").isdecimal() and str(value).isascii() and len(str(value)) < 10 else None


class Share(wtf.DecimalField):
    """A share in percent, with a comma and at most two decimals."""

    def process_formdata(self, valuelist):
        """Read the text exactly."""
        self.data = None
        typed = valuelist[0] if valuelist else ""
        if not typed.strip():
            return
        try:
            self.data = parse_score(typed.strip().removesuffix("%"), maximum=Decimal(100), step=Decimal("0.01"))
        except BadNumber as error:
            raise ValueError(spoken(error.message, error.params)) from None

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return decimal_text(self.data) if self.data is not None else ""


class Rows(wtf.FieldList):
    """A list of rows that ignores field names no page of ours has."""

    def _extract_indices(self, prefix, formdata):
        for name in formdata:
            index = name[len(prefix) + 1 :].split("-", 1)[0] if name.startswith(f"{prefix}-") else ""
            if index.isascii() and index.isdecimal() and len(index) <= 3:
                yield int(index)


class StartForm(ActionForm):
    """For which unit, and whether a person or a group takes part."""

    unit_id = wtf.SelectField(_l("Đơn vị của tác giả"), coerce=number_or_none, validate_choice=False)
    kind = wtf.RadioField(
        _l("Hình thức dự thi"),
        choices=KIND_CHOICES,
        default="individual",
        validate_choice=False,
    )


class TitleForm(ActionForm):
    """Part `ten-linh-vuc`."""

    title = wtf.TextAreaField(
        _l("Tên sáng kiến, giải pháp"),
        [Length(max=500, message=_l("Viết ngắn hơn 500 ký tự"))],
        filters=[one_line],
        description=_l("Nêu rõ giải pháp là gì và áp dụng ở đâu."),
        render_kw={"rows": 3},
    )
    field_id = wtf.SelectField(_l("Lĩnh vực"), coerce=number_or_none, validate_choice=False)
    kind = wtf.RadioField(
        _l("Hình thức dự thi"),
        choices=KIND_CHOICES,
        validate_choice=False,
    )
    first_applied_on = DayField(
        _l("Ngày áp dụng lần đầu hoặc áp dụng thử"),
        [Optional()],
        description=_l("Ví dụ 15/3/2026. Chưa áp dụng thì để trống."),
    )

    def prepare(self, subject: Entry) -> None:
        """Offer the fields of the contest."""
        fields = [SelectChoice(str(field.id), field.name) for field in subject.contest.fields]
        self.field_id.choices = [SelectChoice("", _("Chọn lĩnh vực")), *fields]


def _long(label, description, **kind):
    too_long = _l("Viết ngắn hơn %(n)s ký tự", n="10.000")
    validators = [Optional()] if kind.get("optional") else []
    return wtf.TextAreaField(
        label,
        [*validators, Length(max=LONGEST_TEXT, message=too_long)],
        filters=[many_lines],
        description=description,
        render_kw={"rows": 10},
    )


class DescriptionForm(ActionForm):
    """Part `mo-ta`, in the sections of the description form."""

    current_state = _long(
        _l("Tình trạng giải pháp đã biết"),
        _l("Trước khi có sáng kiến, công việc được làm thế nào, vướng mắc ở đâu."),
    )
    solution = _long(
        _l("Nội dung giải pháp"),
        _l("Mục đích, điểm mới và khác biệt, các bước thực hiện."),
    )
    applicability = _long(
        _l("Khả năng áp dụng"),
        _l("Đang áp dụng ở đâu, đơn vị nào khác có thể áp dụng."),
    )
    conditions = _long(
        _l("Điều kiện cần thiết để áp dụng"),
        _l("Con người, thiết bị, kinh phí."),
        optional=True,
    )


class BenefitForm(ActionForm):
    """Part `hieu-qua`."""

    benefit = _long(
        _l("Hiệu quả, lợi ích thu được hoặc dự kiến"),
        _l("Số liệu trước và sau khi áp dụng: thời gian, chi phí, số lượt, mức hài lòng."),
    )
    confidential = _long(
        _l("Thông tin cần được bảo mật"),
        _l("Phần nào của hồ sơ không được công khai."),
        optional=True,
    )


class AuthorForm(Form):
    """One author in the columns of the official form."""

    full_name = wtf.StringField(
        _l("Họ và tên"), [Length(max=100, message=_l("Viết ngắn hơn 100 ký tự"))], filters=[one_line]
    )
    born_on = DayField(_l("Ngày tháng năm sinh"), [Optional()], description=_l("Ví dụ 05/9/1988"))
    workplace = wtf.StringField(
        _l("Nơi công tác (hoặc nơi thường trú)"),
        [Length(max=200, message=_l("Viết ngắn hơn 200 ký tự"))],
        filters=[one_line],
    )
    job_title = wtf.StringField(
        _l("Chức danh"), [Optional(), Length(max=100, message=_l("Viết ngắn hơn 100 ký tự"))], filters=[one_line]
    )
    qualification = wtf.StringField(
        _l("Trình độ chuyên môn"),
        [Optional(), Length(max=100, message=_l("Viết ngắn hơn 100 ký tự"))],
        filters=[one_line],
    )
    share = Share(_l("Tỷ lệ đóng góp (%)"), description=_l("Ví dụ 60 hoặc 33,34. Tổng của mọi tác giả là 100."))

    @property
    def is_blank(self) -> bool:
        """Whether nothing of a person was typed; such a row is left out."""
        return not (self.full_name.data or self.born_on.data or self.workplace.data)

    def row(self) -> AuthorRow:
        """The row as the service takes it."""
        return AuthorRow(
            full_name=self.full_name.data,
            share=self.share.data or Decimal(0),
            born_on=self.born_on.data,
            workplace=self.workplace.data,
            job_title=self.job_title.data,
            qualification=self.qualification.data,
        )


class AuthorsForm(ActionForm):
    """Part `tac-gia`. The unit is asked only of those who may choose one."""

    unit_id = wtf.SelectField(_l("Đơn vị"), coerce=number_or_none, validate_choice=False)
    authors = Rows(
        wtf.FormField(AuthorForm, label=_l("Tác giả")), label=_l("Tác giả"), min_entries=1, max_entries=MOST_ROWS
    )

    def rows(self) -> list[AuthorRow]:
        """The authors typed; a row without a person is left out."""
        return [entry.form.row() for entry in self.authors if not entry.form.is_blank]

    def check_people(self) -> bool:
        """What is needed of each author before going on, said at the field."""
        for entry in self.authors:
            if entry.form.is_blank:
                continue
            _need(entry.form.full_name, _("Nhập họ và tên"))
            _need(entry.form.workplace, _("Nhập nơi công tác hoặc nơi thường trú"))
            _need(entry.form.share, _("Nhập tỷ lệ đóng góp"))
        return not any(field.errors for entry in self.authors for field in entry.form)


class FileForm(ActionForm):
    """One evidence file."""

    file = wtf.FileField(_l("Chọn tệp minh chứng"))


class PledgeForm(acts.FlaskForm):
    """Extra field of submitting."""

    pledge = wtf.BooleanField(PLEDGE, [InputRequired(_l("Đánh dấu vào ô cam đoan để nộp"))])


acts.register("submit", PledgeForm)

TEXT_FORMS: Mapping[str, type[ActionForm]] = {
    "ten-linh-vuc": TitleForm,
    "mo-ta": DescriptionForm,
    "hieu-qua": BenefitForm,
}


def values_of(form: ActionForm, part: Part) -> dict:
    """What was typed for the part's columns."""
    return {name: form[name].data for name in part.fields if name in form}


def check_required(form: ActionForm, part: Part) -> bool:
    """Say at each empty field of the part what it needs; False when one is empty."""
    for name, text in part.required:
        _need(form[name], _(text))
    return not any(form[name].errors for name, _text in part.required)


def put_errors(form: ActionForm, errors: Mapping[str, str]) -> None:
    """Show what a service refused at its field, or above the form."""
    for name, text in errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)


def stamp(form: ActionForm, subject: Entry) -> None:
    """Write version and key for the next send."""
    form.version.data = str(subject.version)
    form.key.data = ids.token()


def _need(field, text: str) -> None:
    if field.data in (None, "") and not field.errors:
        field.errors = [*field.errors, text]
