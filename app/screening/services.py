"""Writes of screening: the answers to the checklist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app import flow
from app.accounts.actor import Actor
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.vietnamese import clean_text
from app.entries.models import Entry
from app.screening import queries
from app.screening.models import RESULTS, Check
from workflows.spec import N_, Refusal, Role

NOTE_LIMIT = 1_000
NOT_WAITING = Refusal("not_waiting", N_("Hồ sơ không còn chờ kiểm tra nên không ghi kết quả được."))


@dataclass(frozen=True)
class Answer:
    """The office's answer to one question: `result` is "passed", "failed", "missing", or "" for none yet."""

    result: str
    note: str = ""


def save_checks(
    entry: Entry,
    answers: Mapping[int, Answer],
    actor: Actor,
    *,
    now: datetime,
    version: int | None,
    pass_rest: bool = False,
) -> bool:
    """Keep answers by the question's id; with `pass_rest` questions without one count as passed. False when nothing
    differs. Raises Conflict, NotAllowed, Refused, or Invalid: what did not pass needs a note."""
    flow.check_version(entry, version)
    if Role.OFFICE not in flow.binding_of(entry).roles(entry, actor):
        raise NotAllowed(_("Việc kiểm tra hồ sơ dành cho cán bộ văn phòng không liên quan đến hồ sơ."))
    if entry.state != "submitted":
        raise Refused(NOT_WAITING)
    items = queries.checklist(entry)
    wanted = {item.id: _wanted(item, answers.get(item.id), pass_rest) for item in items}
    _check(wanted)
    changes = {}
    for item in items:
        before, after = Answer(item.result or "", item.note or ""), wanted[item.id]
        if before != after:
            _put(entry, item.id, after, actor, now)
            changes[item.text] = [_words(before), _words(after)]
    if changes:
        flow.record_edit(entry, "check", actor, now=now, changes=changes, role=Role.OFFICE.value)
    return bool(changes)


def _wanted(item, answer: Answer | None, pass_rest: bool) -> Answer:
    if answer is None:
        answer = Answer(item.result or "", item.note or "")
    if not answer.result and pass_rest:
        return Answer("passed", clean_text(answer.note))
    return Answer(answer.result, clean_text(answer.note))


def _check(wanted: Mapping[int, Answer]) -> None:
    errors = {}
    for item_id, answer in wanted.items():
        if answer.result not in ("", *RESULTS):
            errors[f"result_{item_id}"] = _("Chọn một kết quả trong danh sách")
        elif answer.result in ("failed", "missing") and not answer.note:
            errors[f"note_{item_id}"] = _("Ghi rõ điều chưa đạt hoặc cần bổ sung")
        elif answer.note and not answer.result:
            errors[f"result_{item_id}"] = _("Chọn kết quả cho mục có ghi chú")
        if len(answer.note) > NOTE_LIMIT:
            errors[f"note_{item_id}"] = _("Viết ngắn hơn %(n)s ký tự", n="1.000")
    if errors:
        raise Invalid(errors)


def _put(entry: Entry, item_id: int, answer: Answer, actor: Actor, now: datetime) -> None:
    row = db.session.query(Check).filter_by(entry_id=entry.id, item_id=item_id).one_or_none()
    if not answer.result:
        db.session.delete(row)
        return
    if row is None:
        row = Check(entry_id=entry.id, item_id=item_id)
        db.session.add(row)
    row.result, row.note = answer.result, answer.note
    row.checked_by_id, row.checked_at = actor.user_id, now


def _words(answer: Answer) -> str | None:
    if not answer.result:
        return None
    return f"{answer.result}: {answer.note}" if answer.note else answer.result
