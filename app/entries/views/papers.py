"""The authors' own papers: the application and the description in the form that the law gives."""

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _

from app.accounts.access import SIGNED_IN, access
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.core.i18n import spoken
from app.core.writes import writes
from app.documents.renewing import draw_afresh
from app.entries import policy, queries
from app.entries.application import PAPERS
from app.entries.views import blueprint


@blueprint.post("/ho-so/<code>/don-theo-mau")
@access(SIGNED_IN)
@writes
def draw_application(code: str):
    """Draw up both papers, anew when the dossier has changed since."""
    entry = queries.get_visible(code, g.actor)
    back = redirect(url_for("entries.show", code=code), 303)
    if not policy.roles(entry, g.actor) & policy.AUTHOR_SIDE:
        raise NotAllowed(_("Đơn và bản mô tả do tác giả hoặc đơn vị của tác giả tạo."))
    try:
        for template in PAPERS:
            draw_afresh(template, entry, g.actor, now=utcnow())
    except Refused as error:
        db.session.rollback()
        flash(spoken(error.refusal.message, error.refusal.params), "warn")
        return back
    flash(_("Đang tạo đơn và bản mô tả. Mở lại trang này sau ít phút để tải."), "success")
    return back
