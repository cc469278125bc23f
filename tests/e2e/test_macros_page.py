"""Every macro in a real browser: readable for all, at all widths, and the small script keeps its promises."""

from __future__ import annotations

import pytest
from flask import render_template_string
from playwright.sync_api import Page, Route, expect

from tests.web.browser_checks import WIDTHS, axe_problems, check_in_browser, sideways_scroll
from tests.web.face import add_list, add_sheet, build_app

pytestmark = pytest.mark.browser
PAGES = ("/_macros?ai=1", "/_macros/xong?ai=1", "/khong-co-trang", "/loi/xung-dot")


@pytest.fixture
def app():
    return build_app()


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_sound_in_the_browser(page: Page, serve, app, complaints, path):
    page.goto(serve(app) + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        check_in_browser(page)
    assert [text for text in complaints if "Failed to load resource" not in text] == []


def test_nothing_scrolls_sideways_at_320_or_with_text_twice_as_large(page: Page, serve, app):
    address = serve(app)
    for path in PAGES:
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(address + path)
        assert (path, sideways_scroll(page)) == (path, 0)
        page.set_viewport_size({"width": 720, "height": 640})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert (path, sideways_scroll(page)) == (path, 0)


def test_both_parts_of_the_font_are_used_and_asked_for_once(page: Page, serve, app):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/fonts/" in request.url else None)
    page.goto(serve(app) + "/_macros")
    page.wait_for_function("document.fonts.status === 'loaded'")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded' && f.family.includes('Source')).length"
    )
    assert loaded == 2
    assert len(asked) == len(set(asked)) == 2


def test_the_keyboard_reaches_the_content_first_and_the_focus_is_seen(page: Page, serve, app):
    page.goto(serve(app) + "/_macros/xong?ai=1")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page: Page, serve, app):
    page.goto(serve(app) + "/_macros?ai=1")
    expect(page.locator(".errors")).to_be_focused()
    page.locator(".errors a").nth(0).click()
    expect(page.locator("#title")).to_be_focused()
    assert page.locator("#title").bounding_box()["y"] >= 0


def test_a_score_sheet_fits_a_small_office_screen(page: Page, serve, app):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(serve(app) + "/_macros/xong?ai=1")
    sheet = page.locator("section[aria-labelledby=phieu]")
    page.locator("#novelty").focus()
    expect(page.locator("#novelty-hint")).to_be_visible()
    expect(page.locator("#effect-hint")).to_be_hidden()
    assert sheet.bounding_box()["height"] <= 744
    assert axe_problems(page) == []


def test_pages_read_the_same_without_script(browser, serve, app):
    address = serve(app)
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(address + path)
            expect(page.locator("h1")).to_be_visible()
            assert page.locator("[data-reveal]:visible").count() == 0


def test_paper_has_a4_the_official_letter_and_no_buttons(page: Page, serve, app):
    page.goto(serve(app) + "/_macros?ai=1")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Times New Roman"')
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17.3333px"  # 13 pt
    for hidden in (".top", ".foot", ".actions", ".filter"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".paper-head")).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_change_is_saved_by_itself_and_the_server_tells_the_total(page: Page, serve, app):
    saved = add_sheet(app)
    page.goto(serve(app) + "/phieu")
    page.locator("#d1").fill("27,5")
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu lần 1")
    expect(page.locator("[data-slot=tong]")).to_have_text("51,5/100")
    assert saved[0]["d1"] == "27,5"
    assert page.locator("input[name=version]").input_value() == "1"
    assert page.evaluate("localStorage.length") == 0


def test_a_cut_line_loses_nothing_even_when_the_tab_dies(page: Page, serve, app):
    saved = add_sheet(app)
    address = serve(app) + "/phieu"
    page.goto(address)
    page.context.set_offline(True)
    page.locator("#d2").fill("8,5")
    expect(page.locator("[data-save-state]")).to_have_text("Chưa lưu được, đang thử lại")
    page.close()
    assert saved == []
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("#d2")).to_have_value("8,5")
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu lần 1")
    assert saved[0]["d2"] == "8,5"
    assert page.evaluate("localStorage.length") == 0


def test_the_last_words_are_sent_when_the_page_is_left(page: Page, serve, app):
    saved = add_sheet(app)
    address = serve(app)
    page.goto(address + "/phieu")
    page.locator("#d2").fill("8,5")
    page.goto(address + "/khong-co-trang")
    page.goto(address + "/phieu")
    assert [row["d2"] for row in saved][:1] == ["8,5"]


def test_saving_is_tried_again_by_itself(page: Page, serve, app):
    saved = add_sheet(app)
    page.goto(serve(app) + "/phieu")
    failures = iter([500, 429])

    def flaky(route: Route) -> None:
        status = next(failures, None)
        route.fulfill(status=status, body="") if status else route.continue_()

    page.route("**/phieu/luu", flaky)
    page.locator("#d3").fill("9")
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu lần 1", timeout=15_000)
    assert [row["d3"] for row in saved] == ["9"]


def test_a_copy_older_than_what_the_server_has_is_dropped(page: Page, serve, app):
    add_sheet(app)
    address = serve(app) + "/phieu"
    page.goto(address)
    page.evaluate("localStorage.setItem('draft:7-SK-37', JSON.stringify({version: '-1', values: [['d1', '1']]}))")
    page.goto(address)
    expect(page.locator("#d1")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_a_conflict_stops_saving_says_why_and_keeps_the_copy(page: Page, serve, app):
    add_sheet(app)
    page.goto(serve(app) + "/phieu")
    answer = {"status": 409, "content_type": "application/json", "body": '{"status": "Phiếu đã khóa lúc 09:40."}'}
    page.route("**/phieu/luu", lambda route: route.fulfill(**answer))
    page.locator("#d1").fill("5")
    expect(page.locator("[data-save-state]")).to_have_text("Phiếu đã khóa lúc 09:40.")
    assert page.evaluate("localStorage.length") == 1


def test_the_end_of_a_session_is_told_and_the_copy_kept(page: Page, serve, app):
    add_sheet(app)
    page.goto(serve(app) + "/phieu")
    page.route("**/phieu/luu", lambda route: route.fulfill(status=302, headers={"Location": "/"}))
    page.locator("#d1").fill("5")
    expect(page.locator("[data-save-state]")).to_contain_text("Phiên đăng nhập đã hết")
    assert page.evaluate("localStorage.length") == 1


def test_enter_walks_the_boxes_and_only_the_chord_sends(page: Page, serve, app):
    saved = add_sheet(app)
    page.goto(serve(app) + "/phieu")
    page.locator("#d1").focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.locator("#d2")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#d3")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#d2")).to_be_focused()
    assert [row for row in saved if "sent" in row] == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Đã gửi phiếu")
    assert [(row["d1"], row["gui"]) for row in saved if "sent" in row] == [("5", "1")]


def test_a_press_during_a_save_waits_for_the_version_it_makes(page: Page, serve, app):
    saved = add_sheet(app)
    held: list[Route] = []
    page.goto(serve(app) + "/phieu")
    page.route("**/phieu/luu", lambda route: held.append(route))
    page.locator("#d1").fill("5")
    with page.expect_request("**/phieu/luu"):
        pass
    page.locator("[name=gui]").click()
    expect(page.locator("h1")).to_have_text("Phiếu chấm")
    held[0].continue_()
    expect(page.locator("h1")).to_have_text("Đã gửi phiếu")
    assert [row["version"] for row in saved] == ["0", "1"]
    assert [row.get("gui") for row in saved] == [None, "1"]


def test_a_double_press_sends_once(page: Page, serve, app):
    saved = add_sheet(app)
    page.goto(serve(app) + "/phieu")
    page.evaluate("const b = document.querySelector('[name=gui]'); b.click(); b.click(); b.click()")
    expect(page.locator("h1")).to_have_text("Đã gửi phiếu")
    assert len([row for row in saved if "sent" in row]) == 1


def test_leaving_the_house_takes_the_copies_along(page: Page, serve, app):
    address = serve(app)
    page.goto(address + "/?ai=1")
    page.evaluate("localStorage.setItem('draft:7-SK-37', '{}'); localStorage.setItem('other', '1')")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(address + "/")
    assert page.evaluate("Object.keys(localStorage)") == ["other"]


def test_fragments_are_swapped_under_the_strict_policy(page: Page, serve, app, complaints):
    body = '<p id="kq">cũ</p><button type="button" hx-get="/manh" hx-target="#kq" hx-swap="outerHTML">Tìm</button>'
    source = '{% extends "base.html" %}{% set title = "Tìm" %}{% set uses_htmx = true %}{% block content %}'
    app.add_url_rule("/tim", "find", lambda: render_template_string(source + body + "{% endblock %}"))
    app.add_url_rule("/manh", "fragment", lambda: "<p id=kq>mới</p><script>document.title='chạy'</script>")
    page.goto(serve(app) + "/tim")
    page.get_by_role("button", name="Tìm").click()
    expect(page.locator("#kq")).to_have_text("mới")
    assert page.title().startswith("Tìm")
    assert complaints == []


def test_a_button_counts_the_ticks(page: Page, serve, app):
    add_list(app)
    page.goto(serve(app) + "/chon")
    button = page.locator("[data-ticks-label]")
    expect(button).to_have_text("Duyệt và ký 0 văn bản")
    page.locator("#c1").check()
    page.locator("#c2").check()
    expect(button).to_have_text("Duyệt và ký 2 văn bản")


def test_alt_and_an_arrow_lead_to_the_neighbour(page: Page, serve, app):
    add_list(app)
    address = serve(app)
    for key, path in (("ArrowLeft", "/ket-qua"), ("ArrowRight", "/viec-cua-toi")):
        page.goto(address + "/chon")
        page.locator("#c1").focus()
        page.keyboard.press(f"Alt+{key}")
        page.wait_for_url(address + path)


def test_a_password_can_be_shown(page: Page, serve, app):
    page.goto(serve(app) + "/_macros")
    page.get_by_role("button", name="Hiện mật khẩu").click()
    assert page.locator("#password").get_attribute("type") == "text"
    page.get_by_role("button", name="Ẩn mật khẩu").click()
    assert page.locator("#password").get_attribute("type") == "password"
