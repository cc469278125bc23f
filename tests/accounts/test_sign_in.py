"""Signing in, out and elsewhere, as a person with a browser meets it."""


import pytest

from app.accounts import passwords
from app.accounts.models import UserSession
from app.core.clock import utcnow
from app.core.db import db
from tests.factories.people import kept, make_organisation, make_user
from workflows.spec import Role

PASSWORD = "mưa rào cuối hạ 7"


@pytest.fixture
def mai(app):
    """An office clerk with a password."""
    user = make_user("mai.tran", Role.OFFICE, at=make_organisation(), full_name="Trần Thị Mai")
    user.password_hash = passwords.hash_password(PASSWORD)
    return kept(user)


def sessions_of(user):
    return db.session.query(UserSession).filter_by(user_id=user.id).order_by(UserSession.id).all()


def sign_in(person, name="mai.tran", password=PASSWORD, status=200, path="/dang-nhap"):
    return person.visit(path).submit({"name": name, "password": password}, "accounts.sign_in", status)


@pytest.mark.parametrize("name", ["mai.tran", " MAI.TRAN ", "mai. tran", "mai.tran@example.vn", " Mai.Tran@Example.VN"])
def test_name_or_mail_in_any_case(visitor, mai, name):
    person = visitor().visit("/dang-nhap?next=/tai-khoan")
    person.submit({"name": name, "password": PASSWORD}, "accounts.sign_in")
    assert person.heading == "Tài khoản của tôi"


def test_wrong_unknown_and_disabled_are_told_alike(visitor, mai):
    closed = make_user("cu.nguyen")
    closed.password_hash = passwords.hash_password(PASSWORD)
    closed.disabled_at = utcnow()
    db.session.commit()
    pages = []
    for name, password in (("mai.tran", "sai mật khẩu rồi"), ("khong.ai", PASSWORD), ("cu.nguyen", PASSWORD)):
        person = sign_in(visitor(), name, password, status=422)
        pages.append(person.text.replace(name, "…"))
        assert person.page.xpath("//input[@name='name']/@value") == [name]
    assert pages[0] == pages[1] == pages[2]
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in pages[0]
    assert db.session.query(UserSession).count() == 0
