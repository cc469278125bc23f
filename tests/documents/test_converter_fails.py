"""When the converter fails, a paper says so and stays where it was: no state, number or file changes by it."""

import pytest
from sqlalchemy import func, select

from app.adapters.pdf import LibreOffice
from app.core.db import db
from app.documents.models import DocumentFile, RegisterEntry
from app.jobs import run_all
from tests.conftest import NOW
from tests.factories.documents import make_world

FAULTS = {
    "exits 1": ("exit 1", "Không chuyển được văn bản sang PDF."),
    "writes 0 bytes": ('mkdir out; touch "$PWD/out/0.pdf"', "Không chuyển được văn bản sang PDF."),
    "dies": ("kill -9 $$", "Không chuyển được văn bản sang PDF."),
    "hangs": ("sleep 304", "Chuyển văn bản sang PDF quá lâu nên đã bị dừng."),
}


@pytest.fixture(params=FAULTS)
def fault(request, tmp_path):
    """A converter that fails in each way, and the words for it."""
    script, words = FAULTS[request.param]
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return LibreOffice(program, timeout=0.5, slots=1, lock_folder=tmp_path / "locks"), words


def files():
    return db.session.scalar(select(func.count()).select_from(DocumentFile))


def test_a_draft_stays_a_draft_without_files(app, fault, monkeypatch):
    converter, words = fault
    monkeypatch.setitem(app.extensions, "converter", converter)
    paper = make_world().made()
    assert (paper.state, paper.render_state, paper.render_error) == ("draft", "failed", words)
    assert files() == 0


def test_a_numbered_paper_keeps_its_number_and_what_was_signed(app, fault, monkeypatch):
    converter, words = fault
    monkeypatch.setitem(app.extensions, "converter", None)
    world = make_world()
    paper = world.signed()
    world.act(paper, world.clerk, "number")
    before = (paper.state, paper.number, paper.symbol, paper.signed_sha256, files())
    monkeypatch.setitem(app.extensions, "converter", converter)
    run_all(NOW)
    db.session.rollback()
    assert (paper.render_state, paper.render_error) == ("failed", words)
    after = (paper.state, paper.number, paper.symbol, paper.signed_sha256, files())
    assert after == before
    assert paper.state == "numbered"
    assert db.session.scalars(select(RegisterEntry.number)).all() == [paper.number]
