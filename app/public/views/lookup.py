"""`/tra-cuu`: where an own entry stands."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from app.accounts.access import PUBLIC, access
from app.core.clock import utcnow
from app.core.writes import writes
from app.public import services
from app.public.forms import LookupForm
from app.public.queries import Found
from workflows import ENTRY

blueprint = Blueprint("lookup", __name__, template_folder="../templates")


@blueprint.route("/tra-cuu", methods=["GET", "POST"])
@access(PUBLIC)
@writes
def index():
    """Where an entry stands, in the author's words, for who knows its code and an author's name."""
    form = LookupForm()
    if not form.is_submitted():
        return render_template("public/lookup.html", form=form, found=None)
    if not form.validate():
        return render_template("public/lookup.html", form=form, found=None), 422
    try:
        address = request.remote_addr or ""
        found = services.look_up(form.code.data, form.full_name.data, address=address, now=utcnow())
    except services.TooManyLookups:
        form.form_errors.append(_("Đã tra cứu sai quá nhiều lần. Chờ 5 phút rồi thử lại, hoặc gọi văn phòng."))
        return render_template("public/lookup.html", form=form, found=None), 429, {"Retry-After": "300"}
    if found is None:
        form.form_errors.append(
            _("Không có hồ sơ nào khớp cả mã và họ tên đã nhập. Kiểm tra lại chữ và số trong mã, họ và tên đầy đủ.")
        )
        return render_template("public/lookup.html", form=form, found=None), 422
    return render_template("public/lookup.html", form=form, found=found, words=_author_words(found))


def _author_words(found: Found) -> str:
    if found.prize:
        return _("Đạt %(prize)s", prize=found.prize[:1].lower() + found.prize[1:])
    if found.is_announced and found.state == "ranked":
        return _("Đã có kết quả, không đạt giải")
    return _(ENTRY.state(found.state).author_label)
