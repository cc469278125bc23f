"""What happens next with an entry, in one sentence for its authors."""

from datetime import datetime

from flask_babel import gettext as _

from app.core.vietnamese import deadline_text, moment_text
from workflows import ENTRY
from workflows.spec import N_

WAITING = ("screened", "scored", "ranked")
ANNOUNCED = ("decided", "closed")


def author_status(state: str, contest_state: str) -> str:
    """The state in the author's words (a msgid): what the jury decided is no longer awaited once it is announced."""
    return N_("Đã có kết quả") if _is_known(state, contest_state) else ENTRY.state(state).author_label


def _is_known(state: str, contest_state: str) -> bool:
    return state == "ranked" and contest_state in ANNOUNCED


def next_step(row, now: datetime) -> str:
    """`row` has `state`, `completion_due_at`, `contest_state`, `closes_at` and `screening_due_at`."""
    if row.state == "draft":
        return _draft(row, now)
    if row.state == "returned":
        return _returned(row, now)
    if row.state == "submitted":
        return _submitted(row)
    if _is_known(row.state, row.contest_state):
        return _("Kết quả đã công bố, xem ở trang Kết quả.")
    return _later(row.state)


def _draft(row, now: datetime) -> str:
    if row.contest_state != "open" or row.closes_at is None or now > row.closes_at:
        return _("Đã hết hạn nộp. Liên hệ văn phòng để được hướng dẫn.")
    return _("Điền đủ các phần và nộp trước %(deadline)s.", deadline=deadline_text(row.closes_at, now, _))


def _returned(row, now: datetime) -> str:
    if row.completion_due_at is None:
        return _("Bổ sung theo yêu cầu rồi nộp lại.")
    if now > row.completion_due_at:
        return _("Đã hết hạn bổ sung. Liên hệ văn phòng để xin gia hạn.")
    return _("Bổ sung và nộp lại trước %(deadline)s.", deadline=deadline_text(row.completion_due_at, now, _))


def _submitted(row) -> str:
    if row.screening_due_at is None:
        return _("Văn phòng kiểm tra hồ sơ, chưa phải làm gì thêm.")
    return _("Kết quả kiểm tra có trước %(day)s. Chưa phải làm gì thêm.", day=moment_text(row.screening_due_at, _))


def _later(state: str) -> str:
    if state in WAITING:
        return _("Ban giám khảo đang xét. Kết quả được báo khi công bố.")
    return {
        "rejected": _("Hồ sơ không được tiếp nhận. Lý do nằm trong phần diễn biến."),
        "forwarded_to_town": _("Hồ sơ đã gửi cấp trên, chờ tiếp nhận."),
        "received": _("Cấp trên đang xét hồ sơ."),
        "recognised": _("Sáng kiến được cấp trên công nhận."),
        "not_recognised": _("Cấp trên không công nhận sáng kiến. Lý do nằm trong phần diễn biến."),
        "withdrawn": _("Hồ sơ đã rút, không phải làm gì thêm."),
    }.get(state, "")
