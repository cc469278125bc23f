"""A batch is begun by a button and drawn up in the background: nothing twice, nothing lost, its beginner is told."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.documents import services
from app.documents.batches import drawing, making
from app.documents.batches import services as batches
from app.documents.models import Document, DocumentBatch
from app.jobs import run_all
from app.jobs.worker import LEASE, run_due
from app.notifications.models import Message
from tests.conftest import NOW
from tests.documents.test_batches import Converter
from tests.factories.documents import Paper, make_contest, make_world
from tests.factories.people import actor_of, make_user
from tests.sql import count_statements
from workflows import CONTEST
from workflows.spec import Role


@pytest.fixture
def converter(app, monkeypatch):
    """Stands in for LibreOffice."""
    stand_in = Converter()
    monkeypatch.setitem(app.extensions, "converter", stand_in)
    return stand_in


@pytest.fixture
def world(app, converter, monkeypatch):
    """A ward; one paper in each transaction, one after the other without a pause."""
    monkeypatch.setattr(drawing, "HOLD", -1)
    monkeypatch.setattr(drawing, "PAUSE", 0)
    return make_world()


def subjects(world, count):
    made = [make_contest(world.ward, f"CT-{n}").id for n in range(1, count + 1)]
    db.session.commit()
    return made


def begin(world, ids, now=NOW):
    found = batches.begin("certificate", world.contest, CONTEST, ids, actor_of(world.office), now=now)
    db.session.commit()
    return found and found.id


def batch():
    db.session.rollback()
    return db.session.scalars(select(DocumentBatch)).one()


def drawn():
    db.session.rollback()
    return list(db.session.scalars(select(Document.contest_id).order_by(Document.id)))


def told():
    return db.session.execute(select(Message.user_id, Message.title, Message.body, Message.url)).all()


def test_the_button_only_begins_and_the_worker_draws_up_as_the_person(world):
    ids = subjects(world, 3)
    begin(world, ids)
    assert drawn() == []
    assert (batch().total, batch().created_by, batch().created_by_id) == (3, world.office.full_name, world.office.id)
    assert run_due("w", NOW)
    assert drawn() == ids
    assert batch().undrawn == ""
    assert {paper.created_by for paper in db.session.scalars(select(Document))} == {world.office.full_name}
    actors = db.text("SELECT DISTINCT actor_id, actor_role FROM audit_event WHERE action = 'document.create'")
    assert db.session.execute(actors).all() == [(world.office.id, "office")]


def test_a_button_pressed_twice_begins_one_batch(world):
    ids = subjects(world, 3)
    first = begin(world, ids)
    assert begin(world, ids) == first
    drawing._draw_next(first, NOW)
    assert begin(world, [*ids, world.contest_id]) == first
    run_all(NOW)
    assert drawn() == ids
    assert begin(world, ids) is None
    second = begin(world, [*ids, world.contest_id])
    assert second != first
    assert db.session.get(DocumentBatch, second).total == 1


def test_each_transaction_is_short_and_ends_with_what_it_drew_up(world):
    ids = subjects(world, 4)
    begin(world, ids)
    seen = []

    def note(_connection):
        batch = next(row for row in db.session.identity_map.values() if isinstance(row, DocumentBatch))
        seen.append(json.loads(batch.undrawn or "[]"))

    event.listen(db.engine, "commit", note)
    try:
        drawing.draw_some(now=NOW, batch_id=1)
    finally:
        event.remove(db.engine, "commit", note)
    assert seen == [ids[1:], ids[2:], ids[3:], []]
    assert drawn() == ids


def test_a_long_list_lets_other_work_in(world, converter, monkeypatch):
    monkeypatch.setattr(drawing, "SLICE", -1)
    ids = subjects(world, 3)
    begin(world, ids)
    run_due("w", NOW)
    assert drawn() == ids[:1]
    making.make_some(now=NOW, template="certificate")
    assert (batch().finished_at, told()) == (None, [])
    run_all(NOW)
    assert drawn() == ids
    assert converter.calls == [1, 1, 1]
    assert batch().finished_at is not None


def test_what_is_wrong_with_one_keeps_no_other_from_being_drawn_up(world, monkeypatch):
    ids = subjects(world, 4)
    begin(world, ids)
    office = actor_of(world.office)
    services.draw_up("certificate", world.contest, office, now=NOW)
    other = Paper(services.draw_up("certificate", db.session.get(Contest, ids[2]), office, now=NOW).id)
    db.session.commit()
    making.make_some(now=NOW, template="certificate")
    world.act(other, world.office, "initial")
    draw_up = services.draw_up

    def broken(template, subject, actor, *, now):
        paper = draw_up(template, subject, actor, now=now)
        if subject.id == ids[1]:
            raise IndexError("no authors")
        return paper

    monkeypatch.setattr(services, "draw_up", broken)
    run_all(NOW)
    papers = {paper.contest_id: paper.batch_id for paper in db.session.scalars(select(Document))}
    assert papers == {world.contest_id: None, ids[2]: None, ids[0]: batch().id, ids[3]: batch().id}
    rows = batches.refused(batch())
    assert [code for code, _why in rows] == ["CT-2", "CT-3"]
    assert rows[0][1] == "Dữ liệu chưa đủ để lập văn bản này."
    assert rows[1][1].startswith(f"Văn bản {other.code} đã trình")
    assert batch().finished_at is not None
    ((_user, title, body, _url),) = told()
    assert title == "Giấy chứng nhận: chưa xong, 2 văn bản bị lỗi"
    assert "2 hồ sơ không soạn được văn bản" in body


def test_trouble_with_the_database_is_tried_again_and_blamed_on_no_paper(world, monkeypatch):
    ids = subjects(world, 2)
    begin(world, ids)
    draw_up = services.draw_up

    def locked(*_arguments, **_named):
        raise OperationalError("x", {}, Exception("database is locked"))

    monkeypatch.setattr(services, "draw_up", locked)
    run_due("w", NOW)
    assert (drawn(), batches.refused(batch())) == ([], [])
    monkeypatch.setattr(services, "draw_up", draw_up)
    run_all(NOW + timedelta(minutes=1))
    assert drawn() == ids


CHILD = """
import os, signal, sys
from app import create_app
from app.documents import services
from app.documents.batches import drawing, making
from app.jobs.worker import run_due
import tests.factories.documents

drawing.HOLD, drawing.PAUSE = -1, 0
draw_up, done = services.draw_up, []

def killed(*arguments, **named):
    if len(done) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(draw_up(*arguments, **named))
    return done[-1]

services.draw_up = killed
app = create_app()
with app.app_context():
    run_due("dies")
"""


def test_kill_9_between_two_papers_loses_and_doubles_nothing(app, world, database):
    """The killed worker was at its fifth paper: four are drawn up, the other six are drawn up by the next worker."""
    ids = subjects(world, 10)
    begin(world, ids, now=utcnow())
    env = os.environ | {
        "FLASK_DATA_DIR": str(app.config["SETTINGS"].data_dir),
        "FLASK_DATABASE_URL": database.url,
    }
    db.session.rollback()
    done = subprocess.run([sys.executable, "-c", CHILD], env=env, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert drawn() == ids[:4]
    assert json.loads(batch().undrawn) == ids[4:]
    run_all(utcnow() + LEASE + timedelta(seconds=5))
    assert drawn() == ids
    assert {paper.batch_id for paper in db.session.scalars(select(Document))} == {batch().id}
    assert set(db.session.scalars(select(Document.render_state))) == {"ready"}


def test_the_statements_for_one_paper_do_not_grow(world, monkeypatch):
    monkeypatch.setattr(drawing, "HOLD", 1000)
    counts = []
    for size in (5, 25):
        ids = [make_contest(world.ward, f"CT-{size}-{n}").id for n in range(size)]
        begin(world, ids)
        with count_statements() as statements:
            run_due("w", NOW)
        counts.append(len(statements) / size)
        run_all(NOW)
    assert counts[1] <= counts[0]


# --- told once


def test_the_beginner_is_told_once_when_all_are_ready(world):
    begin(world, subjects(world, 3))
    run_all(NOW)
    code = batch().code
    assert told() == [
        (
            world.office.id,
            "Giấy chứng nhận: đã tạo xong 3 văn bản",
            f"Đợt {code}: đã tạo 3 trong 3 văn bản.\nTệp để in ở trang của đợt.",
            f"/van-ban/dot/{code}",
        )
    ]
    paper = db.session.scalars(select(Document)).first()
    services.ask_for_bytes(paper, now=NOW)
    db.session.commit()
    run_all(NOW)
    assert len(told()) == 1


def test_failures_are_told_and_what_came_of_the_retry_too(world, converter):
    converter.bad = {0, 2}
    begin(world, subjects(world, 3))
    run_all(NOW)
    assert [message.title for message in told()] == ["Giấy chứng nhận: chưa xong, 2 văn bản bị lỗi"]
    assert "Đợt" in told()[0].body
    assert "đã tạo 1 trong 3 văn bản" in told()[0].body
    retry(world)
    assert [message.title for message in told()][1:] == ["Giấy chứng nhận: chưa xong, 1 văn bản bị lỗi"]
    converter.bad = set()
    retry(world)
    assert [message.title for message in told()][2:] == ["Giấy chứng nhận: đã tạo xong 3 văn bản"]


def test_one_paper_made_again_is_no_news_before_the_last(world, converter):
    converter.bad = {0, 2}
    begin(world, subjects(world, 3))
    run_all(NOW)
    converter.bad = set()
    for number, messages in ((0, 1), (2, 2)):
        code = db.session.scalars(select(Document.code).order_by(Document.id)).all()[number]
        assert batches.retry(batch(), code, actor_of(world.office), now=NOW) == 1
        db.session.commit()
        run_all(NOW)
        assert len(told()) == messages


def retry(world):
    assert batches.retry(batch(), "", actor_of(world.office), now=NOW)
    db.session.commit()
    run_all(NOW)


# --- its page from the first second


def test_the_page_follows_the_drawing_up(world, visitor, monkeypatch):
    monkeypatch.setattr(drawing, "SLICE", -1)
    ids = subjects(world, 3)
    begin(world, ids, now=utcnow())
    address = f"/van-ban/dot/{batch().code}"
    office = visitor(world.office).visit(address)
    assert "Đã soạn 0 trong 3 văn bản" in office.text
    assert "Đã tạo 0 trong 3 văn bản" in office.text
    assert "Đang tính thời gian còn lại" in office.text
    assert office.page.xpath("//*[@hx-get]")
    run_due("w")
    office.visit(address)
    assert "Đã soạn 1 trong 3 văn bản" in office.text
    run_all()
    office.visit(address)
    assert "Đã soạn" not in office.text
    assert "Đã tạo 3 trong 3 văn bản" in office.text
    assert office.page.xpath("//*[@hx-get]") == []


def test_before_the_first_paper_the_page_is_for_those_who_will_see_them(world, visitor):
    begin(world, subjects(world, 2), now=utcnow())
    address = f"/van-ban/dot/{batch().code}"
    strangers = [make_user("truongban", Role.HEAD_OF_JURY, at=world.ward), make_user("tacgia")]
    db.session.commit()
    for person in [visitor(person) for person in strangers]:
        assert person.fetch(address).status_code in (403, 404)
    for name in ("office", "chairman", "clerk"):
        assert visitor(getattr(world, name)).fetch(address).status_code == 200


def test_those_without_a_paper_are_named_on_the_page(world, visitor):
    ids = subjects(world, 2)
    number = begin(world, ids, now=utcnow())
    paper = services.draw_up("certificate", world.contest, actor_of(world.office), now=NOW).code
    db.session.commit()
    rows = [[f"SK-{n}", f"lý do {n}"] for n in range(52)]
    db.session.execute(db.update(DocumentBatch).values(refused=json.dumps(rows), undrawn=""))
    db.session.execute(db.update(Document).values(batch_id=number))
    db.session.commit()
    office = visitor(world.office).visit(f"/van-ban/dot/{batch().code}")
    assert paper in office.text
    assert "52 hồ sơ không soạn được văn bản" in office.text
    assert "SK-49: lý do 49" in office.text
    assert "SK-50" not in office.text
    assert "và 2 hồ sơ nữa" in office.text
