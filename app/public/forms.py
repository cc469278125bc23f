"""Forms of the public pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, Form, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.vietnamese import clean_line, upper


def _code(text: str | None) -> str:
    return upper(clean_line(text or "")).replace(" ", "")


class LookupForm(FlaskForm):
    """An entry's code, and the full name of one of its authors."""

    code = StringField(
        _l("Mã hồ sơ"),
        [InputRequired(_l("Nhập mã hồ sơ")), Length(max=30, message=_l("Mã hồ sơ ngắn hơn 30 ký tự"))],
        description=_l("Ghi trên giấy tiếp nhận, ví dụ SK-2026-0024."),
        filters=[_code],
    )
    full_name = StringField(
        _l("Họ và tên tác giả"),
        [InputRequired(_l("Nhập họ và tên")), Length(max=100, message=_l("Viết ngắn hơn 100 ký tự"))],
        description=_l("Họ và tên đầy đủ của một tác giả, có dấu hoặc không dấu."),
        filters=[lambda text: clean_line(text or "")],
    )


class ResultsFilter(Form):
    """What the list of results is narrowed to; part of the address, so that a list can be shared."""

    nam = SelectField(_l("Năm"), choices=[], validate_choice=False)
    linh_vuc = SelectField(_l("Lĩnh vực"), choices=[], validate_choice=False)
    giai = SelectField(_l("Giải"), choices=[], validate_choice=False)
    don_vi = SelectField(_l("Đơn vị"), choices=[], validate_choice=False)


class VerifyForm(Form):
    """The code printed on a paper."""

    ma = StringField(
        _l("Mã kiểm tra"),
        description=_l("Dãy 12 ký tự in cạnh mã QR trên văn bản, ví dụ 7K3M-9QXT-2B4D, hoặc cả địa chỉ trong mã QR."),
    )


class FileCheckForm(Form):
    """The file of a paper."""

    tep = FileField(_l("Tệp văn bản"), description=_l("Tệp PDF hoặc Word nhận được, chưa sửa và chưa lưu lại."))
