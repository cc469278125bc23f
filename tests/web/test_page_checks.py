"""The page checker finds what it is there to find."""

import pytest

from tests.web.page_checks import page_problems

SOUND = """<!doctype html><html lang="vi"><head><title>Hồ sơ – Hội thi</title></head><body><h1>Hồ sơ</h1>
<form method="post"><input type="hidden" name="csrf_token" value="0123456789">
<label for="a">Tên</label><input id="a" name="a">
<button>Lưu</button></form><a href="/x">Xem hồ sơ</a><img src="/i.png" alt=""></body></html>"""


def test_a_sound_page_has_no_problems():
    assert page_problems(SOUND) == []


@pytest.mark.parametrize(
    ("check", "old", "new"),
    [
        ("heading", "<h1>Hồ sơ</h1>", ""),
        ("heading", "<h1>Hồ sơ</h1>", "<h1>Hồ sơ</h1><h1>Hai</h1>"),
        ("heading", "<h1>Hồ sơ</h1>", "<h1>Văn bản</h1>"),
        ("heading", "<h1>Hồ sơ</h1>", "<h1>Hồ sơ</h1><h3>Bỏ bậc</h3>"),
        ("language", 'lang="vi"', ""),
        ("language", "Xem hồ sơ", "Submit"),
        ("language", "Xem hồ sơ", "Xem hồ so\u031b"),
        ("labels", 'for="a"', 'for="b"'),
        ("labels", "Lưu", ""),
        ("tokens", "0123456789", ""),
        ("inline_code", "<button>", '<button onclick="x()">'),
        ("inline_code", "<h1>", '<h1 style="color:red">'),
        ("inline_code", "</body>", "<script>x()</script></body>"),
        ("inline_code", 'href="/x"', 'href=" JavaScript:x()"'),
        ("references", "<h1>", '<h1 id="a">'),
        ("references", "<h1>", '<h1 aria-describedby="khong-co">'),
        ("references", 'href="/x"', 'href="#khong-co"'),
        ("images", ' alt=""', ""),
        ("leftovers", "Xem hồ sơ", "{{ title }}"),
        ("links", "Xem hồ sơ", " "),
        ("links", "</body>", '<a href="/y">Xem hồ sơ</a></body>'),
        (
            "one_main_button",
            "<button>",
            '<a href="/1" class="btn btn--primary">Một</a><button class="btn btn--primary">',
        ),
    ],
)
def test_each_fault_is_found_by_its_check(check, old, new):
    assert old in SOUND
    assert check in {name for name, _ in page_problems(SOUND.replace(old, new))}


def test_english_words_may_stand_where_they_are_marked():
    assert page_problems(SOUND.replace("Xem hồ sơ", '<span lang="en">Submit</span> hồ sơ')) == []
