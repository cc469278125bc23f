"""Forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts import passwords

_TOO_LONG = Length(max=passwords.LONGEST * 2, message=_l("Mật khẩu quá dài"))


class SignInForm(FlaskForm):
    """Name and password; nothing about them is told but whether they fit together."""

    name = StringField(
        _l("Tên đăng nhập hoặc thư điện tử"),
        [InputRequired(_l("Nhập tên đăng nhập hoặc thư điện tử")), Length(max=254, message=_l("Tên quá dài"))],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(_l("Mật khẩu"), [InputRequired(_l("Nhập mật khẩu")), _TOO_LONG])


class NewPasswordForm(FlaskForm):
    """A new password, chosen with a one-time link."""

    new_password = PasswordField(_l("Mật khẩu mới"), [InputRequired(_l("Nhập mật khẩu mới")), _TOO_LONG])


class ChangePasswordForm(NewPasswordForm):
    """A new password in place of the present one."""

    old_password = PasswordField(_l("Mật khẩu hiện tại"), [InputRequired(_l("Nhập mật khẩu hiện tại")), _TOO_LONG])
