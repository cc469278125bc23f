"""The list of initiatives already applied."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice
from wtforms import fields as wtf
from wtforms.validators import Optional

from app.accounts.access import access
from app.contests import queries, services
from app.contests.inputs import Day, Whole, key_or_none, many_lines, one_line
from app.contests.views.blueprint import blueprint
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.writes import writes
from app.flow.forms import ActionForm
from workflows.spec import Role


class EarlierForm(ActionForm):
    """One initiative already applied."""

    organisation_id = wtf.SelectField(_l("Nơi áp dụng"), coerce=key_or_none, validate_choice=False)
    title = wtf.TextAreaField(_l("Tên sáng kiến, giải pháp"), filters=[one_line], render_kw={"rows": 2})
    summary = wtf.TextAreaField(
        _l("Tóm tắt"),
        filters=[many_lines],
        render_kw={"rows": 6},
        description=_l("Cách làm và kết quả. Hồ sơ mới được so sánh với phần này."),
    )
    year = Whole(_l("Năm áp dụng"))
    unit_name = wtf.StringField(_l("Đơn vị"), [Optional()], filters=[one_line])
    decision = wtf.StringField(_l("Quyết định công nhận"), [Optional()], filters=[one_line])
    applied_on = Day(_l("Ngày áp dụng"), [Optional()], description=_l("Ví dụ 15/3/2024"))


@blueprint.get("/sang-kien-da-ap-dung")
@access(Role.OFFICE)
def earlier_list():
    """The list, the newest first."""
    before = key_or_none(request.args.get("truoc"))
    rows = queries.earlier_initiatives(g.actor.organisations_as(Role.OFFICE), before)
    page, more = rows[: queries.EARLIER_PAGE], rows[queries.EARLIER_PAGE :]
    next_url = url_for("contests.earlier_list", truoc=page[-1].id) if more else ""
    return render_template("contests/earlier_list.html", rows=page, next_url=next_url, first=before is None)


@blueprint.route("/sang-kien-da-ap-dung/them", methods=["GET", "POST"])
@access(Role.OFFICE)
@writes
def earlier_new():
    """Add one."""
    form = EarlierForm()
    hosts = {row.id: row for row in queries.hosts(g.actor)}
    if not hosts:
        raise NotAllowed(_("Danh sách này do cán bộ văn phòng của đơn vị quản lý."))
    form.organisation_id.choices = [SelectChoice(str(key), row.short_name) for key, row in hosts.items()]
    if not form.is_submitted():
        return render_template("contests/earlier_new.html", form=form)
    if not form.validate():
        return render_template("contests/earlier_new.html", form=form), 422
    values = form.extra_data()
    host = values.pop("organisation_id")
    try:
        if host not in hosts:
            raise Invalid({"organisation_id": _("Chọn nơi áp dụng")})
        services.add_initiative(host, g.actor, values, now=utcnow())
    except Invalid as error:
        db.session.rollback()
        for name, text in error.errors.items():
            form[name].errors = [*form[name].errors, text]
        return render_template("contests/earlier_new.html", form=form), 422
    flash(_("Đã thêm vào danh sách."), "success")
    return redirect(url_for("contests.earlier_list"), 303)
