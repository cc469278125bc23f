"""A real browser, the page of the ways to sign, and the signing software of the computer: what each of its answers
leads to, and that the page may speak to nobody else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.adapters import signing as pdf_signing
from app.core.db import db
from app.documents.signing import views
from tests.factories.documents import PASSWORD
from tests.signing import keys, software
from tests.signing.conftest import own_loop, person_mark
from tests.signing.desk import make_desk, page_of, told
from tests.web.browser_checks import check_in_browser, sideways_scroll

pytestmark = pytest.mark.browser
LONGEST_WAIT = 30_000  # milliseconds, for signing on a busy machine
BUTTON = "Ký bằng phần mềm trên máy này"
CANCELLED = software.says(json.dumps({"Status": 13, "Message": "Người dùng huỷ nhập mã PIN <b>x</b>"}))
PICTURES = os.environ.get("SIGNING_PICTURES")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """The software's own certificate is trusted on the signer's computer."""
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.fixture
def desk(app, visitor, monkeypatch):
    """A ward whose chairman holds the key."""
    desk = make_desk(app, visitor, monkeypatch)
    desk.register(person="external")
    return desk


@pytest.fixture
def local(tmp_path):
    """The software, signing with the chairman's key."""
    return software.Software(lambda pdf: by(keys.person(), pdf, tmp_path))


def by(who, pdf: bytes, folder: Path) -> bytes:
    """The file signed with somebody's key, in a thread of the software."""
    with own_loop():
        return pdf_signing.sign(pdf, [person_mark()], keys.key_file(folder, who), keys.mark_of(who))


def let_in(page: Page, address: str, visitor) -> None:
    """Give the browser the session of a person who signed in elsewhere; the password counts only where it is given."""
    name = visitor.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": visitor.client.get_cookie(name).value, "url": address}])


def opened(page: Page, serve, app, desk) -> tuple:
    """A paper, and the browser on its page of the ways to sign; gives the paper and the address of its page."""
    with own_loop():
        paper = desk.awaiting()
        chairman = desk.chairman()
    path = page_of(paper)
    db.session.rollback()  # whoever reads in this thread would keep the server from writing
    address = serve(app)
    let_in(page, address, chairman)
    page.goto(f"{address}{path}/ky-so")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận mật khẩu").click()
    return paper, f"{address}{path}"


def signed_by(paper) -> list[tuple[str, str, str]]:
    """The signatures that count, read without keeping the server from writing."""
    found = told(paper)
    db.session.rollback()
    return found


@pytest.fixture(autouse=True)
def _done_loading(page: Page, app):
    """The server answers what the page still asks for before the database is put away."""
    yield
    page.wait_for_load_state("networkidle")


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look."""
    if PICTURES:
        for width in (360, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)


def test_what_the_software_answers_is_said_and_in_the_end_the_paper_is_signed(
    page: Page, serve, app, desk, local, tmp_path, monkeypatch, complaints
):
    with software.running(local, tmp_path) as service:
        monkeypatch.setattr(views, "SIGNING_SOFTWARE", service)
        paper, address = opened(page, serve, app, desk)
        check_in_browser(page)
        said = page.locator("[data-signing-said]")
        refused = "Phần mềm ký không ký được, văn bản chưa được ký."
        for answer, words in (
            (CANCELLED, "Phần mềm ký báo: Người dùng huỷ nhập mã PIN <b>x</b>"),
            (software.says(json.dumps({"Status": 1, "Message": ""})), refused),
            (software.says(json.dumps({"Message": "không có Status"})), refused),
            (software.says("không phải JSON"), refused),
            (software.goes_away, "Phần mềm ký ngừng giữa chừng, văn bản chưa được ký. Ký lại."),
        ):
            local.answer = answer
            page.get_by_role("button", name=BUTTON).click()
            expect(said).to_contain_text(words, timeout=LONGEST_WAIT)
            expect(page.get_by_role("button", name=BUTTON)).to_be_enabled()
        look(page, "dong")
        assert complaints == []
        assert signed_by(paper) == []

        for answer, words in (
            (software.says(json.dumps({"Status": 0})), "Phần mềm ký chưa gửi tệp đã ký về."),
            (software.signs, "Chứng thư số là của Trần Thị Thu Hà, không phải chứng thư đã đăng ký"),
        ):
            local.answer, local.sign = answer, lambda pdf: by(keys.issued("Trần Thị Thu Hà"), pdf, tmp_path)
            page.get_by_role("button", name=BUTTON).click()
            expect(page.get_by_role("main")).to_contain_text(words, timeout=LONGEST_WAIT)
            assert signed_by(paper) == []
        look(page, "chung-thu")

        local.sign = lambda pdf: by(keys.person(), pdf, tmp_path)
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_text("Đã ký số.")).to_be_visible(timeout=LONGEST_WAIT)
        look(page, "xong")
        assert told(paper) == [("person", "client", "Nguyễn Công Lộc")]
        assert (paper.state, page.url) == ("signed", address)
        path, argument = local.asked[-1]
        assert (path, set(argument)) == (
            "/SignApproved",
            {"FileUploadHandler", "SessionId", "JWTToken", "FileName", "MetaData"},
        )
        assert {address.startswith(f"{origin}/") for origin in local.origins} == {True}


OPEN = """(url) => new Promise(done => {
  let refused = '';
  document.addEventListener('securitypolicyviolation', event => { refused = event.effectiveDirective; });
  const socket = new WebSocket(url);
  socket.onopen = () => { socket.close(); done('open'); };
  socket.onerror = () => setTimeout(() => done(refused || 'failed'), 100);
})"""


def test_the_page_speaks_to_the_software_alone_and_other_pages_not_even_to_it(
    page: Page, serve, app, desk, local, tmp_path, monkeypatch
):
    with software.running(local, tmp_path) as service, software.running(local, tmp_path) as other:
        monkeypatch.setattr(views, "SIGNING_SOFTWARE", service)
        _paper, address = opened(page, serve, app, desk)
        assert page.evaluate(OPEN, f"{service}/SignApproved") == "open"
        elsewhere = f"wss://localhost:{software.port_of(service)}"
        for url in (other, elsewhere, service.replace("wss:", "ws:"), "wss://example.com"):
            assert page.evaluate(OPEN, url) == "connect-src", url
        page.goto(address)
        assert page.evaluate(OPEN, f"{service}/SignApproved") == "connect-src"


def test_without_the_software_or_with_one_that_is_not_trusted_the_other_ways_are_named(
    page: Page, browser, serve, app, desk, local, tmp_path, monkeypatch
):
    with software.running(local, tmp_path) as service:
        monkeypatch.setattr(views, "SIGNING_SOFTWARE", service)
        strict = browser.new_context(locale="vi-VN").new_page()
        paper, address = opened(strict, serve, app, desk)
        cookies = strict.context.cookies()
        strict.get_by_role("button", name=BUTTON).click()
        missing = "Không thấy phần mềm ký số trên máy này. Mở phần mềm ký hoặc dùng cách tải tệp bên dưới."
        expect(strict.locator("[data-signing-said]")).to_have_text(missing)
        strict.wait_for_load_state("networkidle")
        strict.context.close()
    page.context.add_cookies([{"name": one["name"], "value": one["value"], "url": address} for one in cookies])
    page.goto(f"{address}/ky-so")
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator("[data-signing-said]")).to_have_text(missing)
    look(page, "khong-co")
    page.set_viewport_size({"width": 360, "height": 740})
    assert sideways_scroll(page) == 0
    assert (local.asked, told(paper)) == ([], [])
