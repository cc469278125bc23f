"""The list of contests, a new one, the page of one, its acts and its papers."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice
from wtforms import fields as wtf
from wtforms.validators import Optional

from app import flow
from app.accounts.access import SIGNED_IN, access
from app.audit import sentences
from app.audit.queries import events_of
from app.contests import panels, papers, policy, queries, services, setup
from app.contests.inputs import Whole, key_or_none, one_line
from app.contests.models import Contest
from app.contests.views.blueprint import blueprint
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.i18n import spoken
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.documents import queries as documents
from app.documents.renewing import draw_afresh, may_be_drawn
from app.flow import acting
from app.flow.forms import ActionForm
from app.organisations import queries as organisations
from workflows import CONTEST, DOCUMENT
from workflows.spec import Role

TRAIL_LENGTH = 100


class NewForm(ActionForm):
    """What a contest begins with."""

    organisation_id = wtf.SelectField(_l("Đơn vị tổ chức"), coerce=key_or_none, validate_choice=False)
    source_id = wtf.SelectField(
        _l("Chép từ cuộc thi trước"),
        [Optional()],
        coerce=key_or_none,
        validate_choice=False,
        description=_l("Chép kế hoạch, lĩnh vực, tiêu chí, giải thưởng, các ban và quy tắc; không chép thời hạn."),
    )
    year = Whole(_l("Năm"))
    title = wtf.TextAreaField(
        _l("Tên cuộc thi"),
        filters=[one_line],
        render_kw={"rows": 2},
        description=_l("Ghi như sẽ in trong văn bản, ví dụ: Cuộc thi “…”."),
    )


@blueprint.get("/cuoc-thi")
@access(*policy.READERS)
def index():
    """Contests that I may open."""
    rows = [(row, CONTEST.state(row.state)) for row in queries.list_visible(g.actor)]
    return render_template("contests/index.html", rows=rows, may_create=bool(queries.hosts(g.actor)), now=utcnow())


@blueprint.route("/cuoc-thi/moi", methods=["GET", "POST"])
@access(Role.OFFICE)
@writes
def new():
    """Set up a contest, empty or as a copy of an earlier one."""
    form, now = NewForm(), utcnow()
    hosts = {row.id: row for row in queries.hosts(g.actor)}
    sources = {row.id: row for row in queries.sources(g.actor)}
    if not hosts:
        raise NotAllowed(_("Việc tạo cuộc thi dành cho cán bộ văn phòng của đơn vị tổ chức."))
    form.organisation_id.choices = [SelectChoice(str(key), row.short_name) for key, row in hosts.items()]
    form.source_id.choices = [SelectChoice("", _("Không chép, tạo mới"))]
    form.source_id.choices += [SelectChoice(str(key), f"{row.title} ({row.year})") for key, row in sources.items()]
    if not form.is_submitted():
        form.key.data, form.year.data = ids.token(), to_local(now).year
        form.source_id.data = key_or_none(request.args.get("tu"))
        return render_template("contests/new.html", form=form)
    if not form.validate():
        return render_template("contests/new.html", form=form), 422
    try:
        contest = _make(form, hosts, sources, now)
    except Invalid as error:
        db.session.rollback()
        _put_errors(form, error.errors)
        return render_template("contests/new.html", form=form), 422
    flash(_("Đã tạo cuộc thi. Điền tiếp các phần dưới đây."), "success")
    return redirect(url_for("contests.show", code=contest.code), 303)


def _make(form: NewForm, hosts, sources, now) -> Contest:
    errors = {}
    if form.organisation_id.data not in hosts:
        errors["organisation_id"] = _("Chọn đơn vị tổ chức")
    if form.source_id.data is not None and form.source_id.data not in sources:
        errors["source_id"] = _("Chọn cuộc thi trong danh sách")
    if errors:
        raise Invalid(errors)
    host = organisations.get(form.organisation_id.data)
    values = {"year": form.year.data, "title": form.title.data, "now": now, "key": form.key.data or None}
    if form.source_id.data is None:
        return services.create_contest(g.actor, host, **values)
    return services.copy_contest(queries.get(form.source_id.data), g.actor, host, **values)


def _put_errors(form: ActionForm, errors: dict[str, str]) -> None:
    for name, text in errors.items():
        form[name].errors = [*form[name].errors, text]


@blueprint.get("/cuoc-thi/<code>")
@access(SIGNED_IN)
def show(code: str):
    """One contest: what is set up, its papers, what can be done, what happened."""
    contest, now = queries.get_visible(code, g.actor), utcnow()
    held = policy.roles(contest, g.actor)
    return render_template(
        "contests/show.html",
        contest=contest,
        host=organisations.get(contest.organisation_id),
        state=CONTEST.state(contest.state),
        offers=flow.offers(contest, g.actor, now),
        tasks=_tasks(contest),
        editable=flow.may_edit(contest, g.actor),
        gaps=setup.gaps(contest),
        papers=_papers(contest, held),
        panels=panels.shown(contest, held),
        events=_events(contest) if held & policy.TRAIL_READERS else (),
        now=now,
    )


def _tasks(contest: Contest) -> list[dict]:
    """The parts as a task list; in preparation with what each still lacks."""
    preparing = contest.state == CONTEST.initial
    tasks = []
    for part in setup.PARTS:
        lacks = [_(gap) for gap in part.gaps(contest)]
        task = {"label": _(part.label), "url": url_for("contests.part", code=contest.code, name=part.name)}
        task |= {"status": "done" if not lacks or not preparing else "todo", "name": part.name}
        if lacks and preparing:
            task["hint"] = _("Còn thiếu: %(gaps)s", gaps=", ".join(lacks))
        tasks.append(task)
    return tasks


def _papers(contest: Contest, held: frozenset[Role]) -> list[dict]:
    """The papers of the contest by heading, each with its stage, and whether this person may make it now."""
    made = {row.template_code: row for row in queries.papers(contest) if row.state not in ("replaced", "revoked")}
    gaps = bool(setup.gaps(contest))
    return [
        {"title": group, "papers": [_offered(paper, contest, made.get(paper.template), held, gaps) for paper in kinds]}
        for group, kinds in papers.grouped(contest)
    ]


def _offered(paper: papers.Paper, contest: Contest, row, held: frozenset[Role], gaps: bool) -> dict:
    return {
        "template": paper.template,
        "name": paper.name,
        "row": row,
        "opens": row is not None and documents.opens(row, g.actor),
        "state": DOCUMENT.state(row.state) if row is not None else None,
        "waits": gaps and paper.needs_setup,
        "may_draw": not (gaps and paper.needs_setup) and bool(held & paper.roles) and may_be_drawn(row),
        "page": paper.page(contest) if paper.page else "",
    }


def _events(contest: Contest) -> list[sentences.Told]:
    return sentences.timeline(events_of(CONTEST.name, contest.id, limit=TRAIL_LENGTH))


@blueprint.route("/cuoc-thi/<code>/thao-tac/<action>", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def act(code: str, action: str):
    """Any act of the life cycle."""
    return acting.act(queries.get_visible(code, g.actor), action)


@blueprint.post("/cuoc-thi/<code>/van-ban/<template>")
@access(SIGNED_IN)
@writes
def draw(code: str, template: str):
    """Draw up a paper of the contest, or draw it anew while it is a draft or nobody has to sign it."""
    contest = queries.get_visible(code, g.actor)
    paper = papers.named(template)
    if paper is None:
        abort(404)
    if not paper.roles & policy.roles(contest, g.actor):
        raise NotAllowed(_("Việc tạo văn bản này dành cho văn phòng và Tổ thư ký."))
    gaps = [_(gap) for gap in setup.gaps(contest)]
    if gaps and paper.needs_setup:
        flash(_("Chưa tạo được văn bản. Cuộc thi còn thiếu: %(gaps)s.", gaps=", ".join(gaps)), "warn")
        return redirect(url_for("contests.show", code=code), 303)
    try:
        document = draw_afresh(template, contest, g.actor, now=utcnow())
    except Refused as error:
        db.session.rollback()
        flash(spoken(error.refusal.message, error.refusal.params), "warn")
        return redirect(url_for("contests.show", code=code), 303)
    return redirect(f"/van-ban/{document.code}", 303)
