"""What a new password must be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import passwords

MAI = ("mai.tran", "Trần Thị Mai", "maitran90")


@pytest.fixture(autouse=True)
def _texts(app):
    """Texts need a language."""


@pytest.mark.parametrize(
    "password",
    [
        "mưa rào cuối hạ 7",
        "con trâu đi trước cái cày",
        "correct horse battery staple",
        "zx9!kQ2#vM7p",
        "Nguyễn trồng 3 cây bưởi",
        "😀🌾🐃🌧️ruộng lúa",
    ],
)
def test_long_and_own_is_enough(password):
    assert passwords.weakness(password, MAI) == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("a" * 11, "ít nhất 12 ký tự"),
        ("x9k2" * 32 + "y", "dài nhất 128 ký tự"),
        ("aaaaaaaaaaaa", "quá phổ biến"),
        ("121212121212", "quá phổ biến"),
        ("matkhau123456", "quá phổ biến"),
        ("Mật khẩu 2026!", "quá phổ biến"),
        ("PASSWORD@2026", "quá phổ biến"),
        ("vietnam!!!2026", "quá phổ biến"),
        ("anhyeuem12345", "quá phổ biến"),
        ("1qaz2wsx3edc", "quá phổ biến"),
        ("Trần Thị Mai 90", "không được ghép từ"),
        ("maitran90maitran", "không được ghép từ"),
        ("sangkien-2026-mai", "không được ghép từ"),
        ("UBND phường Mai 1", "không được ghép từ"),
    ],
)
def test_weak_ones_are_told_why(password, why):
    assert why in passwords.weakness(password, MAI)


def test_the_list_is_large_and_plain():
    common = passwords.common_passwords()
    assert len(common) > 10_000
    assert {"password", "matkhau", "vietnam", "123456", "ubnd"} <= common
    assert all(line == line.lower() and line.isprintable() for line in common)


@given(st.text(min_size=0, max_size=200))
def test_any_text_gets_an_answer(password):
    answer = passwords.weakness(password, MAI)
    assert isinstance(answer, str)
    if not 12 <= len(password) <= 128:
        assert answer


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_any_keyboard_opens(form):
    stored = passwords.hash_password("Cửa sổ trời xanh")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right(unicodedata.normalize(form, "Cửa sổ trời xanh"), stored)
    assert not passwords.is_right("cửa sổ trời xanh", stored)


def test_hashes_of_older_parameters_are_known(app):
    assert passwords.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$aW52YWxpZA")
    assert not passwords.is_outdated(passwords.hash_password("x"))
