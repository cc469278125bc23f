"""Pages of signing in and of one's own account."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from app.accounts import links, queries, services, sessions, signing_in
from app.accounts.access import PUBLIC, SIGNED_IN, access
from app.accounts.forms import ChangePasswordForm, NewPasswordForm, SignInForm
from app.accounts.redirects import local_target
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid
from app.core.writes import writes

blueprint = Blueprint("accounts", __name__, template_folder="templates")

HOME = "/viec-cua-toi"


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
@access(PUBLIC)
@writes
def sign_in():
    """Sign in; afterwards to the page that was wanted."""
    form = SignInForm()
    if not form.is_submitted():
        return _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        token = signing_in.sign_in(form.name.data, form.password.data, address=_address(), agent=_agent(), now=utcnow())
    except signing_in.TooManyTries:
        form.form_errors.append(_("Đã thử sai quá nhiều lần. Chờ 5 phút rồi thử lại, hoặc nhờ quản trị viên cấp lại."))
        return _sign_in_page(form), 429, {"Retry-After": "300"}
    if token is None:
        form.form_errors.append(_("Tên đăng nhập hoặc mật khẩu không đúng"))
        return _sign_in_page(form), 422
    _start(token)
    return redirect(local_target(request.args.get("next"), _home()), 303)


def _sign_in_page(form: SignInForm) -> str:
    accounts = services.demo_accounts()
    return render_template(
        "accounts/sign_in.html", form=form, accounts=accounts, password=current_app.config.get("DEMO_PASSWORD", "")
    )


def _start(token: str) -> None:
    """Put the new session into the cookie; whatever was in it before is dropped, also another person's session."""
    if "session_id" in g:
        sessions.end(g.session_id, now=utcnow())
    session.clear()
    login_user(sessions.find(token, now=utcnow()))


def _home() -> str:
    return local_target(HOME, local_target("/", url_for("accounts.profile")))


def _address() -> str:
    return request.remote_addr or ""


def _agent() -> str:
    return request.user_agent.string


@blueprint.post("/dang-xuat")
@access(SIGNED_IN)
@writes
def sign_out():
    """End this session at once."""
    sessions.end(g.session_id, now=utcnow())
    logout_user()
    session.clear()
    flash(_("Đã đăng xuất."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.get("/tai-khoan")
@access(SIGNED_IN)
def profile():
    """Who I am, what I may do, where I am signed in."""
    user = queries.get_user(g.actor.user_id)
    return render_template(
        "accounts/profile.html",
        user=user,
        grants=queries.grants_of(user.id),
        sessions=queries.live_sessions(user.id, utcnow()),
        this_session=g.session_id,
    )


@blueprint.post("/tai-khoan/phien")
@access(SIGNED_IN)
@writes
def end_other_sessions():
    """Sign out everywhere else."""
    services.end_sessions(g.actor.user_id, now=utcnow(), but=g.session_id)
    flash(_("Đã đăng xuất ở mọi nơi khác."), "success")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.route("/tai-khoan/mat-khau", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def change_password():
    """Change my password; all my other sessions end."""
    form = ChangePasswordForm()
    if not form.is_submitted():
        return render_template("accounts/change_password.html", form=form)
    if not form.validate():
        return render_template("accounts/change_password.html", form=form), 422
    actor, session_id = g.actor, g.session_id
    try:
        signing_in.change_password(
            actor,
            form.old_password.data,
            form.new_password.data,
            session_id=session_id,
            address=_address(),
            now=utcnow(),
        )
    except signing_in.TooManyTries:
        form.form_errors.append(_("Đã thử sai quá nhiều lần. Chờ 5 phút rồi thử lại."))
        return render_template("accounts/change_password.html", form=form), 429, {"Retry-After": "300"}
    except Invalid as error:
        _put_errors(form, error)
        return render_template("accounts/change_password.html", form=form), 422
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập ở nơi khác đã kết thúc."), "success")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.route("/mat-khau-moi/<token>", methods=["GET", "POST"])
@access(PUBLIC)
@writes
def new_password(token: str):
    """Choose a password with a one-time link."""
    owner = links.owner_of(token, now=utcnow())
    if owner is None:
        return render_template("accounts/dead_link.html"), 404
    person = {"full_name": owner.full_name, "username": owner.username}
    form = NewPasswordForm()
    if not form.is_submitted():
        return render_template("accounts/new_password.html", form=form, person=person)
    try:
        if not form.validate():
            return render_template("accounts/new_password.html", form=form, person=person), 422
        signing_in.choose_password(token, form.new_password.data, now=utcnow())
    except Invalid as error:
        _put_errors(form, error)
        return render_template("accounts/new_password.html", form=form, person=person), 422
    flash(_("Đã đặt mật khẩu. Đăng nhập bằng mật khẩu mới."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _put_errors(form, error: Invalid) -> None:
    db.session.rollback()
    for name, text in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)
