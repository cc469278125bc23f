"""Error pages say what to do, keep what was typed and leak nothing."""

import logging

import pytest

from app.core.errors import NotFound
from tests.web.face import build_app
from tests.web.page_checks import check_page


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/khong-co-trang", 404, "Không tìm thấy trang"),
        ("/loi/khong-co", 404, "Không tìm thấy trang"),
        ("/dang-xuat", 405, "Không mở được trang theo cách này"),
        ("/loi/xung-dot", 409, "Trần Thị Mai đã chuyển SK-2026-0037 lúc 09:40."),
        ("/loi/khong-duoc", 403, "Chỉ chủ tịch được ký văn bản này."),
        ("/loi/bi-tu-choi", 409, "Đã hết hạn nộp lúc 17 giờ 00."),
        ("/loi/sai", 422, "Tổng tỷ lệ phải bằng 100 %"),
        ("/ma/400", 400, "Không đọc được nội dung gửi lên"),
        ("/ma/403", 403, "Không có quyền thực hiện"),
        ("/ma/410", 410, "Không đọc được nội dung gửi lên"),
        ("/ma/413", 413, "Tệp quá lớn"),
        ("/ma/429", 429, "Chờ vài phút rồi thử lại"),
        ("/ma/503", 503, "Hệ thống tạm dừng"),
    ],
)
def test_each_error_has_its_page(client, path, status, says):
    response = client.get(path)
    assert response.status_code == status
    assert says in response.text
    assert "<title>Lỗi: " in response.text


def test_what_an_object_is_missing_looks_like_an_address_that_is_wrong(client):
    wrong, hidden = client.get("/khong-co"), client.get("/loi/khong-co")
    strip = str.maketrans("", "", "")
    assert wrong.text.replace("/khong-co?", "?").translate(strip) == hidden.text.replace("/loi/khong-co?", "?")
    assert isinstance(NotFound(), Exception)


def test_a_failure_shows_a_code_and_nothing_from_inside(app, caplog):
    app.testing = False
    with caplog.at_level(logging.ERROR):
        response = app.test_client().get("/loi/hong")
    assert response.status_code == 500
    assert "Mã lỗi:" in response.text
    code = response.text.split('class="strong code">')[-1].split('code">')[1].split("<")[0]
    assert code in caplog.text
    for secret in ("bí mật", "RuntimeError", "Traceback", "face.py"):
        assert secret not in response.text


def test_the_error_page_still_comes_when_the_frame_itself_fails(app):
    app.testing = False

    def database_down():
        raise ConnectionError("database is down")

    app.extensions["web"].facts = database_down
    response = app.test_client().get("/loi/hong?ai=1")
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in response.text
    assert "database is down" not in response.text
    check_page(response.text)


def test_a_form_without_token_is_refused_and_its_text_given_back(client):
    typed = {"comment": "Hồ sơ <b>thiếu</b> xác nhận", "password": "tuyệt mật", "key": "abc", "version": "3"}
    response = client.post("/loi/sai", data=typed)
    assert response.status_code == 400
    assert "Phiên đăng nhập đã hết" in response.text
    assert "Hồ sơ &lt;b&gt;thiếu&lt;/b&gt; xác nhận" in response.text
    assert "tuyệt mật" not in response.text
    assert ">abc<" not in response.text


def test_text_sent_by_another_site_is_not_shown_as_ours(client):
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = client.post("/loi/sai", data={"comment": "Gọi số 0900 để nhận thưởng"}, headers=headers)
    assert response.status_code == 400
    assert "0900" not in response.text


def test_a_script_that_asks_for_json_gets_words_to_show(client):
    response = client.get("/loi/bi-tu-choi", headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert response.json == {"title": "Chưa thực hiện được", "status": "Đã hết hạn nộp lúc 17 giờ 00."}


def test_allowed_methods_stay_on_the_answer():
    assert "POST" in build_app().test_client().get("/dang-xuat").headers["Allow"]
