"""PDFs made later than their papers: many in one call, each on record as soon as it is made, none twice."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.adapters.pdf import ConverterError
from app.core.clock import utcnow
from app.core.db import db
from app.documents.batches import late_pdf, making
from app.documents.models import DocumentBatch, DocumentFile
from app.jobs import run_all
from app.jobs.models import Job
from app.jobs.worker import LEASE, run_due
from tests.conftest import NOW
from tests.documents.test_batches import CHILD, Converter, drawn
from tests.factories.documents import make_world


@pytest.fixture
def papers(app, monkeypatch):
    """Ten papers made without a converter."""
    monkeypatch.setitem(app.extensions, "converter", None)
    world = make_world()
    made = drawn(world, 10, now=utcnow())
    run_all(utcnow())
    return made


@pytest.fixture
def converter(app, papers, monkeypatch):
    """One is installed now."""
    stand_in = Converter()
    monkeypatch.setitem(app.extensions, "converter", stand_in)
    return stand_in


def ask(now=None):
    asked = late_pdf.ask_for_missing(now=now or utcnow())
    db.session.commit()
    return asked


def files(kind):
    db.session.rollback()
    query = select(DocumentFile).filter_by(kind=kind).order_by(DocumentFile.document_id)
    return db.session.scalars(query).all()


def jobs():
    return db.session.execute(select(Job.status).filter_by(kind="documents.add_pdfs")).scalars().all()


def test_one_call_makes_many_and_the_files_for_printing_follow(app, papers, converter):
    assert ask() == 10
    run_all()
    assert converter.calls == [10]
    pairs = zip(files("docx"), files("pdf"), strict=True)
    assert all((d.document_id, d.stage, d.made_at) == (p.document_id, p.stage, p.made_at) for d, p in pairs)
    assert {file.pages for file in files("pdf")} == {1}
    assert len({file.sha256 for file in files("pdf")}) == 10
    assert db.session.scalars(select(DocumentBatch.merged_pages)).one() == 10
    assert ask() == 0


def test_a_piece_of_work_has_so_many_and_ends_when_its_time_is_over(app, converter, monkeypatch):
    monkeypatch.setattr(late_pdf, "AT_ONCE", 7)
    monkeypatch.setattr(making, "SLICE", -1)
    ask()
    assert jobs() == ["queued", "queued"]
    run_all()
    assert sorted(converter.calls) == [1, 1, 2, 2, 3, 3, 4, 5, 6, 7]
    assert len(files("pdf")) == 10


def test_one_that_cannot_be_made_is_tried_again_and_keeps_no_other(app, converter):
    converter.bad = {3}
    ask(NOW)
    run_due("w", NOW)
    assert len(files("pdf")) == 9
    assert jobs() == ["queued"]
    converter.bad = set()
    run_all(NOW + timedelta(hours=1))
    assert converter.calls == [10, 1]
    assert len(files("pdf")) == 10


def test_one_that_never_comes_to_anything_ends_as_a_failed_job(app, converter):
    converter.bad = set(range(10))
    ask(NOW)
    for hour in range(9):
        run_due("w", NOW + timedelta(hours=hour))
    assert (files("pdf"), jobs()) == ([], ["failed"])
    assert ConverterError.__name__ in db.session.scalars(select(Job.error).filter_by(kind="documents.add_pdfs")).one()


def test_without_a_converter_it_stays_as_it_is(app, papers):
    ask()
    run_all()
    assert (files("pdf"), jobs()) == ([], ["done"])


def test_the_operator_asks_on_the_command_line(app, converter):
    done = app.test_cli_runner().invoke(args=["documents", "pdf"])
    assert (done.exit_code, done.output) == (0, "Đã xếp hàng 10 văn bản chờ tạo PDF.\n")
    run_all()
    assert len(files("pdf")) == 10


def test_kill_9_in_the_middle_keeps_what_was_made_and_doubles_nothing(app, converter, database):
    ask()
    env = os.environ | {
        "FLASK_DATA_DIR": str(app.config["SETTINGS"].data_dir),
        "FLASK_DATABASE_URL": database.url,
    }
    db.session.rollback()
    done = subprocess.run([sys.executable, "-c", CHILD], env=env, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    kept = {file.id: file.sha256 for file in files("pdf")}
    assert len(kept) == 4
    run_all(utcnow() + LEASE + timedelta(seconds=5))
    assert converter.calls == [6]
    assert len(files("pdf")) == 10
    assert {file.id: file.sha256 for file in files("pdf") if file.id in kept} == kept
