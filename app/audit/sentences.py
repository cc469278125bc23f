"""The trail in sentences: "Trần Thị Mai (Cán bộ văn phòng) yêu cầu bổ sung, 09:40 20/11/2026. Lý do: …".

What an act is called stands in its declaration; a slice adds the words of its other recorded acts and of its
columns with `declare` and `name_columns`. Staff read everything but values; authors read what concerns them, and no
name of anybody who judges.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.core.vietnamese import short_date, to_local
from workflows import ALL
from workflows.spec import N_, ROLE_LABELS, Notify, Role, State, Transition, Workflow

_WORKFLOWS = {workflow.name: workflow for workflow in ALL}
JUDGING = frozenset({Role.JUDGE.value, Role.HEAD_OF_JURY.value, Role.SECRETARY.value})
OWN = frozenset({Role.AUTHOR.value, Role.UNIT.value})
OPEN_VALUES = frozenset({"user", "organisation"})
BEHALF = {
    "": N_("ký thay %(name)s"),
    "KT.": N_("ký thay %(name)s (KT.)"),
    "TL.": N_("ký thừa lệnh %(name)s (TL.)"),
    "TUQ.": N_("ký thừa uỷ quyền %(name)s (TUQ.)"),
}
"""What is said of a signature by somebody else than the head, by the letters of the power."""
MARKED_TONES = frozenset({"warn", "danger"})

_acts: dict[str, str] = {
    "user.create": N_("tạo tài khoản"),
    "user.edit": N_("sửa tài khoản"),
    "user.disable": N_("khóa tài khoản"),
    "user.enable": N_("mở lại tài khoản"),
    "user.password": N_("đổi mật khẩu"),
    "user.password_link": N_("cấp liên kết đặt mật khẩu"),
    "user.grant": N_("giao vai trò"),
    "user.revoke": N_("thu vai trò"),
    "organisation.create": N_("thêm cơ quan, đơn vị"),
    "organisation.edit": N_("sửa cơ quan, đơn vị"),
    "organisation.add_signatory": N_("thêm người ký"),
    "organisation.edit_signatory": N_("sửa người ký"),
    "job.retry": N_("cho chạy lại việc nền"),
}
_columns: dict[str, str] = {
    "applicability": N_("khả năng áp dụng"),
    "authors": N_("tác giả"),
    "benefit": N_("hiệu quả"),
    "capacity": N_("thể thức ký"),
    "closes_at": N_("hạn nộp"),
    "code": N_("mã"),
    "comment": N_("nhận xét"),
    "completion_due_at": N_("hạn bổ sung"),
    "conditions": N_("điều kiện áp dụng"),
    "confidential": N_("thông tin cần bảo mật"),
    "confirmed_at": N_("xác nhận của đơn vị"),
    "confirmed_by": N_("người xác nhận"),
    "current_state": N_("tình trạng trước khi áp dụng"),
    "data": N_("nội dung"),
    "email": N_("thư điện tử"),
    "field_id": N_("lĩnh vực"),
    "files": N_("tệp minh chứng"),
    "first_applied_on": N_("ngày áp dụng lần đầu"),
    "full_name": N_("họ và tên"),
    "honorific": N_("cách xưng hô"),
    "job_title": N_("chức vụ"),
    "kind": N_("loại"),
    "letterhead": N_("tên trên văn bản"),
    "level": N_("cấp"),
    "lines": N_("điểm"),
    "name": N_("tên"),
    "opens_at": N_("ngày mở nhận"),
    "organisation_id": N_("cơ quan, đơn vị"),
    "parent_id": N_("cơ quan cấp trên"),
    "personal": N_("thể thức ký riêng"),
    "phone": N_("điện thoại"),
    "place_name": N_("địa danh"),
    "recipients": N_("nơi nhận"),
    "return_reason": N_("lý do trả"),
    "returned_parts": N_("phần cần bổ sung"),
    "role": N_("vai trò"),
    "short_name": N_("tên ngắn"),
    "signatory": N_("người ký"),
    "solution": N_("nội dung giải pháp"),
    "subject_line": N_("trích yếu"),
    "successor_id": N_("cơ quan kế thừa"),
    "superior_line": N_("tên cơ quan cấp trên trên văn bản"),
    "symbol": N_("ký hiệu"),
    "title": N_("tên"),
    "total": N_("tổng điểm"),
    "unit_id": N_("đơn vị"),
    "user_id": N_("tài khoản"),
    "valid_from": N_("ngày đầu"),
    "valid_to": N_("ngày cuối"),
}


def declare(**acts: str) -> None:
    """Words for recorded acts that no life cycle declares: `declare(**{"entry.add_file": N_("thêm tệp")})`."""
    _acts.update(acts)


def name_columns(**words: str) -> None:
    """Words for columns in edits: `name_columns(budget=N_("kinh phí"))`."""
    _columns.update(words)


@dataclass(frozen=True)
class Told:
    """One event as the macro `timeline` draws it."""

    text: str
    when: str
    iso: str
    note: str
    tone: str
    who: str = ""


def timeline(rows: Iterable, *, for_author: bool = False) -> list[Told]:
    """Events of `app.audit.queries.events_of` for the macro `timeline`; those an author may know when `for_author`."""
    return [_told(row, for_author) for row in rows if not for_author or concerns_author(row)]


def sentence(row, *, for_author: bool = False) -> str:
    """One event in one line, with its moment and, where the reader may know it, its reason."""
    told = _told(row, for_author)
    line = _("%(what)s, %(when)s.", what=told.text, when=told.when)
    return f"{line} {told.note}" if told.note else line


def _told(row, for_author: bool) -> Told:
    text = _("%(who)s %(what)s", who=person(row, for_author=for_author), what=what(row)) + _behalf(row)
    changes = _changes_words(row)
    reason = _("Lý do: %(reason)s", reason=row.reason) if row.reason and _may_read_reason(row, for_author) else ""
    return Told(
        f"{text} ({changes})" if changes and not text.endswith(changes) else text,
        _moment(row.at),
        row.at.isoformat(),
        reason,
        _tone(row),
    )


def person(row, *, for_author: bool = False) -> str:
    """Who acted: name, role, and for whom; for an author those who judge are only named together."""
    if for_author and row.actor_role in JUDGING:
        return _("Ban giám khảo")
    if row.actor_role == Role.SYSTEM.value or not row.actor_name:
        return _(ROLE_LABELS[Role.SYSTEM])
    role = _role_label(row)
    name = f"{row.actor_name} ({_(role)})" if role else row.actor_name
    return _("%(name)s thay cho %(other)s", name=name, other=row.on_behalf_of) if row.on_behalf_of else name


def _role_label(row) -> str:
    """The role in the words of the subject's life cycle, "" when none is recorded."""
    workflow = _WORKFLOWS.get(row.subject_type)
    words = ROLE_LABELS | workflow.called if workflow else ROLE_LABELS
    return words.get(row.actor_role, "")


def what(row) -> str:
    """What was done, as the declaration says it: "yêu cầu bổ sung"."""
    transition = _transition(row)
    if transition is not None:
        return _(transition.done)
    if row.action in _acts:
        return _(_acts[row.action])
    kind, _dot, action = row.action.partition(".")
    workflow = _WORKFLOWS.get(kind)
    if action == "create" and workflow:
        title = _(workflow.title)
        return _("tạo %(what)s", what=title[:1].lower() + title[1:])
    words = _column_words(row)
    return _("sửa: %(columns)s", columns=words) if words else _("ghi thay đổi")


def _behalf(row) -> str:
    """For whom a deputy signed and by what power (Nghị định 30/2020/NĐ-CP, Điều 13), so that both names are read."""
    changes = json.loads(row.changes)
    name, power = (changes.get(key, ("", ""))[1] for key in ("on_behalf_of", "power"))
    return ", " + _(BEHALF.get(power, BEHALF[""]), name=name) if name else ""


def _changes_words(row) -> str:
    """Values for people and organisations, whose trail is about nothing else; no values of contents."""
    if row.subject_type not in OPEN_VALUES:
        return ""
    pairs = [(name, pair) for name, pair in json.loads(row.changes).items() if not name.endswith("_id")]
    return "; ".join(_pair_words(name, *pair) for name, pair in pairs)


def _pair_words(name: str, before, after) -> str:
    word = _(_columns.get(name, name))
    if name == "role":  # kept by its Vietnamese name
        before, after = before and _(before), after and _(after)
    if before in (None, ""):
        return f"{word}: {after}"
    return _("%(column)s: từ «%(before)s» thành «%(after)s»", column=word, before=before, after=after or "")


def _column_words(row) -> str:
    names = [_columns[name] for name in json.loads(row.changes) if name in _columns]
    return ", ".join(dict.fromkeys(_(name) for name in names))


def concerns_author(row) -> bool:
    """Whether an author may know of an event of the own entry: own acts, what changes the words of the state shown
    to authors, and acts whose message goes to the author."""
    if row.subject_type != "entry":
        return False
    if row.actor_role in OWN:
        return True
    workflow = _WORKFLOWS["entry"]
    if row.from_state and _label(workflow, row.from_state) != _label(workflow, row.to_state):
        return True
    return _tells_author(_transition(row))


def _may_read_reason(row, for_author: bool) -> bool:
    return not for_author or row.actor_role in OWN or _tells_author(_transition(row))


def _tells_author(transition: Transition | None) -> bool:
    return transition is not None and Notify(Role.AUTHOR) in transition.effects


def _transition(row) -> Transition | None:
    kind, _dot, action = row.action.partition(".")
    workflow = _WORKFLOWS.get(kind)
    if workflow is None:
        return None
    declared = [t for t in workflow.transitions if t.action == action]
    return workflow.find(action, row.from_state) or next(iter(declared), None)


def _state(workflow: Workflow, name: str) -> State | None:
    return next((state for state in workflow.states if state.name == name), None)


def _label(workflow: Workflow, name: str) -> str:
    state = _state(workflow, name)
    return state.author_label if state else ""


def _tone(row) -> str:
    workflow = _WORKFLOWS.get(row.subject_type)
    moved = workflow and row.from_state and row.from_state != row.to_state
    state = _state(workflow, row.to_state) if moved else None
    return state.tone if state and state.tone in MARKED_TONES else ""


def _moment(at: datetime) -> str:
    local = to_local(at)
    return f"{local:%H:%M} {short_date(local.date())}"
