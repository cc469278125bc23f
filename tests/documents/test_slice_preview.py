"""Papers with a PDF: what the signer sees, and what is kept of it. Needs LibreOffice on the machine."""

import io

import pypdfium2
import pytest

from app.core.clock import utcnow
from app.core.db import db
from app.documents import queries
from app.jobs import run_all
from tests.factories.documents import PASSWORD, make_world


@pytest.fixture
def world(app):
    if app.extensions["converter"] is None:
        pytest.skip("LibreOffice is not installed")
    return make_world()


def test_pages_are_shown_signed_and_issued_as_pdf(app, world, visitor):
    paper = world.awaiting(now=utcnow())
    chairman = visitor(world.chairman).visit("/trinh-ky")
    (small,) = chairman.page.xpath("//main//img/@src")
    assert chairman.fetch(small).mimetype == "image/png"
    chairman.visit(f"/van-ban/{paper.code}").follow("document.sign")
    _docx, pdf = queries.current_files(paper.id)
    assert chairman.page.xpath("//input[@name='sha256']/@value") == [pdf.sha256]
    pictures = chairman.page.xpath("//main//img/@src")
    assert len(pictures) == pdf.pages >= 1
    first = chairman.fetch(pictures[0])
    assert first.data.startswith(b"\x89PNG")
    again = chairman.client.get(pictures[0], headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert chairman.fetch(f"/van-ban/{paper.code}/trang/{pdf.pages + 1}.png").status_code == 404
    assert chairman.fetch(f"/van-ban/{paper.code}/trang/0.png").status_code == 404

    chairman.submit({"password": PASSWORD}, button="document.sign")
    clerk = visitor(world.clerk).visit(f"/van-ban/{paper.code}/thao-tac/number").submit()
    run_all()
    clerk.visit(f"/van-ban/{paper.code}/thao-tac/issue").submit()
    response = chairman.fetch(f"/van-ban/{paper.code}/tai/pdf")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    document = pypdfium2.PdfDocument(io.BytesIO(response.data))
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "01/TTr-UBND" in text
    db.session.rollback()
    assert paper.signed_sha256 != queries.signable_sha256(paper.id)


def test_a_converter_that_fails_is_said_on_the_paper(app, world, visitor, monkeypatch, tmp_path):
    from app.adapters.pdf import LibreOffice

    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setitem(app.extensions, "converter", LibreOffice(str(broken)))
    paper = world.made(now=utcnow())
    office = visitor(world.office).visit(f"/van-ban/{paper.code}")
    assert "Không chuyển được văn bản sang PDF." in office.text
    monkeypatch.undo()
    office.submit(button="document.redraw")
    run_all()
    office.visit(f"/van-ban/{paper.code}")
    assert "document.initial" in office.actions()
