"""Many papers at once: one piece of work, each kept by itself, followed on a page, joined for the printer."""

import io
import itertools
import os
import signal
import subprocess
import sys
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pypdfium2
import pytest
from sqlalchemy import select

from app import flow
from app.adapters.pdf import ConverterError
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import NotFound
from app.documents import services
from app.documents.batches import bundles, making
from app.documents.batches import services as batches
from app.documents.batches import views as batch_views
from app.documents.models import Document, DocumentBatch, DocumentFile
from app.jobs import run_all
from app.jobs.models import Job
from app.jobs.worker import LEASE, run_due
from tests.conftest import NOW
from tests.factories.documents import Paper, make_contest, make_world, shown_sha256
from tests.factories.people import actor_of, make_organisation, make_user
from workflows import CONTEST
from workflows.spec import Role


class Converter:
    """A PDF of one page for each paper, no two alike; those at the positions in `bad` come to nothing."""

    def __init__(self, bad=()):
        self.bad, self.calls, self.made = set(bad), [], 0

    def convert_many(self, docxs):
        """As the real one, in the opposite order."""
        self.calls.append(len(docxs))
        for position in reversed(range(len(docxs))):
            self.made += 1
            yield position, ConverterError("bad") if position in self.bad else blank(100 + self.made)


def blank(width):
    document = pypdfium2.PdfDocument.new()
    document.new_page(width, 100)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def widths(pdf):
    return [round(page.get_width()) for page in pypdfium2.PdfDocument(pdf)]


@pytest.fixture
def converter(app, monkeypatch):
    """Stands in for LibreOffice."""
    stand_in = Converter()
    monkeypatch.setitem(app.extensions, "converter", stand_in)
    return stand_in


@pytest.fixture
def world(app, converter):
    """A ward with its office, chairman and clerk."""
    return make_world()


def drawn(world, count, template="certificate", now=NOW):
    """A batch that is still to be made, and its papers."""
    begun(world, [make_contest(world.ward, f"CT-{n}").id for n in range(1, count + 1)], template, now)
    assert run_due("draws", now)
    papers = db.session.scalars(select(Document.id).where(Document.batch_id.is_not(None)).order_by(Document.id))
    return [Paper(number) for number in papers]


def begun(world, contest_ids, template="certificate", now=NOW):
    """A batch that is still to be drawn up, of the world's contest; None when nothing is missing."""
    begun = batches.begin(template, world.contest, CONTEST, contest_ids, actor_of(world.office), now=now)
    db.session.commit()
    return begun


def batch():
    db.session.rollback()
    return db.session.scalars(select(DocumentBatch)).one()


def content(app, sha256):
    with app.extensions["storage"].open(sha256) as stored:
        return stored.read()


def fetched(visitor, path):
    """The content of a file that is sent as a stream."""
    with visitor.fetch(path) as response:
        return response.data


def queued():
    return db.session.execute(select(Job.kind, Job.args).where(Job.status == "queued")).all()


def test_papers_drawn_up_together_are_one_piece_of_work(world, converter):
    papers = drawn(world, 7)
    assert queued() == [("documents.render_batch", '{"template": "certificate"}')]
    assert {paper.batch_id for paper in papers} == {batch().id}
    assert (batch().total, batch().created_by, batch().finished_at) == (7, world.office.full_name, None)
    run_all(NOW)
    assert converter.calls == [7]
    assert {paper.render_state for paper in papers} == {"ready"}
    for paper in papers:
        files = db.session.query(DocumentFile).filter_by(document_id=paper.id).order_by(DocumentFile.kind).all()
        assert [(file.kind, file.stage) for file in files] == [("docx", "draft"), ("pdf", "draft")]
        assert len({file.made_at for file in files}) == 1
    assert len({shown_sha256(paper) for paper in papers}) == 7
    assert batch().finished_at is not None


def test_a_large_batch_is_made_in_parts_that_let_others_in(world, converter, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 3)
    drawn(world, 7)
    other = world.draw("forwarding")
    run_all(NOW)
    assert converter.calls == [3, 1, 3, 1]
    assert other.render_state == "ready"
    assert batch().finished_at is not None


def test_a_long_piece_of_work_ends_when_its_time_is_over(world, converter, monkeypatch):
    monkeypatch.setattr(making, "SLICE", -1)
    drawn(world, 3)
    run_all(NOW)
    assert (converter.calls, converter.made) == ([3, 2, 1], 3)
    assert batch().finished_at is not None


def test_one_bad_paper_fails_alone_and_is_made_again_when_it_is_put_right(world, converter):
    world.overrides["award_text"] = ""
    first = drawn(world, 1)[0]
    del world.overrides["award_text"]
    converter.bad = {1}
    office = actor_of(world.office)
    begun(world, [make_contest(world.ward, f"CT-B{n}").id for n in range(3)])
    run_all(NOW)
    states = db.session.execute(select(Document.render_state, Document.render_error).order_by(Document.id)).all()
    assert states == [
        ("failed", "Mẫu “certificate” thiếu trường “Thành tích (đã đạt giải …)” (award_text)."),
        ("ready", ""),
        ("failed", "Không chuyển được văn bản sang PDF."),
        ("ready", ""),
    ]
    converter.bad = set()
    for found in db.session.scalars(select(DocumentBatch)).all():
        assert batches.retry(found, "", office, now=NOW) == 1
    db.session.commit()
    run_all(NOW)
    assert set(db.session.scalars(select(Document.render_state))) == {"ready"}
    assert first.state == "draft"


def test_a_paper_that_exists_stays_in_its_batch(world):
    papers = drawn(world, 3)
    run_all(NOW)
    flow.fire(papers[0].row, "initial", actor_of(world.office), now=NOW)
    db.session.commit()
    contest_ids = [make_contest(world.ward, "CT-9").id, *(paper.contest_id for paper in papers)]
    begun(world, contest_ids)
    run_all(NOW)
    assert [one.total for one in db.session.scalars(select(DocumentBatch).order_by(DocumentBatch.id))] == [3, 1]
    assert [paper.batch_id for paper in papers] == [1, 1, 1]
    assert batches.latest(world.contest_id, "certificate").total == 1
    assert begun(world, contest_ids) is None


def sign(world, papers):
    for paper in papers:
        world.act(paper, world.office, "initial")
        world.act(paper, world.office, "request_signature")
        world.act(paper, world.chairman, "sign", data={"sha256": shown_sha256(paper)})


def test_numbered_papers_get_their_final_bytes_together(app, world, converter):
    papers = drawn(world, 4)
    run_all(NOW)
    sign(world, papers)
    run_all(NOW)
    for paper in reversed(papers):
        flow.fire(paper.row, "number", actor_of(world.clerk), now=NOW)
    db.session.commit()
    assert queued() == [("documents.render_batch", '{"template": "certificate"}')]
    run_all(NOW)
    assert converter.calls == [4, 4]
    for number, paper in enumerate(reversed(papers), 1):
        (docx, _pdf) = db.session.query(DocumentFile).filter_by(document_id=paper.id, stage="issued")
        with zipfile.ZipFile(io.BytesIO(content(app, docx.sha256))) as package:
            assert f"0{number}/GCN-UBND" in package.read("word/document.xml").decode()


def test_the_files_for_printing_follow_the_register(app, world):
    """Before they have numbers, the order they were drawn up in; then the order of the numbers."""
    papers = drawn(world, 4)
    run_all(NOW)
    shown = [widths(content(app, shown_sha256(paper)))[0] for paper in papers]
    assert widths(content(app, batch().merged_sha256)) == shown
    sign(world, papers)
    order = [papers[n] for n in (2, 0, 3, 1)]
    for paper in order:
        flow.fire(paper.row, "number", actor_of(world.clerk), now=NOW)
    db.session.commit()
    assert batches.made_from(batch()) == ""
    run_all(NOW)
    assert batch().merged_pages == 4
    final = {paper.symbol: content(app, shown_sha256(paper)) for paper in papers}
    assert widths(content(app, batch().merged_sha256)) == [widths(final[symbol])[0] for symbol in sorted(final)]
    with zipfile.ZipFile(io.BytesIO(content(app, batch().zip_sha256))) as archive:
        assert archive.namelist() == [f"giay-chung-nhan-0{n}-gcn-ubnd.pdf" for n in range(1, 5)]
        assert [archive.read(name) for name in archive.namelist()] == [final[symbol] for symbol in sorted(final)]
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_files_for_printing_are_made_once_and_again_only_after_a_change(world):
    drawn(world, 2)
    run_all(NOW)
    assert bundles.make(now=NOW, batch_id=batch().id) is None
    paper = Paper(db.session.scalars(select(Document.id)).first())
    services.ask_for_bytes(paper.row, now=NOW)
    db.session.commit()
    run_all(NOW)
    assert batches.made_from(batch()) == batch().made_from


def test_without_a_converter_there_is_a_zip_of_word_files(app, world, monkeypatch):
    monkeypatch.setitem(app.extensions, "converter", None)
    drawn(world, 2)
    run_all(NOW)
    assert (batch().merged_sha256, batch().merged_pages) == ("", 0)
    with zipfile.ZipFile(io.BytesIO(content(app, batch().zip_sha256))) as archive:
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"docx"}


def test_a_paper_that_cannot_be_kept_does_not_hold_up_the_others(world, monkeypatch):
    papers = drawn(world, 3)
    keep = services.keep_bytes

    def broken(document, *more, **named):
        if document.id == papers[1].id:
            raise RuntimeError("broken on purpose")
        keep(document, *more, **named)

    monkeypatch.setattr(services, "keep_bytes", broken)
    run_all(NOW)
    assert [paper.render_state for paper in papers] == ["ready", "failed", "ready"]
    assert papers[1].render_error == making.NOT_KEPT


# --- the worker dies

CHILD = """
import os, signal
from app import create_app
from app.core.db import db
from app.jobs.worker import run_due
from tests.documents.test_batches import Converter
import tests.factories.documents

class Killed(Converter):
    def convert_many(self, docxs):
        for n, answer in enumerate(super().convert_many(docxs)):
            if n == 4:
                os.kill(os.getpid(), signal.SIGKILL)
            yield answer

app = create_app()
app.extensions["converter"] = Killed()
with app.app_context():
    run_due("dies")
"""


def test_kill_9_in_the_middle_keeps_what_was_made_and_doubles_nothing(app, world, database):
    """The killed worker was at its fifth paper: four are kept, the other six are made by the next worker."""
    drawn(world, 10, now=utcnow())
    settings = app.config["SETTINGS"]
    env = os.environ | {"FLASK_DATA_DIR": str(settings.data_dir), "FLASK_DATABASE_URL": database.url}
    db.session.rollback()
    done = subprocess.run([sys.executable, "-c", CHILD], env=env, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert db.session.scalars(select(Document.render_state)).all().count("ready") == 4
    kept = {file.id: file.sha256 for file in db.session.query(DocumentFile)}
    db.session.rollback()
    run_all(utcnow() + LEASE + timedelta(seconds=5))
    assert set(db.session.scalars(select(Document.render_state))) == {"ready"}
    files = db.session.query(DocumentFile).all()
    assert len(files) == 20
    assert {file.id: file.sha256 for file in files if file.id in kept} == kept


# --- its page


def test_the_page_tells_how_far_it_is_and_how_long_it_takes(world, visitor, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 4)
    drawn(world, 9, now=utcnow())
    office = visitor(world.office)
    office.visit(f"/van-ban/dot/{batch().code}")
    assert office.heading == "Đợt văn bản: Giấy chứng nhận"
    assert "Đã tạo 0 trong 9 văn bản" in office.text
    assert "Đang tính thời gian còn lại" in office.text
    assert office.page.xpath("//a[text()='Tải lại trang']/@href") == [f"/van-ban/dot/{batch().code}"]
    monkeypatch.setattr(making, "SLICE", 1000)
    ticks = itertools.count(0, 30)
    monkeypatch.setattr(making, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    making.make_some(now=utcnow() - timedelta(seconds=150), template="certificate")
    assert batches.progress(batch(), now=utcnow()).seconds_left == 5 * 30
    office.visit(f"/van-ban/dot/{batch().code}")
    assert "Đã tạo 4 trong 9 văn bản" in office.text
    assert "Còn khoảng 2 phút" in office.text
    run_all()
    office.visit(f"/van-ban/dot/{batch().code}")
    assert "Đã tạo 9 trong 9 văn bản" in office.text
    assert "Một tệp PDF để in: 9 trang" in office.text
    assert office.page.xpath("//*[@hx-get]") == []
    with office.fetch(office.link("Tải tất cả (ZIP), mỗi văn bản một tệp")) as response:
        assert response.headers["Content-Disposition"] == f"attachment; filename={batch().code.lower()}.zip"
    assert fetched(office, office.link("Tải tất cả (ZIP), mỗi văn bản một tệp"))[:2] == b"PK"
    assert fetched(office, office.link("Một tệp PDF để in: 9 trang"))[:4] == b"%PDF"
    office.visit(f"/van-ban/{db.session.scalars(select(Document.code)).first()}")
    assert office.link(f"Đợt văn bản {batch().code}") == f"/van-ban/dot/{batch().code}"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0, "Còn chưa đến 1 phút"), (59.9, "Còn chưa đến 1 phút"), (60, "Còn khoảng 1 phút")],
)
def test_the_time_left_in_words(app, seconds, words):
    with app.test_request_context():
        assert batch_views.time_left(seconds) == words


def test_one_failed_paper_or_all_are_made_again_from_the_page(world, visitor, converter):
    converter.bad = {0, 2, 3}
    papers = drawn(world, 4, now=utcnow())
    run_all()
    address = f"/van-ban/dot/{batch().code}"
    office = visitor(world.office).visit(address)
    assert "3 văn bản bị lỗi" in office.text
    assert office.text.count("Không chuyển được văn bản sang PDF.") == 3
    assert "ZIP" not in office.text
    converter.bad = set()
    office.post(f"{address}/thu-lai", {"paper": papers[2].code})
    run_all()
    db.session.rollback()
    assert [paper.render_state for paper in papers] == ["failed", "ready", "ready", "failed"]
    office.visit(f"{address}?trang_thai=failed")
    assert [paper.code in office.text for paper in papers] == [True, False, False, True]
    office.post(f"{address}/thu-lai", {})
    run_all()
    db.session.rollback()
    assert {paper.render_state for paper in papers} == {"ready"}
    office.post(f"{address}/thu-lai", {})
    office.visit(address)
    assert "Đã tạo 4 trong 4 văn bản" in office.text


def test_long_batches_come_in_pages(world, visitor, monkeypatch):
    monkeypatch.setattr(batches, "PAGE", 4)
    papers = drawn(world, 6, now=utcnow())
    office = visitor(world.office).visit(f"/van-ban/dot/{batch().code}")
    assert [paper.code in office.text for paper in papers] == [True] * 4 + [False] * 2
    office.visit(office.page.xpath("//a[@rel='next']/@href")[0])
    assert [paper.code in office.text for paper in papers] == [False] * 4 + [True] * 2


def test_a_batch_is_for_those_who_may_see_its_papers(world, visitor):
    drawn(world, 2, now=utcnow())
    run_all()
    elsewhere = make_organisation("phuong-khac")
    strangers = [
        make_user("vpkhac", Role.OFFICE, at=elsewhere),
        make_user("truongban", Role.HEAD_OF_JURY, at=world.ward),
        make_user("tacgia"),
    ]
    db.session.commit()
    address = f"/van-ban/dot/{batch().code}"
    for person, actor in [(visitor(person), actor_of(person)) for person in strangers]:
        for path in (address, f"{address}/tai/pdf", f"{address}/tai/zip"):
            assert person.fetch(path).status_code in (403, 404)
        with pytest.raises(NotFound):
            batches.get_visible(address[-12:], actor)
    chairman = visitor(world.chairman).visit(address)
    assert fetched(chairman, f"{address}/tai/zip")[:2] == b"PK"
    chairman.post(f"{address}/thu-lai", {}, status=403)
    assert visitor(world.office).fetch(f"{address}/tai/exe").status_code == 404
    assert visitor(world.office).fetch("/van-ban/dot/DVB-XXXXXXXX").status_code == 404


def test_files_that_are_out_of_date_are_made_again_on_a_button(world, visitor):
    paper = drawn(world, 2, now=utcnow())[0]
    run_all()
    made = {"sha256": shown_sha256(paper), "size": 1, "pages": 1, "made_at": utcnow()}
    db.session.add(DocumentFile(document_id=paper.id, stage="signed", kind="pdf", **made))
    db.session.commit()
    office = visitor(world.office).visit(f"/van-ban/dot/{batch().code}")
    assert "Tải tất cả (ZIP)" not in office.text
    office.submit(button="document.bundle")
    run_all()
    office.visit(f"/van-ban/dot/{batch().code}")
    assert "Tải tất cả (ZIP)" in office.text
