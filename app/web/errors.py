"""Error pages: what happened, what to do now, whom to call. Never a word from inside the program.

A page is drawn in the usual frame. When that fails too (the database is down), it is drawn in a bare frame
that asks nobody.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.core.i18n import spoken
from app.web.navigation import Frame
from workflows.spec import N_

TEXTS: dict[int, tuple[str, str]] = {
    400: (
        N_("Không đọc được nội dung gửi lên"),
        N_("Nội dung gửi lên thiếu hoặc sai dạng. Quay lại trang trước, kiểm tra rồi gửi lại."),
    ),
    401: (N_("Cần đăng nhập"), N_("Đăng nhập để tiếp tục.")),
    403: (
        N_("Không có quyền thực hiện"),
        N_(
            "Vai trò hiện tại không được mở trang hoặc làm việc này. Nếu việc này thuộc phần mình, hãy liên "
            "hệ văn phòng để được phân quyền."
        ),
    ),
    404: (
        N_("Không tìm thấy trang"),
        N_(
            "Địa chỉ có thể bị gõ sai, hoặc hồ sơ không thuộc phần được giao. Kiểm tra lại địa chỉ hoặc tìm "
            "từ trang đầu."
        ),
    ),
    405: (
        N_("Không mở được trang theo cách này"),
        N_("Địa chỉ này chỉ nhận nội dung gửi từ nút bấm trên trang. Quay lại trang trước và bấm nút ở đó."),
    ),
    409: (
        N_("Nội dung đã thay đổi"),
        N_("Có người vừa làm việc trên hồ sơ này. Mở lại trang để xem tình trạng mới rồi làm tiếp."),
    ),
    413: (
        N_("Tệp quá lớn"),
        N_("Nội dung gửi lên vượt quá mức cho phép. Chọn tệp nhỏ hơn rồi tải lại."),
    ),
    422: (N_("Nội dung chưa hợp lệ"), N_("Quay lại trang trước, sửa các chỗ sau rồi gửi lại.")),
    429: (
        N_("Thao tác quá nhanh"),
        N_("Có quá nhiều lần gửi trong thời gian ngắn. Chờ vài phút rồi thử lại."),
    ),
    500: (
        N_("Hệ thống gặp lỗi"),
        N_("Nội dung đã lưu vẫn còn. Thử lại sau ít phút; nếu vẫn lỗi, báo văn phòng mã lỗi."),
    ),
    503: (N_("Hệ thống tạm dừng"), N_("Nội dung đã lưu vẫn còn. Thử lại sau ít phút.")),
}
SESSION_OVER = (
    N_("Phiên đăng nhập đã hết"),
    N_("Phiên đăng nhập đã hết hoặc trang mở đã quá lâu. Đăng nhập lại hoặc tải lại trang để tiếp tục."),
)
NOT_TYPED = ("csrf_token", "version", "key", "submit")
MOST_SHOWN = 40  # fields of the refused form shown back

Explain = Callable[[object, int | None], Sequence[str]]


@dataclass(frozen=True)
class Trouble:
    """What an error page says. ``points`` are further sentences, ``typed`` what the person had entered."""

    status: int
    title: str
    text: str
    points: Sequence[str] = ()
    typed: Sequence[str] = ()
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    """Answer every refused or failed request with a page of ours."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(Conflict, _on_conflict)
    app.register_error_handler(Refused, _on_refused)
    app.register_error_handler(NotAllowed, _on_not_allowed)
    app.register_error_handler(NotFound, lambda error: answer(_trouble(404)))
    app.register_error_handler(Invalid, _on_invalid)
    app.register_error_handler(OperationalError, _on_database)


def explain_conflicts(app: Flask, explain: Explain) -> None:
    """``explain(subject, since)`` returns sentences on what happened to the subject since that version."""
    app.extensions["web"].explain = explain


def answer(trouble: Trouble) -> Response:
    """The page of ``trouble``; a short JSON text for scripts that asked for JSON."""
    if request.accept_mimetypes.best == "application/json":
        response = jsonify(status=trouble.text, title=trouble.title)
    else:
        response = make_response(_draw(trouble))
    response.status_code = trouble.status
    response.headers.update(trouble.headers)
    return response


def _draw(trouble: Trouble) -> str:
    try:
        return render_template("errors/page.html", trouble=trouble)
    except Exception:
        current_app.logger.exception("error page drawn without its frame")
        template = current_app.jinja_env.get_template("errors/page.html")
        with force_locale("vi"):
            return template.render(frame=Frame(bare=True), trouble=trouble)


def _trouble(status: int, **more) -> Trouble:
    title, text = TEXTS.get(status) or TEXTS[400 if status < 500 else 500]
    return Trouble(status, **({"title": _(title), "text": _(text)} | more))


def _on_http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    more = {"headers": _kept_headers(error)}
    if error.code >= 500:
        more["code"] = _error_code()
    return answer(_trouble(error.code, **more))


def _kept_headers(error: HTTPException) -> dict[str, str]:
    return {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}


def _error_code() -> str:
    code = g.get("request_id")
    if not code:
        code = secrets.token_hex(4)
        current_app.logger.error("the failure above was shown with code %s", code)
    return str(code)


def _on_csrf(_error: CSRFError) -> Response:
    title, text = SESSION_OVER
    return answer(_trouble(400, title=_(title), text=_(text), typed=_typed()))


def _on_conflict(error: Conflict) -> Response:
    explain = current_app.extensions["web"].explain
    points = tuple(explain(error.subject, error.since)) if explain else ()
    return answer(_trouble(409, points=points, typed=_typed()))


def _on_refused(error: Refused) -> Response:
    reason = spoken(error.refusal.message, error.refusal.params)
    return answer(_trouble(409, title=_("Chưa thực hiện được"), text=reason, typed=_typed()))


def _on_not_allowed(error: NotAllowed) -> Response:
    return answer(_trouble(403, **({"text": _(error.reason)} if error.reason else {})))


def _on_invalid(error: Invalid) -> Response:
    points = tuple(dict.fromkeys(_(text) for text in error.errors.values()))
    return answer(_trouble(422, points=points, typed=_typed()))


def _on_database(error: OperationalError) -> Response:
    """The database is busy, has no room or is away. Nothing was kept, so what was typed comes back."""
    db.session.rollback()
    current_app.logger.error("the database did not do its work", exc_info=error)
    return answer(_trouble(503, typed=_typed(), code=_error_code(), headers={"Retry-After": "10"}))


def _typed() -> list[str]:
    """What the person had entered, so that it can be copied. Nothing when another site made the request."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    typed = [
        value
        for name, value in request.form.items(multi=True)
        if value.strip() and name not in NOT_TYPED and "password" not in name
    ]
    return typed[:MOST_SHOWN]
