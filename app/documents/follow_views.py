"""Pages around a paper's facts and fate: who signs it, and the papers that replace, correct or revoke it."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import access
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import spoken
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.documents import policy, queries, relations, services, signatories
from app.documents.follow_forms import FollowForm, SignatoryForm
from app.documents.views import blueprint


@blueprint.route("/van-ban/<code>/nguoi-ky", methods=["GET", "POST"])
@access(*policy.STAFF)
@writes
def choose_signatory(code: str):
    """The office says who signs: the head, or one to whom the head gave the power."""
    document = queries.get_visible(code, g.actor)
    able = signatories.choices(document, to_local(utcnow()).date())
    form = SignatoryForm.of(document, able)
    if not form.validate_on_submit():
        return _page("documents/signatory.html", form, document), 422 if form.is_submitted() else 200
    chosen = next((one for one in able if str(one.id) == form.signatory.data), None)
    services.choose_signatory(document, chosen, g.actor, version=form.shown_version(), now=utcnow())
    flash(_("Đã chọn người ký. Văn bản đang được tạo lại."), "success")
    return redirect(url_for(".show", code=document.code), 303)


@blueprint.route("/van-ban/<code>/xu-ly-sau-phat-hanh/<relation>", methods=["GET", "POST"])
@access(*policy.STAFF)
@writes
def follow(code: str, relation: str):
    """Draw up the paper that replaces, corrects or revokes an issued one."""
    document = queries.get_visible(code, g.actor)
    if relation not in relations.FATES:
        raise NotFound
    form = FollowForm.of(document, relation)
    if not form.validate_on_submit():
        relations.check(document, relation, g.actor)
        return _page("documents/follow.html", form, document, relation), 422 if form.is_submitted() else 200
    try:
        made = relations.succeed(document, relation, form.told(), g.actor, version=form.shown_version(), now=utcnow())
    except Invalid as error:
        return _again(form, code, relation, error.errors), 422
    except Refused as error:
        return _again(form, code, relation, {"": spoken(error.refusal.message, error.refusal.params)}), 409
    flash(_("Đã lập dự thảo. Ký và phát hành như mọi văn bản."), "success")
    return redirect(url_for(".show", code=made.code), 303)


def _again(form, code: str, relation: str, errors: dict[str, str]) -> str:
    db.session.rollback()
    for name, text in errors.items():
        (form[name].errors if name in form else form.form_errors).append(text)
    return _page("documents/follow.html", form, queries.get_visible(code, g.actor), relation)


def _page(template: str, form, document, relation: str = "") -> str:
    return render_template(
        template,
        form=form,
        document=document,
        relation=relation,
        heading=_(relations.LABELS[relation]) if relation else _("Người ký"),
        back=(url_for(".show", code=document.code), _("Về văn bản")),
        typed=request.method == "POST",
    )
