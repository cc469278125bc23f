"""Writing a sheet: keeping scores as they are typed, and sending the sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Executable, Row, delete
from sqlalchemy.dialects import postgresql, sqlite

from app import flow
from app.accounts.actor import Actor
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.vietnamese import clean_text, decimal_text
from app.scoring import facts, queries
from app.scoring.models import ScoreLine, ScoreSheet
from workflows import guards
from workflows.spec import N_, Refusal

NOTE_LIMIT = 1_000
COMMENT_LIMIT = 5_000
EXAMPLE_STEPS = 5

NOT_OPEN = Refusal("sheet_not_open", N_("Phiếu không ở tình trạng đang chấm nên không sửa được."))


def _upsert(insert) -> Executable:
    statement = insert(ScoreLine.__table__)
    new = {"score": statement.excluded.score, "note": statement.excluded.note}
    return statement.on_conflict_do_update(index_elements=["sheet_id", "criterion_id"], set_=new)


_UPSERTS = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}


@dataclass(frozen=True)
class Mark:
    """What a judge gives for one criterion; `score` None: not given yet."""

    score: Decimal | None
    note: str = ""


def save_sheet(
    sheet: ScoreSheet,
    marks: Mapping[int, Mark],
    comment: str,
    actor: Actor,
    *,
    now: datetime,
    version: int | None,
    lines: list[Row] | None = None,
) -> bool:
    """Keep scores and notes by criterion id, and the comment; False when nothing differs.

    Seven SQL statements with the request's own one: the sheet with its entry and authors, its lines, one upsert of
    all changed lines, the sheet's row, and two of the trail. `lines` are those of the sheet when the caller has just
    read them for the page that showed `version`. Raises Conflict, NotAllowed, Refused or Invalid.
    """
    changes = _store(sheet, marks, comment, actor, now, version, lines)
    if not changes:
        return False
    sheet.saved_at, sheet.comment = now, clean_text(comment)
    flow.record_edit(sheet, "save", actor, now=now, changes=changes)
    return True


def submit_sheet(
    sheet: ScoreSheet,
    marks: Mapping[int, Mark],
    comment: str,
    actor: Actor,
    *,
    now: datetime,
    version: int | None,
    lines: list[Row] | None = None,
    key: str | None = None,
) -> int:
    """Keep what was typed and send the sheet, as one event. The same `key` again returns the first event.

    Needs more than a save: the guard's count of empty criteria, the total, the entry's figures, the idempotency
    key, and with the last sheet the move of the entry with its own event, all in the one transaction.
    """
    if sheet.state != "draft":
        return flow.fire(sheet, "submit", actor, now=now, version=version, key=key)
    changes = _store(sheet, marks, comment, actor, now, version, lines)
    return flow.fire(
        sheet, "submit", actor, now=now, data={"changes": changes, "comment": clean_text(comment)}, key=key
    )


def _store(sheet, marks, comment, actor, now, version, lines) -> dict[str, Any]:
    """Write the lines and say what changed. The sheet's own row is left to the caller, who writes it once."""
    flow.check_version(sheet, version)
    _check_open(sheet, actor, now)
    lines = queries.lines_of(sheet) if lines is None else lines
    marks = {key: Mark(mark.score, clean_text(mark.note)) for key, mark in marks.items()}
    comment = clean_text(comment)
    _check(lines, marks, comment, sheet.entry.contest.score_step)
    changed = [line for line in lines if line.id in marks and _differs(line, marks[line.id])]
    changes = _told(changed, marks)
    if sheet.comment != comment:
        changes["comment"] = [sheet.comment, comment]
    _write(sheet, {line.id: marks[line.id] for line in changed})
    return changes


def _check_open(sheet: ScoreSheet, actor: Actor, now: datetime) -> None:
    if sheet.judge_id != actor.user_id or not flow.binding_of(sheet).roles(sheet, actor):
        raise NotAllowed(_("Chỉ giám khảo được phân công chấm phiếu này."))
    if not flow.may_edit(sheet, actor):
        raise Refused(NOT_OPEN)
    known = SimpleNamespace(contest_state=facts.contest_state(sheet), entry_state=facts.entry_state(sheet))
    refusal = guards.judging_open(known, now) or guards.entry_in_judging(known, now)
    if refusal:
        raise Refused(refusal)


def _differs(line: Row, mark: Mark) -> bool:
    return (line.score, line.note or "") != (mark.score, mark.note)


def _told(changed: list[Row], marks: Mapping[int, Mark]) -> dict[str, Any]:
    """What was and what is, by the criterion's key; decimals as exact text."""
    changes: dict[str, Any] = {}
    for line in changed:
        mark = marks[line.id]
        if line.score != mark.score:
            changes[line.key] = [_plain(line.score), _plain(mark.score)]
        if (line.note or "") != mark.note:
            changes[f"{line.key}_note"] = [line.note or "", mark.note]
    return changes


def _plain(score: Decimal | None) -> str | None:
    return None if score is None else format(score.normalize(), "f")


def _write(sheet: ScoreSheet, marks: Mapping[int, Mark]) -> None:
    """One statement for all lines that are new or changed, one for those that were emptied, if any."""
    rows = [
        {"sheet_id": sheet.id, "criterion_id": criterion_id, "score": mark.score, "note": mark.note}
        for criterion_id, mark in marks.items()
        if mark.score is not None
    ]
    emptied = [criterion_id for criterion_id, mark in marks.items() if mark.score is None]
    if rows:
        db.session.execute(_UPSERTS[db.session.get_bind().dialect.name], rows)
    if emptied:
        gone = delete(ScoreLine).where(ScoreLine.sheet_id == sheet.id, ScoreLine.criterion_id.in_(emptied))
        db.session.execute(gone.execution_options(synchronize_session=False))
    if marks:
        db.session.expire(sheet, ["lines"])


# --- checking -----------------------------------------------------------------------------------------------------
def _check(lines: list[Row], marks: Mapping[int, Mark], comment: str, step: Decimal) -> None:
    errors = {}
    known = {line.id: line for line in lines}
    for criterion_id, mark in marks.items():
        if criterion_id not in known:
            raise Invalid({"": _("Tiêu chí không thuộc cuộc thi này")})
        problem = _problem(mark, known[criterion_id].max_score, step)
        if problem:
            errors[f"score_{criterion_id}"] = problem
        if len(mark.note) > NOTE_LIMIT:
            errors[f"note_{criterion_id}"] = _("Viết ngắn hơn %(n)s ký tự", n=decimal_text(Decimal(NOTE_LIMIT)))
    if len(comment) > COMMENT_LIMIT:
        errors["comment"] = _("Viết ngắn hơn %(n)s ký tự", n=decimal_text(Decimal(COMMENT_LIMIT)))
    if errors:
        raise Invalid(errors)


def _problem(mark: Mark, maximum: Decimal, step: Decimal) -> str:
    if mark.score is None:
        return _("Nhập điểm cho tiêu chí có nhận xét") if mark.note else ""
    if not mark.score.is_finite() or not 0 <= mark.score <= maximum:
        return out_of_range(maximum)
    return wrong_step(maximum, step) if mark.score % step else ""


def out_of_range(maximum: Decimal) -> str:
    """`Điểm từ 0 đến 30`."""
    return _("Điểm từ 0 đến %(maximum)s", maximum=decimal_text(maximum))


def wrong_step(maximum: Decimal, step: Decimal) -> str:
    """`Điểm viết theo bước 0,5, ví dụ 27,5`."""
    return _("Điểm viết theo bước %(step)s, ví dụ %(example)s", step=decimal_text(step), example=example(maximum, step))


def example(maximum: Decimal, step: Decimal) -> str:
    """A score that could be given, a little under the maximum."""
    under = maximum - EXAMPLE_STEPS * step
    return decimal_text(under if under > 0 else maximum)
