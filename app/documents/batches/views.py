"""Pages of a batch of papers: how far it is, what failed, and its files for printing."""

from flask import current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app.accounts.access import access
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.writes import writes
from app.documents import contexts, policy
from app.documents.batches import services as batches
from app.documents.batches.services import Progress
from app.documents.models import DocumentBatch
from app.documents.views import blueprint
from workflows import DOCUMENT
from workflows.spec import N_

STATES = {"ready": N_("Đã tạo"), "waiting": N_("Đang chờ"), "failed": N_("Bị lỗi")}
TONES = {"ready": "success", "waiting": "info", "failed": "danger"}


@blueprint.get("/van-ban/dot/<code>")
@access(*policy.READERS)
def batch(code: str):
    """One batch: progress, its files, each paper. Works on without anybody looking."""
    found = batches.get_visible(code, g.actor)
    progress = batches.progress(found, now=utcnow())
    chosen = request.args.get("trang_thai", "")
    chosen = chosen if chosen in STATES else ""
    papers = batches.items(found, chosen, _number(request.args.get("sau", "")))
    source = batches.made_from(found)
    return render_template(
        "documents/batch.html",
        batch=found,
        kind=contexts.type_name(found.template_code),
        progress=progress,
        counts=_counts(found, progress),
        time_left=time_left(progress.seconds_left),
        papers=papers[: batches.PAGE],
        chosen=chosen,
        refused=batches.refused(found),
        more=papers[batches.PAGE - 1].id if len(papers) > batches.PAGE else None,
        bundle="" if not source else "ready" if source == found.made_from else "missing",
        may_retry=progress.failed and g.actor.holds(*policy.STAFF),
        workflow=DOCUMENT,
        state_words=STATES,
        tones=TONES,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _counts(found: DocumentBatch, progress: Progress) -> list[dict]:
    values = {"ready": progress.done, "waiting": progress.waiting, "failed": progress.failed}
    counts = [
        {"label": _(STATES[name]), "value": value, "url": url_for(".batch", code=found.code, trang_thai=name)}
        for name, value in values.items()
        if value
    ]
    return [*counts, {"label": _("Chưa soạn"), "value": progress.undrawn}] if progress.undrawn else counts


def time_left(seconds: float | None) -> str:
    """Words for the time left: whole minutes, or "less than a minute"; "" while it is not known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("Còn chưa đến 1 phút")
    return _("Còn khoảng %(n)s phút", n=round(seconds / 60))


@blueprint.get("/van-ban/dot/<code>/tai/<kind>")
@access(*policy.READERS)
def batch_file(code: str, kind: str):
    """The one PDF of all papers, or the ZIP with one file each."""
    found = batches.get_visible(code, g.actor)
    keys = {"pdf": (found.merged_sha256, "application/pdf"), "zip": (found.zip_sha256, "application/zip")}
    sha256, media_type = keys.get(kind, ("", ""))
    if not sha256:
        raise NotFound
    stream = current_app.extensions["storage"].open(sha256)
    response = send_file(stream, media_type, as_attachment=True, download_name=f"{found.code.lower()}.{kind}")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.post("/van-ban/dot/<code>/thu-lai")
@access(*policy.STAFF)
@writes
def retry_batch(code: str):
    """Make one paper again that failed, or all that did."""
    found = batches.get_visible(code, g.actor)
    again = batches.retry(found, request.form.get("paper", ""), g.actor, now=utcnow())
    if again:
        flash(_("Đang tạo lại %(n)s văn bản.", n=again), "success")
    else:
        flash(_("Không còn văn bản bị lỗi để tạo lại."), "info")
    return redirect(url_for(".batch", code=found.code), 303)


@blueprint.post("/van-ban/dot/<code>/gop")
@access(*policy.READERS)
@writes
def bundle_batch(code: str):
    """Have the files for printing made from what the papers have now."""
    found = batches.get_visible(code, g.actor)
    batches.ask_for_bundle(found.id, now=utcnow())
    flash(_("Đang gộp tệp. Tải lại trang sau ít giây."), "success")
    return redirect(url_for(".batch", code=found.code), 303)
