"""The machine room: overview, messages, background jobs, settings."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.admin import queries, services
from app.admin.views.base import admin_only, before_number, blueprint
from app.core.clock import utcnow
from app.core.writes import writes
from app.jobs.models import STATUSES
from workflows import ALL
from workflows.spec import N_

MAIL_STATES = {"none": N_("không gửi thư"), "queued": N_("chờ gửi"), "sent": N_("đã gửi"), "failed": N_("lỗi")}
JOB_STATES = dict(zip(STATUSES, (N_("đang chờ"), N_("đang chạy"), N_("xong"), N_("lỗi")), strict=True))
JOBS = {
    "documents.add_pdfs": N_("Tạo bản PDF"),
    "documents.bundle": N_("Gộp tệp của một đợt văn bản"),
    "documents.check_template": N_("Kiểm tra mẫu văn bản"),
    "documents.compare": N_("So văn bản với dữ liệu hiện tại"),
    "documents.draw_batch": N_("Tạo một đợt văn bản"),
    "documents.draw_up": N_("Tạo văn bản"),
    "documents.print_register": N_("In sổ văn bản"),
    "documents.render_batch": N_("Tạo tệp của văn bản"),
    "documents.seal": N_("Đóng dấu số"),
    "notifications.inform": N_("Báo cho nhiều người"),
    "notifications.mail": N_("Gửi thư điện tử"),
    "notifications.tell": N_("Gửi thông báo"),
    "screening.compare": N_("So trùng sáng kiến"),
}
"""What each kind of job does, in words."""

ACTS = {f"{workflow.name}.{one.action}": one.label for workflow in ALL for one in workflow.transitions}
"""Messages are named after the act they tell of."""

SECRET = frozenset({"secret_key", "mail_password"})


@blueprint.get("")
@admin_only
def overview():
    """The topics, with what needs a look."""
    return render_template("admin/overview.html", figures=queries.figures())


@blueprint.get("/tin-nhan")
@admin_only
def messages():
    """What became of each message."""
    state = request.args.get("tinh-trang", "")
    state = state if state in MAIL_STATES else ""
    rows = queries.messages(mail_state=state, before=before_number())
    return render_template(
        "admin/messages.html",
        rows=rows,
        words=ACTS,
        state=state,
        states=MAIL_STATES,
        next_url=_next("admin.messages", rows, state),
    )


@blueprint.get("/viec-nen")
@admin_only
def jobs():
    """Background jobs: waiting, failed, done."""
    state = request.args.get("tinh-trang", "")
    state = state if state in JOB_STATES else ""
    rows = queries.jobs(status=state, before=before_number())
    return render_template(
        "admin/jobs.html",
        rows=rows,
        words=JOBS,
        state=state,
        states=JOB_STATES,
        next_url=_next("admin.jobs", rows, state),
    )


@blueprint.post("/viec-nen/<int:job_id>/chay-lai")
@admin_only
@writes
def retry_job(job_id: int):
    """Queue a failed job again."""
    services.retry_job(g.actor, job_id, now=utcnow())
    flash(_("Việc đã được đưa vào hàng chờ."), "success")
    return redirect(url_for("admin.jobs"), 303)


@blueprint.get("/cai-dat")
@admin_only
def settings():
    """The settings in force; they are changed in the environment of the server, not here."""
    chosen = vars(current_app.config["SETTINGS"])
    rows = [(f"FLASK_{name.upper()}", _shown(name, value)) for name, value in chosen.items()]
    return render_template("admin/settings.html", rows=rows)


def _shown(name: str, value: object) -> str:
    """A value as text; of secrets, and of passwords inside addresses, only that they are set."""
    if name in SECRET:
        return _("đã đặt") if value else ""
    if name == "database_url":
        scheme, _sep, rest = str(value).partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return str(value)


def _next(endpoint: str, rows: list, state: str) -> str:
    if len(rows) < queries.PAGE:
        return ""
    return url_for(endpoint, **{"truoc": rows[-1].id, "tinh-trang": state or None})
