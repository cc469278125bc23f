"""The page on which the office types where and when the prizes are given, for the invitation."""

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app import flow
from app.accounts.access import access
from app.contests import queries as contests
from app.contests.models import Contest
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.core.i18n import spoken
from app.core.vietnamese import BadDate, clean_line, clean_text, parse_datetime, to_local
from app.core.writes import writes
from app.documents import contexts
from app.flow.forms import ActionForm
from app.ranking import notices, queries, services, wording
from app.ranking.views import blueprint
from workflows.spec import Role

LONGEST = 2000


class InvitationForm(ActionForm):
    """What no other record holds of the ceremony."""

    moment = StringField(
        _l("Thời gian"),
        [InputRequired(_l("Nhập thời gian")), Length(max=60, message=_l("Viết ngắn hơn 60 ký tự"))],
        description=_l("Ví dụ 08:00 15/11/2026."),
        filters=[lambda text: clean_line(text or "")],
    )
    place = StringField(
        _l("Địa điểm"),
        [InputRequired(_l("Nhập địa điểm")), Length(max=200, message=_l("Viết ngắn hơn 200 ký tự"))],
        filters=[lambda text: clean_line(text or "")],
    )
    guests = TextAreaField(
        _l("Kính mời"),
        [InputRequired(_l("Nhập thành phần mời")), Length(max=LONGEST, message=_l("Viết ngắn hơn 2.000 ký tự"))],
        description=_l("Mỗi thành phần một dòng."),
        filters=[lambda text: clean_text(text or "")],
    )
    notes = TextAreaField(
        _l("Lưu ý"),
        [Length(max=LONGEST, message=_l("Viết ngắn hơn 2.000 ký tự"))],
        description=_l("Mỗi lưu ý một dòng. Để trống nếu không có."),
        filters=[lambda text: clean_text(text or "")],
    )

    def validate_moment(self, field: StringField) -> None:
        """A moment that can be read."""
        try:
            parse_datetime(field.data)
        except BadDate as error:
            raise ValidationError(spoken(error.message, error.params)) from error

    def typed(self) -> dict:
        """The values as `notices.invitation` takes them."""
        return {
            "moment": parse_datetime(self.moment.data),
            "place": self.place.data,
            "guests": [wording.bare(line) for line in contexts.lines(self.guests.data)],
            "notes": [wording.bare(line) for line in contexts.lines(self.notes.data)],
        }

    def propose(self, contest: Contest) -> None:
        """What was typed before, else what is usual."""
        known = notices.typed_for(contest)
        host = wording.host_of(contest)
        self.version.data, self.key.data = str(contest.version), ids.token()
        if known is None:
            self.moment.data = f"08:00 {contest.award_on:%d/%m/%Y}" if contest.award_on else ""
            self.place.data = f"Trụ sở {host.name}"  # goes into a paper in Vietnamese
            self.guests.data = "\n".join(notices.GUESTS)
            return
        self.moment.data = f"{to_local(known['moment']):%H:%M %d/%m/%Y}"
        self.place.data = known["place"]
        self.guests.data, self.notes.data = "\n".join(known["guests"]), "\n".join(known["notes"])


@blueprint.route("/cuoc-thi/<code>/giay-moi", methods=["GET", "POST"])
@access(Role.OFFICE)
@writes
def invitation(code: str):
    """Type it and draw the invitation up, or anew while it is a draft."""
    contest = contests.get_visible(code, g.actor)
    if Role.OFFICE not in g.actor.roles_in(contest.organisation_id, contest.id):
        raise NotAllowed(_("Việc tạo văn bản dành cho cán bộ văn phòng."))
    form = InvitationForm()
    if not form.is_submitted():
        form.propose(contest)
        return render_template("ranking/invitation.html", form=form, contest=contest)
    if not form.validate():
        return render_template("ranking/invitation.html", form=form, contest=contest), 422
    if not queries.is_locked(contest):
        return _refused(form, code, notices.NOT_ISSUED)
    now = utcnow()
    flow.check_version(contest, form.shown_version())
    try:
        document = services.invite(contest, form.typed(), g.actor, now=now)
    except Refused as error:
        return _refused(form, code, error.refusal)
    flash(_("Đã lập dự thảo giấy mời. Ký và phát hành như mọi văn bản."), "success")
    return redirect(url_for("documents.show", code=document.code), 303)


def _refused(form: InvitationForm, code: str, refusal):
    db.session.rollback()
    form.form_errors.append(spoken(refusal.message, refusal.params))
    contest = contests.get_visible(code, g.actor)
    return render_template("ranking/invitation.html", form=form, contest=contest), 409
