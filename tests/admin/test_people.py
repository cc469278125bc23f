"""People and their roles, as the administrator changes them; and what an administrator cannot do."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.accounts import services
from app.accounts.actor import SYSTEM
from app.accounts.models import RoleGrant, User, UserSession
from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.vietnamese import short_date, to_local
from tests.conftest import NOW
from tests.factories.people import actor_of, kept, make_organisation, make_user
from workflows.spec import Role

PAGES = (
    "/quan-tri",
    "/quan-tri/nguoi-dung",
    "/quan-tri/nguoi-dung/them",
    "/quan-tri/co-quan",
    "/quan-tri/co-quan/them",
    "/quan-tri/tin-nhan",
    "/quan-tri/viec-nen",
    "/quan-tri/nhat-ky",
    "/quan-tri/nhat-ky/kiem-tra",
    "/quan-tri/cai-dat",
)


def events(action):
    return db.session.query(AuditEvent).filter_by(action=action).all()


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_administrators_only(visitor, admin, mai, path):
    visitor(admin).visit(path)
    visitor(mai).visit(path, 403)
    assert visitor().visit(path).heading == "Đăng nhập"


def test_add_a_person_give_a_role_and_a_link(visitor, admin, ward):
    person = visitor(admin).visit("/quan-tri/nguoi-dung").follow("Thêm người dùng")
    person.submit(
        {
            "username": " Ha.Nguyen ",
            "full_name": "  Nguyễn  Thị Hà ",
            "honorific": "Bà",
            "job_title": "Công chức",
            "email": "ha@phuong.gov.vn",
            "organisation_id": str(ward.id),
        }
    )
    assert person.heading == "Nguyễn Thị Hà"
    user = kept(db.session.query(User).filter_by(username="ha.nguyen").one())
    assert (user.full_name, user.organisation_id) == ("Nguyễn Thị Hà", ward.id)

    person.follow("Giao vai trò").submit({"role": "office"})
    grant = db.session.query(RoleGrant).filter_by(user_id=user.id).one()
    assert (grant.role, grant.organisation_id, grant.contest_id) == ("office", ward.id, None)
    assert grant.valid_from == to_local(utcnow()).date()

    person.follow("Cấp liên kết đặt mật khẩu").submit(button="Cấp liên kết")
    (link,) = person.page.xpath("//input[@id='lien-ket']/@value")
    newcomer = visitor().visit(link.removeprefix("http://localhost"))
    newcomer.submit({"new_password": "mưa rào cuối hạ 7"})
    newcomer.submit({"name": "ha@phuong.gov.vn", "password": "mưa rào cuối hạ 7"}, "accounts.sign_in")
    assert visitor(user).visit("/tai-khoan").text.count("Cán bộ văn phòng") == 2
    assert [len(events(f"user.{act}")) for act in ("create", "grant", "password_link", "password")] == [1, 1, 1, 1]
    assert verify().ok


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"username": "mai.tran"}, "Tên đăng nhập này đã có người dùng"),
        ({"username": "MAI.TRAN "}, "Tên đăng nhập này đã có người dùng"),
        ({"username": "trần"}, "Tên đăng nhập gồm"),
        ({"username": "a"}, "Tên đăng nhập gồm"),
        ({"username": "a b\u200b<script>"}, "Tên đăng nhập gồm"),
        ({"full_name": " \u200b "}, "Nhập họ và tên"),
        ({"full_name": "x" * 101}, "Viết ngắn hơn 100 ký tự"),
        ({"email": "khong-phai-thu"}, "Thư điện tử viết theo dạng"),
        ({"email": "a@b.vn\r\nBcc: c@d.vn"}, "Thư điện tử viết theo dạng"),
        ({"email": "a@b.vn, c@d.vn"}, "Thư điện tử viết theo dạng"),
    ],
)
def test_wrong_input_is_refused_and_kept(visitor, admin, mai, typed, message):
    person = visitor(admin).visit("/quan-tri/nguoi-dung/them")
    person.submit({"username": "moi.nguoi", "full_name": "Người Mới", **typed}, status=422)
    assert message in person.text
    assert db.session.query(User).count() == 2


def test_organisation_must_be_one_of_the_list(visitor, admin):
    person = visitor(admin).visit("/quan-tri/nguoi-dung/them")
    person.post(
        "/quan-tri/nguoi-dung/them", {"username": "moi.nguoi", "full_name": "Mới", "organisation_id": "999"}, status=422
    )
    assert db.session.query(User).count() == 1


def test_unlisted_columns_are_not_written(visitor, admin, mai):
    hash_before = mai.password_hash
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{mai.id}/sua")
    values = {column.name: "admin" for column in User.__table__.columns} | {"full_name": "Trần Mai", "email": ""}
    person.post(f"/quan-tri/nguoi-dung/{mai.id}/sua", {**values, "organisation_id": ""})
    changed = db.session.get(User, mai.id)
    assert (changed.username, changed.password_hash, changed.disabled_at) == ("mai.tran", hash_before, None)
    assert (changed.full_name, changed.job_title) == ("Trần Mai", "admin")


def test_an_edit_says_what_changed(visitor, admin, mai):
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{mai.id}").follow("Sửa thông tin")
    person.submit({"job_title": "Phó Chánh Văn phòng"})
    assert "sửa tài khoản (chức vụ: từ «Công chức» thành «Phó Chánh Văn phòng»)" in person.text
    person.follow("Sửa thông tin").submit({})
    assert len(events("user.edit")) == 1


def test_disabling_ends_every_session_at_once(visitor, admin, mai):
    clerk = visitor(mai).visit("/tai-khoan")
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{mai.id}").follow("Khóa tài khoản")
    person.submit({"reason": ""}, status=422).submit({"reason": "Nghỉ việc"})
    assert clerk.visit("/tai-khoan").heading == "Đăng nhập"
    assert db.session.query(UserSession).filter_by(user_id=mai.id, ended_at=None).count() == 0
    person.submit(button="Mở lại tài khoản")
    assert db.session.get(User, mai.id).disabled_at is None
    assert clerk.visit("/tai-khoan").heading == "Đăng nhập"


def test_nobody_disables_the_own_account(visitor, admin):
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{admin.id}/khoa")
    person.submit({"reason": "thử"}, status=403)
    assert db.session.get(User, admin.id).disabled_at is None


def test_an_administrator_gives_no_role_to_himself(visitor, admin, ward):
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{admin.id}/vai-tro")
    person.submit({"role": "office", "organisation_id": str(ward.id)}, status=403)
    assert db.session.query(RoleGrant).filter_by(user_id=admin.id).count() == 1
    second = kept(make_user("quantri2", Role.ADMIN, at=ward))
    visitor(second).visit(f"/quan-tri/nguoi-dung/{admin.id}/vai-tro").submit({"role": "clerk"})
    assert db.session.query(RoleGrant).filter_by(user_id=admin.id).count() == 2


def test_an_administrator_makes_no_link_for_himself(visitor, admin):
    visitor(admin).visit(f"/quan-tri/nguoi-dung/{admin.id}/lien-ket").submit(button="Cấp liên kết", status=403)


def test_revoking_holds_from_the_next_request(visitor, admin, mai, ward):
    second = kept(make_user("quantri2", Role.ADMIN, at=ward))
    other = visitor(second).visit("/quan-tri")
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{second.id}").follow("Thu vai trò")
    person.submit({"reason": "Đổi việc"})
    other.visit("/quan-tri", 403)
    assert "đã hết" in person.text


def test_the_last_administrator_stays(visitor, admin, ward):
    grant = db.session.query(RoleGrant).filter_by(user_id=admin.id).one()
    person = visitor(admin).visit(f"/quan-tri/vai-tro/{grant.id}/thu").submit({"reason": "thử"}, status=422)
    assert "Phải còn ít nhất một quản trị viên" in person.text
    visitor(admin).visit("/quan-tri")
    with pytest.raises(Invalid):
        services.disable_user(SYSTEM, db.session.get(User, admin.id), "thử", now=NOW)


def give(actor, user, role, organisation, contest_id=None, first=date(2026, 1, 1), last=None):
    return services.grant_role(actor, user, role, organisation.id, contest_id, first, last, now=NOW)


def test_the_office_names_the_boards_of_its_contests_and_nothing_else(app):
    ward, other = make_organisation("mot"), make_organisation("hai")
    office = make_user("van.phong", Role.OFFICE, at=ward)
    judge = make_user("giam.khao", home=ward)
    actor = actor_of(office)
    for role in (Role.JUDGE, Role.SECRETARY, Role.HEAD_OF_JURY):
        give(actor, judge, role, ward, contest_id=5)
    give(actor, office, Role.SECRETARY, ward, contest_id=5)
    refused = [
        (judge, Role.CHAIRMAN, ward, 5),
        (judge, Role.ADMIN, ward, 5),
        (judge, Role.OFFICE, ward, 5),
        (judge, Role.JUDGE, other, 5),
        (judge, Role.JUDGE, ward, None),
        (office, Role.JUDGE, ward, 5),
        (office, Role.HEAD_OF_JURY, ward, 5),
    ]
    for case in refused:
        with pytest.raises(NotAllowed):
            give(actor, *case)
    with pytest.raises(NotAllowed):
        give(actor_of(judge), office, Role.JUDGE, ward, 5)


@pytest.mark.parametrize(
    ("first", "last", "is_free"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), False),
        (date(2025, 1, 1), None, False),
        (date(2025, 1, 1), date(2026, 1, 1), False),
        (date(2026, 12, 31), None, False),
        (date(2025, 1, 1), date(2025, 12, 31), True),
        (date(2027, 1, 1), None, True),
    ],
)
def test_a_role_is_given_once_at_a_time(app, first, last, is_free):
    ward = make_organisation()
    user = make_user("mai.tran", home=ward)
    give(SYSTEM, user, Role.OFFICE, ward, first=date(2026, 1, 1), last=date(2026, 12, 31))
    if is_free:
        assert give(SYSTEM, user, Role.OFFICE, ward, first=first, last=last).id
    else:
        with pytest.raises(Invalid):
            give(SYSTEM, user, Role.OFFICE, ward, first=first, last=last)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.SIGNER, Role.SYSTEM])
def test_roles_that_come_with_a_subject_are_not_given(app, role):
    ward = make_organisation()
    with pytest.raises(Invalid):
        give(SYSTEM, make_user("mai.tran", home=ward), role, ward)


def test_dates_are_typed_and_checked(visitor, admin, mai):
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{mai.id}/vai-tro")
    person.submit({"role": "clerk", "valid_from": "31/02/2026"}, status=422)
    assert "Không có ngày 31/2/2026" in person.text
    assert person.page.xpath("//input[@name='valid_from']/@value") == ["31/02/2026"]
    person.submit({"valid_from": "05/06/2026", "valid_to": "04/06/2026"}, status=422)
    assert "Ngày cuối phải từ ngày đầu trở đi" in person.text
    person.submit({"valid_to": ""})
    assert "từ 05/06/2026" in person.text


def test_the_list_is_sorted_by_given_name_and_found_without_marks(visitor, admin, ward):
    for username, name in (("binh", "Zũ Ân Bình"), ("an", "Lê Thế An"), ("duc", "Đặng Đức")):
        services.create_user(SYSTEM, username=username + ".x", full_name=name, organisation_id=ward.id, now=NOW)
    db.session.commit()
    person = visitor(admin).visit("/quan-tri/nguoi-dung")
    names = [" ".join(cell.text_content().split()) for cell in person.page.xpath("//tbody/tr/th")]
    assert names[-3:] == ["Lê Thế An", "Zũ Ân Bình", "Đặng Đức"]
    found = visitor(admin).visit("/quan-tri/nguoi-dung?tim=DANG+duc")
    assert [cell.text_content().strip() for cell in found.page.xpath("//tbody/tr/th")] == ["Đặng Đức"]
    only = visitor(admin).visit("/quan-tri/nguoi-dung?vai-tro=admin")
    assert [cell.text_content().strip() for cell in only.page.xpath("//tbody/tr/th")] == ["Đỗ Quản Trị"]


def statements_of(visitor, admin, path):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        visitor(admin).visit(path)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_lists_ask_as_often_for_30_rows_as_for_3(visitor, admin, ward):
    def fill(first, last):
        for number in range(first, last):
            user = services.create_user(
                SYSTEM, username=f"nguoi.{number}", full_name=f"Người {number}", organisation_id=ward.id, now=NOW
            )
            give(SYSTEM, user, Role.OFFICE, ward)
            make_organisation(f"dv{number}", "unit", parent=ward)
        db.session.commit()

    paths = ("/quan-tri/nguoi-dung", "/quan-tri/co-quan", "/quan-tri/nhat-ky")
    fill(0, 3)
    few = [statements_of(visitor, admin, path) for path in paths]
    fill(3, 30)
    assert [statements_of(visitor, admin, path) for path in paths] == few


def test_a_person_who_does_not_exist_is_not_found(visitor, admin):
    for path in ("nguoi-dung/999", "nguoi-dung/999/sua", "nguoi-dung/999/vai-tro", "vai-tro/999/thu", "co-quan/999"):
        visitor(admin).visit(f"/quan-tri/{path}", 404)


def test_roles_end_by_date(visitor, admin, ward):
    today = to_local(utcnow()).date()
    user = make_user("het.han", home=ward)
    give(SYSTEM, user, Role.ADMIN, ward, first=today - timedelta(days=9), last=today - timedelta(days=1))
    user = kept(user)
    visitor(user).visit("/quan-tri", 403)
    person = visitor(admin).visit(f"/quan-tri/nguoi-dung/{user.id}")
    assert f"đến {short_date(today - timedelta(days=1))}" in person.text
