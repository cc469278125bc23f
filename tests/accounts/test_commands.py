"""Commands of the terminal: the first administrator, emergencies."""

import re

import pytest

from app.accounts import links, queries
from app.core.clock import utcnow
from app.core.db import db
from app.core.vietnamese import to_local
from tests.factories.people import make_organisation
from workflows.spec import Role


@pytest.fixture
def run(app):
    """Run a command and give its answer."""

    def command(*words):
        db.session.remove()
        return app.test_cli_runner().invoke(args=["user", *words])

    make_organisation("phuong")
    db.session.commit()
    return command


def test_the_first_administrator(run, app):
    added = run("add", "Quan.Tri", "Đỗ  Quản Trị", "--organisation", "phuong", "--email", "qt@phuong.gov.vn")
    assert added.exit_code == 0, added.output
    token = re.fullmatch(r"http://localhost/mat-khau-moi/(\S+)\n", added.output)[1]
    user = queries.by_username("quan.tri")
    assert (user.full_name, user.email) == ("Đỗ Quản Trị", "qt@phuong.gov.vn")
    assert links.owner_of(token, now=utcnow()).id == user.id
    assert run("grant", "quan.tri", "admin", "phuong").exit_code == 0
    assert queries.holders(Role.ADMIN, on=to_local(utcnow()).date()) == [user.id]


def test_reset_ends_the_older_link(run):
    first = run("add", "mai", "Trần Thị Mai").output
    second = run("reset", "MAI").output
    tokens = [text.strip().rpartition("/")[2] for text in (first, second)]
    assert links.owner_of(tokens[0], now=utcnow()) is None
    assert links.owner_of(tokens[1], now=utcnow()).username == "mai"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("add", "á", "A"), "Tên đăng nhập gồm"),
        (("add", "abc", "A", "--organisation", "khong"), "Các mã đang có: phuong"),
        (("reset", "khong.co"), "Không có người dùng khong.co."),
        (("grant", "khong.co", "admin", "phuong"), "Không có người dùng"),
        (("grant", "mai", "author", "phuong"), "Invalid value"),
        (("grant", "mai", "clerk", "phuong", "--from", "31/02/2026"), "Không có ngày 31/2/2026"),
        (("grant", "mai", "clerk", "phuong", "--from", "02/02/2026", "--to", "01/02/2026"), "Ngày cuối phải"),
    ],
)
def test_wrong_words_are_answered_in_a_sentence(run, words, answer):
    run("add", "mai", "Trần Thị Mai")
    result = run(*words)
    assert result.exit_code != 0
    assert answer in result.output
    assert "Traceback" not in result.output
