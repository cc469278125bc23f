"""A file is checked where it lies: the browser hashes it and sends the hash; without script the file is sent."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect

from app.core.db import db
from app.documents.models import DocumentFile
from tests.conftest import NOW
from tests.factories.contests import issue_paper
from tests.factories.entries import make_season
from tests.web.browser_checks import check_in_browser, sideways_scroll

pytestmark = pytest.mark.browser
CONTENT = b"%PDF-1.7 the paper"


@pytest.fixture
def paper(app, tmp_path):
    """An issued paper, and its file on the visitor's disk."""
    document = issue_paper(make_season().contest, "plan")
    stored = app.extensions["storage"].put(io.BytesIO(CONTENT), limit=1000)
    row = DocumentFile(document_id=document.id, stage="issued", kind="docx", sha256=stored.key, size=18, made_at=NOW)
    db.session.add(row)
    db.session.commit()
    path = tmp_path / "van-ban.pdf"
    path.write_bytes(CONTENT)
    return path, stored.key


def test_the_browser_hashes_the_file_and_keeps_it(page: Page, serve, app, paper, complaints):
    posted = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.goto(serve(app) + "/xac-minh")
    expect(page.locator("[data-hash-shown]")).to_be_visible()
    check_in_browser(page)
    page.set_input_files("input[type=file]", str(paper[0]))
    page.get_by_role("button", name="Xác minh tệp").click()
    expect(page.get_by_text("Tệp trùng từng byte với bản đã phát hành.")).to_be_visible()
    assert page.url.endswith(f"/xac-minh/tep?sha256={paper[1]}")
    assert (posted, complaints) == ([], [])
    page.set_viewport_size({"width": 360, "height": 740})
    assert sideways_scroll(page) == 0


def test_a_dropped_file_is_checked_too(page: Page, serve, app, paper):
    page.goto(serve(app) + "/xac-minh")
    page.evaluate(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File(['another one'], 'a.pdf'));
          const form = document.querySelector('[data-hash-form]');
          form.dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.get_by_text("Tệp này không phải tệp đã phát hành")).to_be_visible()


def test_without_script_the_file_is_sent(browser, serve, app, paper):
    page = browser.new_context(java_script_enabled=False, locale="vi-VN").new_page()
    page.goto(serve(app) + "/xac-minh")
    page.set_input_files("input[type=file]", str(paper[0]))
    page.get_by_role("button", name="Xác minh tệp").click()
    expect(page.get_by_text("Tệp trùng từng byte với bản đã phát hành.")).to_be_visible()
    page.context.close()
