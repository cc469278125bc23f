"""Many clerks number papers at once while their processes are killed: no gap, no repeat, nothing half done."""

import multiprocessing
import random
import threading
import time
from contextlib import suppress

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError

from app import flow
from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.core import ids
from app.core.db import begin_reading, db, write_transaction
from app.documents.models import Document, RegisterEntry, RegisterSeries
from tests.conftest import NOW
from tests.factories.documents import make_world
from tests.factories.people import actor_of

SMALL = {"processes": 4, "threads": 2, "papers": 10, "kills": 8}
FULL = {"processes": 10, "threads": 5, "papers": 200, "kills": 60}


@pytest.fixture
def world(app, monkeypatch):
    """A ward with its clerk; papers as .docx only."""
    monkeypatch.setitem(app.extensions, "converter", None)
    return make_world()


def signed_papers(world, count):
    """Ids of so many papers that wait for their number."""
    model = world.signed().row
    row = {column.name: getattr(model, column.name) for column in Document.__table__.columns if column.name != "id"}
    rows = [row | {"code": f"VB-N{number}", "verify_code": ids.random_code(12)} for number in range(count)]
    db.session.execute(insert(Document), rows)
    db.session.commit()
    return list(db.session.scalars(select(Document.id).where(Document.code.like("VB-N%")).order_by(Document.id)))


def number_all(app, actor, shares):
    """What one process does: a thread for each share of papers."""
    with app.app_context():
        db.engine.dispose(close=False)  # the connections of the process that this one was forked from
    threads = [threading.Thread(target=number_share, args=(app, actor, share)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def number_share(app, actor, share):
    """One client: paper after paper; who waited too long for a turn tries again."""
    waiting = random.sample(share, len(share))
    while waiting:
        with app.app_context(), suppress(OperationalError):
            number_one(waiting[-1], actor)
            waiting.pop()


def number_one(paper_id, actor):
    try:
        with write_transaction():
            document = db.session.get(Document, paper_id)
            if document.state == "signed":
                flow.fire(document, "number", actor, now=NOW)
    finally:
        db.session.remove()


def count_lines():
    """Read by a transaction that is over at once: a writer's would keep the others out."""
    begin_reading()
    lines = db.session.scalar(select(func.count()).select_from(RegisterEntry))
    db.session.rollback()
    return lines


@pytest.mark.parametrize("size", [SMALL, pytest.param(FULL, marks=pytest.mark.slow)], ids=["small", "full"])
def test_kills_leave_no_gap_and_no_repeat(app, world, size):
    clients = size["processes"] * size["threads"]
    papers = signed_papers(world, clients * size["papers"])
    shares = [papers[number::clients] for number in range(clients)]
    groups = [shares[number :: size["processes"]] for number in range(size["processes"])]
    actor = actor_of(world.clerk)
    db.session.remove()
    fork = multiprocessing.get_context("fork")
    running = [fork.Process(target=number_all, args=(app, actor, group), daemon=True) for group in groups]
    for process in running:
        process.start()
    kill_now_and_then(app, fork, running, actor, groups, len(papers), size["kills"])
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * len(running)
    check(papers)


def kill_now_and_then(app, fork, running, actor, groups, total, kills):
    """SIGKILL to one process after another while numbers are given; each is started again."""
    dice = random.Random(11)
    for turn in range(kills):
        wait_until(lambda turn=turn: count_lines() >= total * turn // (kills + 1))
        victim = dice.randrange(len(running))
        running[victim].kill()
        running[victim].join()
        running[victim] = fork.Process(target=number_all, args=(app, actor, groups[victim]), daemon=True)
        running[victim].start()


def wait_until(condition):
    """Until it holds; ten minutes at most, since the full size runs on busy machines."""
    for _try in range(60_000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("no numbers are given any more")


def check(papers):
    """Every paper has one line, one number and one event of the clerk's; the numbers are 1 to n; the trail holds."""
    db.session.rollback()
    rows = db.session.execute(select(RegisterEntry.document_id, RegisterEntry.number, RegisterEntry.symbol)).all()
    assert sorted(row.document_id for row in rows) == papers
    assert sorted(row.number for row in rows) == list(range(1, len(papers) + 1))
    assert len({row.symbol for row in rows}) == len(papers)
    assert db.session.scalar(select(RegisterSeries.last)) == len(papers)
    numbered = select(Document.id, Document.number).where(Document.state == "numbered")
    assert dict(db.session.execute(numbered).all()) == {row.document_id: row.number for row in rows}
    numbering = select(AuditEvent.subject_id).where(AuditEvent.action == "document.number")
    assert sorted(db.session.scalars(numbering)) == papers
    assert verify().problem == ""
