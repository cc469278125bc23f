"""The trail of everything that was done, and its check."""

from flask import render_template, request, url_for

from app.admin.views.base import admin_only, before_number, blueprint
from app.audit import queries, sentences
from app.audit.verify import verify
from app.core.vietnamese import clean_line
from workflows import ALL
from workflows.spec import N_

SUBJECTS = {
    **{workflow.name: workflow.title for workflow in ALL},
    "user": N_("Người dùng"),
    "organisation": N_("Cơ quan, đơn vị"),
    "job": N_("Việc nền"),
}


@blueprint.get("/nhat-ky")
@admin_only
def trail():
    """The latest events: who, what, when. Reasons and values stand on the pages of those who may read them."""
    subject = request.args.get("loai", "")
    subject = subject if subject in SUBJECTS else ""
    words = clean_line(request.args.get("tim", ""))[:100]
    rows = queries.latest(subject_type=subject, words=words, before=before_number())
    more = len(rows) == queries.PAGE
    page = {"truoc": rows[-1].seq if more else None, "loai": subject or None, "tim": words or None}
    return render_template(
        "admin/trail.html",
        rows=[(row, sentences.timeline([row])[0]) for row in rows],
        subject=subject,
        subjects=SUBJECTS,
        words=words,
        next_url=url_for("admin.trail", **page) if more else "",
    )


@blueprint.get("/nhat-ky/kiem-tra")
@admin_only
def check_trail():
    """Recompute the whole chain; takes seconds when the trail is long, so it has a page of its own."""
    return render_template("admin/check_trail.html", verdict=verify())
