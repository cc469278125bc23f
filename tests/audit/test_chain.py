"""The chain: whatever single value is changed behind the application's back, the first bad row is named."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import audit
from app.accounts.actor import SYSTEM, Actor
from app.audit.models import AuditEvent, AuditHead, TrailIsFinal
from app.audit.trail import HASHED, digest
from app.audit.verify import verify
from app.core.db import db, write_transaction
from tests.conftest import NOW

MAI = Actor(7, "Trần Thị Mai")


def record(number=1, **more):
    for n in range(number):
        values = {
            "at": NOW,
            "actor": MAI,
            "role": "office",
            "action": "user.edit",
            "subject_type": "user",
            "subject_id": n,
            "subject_code": f"sk-{n}",
            "contest_id": 3,
            "changes": {"name": ["cũ", f"mới {n}"]},
            "reason": "Nhập sai",
            **more,
        }
        audit.record(**values)
    db.session.commit()


def execute(statement, **values):
    db.session.execute(sa.text(statement), values)
    db.session.commit()


@pytest.fixture
def unguarded(app):
    """A database whose owner took the triggers away that refuse changes."""
    if db.engine.dialect.name == "postgresql":
        execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_final")
    else:
        for verb in ("update", "delete"):
            execute(f"DROP TRIGGER audit_event_no_{verb}")


def test_an_untouched_chain_is_whole(app):
    record(5)
    verdict = verify()
    assert (verdict.ok, verdict.events) == (True, 5)
    assert verdict.head == db.session.scalar(sa.select(AuditEvent.hash).where(AuditEvent.seq == 5))


def test_an_empty_chain_is_whole(app):
    assert (verify().ok, verify().events, verify().head) == (True, 0, "0" * 64)


VALUES = {
    "at": "2020-01-01 00:00:00.000000",
    "actor_id": 99,
    "actor_name": "Người khác",
    "actor_role": "admin",
    "on_behalf_of": "Ai đó",
    "action": "user.disable",
    "subject_type": "entry",
    "subject_id": 999,
    "subject_code": "SK-KHAC",
    "contest_id": None,
    "from_state": "draft",
    "to_state": "ranked",
    "changes": "{}",
    "reason": "",
    "request_id": "KHAC",
    "prev_hash": "1" * 64,
    "hash": "2" * 64,
}


def test_every_column_is_tried():
    assert {*VALUES, "seq"} == {*HASHED, "hash"}


@pytest.mark.parametrize("column", VALUES)
@pytest.mark.parametrize("row", [1, 3, 5])
def test_a_changed_value_is_found_in_its_row(unguarded, column, row):
    record(5)
    execute(f"UPDATE audit_event SET {column} = :value WHERE seq = {row}", value=VALUES[column])
    verdict = verify()
    assert verdict.problem == f"Sự kiện số {row} đã bị sửa."
    assert verdict.events == row - 1


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit_event SET seq = 9 WHERE seq = 3", "Thiếu sự kiện số 3."),
        ("UPDATE audit_event SET seq = 0 WHERE seq = 1", "Thiếu sự kiện số 1."),
        ("DELETE FROM audit_event WHERE seq = 2", "Thiếu sự kiện số 2."),
        ("DELETE FROM audit_event WHERE seq = 5", "Đầu chuỗi không khớp: nhật ký có 4 sự kiện."),
        ("UPDATE audit_head SET seq = 4", "Đầu chuỗi không khớp: nhật ký có 5 sự kiện."),
        ("UPDATE audit_head SET hash = prev", "Đầu chuỗi không khớp: nhật ký có 5 sự kiện."),
        ("DELETE FROM audit_head", "Đầu chuỗi không khớp: nhật ký có 5 sự kiện."),
    ],
)
def test_missing_rows_and_a_moved_head_are_found(unguarded, statement, problem):
    record(5)
    execute(statement.replace("= prev", "= (SELECT prev_hash FROM audit_event WHERE seq = 5)"))
    assert verify().problem == problem


def test_two_swapped_events_are_found(unguarded):
    record(5)
    for old, new in ((2, 90), (3, 2), (90, 3)):
        execute(f"UPDATE audit_event SET seq = {new} WHERE seq = {old}")
    assert verify().problem == "Sự kiện số 2 đã bị sửa."


def test_a_rehashed_event_breaks_the_next_link(unguarded):
    record(5)
    row = dict(db.session.execute(sa.select(AuditEvent.__table__).where(AuditEvent.seq == 3)).mappings().one())
    row["actor_name"] = "Người khác"
    execute(
        "UPDATE audit_event SET actor_name = :name, hash = :hash WHERE seq = 3", name="Người khác", hash=digest(row)
    )
    assert verify().problem == "Sự kiện số 4 đã bị sửa."


def test_a_moment_that_cannot_be_read_is_named(unguarded):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a server database refuses such a value")
    record(5)
    execute("UPDATE audit_event SET at = 'hôm qua' WHERE seq = 4")
    assert verify().problem == "Sự kiện số 4 không đọc được."


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'khác' WHERE seq = 1",
        "UPDATE audit_event SET reason = reason",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE seq = 2",
    ],
)
def test_the_database_refuses_changes(app, statement):
    record(2)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        execute(statement)
    db.session.rollback()
    assert verify().ok


def test_the_model_refuses_changes(app):
    record(1)
    event = db.session.get(AuditEvent, 1)
    event.reason = "khác"
    with pytest.raises(TrailIsFinal):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.get(AuditEvent, 1))
    with pytest.raises(TrailIsFinal):
        db.session.flush()
    db.session.rollback()


def _record_and_fail():
    with write_transaction():
        audit.record(at=NOW, actor=SYSTEM, role="system", action="user.edit", subject_type="user", subject_id=1)
        raise RuntimeError


def test_an_event_leaves_with_its_transaction(app):
    record(1)
    with pytest.raises(RuntimeError):
        _record_and_fail()
    assert (verify().ok, verify().events) == (True, 1)
    assert db.session.execute(sa.select(AuditHead.seq)).scalar() == 1


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)


@given(st.lists(st.tuples(texts, texts, st.dictionaries(texts, texts, max_size=2)), max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_stays_one_event_and_verifies(app, rows):
    before = verify().events
    for name, reason, changes in rows:
        record(actor=Actor(1, name), reason=reason, changes=changes, at=datetime.now(UTC))
    assert (verify().problem, verify().events) == ("", before + len(rows))
