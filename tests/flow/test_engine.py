"""The engine: an act is whole or not at all, done once for one key, by one of two people who were at it at once."""

import threading
from datetime import timedelta, timezone

import pytest
import sqlalchemy as sa

from app import flow
from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.core.db import begin_reading, begin_writing, db
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.entries.models import Entry
from app.jobs.models import Job
from tests.factories.entries import attach, commit, make_season, make_submitted
from tests.factories.people import actor_of


@pytest.fixture
def season(app):
    season = make_season()
    commit(season)
    attach(season)
    return season


def everything() -> dict[str, list]:
    """Every row of every table, to prove that nothing changed."""
    names = sorted(db.metadata.tables)
    return {name: db.session.execute(sa.text(f'SELECT * FROM "{name}"')).all() for name in names}


def reject(entry, actor, now, **options):
    return flow.fire(entry, "reject", actor, now=now, reason="Trùng lặp", **options)


def test_an_act_moves_the_state_and_leaves_one_event(season, now):
    entry = make_submitted(season)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    version = entry.version
    seq = reject(entry, actor_of(season.office), now, version=version, key="k1")
    db.session.commit()
    event = db.session.get(AuditEvent, seq)
    assert (entry.state, entry.version) == ("rejected", version + 1)
    assert (event.action, event.from_state, event.to_state) == ("entry.reject", "submitted", "rejected")
    assert (event.actor_name, event.actor_role, event.reason) == (season.office.full_name, "office", "Trùng lặp")
    assert event.at == now
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == before + 1


def test_the_same_key_does_it_once(season, now):
    entry = make_submitted(season)
    actor = actor_of(season.office)
    version = entry.version
    first = reject(entry, actor, now, version=version, key="k1")
    db.session.commit()
    content = everything()
    assert reject(entry, actor, now, version=version, key="k1") == first
    db.session.commit()
    assert everything() == content


def test_a_key_of_another_person_is_worth_nothing(season, now):
    entry = make_submitted(season)
    reject(entry, actor_of(season.office), now, key="k1")
    db.session.commit()
    with pytest.raises(NotAllowed):
        reject(entry, actor_of(season.author), now, key="k1")


def test_a_stale_page_changes_nothing(season, now):
    entry = make_submitted(season)
    db.session.commit()
    content = everything()
    with pytest.raises(Conflict):
        reject(entry, actor_of(season.office), now, version=entry.version - 1)
    db.session.rollback()
    assert everything() == content


def test_an_act_that_is_not_of_this_state_is_a_conflict(season, now):
    entry = make_submitted(season)
    with pytest.raises(Conflict):
        flow.fire(entry, "unscreen", actor_of(season.office), now=now, reason="x")


def test_a_reason_that_is_needed_must_say_something(season, now):
    entry = make_submitted(season)
    for reason in ("", "  \n "):
        with pytest.raises(Invalid):
            flow.fire(entry, "reject", actor_of(season.office), now=now, reason=reason)


def test_a_guard_refuses_with_its_reason(season, now):
    entry = make_submitted(season)
    with pytest.raises(Refused) as refused:
        flow.fire(entry, "screen", actor_of(season.office), now=now)
    assert refused.value.refusal.code == "checklist_open"


def test_nobody_acts_outside_a_write_transaction(season, now):
    entry = make_submitted(season)
    db.session.commit()
    begin_reading()
    with pytest.raises(RuntimeError):
        reject(entry, actor_of(season.office), now)
    begin_writing()


class Broken(RuntimeError):
    """Raised on purpose."""


def test_a_fault_at_any_statement_leaves_nothing_behind(season, now):
    """Break the act at its first statement, its second, and so on: never half of it."""
    entry = make_submitted(season)
    db.session.commit()
    actor = actor_of(season.office)
    db.session.rollback()
    content = everything()
    broken_at = 0
    while True:
        db.session.rollback()
        subject = db.session.get(Entry, entry.id)
        countdown = [broken_at]

        def strike(*_args, countdown=countdown):
            countdown[0] -= 1
            if countdown[0] < 0:
                raise Broken

        sa.event.listen(db.engine, "before_cursor_execute", strike)
        try:
            reject(subject, actor, now, key=f"k{broken_at}")
            db.session.flush()
        except Broken:
            pass
        else:
            break
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", strike)
        db.session.rollback()
        assert everything() == content
        broken_at += 1
    assert broken_at >= 4, "an act writes the key, the entry, the event and the queued work"
    db.session.rollback()
    assert everything() == content


def test_of_many_at_once_exactly_one_wins(season, now, app):
    """Twelve people press "reject" on the same version at the same moment."""
    entry = make_submitted(season)
    commit(season)
    attach(season)
    actor = actor_of(season.office)
    entry_id, version = entry.id, entry.version
    db.session.commit()
    results, barrier = [], threading.Barrier(12)

    def press(number: int) -> None:
        with app.app_context():
            begin_writing()
            barrier.wait()
            try:
                subject = db.session.get(Entry, entry_id)
                reject(subject, actor, now, version=version, key=f"key-{number}")
                db.session.commit()
                results.append("done")
            except Conflict:
                db.session.rollback()
                results.append("conflict")

    threads = [threading.Thread(target=press, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["conflict"] * 11 + ["done"]
    acts = sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.action == "entry.reject")
    assert db.session.scalar(acts) == 1


def test_work_is_queued_with_the_act(season, now):
    entry = make_submitted(season)
    db.session.execute(sa.delete(Job))
    db.session.commit()
    reject(entry, actor_of(season.office), now)
    assert db.session.scalars(sa.select(Job.kind)).all() == ["notifications.tell"]
    db.session.rollback()
    assert db.session.scalars(sa.select(Job.kind)).all() == []


def test_a_moment_given_in_another_zone_is_the_same_moment_on_the_trail(season, now):
    entry = make_submitted(season)
    reject(entry, actor_of(season.office), now.astimezone(timezone(timedelta(hours=7))))
    db.session.commit()
    assert "bị sửa" not in verify().problem
