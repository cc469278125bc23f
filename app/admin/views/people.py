"""People, their accounts and roles."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import queries, services
from app.accounts.display import role_label
from app.accounts.models import GRANTED, RoleGrant, User
from app.admin import forms
from app.admin.queries import contests
from app.admin.views.base import admin_only, blueprint, found, put_errors, to_choose
from app.audit.queries import events_of
from app.audit.sentences import timeline
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.vietnamese import clean_line, to_local
from app.core.writes import writes
from app.organisations import queries as organisations
from workflows.spec import Role


@blueprint.get("/nguoi-dung")
@admin_only
def people():
    """Everybody, with search."""
    words = clean_line(request.args.get("tim", ""))[:100]
    role = request.args.get("vai-tro", "")
    role = role if role in GRANTED else ""
    today = to_local(utcnow()).date()
    rows = queries.find_people(words=words, role=role, on=today)
    held: dict[int, dict] = {}  # a role held in several contests is named once
    for grant in queries.grants_of(*(row.id for row in rows)):
        if grant.valid_from <= today and (not grant.valid_to or today <= grant.valid_to):
            held.setdefault(grant.user_id, {})[grant.role] = None
    return render_template(
        "admin/people.html",
        rows=rows,
        held=held,
        words=words,
        role=role,
        roles=GRANTED,
        chips=_chips(words, role),
    )


def _chips(words: str, role: str) -> list[dict[str, str]]:
    """The conditions in force, each with the list without it."""
    chips = []
    if words:
        url = url_for("admin.people", **{"vai-tro": role or None})
        chips.append({"label": _("Tìm: %(words)s", words=words), "url": url})
    if role:
        chips.append({"label": role_label(role), "url": url_for("admin.people", tim=words or None)})
    return chips


@blueprint.route("/nguoi-dung/them", methods=["GET", "POST"])
@admin_only
@writes
def add_person():
    """Add a person."""
    form = forms.NewPersonForm()
    form.organisation_id.choices = _organisation_choices()
    if not form.validate_on_submit():
        return _person_page(form, None), 422 if form.is_submitted() else 200
    try:
        user = services.create_user(g.actor, **_values(form), username=form.username.data, now=utcnow())
    except Invalid as error:
        put_errors(form, error)
        return _person_page(form, None), 422
    flash(_("Đã thêm %(name)s. Giao vai trò và cấp liên kết đặt mật khẩu ở trang này.", name=user.full_name), "success")
    return redirect(url_for("admin.person", user_id=user.id), 303)


@blueprint.get("/nguoi-dung/<int:user_id>")
@admin_only
def person(user_id: int):
    """One person: record, roles, and what was done to the account."""
    user = found(queries.get_user(user_id))
    home = organisations.get(user.organisation_id) if user.organisation_id else None
    return render_template(
        "admin/person.html",
        user=user,
        home=home,
        grants=queries.grants_of(user.id),
        contests={row.id: row for row in contests()},
        events=timeline(events_of("user", user.id, limit=50)),
        is_self=user.id == g.actor.user_id,
        today=to_local(utcnow()).date(),
    )


@blueprint.route("/nguoi-dung/<int:user_id>/sua", methods=["GET", "POST"])
@admin_only
@writes
def edit_person(user_id: int):
    """Change a person's record."""
    user = found(queries.get_user(user_id))
    form = forms.PersonForm(obj=user)
    form.organisation_id.choices = _organisation_choices()
    if not form.validate_on_submit():
        return _person_page(form, user), 422 if form.is_submitted() else 200
    try:
        services.edit_user(g.actor, user, _values(form), now=utcnow())
    except Invalid as error:
        put_errors(form, error)
        return _person_page(form, user), 422
    flash(_("Đã lưu thay đổi."), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


def _values(form) -> dict:
    return {name: form[name].data for name in services.EDITABLE}


def _person_page(form, user: User | None) -> str:
    return render_template("admin/person_form.html", form=form, user=user)


def _organisation_choices() -> list:
    return to_choose((row.id, row.short_name) for row in organisations.choices())


@blueprint.route("/nguoi-dung/<int:user_id>/khoa", methods=["GET", "POST"])
@admin_only
@writes
def disable_person(user_id: int):
    """Close an account; all its sessions end at once."""
    user = found(queries.get_user(user_id))
    form = forms.ReasonForm()
    if not form.validate_on_submit():
        return render_template("admin/disable.html", form=form, user=user), 422 if form.is_submitted() else 200
    try:
        services.disable_user(g.actor, user, form.reason.data, now=utcnow())
    except Invalid as error:
        put_errors(form, error)
        return render_template("admin/disable.html", form=form, user=user), 422
    flash(_("Đã khóa tài khoản. Mọi phiên đăng nhập của người này đã kết thúc."), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.post("/nguoi-dung/<int:user_id>/mo")
@admin_only
@writes
def enable_person(user_id: int):
    """Open a closed account again."""
    services.enable_user(g.actor, found(queries.get_user(user_id)), now=utcnow())
    flash(_("Đã mở lại tài khoản. Cấp liên kết để người này đặt mật khẩu mới."), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.route("/nguoi-dung/<int:user_id>/lien-ket", methods=["GET", "POST"])
@admin_only
@writes
def password_link(user_id: int):
    """Take the password away and show, once, the link with which the person chooses a new one."""
    user = found(queries.get_user(user_id))
    link = ""
    if request.method == "POST":
        if user.id == g.actor.user_id:
            raise NotAllowed(_("Mật khẩu của mình được đổi ở trang Tài khoản của tôi."))
        link = services.password_link(g.actor, user, now=utcnow())
    return render_template("admin/password_link.html", user=user, link=link)


@blueprint.route("/nguoi-dung/<int:user_id>/vai-tro", methods=["GET", "POST"])
@admin_only
@writes
def grant_role(user_id: int):
    """Give a person a role from a day on."""
    user = found(queries.get_user(user_id))
    form = forms.GrantForm(organisation_id=user.organisation_id, valid_from=to_local(utcnow()).date())
    form.organisation_id.choices = to_choose((row.id, row.short_name) for row in organisations.choices())
    form.contest_id.choices = to_choose(((row.id, row.title) for row in contests()), _("Mọi cuộc thi"))
    if not form.validate_on_submit():
        return render_template("admin/grant.html", form=form, user=user), 422 if form.is_submitted() else 200
    try:
        services.grant_role(
            g.actor,
            user,
            Role(form.role.data),
            form.organisation_id.data,
            form.contest_id.data,
            form.valid_from.data,
            form.valid_to.data,
            now=utcnow(),
        )
    except Invalid as error:
        put_errors(form, error)
        return render_template("admin/grant.html", form=form, user=user), 422
    flash(_("Đã giao vai trò."), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.route("/vai-tro/<int:grant_id>/thu", methods=["GET", "POST"])
@admin_only
@writes
def revoke_role(grant_id: int):
    """End a role as of now; it stays in the list as history."""
    grant = found(db.session.get(RoleGrant, grant_id))
    user = queries.get_user(grant.user_id)
    form = forms.ReasonForm()
    page = {"form": form, "user": user, "grant": grant}
    if not form.validate_on_submit():
        return render_template("admin/revoke.html", **page), 422 if form.is_submitted() else 200
    try:
        services.revoke_role(g.actor, grant, now=utcnow(), reason=form.reason.data)
    except Invalid as error:
        put_errors(form, error)
        return render_template("admin/revoke.html", **page), 422
    flash(_("Đã thu vai trò, có hiệu lực ngay."), "success")
    return redirect(url_for("admin.person", user_id=user.id), 303)
