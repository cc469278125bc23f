"""One sheet: declaring a conflict, scoring, sending; for secretary and head of jury what was sent."""

from decimal import Decimal

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.access import access
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.core.i18n import spoken
from app.core.vietnamese import decimal_text, to_local
from app.core.writes import writes
from app.documents.services import draw_up
from app.entries.services import sections
from app.flow import acting
from app.scoring import forms, policy, queries, services
from app.scoring.models import ScoreSheet
from app.scoring.policy import BEGUN, SENT
from app.scoring.views import blueprint
from app.scoring.views.sheets import STATES
from workflows.spec import N_, Role

READERS = (Role.JUDGE, Role.SECRETARY, Role.HEAD_OF_JURY)
NAMING = frozenset({"authors", "unit_id", "confirmed_at"})
"""Columns that tell who stands behind an entry."""

CHANGED = N_("Phiếu đã được lưu ở một cửa sổ khác. Nội dung vừa nhập vẫn còn bên dưới; kiểm tra rồi gửi lại.")


@blueprint.route("/cham-diem/<code>")
@access(*READERS)
def show(code: str):
    """The sheet as far as its state and the reader's role open it."""
    sheet = queries.get_visible(code, g.actor, to_read=True)
    if Role.JUDGE not in policy.roles(sheet, g.actor):
        return _for_staff(sheet)
    if sheet.state == "draft":
        lines = queries.lines_of(sheet)
        return _work(sheet, _form(sheet, lines), lines)
    if sheet.state in SENT:
        return _sent(sheet)
    return render_template("scoring/declare.html", **_shared(sheet), rows=_author_rows(sheet))


def _shared(sheet: ScoreSheet) -> dict:
    return {
        "sheet": sheet,
        "entry": sheet.entry,
        "contest": sheet.entry.contest,
        "state": STATES[sheet.state],
        "offers": flow.offers(sheet, g.actor, utcnow()),
        "blind": sheet.entry.contest.blind,
    }


def _author_rows(sheet: ScoreSheet) -> list[dict]:
    """What a judge must know to see a conflict of interest; nothing of it once one is declared."""
    if sheet.state != "pending":
        return []
    entry = sheet.entry
    return [
        {"label": _("Tên sáng kiến, giải pháp"), "value": entry.title},
        {"label": _("Tác giả"), "value": [author.full_name for author in entry.authors]},
        {"label": _("Đơn vị"), "value": entry.unit.name},
    ]


def _dossier(sheet: ScoreSheet) -> list:
    """The dossier as the jury reads it: without names and unit when the contest scores blind."""
    shown = sections(sheet.entry)
    if not sheet.entry.contest.blind:
        return shown
    return [section for section in shown if not NAMING.intersection(section.part.fields)]


# --- scoring ------------------------------------------------------------------------------------------------------
@blueprint.route("/cham-diem/<code>", methods=["POST"])
@access(Role.JUDGE)
@writes
def save(code: str):
    """Keep what was typed; the button that sends also sends it and opens the next sheet."""
    sheet = queries.get_own(code, g.actor)
    lines = queries.lines_of(sheet)
    form = _form(sheet, lines)
    sending = "gui" in request.form
    try:
        _keep(sheet, form, lines, sending)
    except (Invalid, Refused, Conflict) as error:
        return _again(code, form, error)
    if not sending:
        flash(_("Đã lưu phiếu %(code)s.", code=code), "success")
        return redirect(url_for("scoring.show", code=code), 303)
    flash(_("Đã gửi phiếu %(code)s.", code=code), "success")
    return redirect(next_url(sheet), 303)


@blueprint.route("/cham-diem/<code>/tu-luu", methods=["POST"])
@access(Role.JUDGE)
@writes
def autosave(code: str):
    """Keep what was typed and answer with the new version and the total; 422 says what is wrong."""
    sheet = queries.get_own(code, g.actor)
    lines = queries.lines_of(sheet)
    form = _form(sheet, lines)
    try:
        _keep(sheet, form, lines, sending=False)
    except (Invalid, Refused) as error:
        return jsonify(status=_first_words(form, error)), 422
    saved = _("Đã lưu %(time)s", time=f"{to_local(utcnow()):%H:%M}")
    return jsonify(
        status=saved, version=sheet.version, slots={"total": total_words(lines, forms.marks_of(form, lines))}
    )


def _form(sheet: ScoreSheet, lines):
    form = forms.sheet_form(lines, sheet.entry.contest.score_step, sheet.comment)
    if not form.is_submitted():
        stamp(form, sheet)
    return form


def stamp(form, sheet: ScoreSheet) -> None:
    """Put the present version and a fresh key into the form."""
    form.version.data = str(sheet.version)
    form.key.data = ids.token()


def _keep(sheet: ScoreSheet, form, lines, sending: bool) -> None:
    if not form.validate():
        raise Invalid({})
    if sending and not forms.ask_for_missing(form, lines):
        raise Invalid({})
    given = (sheet, forms.marks_of(form, lines), form.comment.data, g.actor)
    if sending:
        services.submit_sheet(
            *given, now=utcnow(), version=form.shown_version(), lines=lines, key=form.key.data or None
        )
    else:
        services.save_sheet(*given, now=utcnow(), version=form.shown_version(), lines=lines)


def _again(code: str, form, error):
    """The page with what was typed and what is wrong with it; a sheet that is closed meanwhile has no form."""
    db.session.rollback()
    sheet = queries.get_own(code, g.actor)
    if sheet.state != "draft":
        raise error
    if isinstance(error, Conflict):
        form.form_errors.append(_(CHANGED))
        stamp(form, sheet)
        return _work(sheet, form, queries.lines_of(sheet)), 409
    for name, text in _texts(error).items():
        _put(form, name, text)
    return _work(sheet, form, queries.lines_of(sheet)), 409 if isinstance(error, Refused) else 422


def _put(form, name: str, text: str) -> None:
    if name in form:
        form[name].errors = [*form[name].errors, text]
    else:
        form.form_errors.append(text)


def _texts(error: Invalid | Refused) -> dict[str, str]:
    if isinstance(error, Refused):
        return {"": spoken(error.refusal.message, error.refusal.params)}
    return error.errors


def _first_words(form, error: Invalid | Refused) -> str:
    texts = [*_texts(error).values(), *(str(text) for field in form for text in field.errors)]
    return _("Chưa lưu. %(problem)s", problem=texts[0] if texts else "")


def _work(sheet: ScoreSheet, form, lines) -> str:
    shared = _shared(sheet)
    previous, following = queries.neighbours(sheet, g.actor)
    return render_template(
        "scoring/work.html",
        **shared | {"offers": [offer for offer in shared["offers"] if offer.action != "submit"]},
        form=form,
        lines=lines,
        sections=_dossier(sheet),
        total=total_words(lines),
        previous=previous,
        following=following,
        user_id=g.actor.user_id,
    )


def total_words(lines, marks=None) -> str:
    """`51,5/100 · còn 3 tiêu chí`: of the stored lines, or of `marks` that were just kept."""
    scores = [marks[line.id].score if marks else line.score for line in lines]
    given = sum((score for score in scores if score is not None), Decimal(0))
    scale = sum((line.max_score for line in lines), Decimal(0))
    left = scores.count(None)
    total = f"{decimal_text(given)}/{decimal_text(scale)}"
    return _("%(total)s · còn %(n)s tiêu chí", total=total, n=left) if left else total


def next_url(sheet: ScoreSheet) -> str:
    """The next sheet that the judge has to do, else the list."""
    following = queries.next_open(g.actor, sheet.contest_id, after=sheet.code)
    return url_for("scoring.show", code=following.code) if following else url_for("scoring.sheets")


# --- reading ------------------------------------------------------------------------------------------------------
def _sent(sheet: ScoreSheet) -> str:
    following = queries.next_open(g.actor, sheet.contest_id, after=sheet.code)
    return render_template(
        "scoring/sent.html",
        **_shared(sheet),
        lines=queries.lines_of(sheet),
        sections=_dossier(sheet),
        following=following,
        judge_name="",
        may_read=True,
    )


def _for_staff(sheet: ScoreSheet) -> str:
    may_read = queries.shows_scores(sheet, g.actor)
    return render_template(
        "scoring/sent.html",
        **_shared(sheet),
        lines=queries.lines_of(sheet) if may_read else [],
        sections=[],
        following=None,
        judge_name=sheet.judge.full_name,
        may_read=may_read,
    )


@blueprint.route("/cham-diem/<code>/thao-tac/<action>", methods=["GET", "POST"])
@access(*READERS)
@writes
def act(code: str, action: str):
    """Any declared act. Who will not score this entry goes on to the next one."""
    sheet = queries.get_visible(code, g.actor)
    held = policy.roles(sheet, g.actor)
    back = next_url(sheet) if action in ("recuse", "abstain") and Role.JUDGE in held else None
    if action == "reopen" and not queries.shows_scores(sheet, g.actor) and sheet.state in SENT:
        raise NotAllowed(_("Gửi phiếu của mình cho hồ sơ này trước khi mở lại phiếu của người khác."))
    return acting.act(sheet, action, back)


@blueprint.route("/cham-diem/<code>/phieu", methods=["POST"])
@access(*READERS)
@writes
def paper(code: str):
    """Make the sheet as a paper for the judge's signature."""
    sheet = queries.get_visible(code, g.actor)
    if sheet.state not in BEGUN or not queries.shows_scores(sheet, g.actor) or sheet.state not in SENT:
        raise NotFound
    draw_up("score_sheet", sheet, g.actor, now=utcnow())
    flash(_("Đang tạo phiếu chấm %(code)s. Văn bản có ở mục Văn bản sau ít phút.", code=code), "success")
    return redirect(url_for("scoring.show", code=code), 303)
