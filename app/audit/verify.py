"""Recomputing the trail: the chain, its head, and the present states against the last recorded ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.audit.models import AuditEvent, AuditHead
from app.audit.trail import GENESIS, digest
from app.core.db import Stateful, db


@dataclass(frozen=True)
class Verdict:
    """`problem` is empty when all is well; else it names the first bad row in a Vietnamese sentence."""

    events: int
    head: str
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


def verify() -> Verdict:
    """Recompute every hash in order, then compare the head, then the states of all subjects."""
    events, head, problem = _walk()
    problem = problem or _head_problem(events, head) or _state_problem()
    return Verdict(events, head, problem)


def _walk() -> tuple[int, str, str]:
    expected_seq, expected_prev = 1, GENESIS
    for row in _rows():
        if row is None:
            return expected_seq - 1, expected_prev, f"Sự kiện số {expected_seq} không đọc được."
        if row["seq"] != expected_seq:
            return expected_seq - 1, expected_prev, f"Thiếu sự kiện số {expected_seq}."
        if row["prev_hash"] != expected_prev or row["hash"] != digest(row):
            return expected_seq - 1, expected_prev, f"Sự kiện số {row['seq']} đã bị sửa."
        expected_seq, expected_prev = row["seq"] + 1, row["hash"]
    return expected_seq - 1, expected_prev, ""


def _rows() -> Iterable[Mapping | None]:
    """All events in order; None for one whose columns hold what cannot be read, and nothing after it."""
    after, size = None, 1000
    while True:
        try:
            rows = _batch(after, size)
        except (ValueError, TypeError):
            if size == 1:
                yield None
                return
            size = 1
            continue
        yield from rows
        if len(rows) < size:
            return
        after = rows[-1]["seq"]


def _batch(after: int | None, size: int) -> list[Mapping]:
    query = select(AuditEvent.__table__).order_by(AuditEvent.seq).limit(size)
    if after is not None:
        query = query.where(AuditEvent.seq > after)
    return db.session.execute(query).mappings().all()


def _head_problem(events: int, head: str) -> str:
    kept = db.session.execute(select(AuditHead.seq, AuditHead.hash)).all()
    if kept == [(events, head)]:
        return ""
    return f"Đầu chuỗi không khớp: nhật ký có {events} sự kiện."


def _state_problem() -> str:
    for model in _subject_models():
        problem = next(iter(_differing_states(model)), "")
        if problem:
            return problem
    return ""


def _subject_models() -> Iterable[type]:
    mappers = db.Model.registry.mappers
    return sorted((m.class_ for m in mappers if issubclass(m.class_, Stateful)), key=lambda c: c.__tablename__)


def _differing_states(model: type) -> Iterable[str]:
    kind = model.__workflow__.name
    recorded = _recorded_states(kind)
    for row_id, state in db.session.execute(select(model.id, model.state).order_by(model.id)):
        if recorded.pop(row_id, None) != state:
            yield f"Trạng thái của {kind} {row_id} là «{state}», khác nhật ký."
    yield from (f"Mất {kind} {row_id} có trong nhật ký." for row_id in recorded)


def _recorded_states(kind: str) -> dict[int, str]:
    """The last recorded state of each subject; without those that ended, whose last event leads to no state."""
    rows = db.session.execute(
        select(AuditEvent.subject_id, AuditEvent.to_state)
        .where(AuditEvent.subject_type == kind, (AuditEvent.to_state != "") | (AuditEvent.from_state != ""))
        .order_by(AuditEvent.seq)
    )
    return {subject_id: state for subject_id, state in dict(rows.all()).items() if state}
