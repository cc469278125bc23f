"""The page of one's messages."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import SIGNED_IN, access
from app.core.clock import utcnow
from app.core.writes import writes
from app.notifications import queries, services

blueprint = Blueprint("notifications", __name__, template_folder="templates")


@blueprint.get("/thong-bao")
@access(SIGNED_IN)
def index():
    """Messages, newest first, those not yet opened marked."""
    rows = queries.list_own(g.actor, _number(request.args.get("truoc")))
    return render_template(
        "notifications/index.html",
        messages=rows[: queries.PAGE],
        unread=queries.count_unread(g.actor),
        more=rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


@blueprint.post("/thong-bao/<int:message_id>/mo")
@access(SIGNED_IN)
@writes
def open_message(message_id: int):
    """Note the message as read and go where it leads."""
    message = queries.get_own(message_id, g.actor)
    services.mark_read(message, now=utcnow())
    return redirect(message.url or url_for(".index"), 303)


@blueprint.post("/thong-bao/da-doc")
@access(SIGNED_IN)
@writes
def read_all():
    """Note all messages as read."""
    services.mark_all_read(g.actor, now=utcnow())
    flash(_("Đã đánh dấu đã đọc mọi thông báo."), "success")
    return redirect(url_for(".index"), 303)
