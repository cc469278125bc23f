"""Signing in, out and elsewhere, as a person with a browser meets it."""

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest

from app.accounts import links, passwords, services, sessions, signing_in
from app.accounts.actor import SYSTEM
from app.accounts.models import SignInAttempt, User, UserSession
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


def cookie(person):
    with person.client.session_transaction() as session:
        return dict(session)


def test_a_new_token_at_each_sign_in_and_a_planted_one_is_useless(visitor, mai):
    person = visitor().visit("/dang-nhap")
    with person.client.session_transaction() as session:
        session["_user_id"] = "planted"
        session["planted"] = "1"
    sign_in(person)
    first = cookie(person)
    assert "planted" not in first
    assert first["_user_id"] != "planted"
    sign_in(person)
    assert cookie(person)["_user_id"] != first["_user_id"]
    assert [row.ended_at is None for row in sessions_of(mai)] == [False, True]


def test_the_token_is_not_in_the_database(visitor, mai):
    person = sign_in(visitor())
    token = cookie(person)["_user_id"]
    assert [row.token_hash == token for row in sessions_of(mai)] == [False]


def test_sign_out_ends_the_session_also_for_a_copied_cookie(visitor, mai):
    person = sign_in(visitor())
    stolen = visitor()
    with stolen.client.session_transaction() as session:
        session.update(cookie(person))
    assert stolen.visit("/tai-khoan").heading == "Tài khoản của tôi"
    person.post("/dang-xuat")
    assert person.heading == "Đăng nhập"
    assert stolen.visit("/tai-khoan").heading == "Đăng nhập"
    assert cookie(person).keys() <= {"csrf_token"}


def test_a_request_in_flight_cannot_revive_a_session(app, mai):
    begun = utcnow()
    token = sessions.begin(mai, now=begun, address="10.0.0.1", agent="x")
    db.session.commit()
    in_flight = sessions.find(token, now=begun + timedelta(minutes=5))
    sessions.end(in_flight.session_id, now=begun + timedelta(minutes=5))
    db.session.commit()
    sessions.touch(in_flight, now=begun + timedelta(minutes=6))
    assert sessions.find(token, now=begun + timedelta(minutes=6)) is None
    assert sessions_of(mai)[0].last_seen_at == begun


@pytest.mark.parametrize(
    ("idle", "age", "is_live"),
    [(29, 29, True), (31, 31, False), (1, 719, True), (1, 721, False)],
)
def test_sessions_end_when_idle_or_old(app, mai, idle, age, is_live):
    now = utcnow()
    token = sessions.begin(mai, now=now - timedelta(minutes=age), address="", agent="")
    db.session.flush()
    sessions_of(mai)[0].last_seen_at = now - timedelta(minutes=idle)
    db.session.commit()
    assert (sessions.find(token, now=now) is not None) == is_live


def test_private_pages_are_kept_by_nobody(visitor, mai):
    person = sign_in(visitor())
    response = person.fetch("/tai-khoan")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Cookie" in response.headers["Vary"]
    again = visitor().visit("/dang-nhap")
    (set_cookie,) = again.response.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in set_cookie.split(";")}
    assert "Domain" not in set_cookie


def test_other_sessions_are_listed_and_ended(visitor, mai):
    person, other = sign_in(visitor()), sign_in(visitor())
    person.visit("/tai-khoan").submit(button="Đăng xuất nơi khác")
    assert "Đã đăng xuất ở mọi nơi khác." in person.text
    assert "Đăng xuất nơi khác" not in [b.text_content() for b in person.page.xpath("//main//button")]
    assert other.visit("/tai-khoan").heading == "Đăng nhập"


NEW = "cây đa đầu làng còn xanh"


def test_a_new_password_ends_the_other_sessions(visitor, mai):
    person, other = sign_in(visitor()), sign_in(visitor())
    person.visit("/tai-khoan/mat-khau").submit({"old_password": PASSWORD, "new_password": NEW})
    assert person.heading == "Tài khoản của tôi"
    assert other.visit("/tai-khoan").heading == "Đăng nhập"
    sign_in(visitor(), status=422)
    sign_in(visitor(), password=NEW)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sai mật khẩu rồi", NEW, "Mật khẩu hiện tại không đúng"),
        (PASSWORD, "ngắn quá", "Mật khẩu phải có ít nhất 12 ký tự"),
        (PASSWORD, PASSWORD, "Mật khẩu mới phải khác"),
        (PASSWORD, "matkhau@20262026", "Mật khẩu này quá phổ biến"),
        (PASSWORD, "Trần Thị Mai 1990", "không được ghép từ"),
        (PASSWORD, "", "Nhập mật khẩu mới"),
    ],
)
def test_passwords_that_are_not_taken(visitor, mai, old, new, message):
    person = sign_in(visitor()).visit("/tai-khoan/mat-khau")
    person.submit({"old_password": old, "new_password": new}, status=422)
    assert message in person.text
    assert set(person.page.xpath("//input[@type='password']/@value")) <= {""}
    sign_in(visitor())


def test_composed_and_decomposed_letters_are_one_password(visitor, mai):
    sign_in(visitor(), password=unicodedata.normalize("NFD", PASSWORD))


def test_too_many_tries_are_told_and_pass_by_themselves(visitor, mai):
    for _number in range(10):
        sign_in(visitor(), password="sai mật khẩu rồi", status=422)
    person = sign_in(visitor(), status=429)
    assert "Đã thử sai quá nhiều lần" in person.text
    assert person.response.headers["Retry-After"] == "300"
    assert sessions_of(mai) == []
    db.session.query(SignInAttempt).update({"at": utcnow() - timedelta(minutes=5)})
    db.session.commit()
    sign_in(visitor())


def test_forwarded_addresses_count_only_from_a_trusted_proxy(visitor, mai):
    for number in range(3):
        person = visitor().visit("/dang-nhap")
        person.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        sign_in(person, password="sai mật khẩu rồi", status=422)
    assert {row.address for row in db.session.query(SignInAttempt)} == {"127.0.0.1"}


def test_links_are_used_once(visitor, mai):
    path = f"/mat-khau-moi/{links.token_for(mai, now=utcnow())}"
    first, second = visitor().visit(path), visitor().visit(path)
    assert "Trần Thị Mai, tên đăng nhập mai.tran." in first.text
    first.submit({"new_password": "ngắn"}, status=422).submit({"new_password": NEW})
    assert first.heading == "Đăng nhập"
    second.submit({"new_password": "một câu dài khác hẳn"}, status=404)
    visitor().visit(path, 404)
    sign_in(visitor(), password=NEW)


def test_links_die_with_time_with_a_change_and_with_the_account(app, mai):
    now = utcnow()
    token = links.token_for(mai, now=now)
    almost = now + links.LASTS - timedelta(seconds=2)
    assert links.owner_of(token, now=almost).id == mai.id
    assert links.owner_of(token, now=now + links.LASTS) is None
    assert links.owner_of(token[:-2] + "xx", now=now) is None
    assert links.owner_of("", now=now) is None
    db.session.get(User, mai.id).disabled_at = now
    assert links.owner_of(token, now=almost) is None


def test_links_of_two_newcomers_differ(app):
    one, two = (
        services.create_user(SYSTEM, username=f"nguoi{n}", full_name="A", organisation_id=None, now=utcnow())
        for n in (1, 2)
    )
    assert one.password_hash != two.password_hash
    assert not passwords.is_right("", one.password_hash)
    assert not passwords.is_right(one.password_hash, one.password_hash)


def test_no_hash_is_made_inside_a_transaction(app, mai, monkeypatch):
    seen = []
    real = passwords.is_right

    def watched(password, stored):
        seen.append(db.session.registry().in_transaction())
        return real(password, stored)

    monkeypatch.setattr(passwords, "is_right", watched)
    signing_in.sign_in("mai.tran", PASSWORD, address="", agent="", now=utcnow())
    assert seen == [False]


def test_demonstration_accounts_only_where_it_is_one(visitor, mai, app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO_ACCOUNTS", ("mai.tran", "khong.co"))
    monkeypatch.setitem(app.config, "DEMO_PASSWORD", PASSWORD)
    assert "Tài khoản dùng thử" not in visitor().visit("/dang-nhap").text
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=True))
    person = visitor().visit("/dang-nhap?next=/tai-khoan")
    assert services.demo_accounts() == [
        {
            "username": "mai.tran",
            "full_name": "Trần Thị Mai",
            "job_title": "Công chức",
            "role": "office",
            "roles": ["Cán bộ văn phòng"],
        }
    ]
    assert PASSWORD in person.text
    person.submit(button="Vào Trần Thị Mai")
    assert person.heading == "Tài khoản của tôi"
