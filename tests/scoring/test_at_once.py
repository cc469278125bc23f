"""Several people at once: nothing is lost, nothing counts twice."""

import threading
from decimal import Decimal

import sqlalchemy as sa

from app import flow
from app.audit.models import AuditEvent
from app.core.db import db, write_transaction
from app.core.errors import Conflict
from app.entries.models import Entry
from app.scoring import queries, services
from tests.conftest import NOW
from tests.factories.people import actor_of
from tests.factories.scoring import accept, make_jury, marks, sheet_of


def at_once(app, *works):
    """Run each work in a thread and a transaction of its own; returns what went wrong, in their order."""
    ready = threading.Barrier(len(works))
    errors = [None] * len(works)

    def run(place, work):
        with app.app_context():
            ready.wait()
            try:
                with write_transaction():
                    work()
            except Exception as error:
                errors[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def sending(code, judge, scores, key=None, version=None):
    actor = actor_of(judge)

    def work():
        sheet = queries.get_own(code, actor)
        services.submit_sheet(sheet, marks(sheet, *scores), "", actor, now=NOW, version=version, key=key)

    return work


def test_all_judges_send_at_once(app):
    jury = make_jury(judges=4, min_judges=4)
    sheets = [accept(sheet_of(jury.entries[0], judge), judge) for judge in jury.judges]
    works = [
        sending(sheet.code, judge, (str(10 + n), "20", "30"))
        for n, (sheet, judge) in enumerate(zip(sheets, jury.judges, strict=True))
    ]
    db.session.commit()
    assert at_once(app, *works) == [None] * 4
    row = db.session.execute(sa.select(Entry.state, Entry.sheets_open, Entry.sheets_submitted, Entry.score_mean)).one()
    assert tuple(row) == ("scored", 0, 4, Decimal("61.5"))


def test_one_sheet_sent_twice_counts_once(app):
    jury = make_jury()
    sheet = accept(sheet_of(jury.entries[0], jury.judges[0]), jury.judges[0])
    db.session.flush()
    version = sheet.version
    first = sending(sheet.code, jury.judges[0], ("10", "20", "30"), "one", version)
    second = sending(sheet.code, jury.judges[0], ("30", "20", "10"), "two", version)
    db.session.commit()
    errors = at_once(app, first, second)
    assert sorted(type(error) for error in errors if error) == [Conflict]
    assert db.session.scalar(sa.select(Entry.sheets_submitted)) == 1


def test_one_press_that_arrives_twice_is_one_act(app):
    jury = make_jury(assigned=False)
    entry = jury.entries[0]
    actor, entry_id, version = actor_of(jury.season.office), entry.id, entry.version

    def press():
        flow.fire(db.session.get(Entry, entry_id), "unscreen", actor, now=NOW, reason="Sai", version=version, key="one")

    db.session.commit()
    assert at_once(app, press, press) == [None, None]
    undone = sa.select(sa.func.count()).where(AuditEvent.action == "entry.unscreen")
    assert db.session.scalar(undone) == 1


def test_one_judge_is_assigned_once(app):
    jury = make_jury(assigned=False)
    actor, entry_id, judge_id = actor_of(jury.secretary), jury.entries[0].id, jury.judges[0].id

    def assign():
        services.assign_judge(actor, db.session.get(Entry, entry_id), judge_id, NOW)

    db.session.commit()
    errors = at_once(app, assign, assign)
    assert len([error for error in errors if error]) == 1
    assert db.session.scalar(sa.select(Entry.sheets_open)) == 1
