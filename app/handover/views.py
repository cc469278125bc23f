"""Pages of packages: the sender's list, preparing and sending; the receiver's list and answers; the files."""

import io

from flask import Blueprint, current_app, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.access import SIGNED_IN, access
from app.adapters.storage import MissingFile
from app.audit import sentences
from app.contests import queries as contests
from app.contests.models import Contest
from app.core import ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import spoken
from app.core.writes import writes
from app.documents import queries as papers
from app.documents.models import Document
from app.entries.models import Entry
from app.flow import acting
from app.handover import exports, policy, presenting, queries, services
from app.handover.forms import ChooseForm
from app.handover.models import Package
from app.organisations import queries as organisations
from workflows import HANDOVER
from workflows.spec import Role

blueprint = Blueprint("handover", __name__, template_folder="templates")

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- the sender ---------------------------------------------------------------------------------------------------
@blueprint.get("/chuyen-cap-tren")
@access(Role.OFFICE)
def sent():
    """Packages of the office, and the contests for which one can be prepared."""
    rows = queries.list_sent(g.actor, _number(request.args.get("truoc")))
    return render_template(
        "handover/sent.html", contests=queries.ready_contests(g.actor), workflow=HANDOVER, **_listed(rows)
    )


def _listed(rows) -> dict:
    more = rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None
    return {"packages": rows[: queries.PAGE], "more": more}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


@blueprint.route("/chuyen-cap-tren/chuan-bi/<contest_code>", methods=["GET", "POST"])
@access(Role.OFFICE)
@writes
def prepare(contest_code: str):
    """Choose entries for a new package; those with a prize are ticked already."""
    contest = _own_contest(contest_code)
    form = _choose_form(contest)
    if not form.is_submitted():
        form.entries.data = [entry.id for entry in queries.candidates(contest) if entry.prize_id]
        form.key.data = ids.token()
        return _choose_page(form, contest)
    try:
        package = services.prepare(contest, form.entries.data, g.actor, now=utcnow(), key=form.key.data or None)
    except (Invalid, Refused) as error:
        return _choose_again(form, contest, None, error)
    return redirect(url_for(".show", code=package.code), 303)


def _own_contest(code: str) -> Contest:
    contest = contests.by_code(code)
    if contest is None or Role.OFFICE not in g.actor.roles_in(contest.organisation_id, contest.id):
        raise NotFound
    return contest


def _choose_form(contest: Contest, package: Package | None = None) -> ChooseForm:
    form = ChooseForm()
    prizes = queries.prize_names(contest.id)
    form.entries.choices = [
        (entry.id, presenting.choice_label(entry, prizes))
        for entry in queries.candidates(contest, package)
        if services.may_send(entry, g.actor)
    ]
    return form


def _choose_page(form: ChooseForm, contest: Contest, package: Package | None = None) -> str:
    receiver = organisations.get(contest.receiver_id) if contest.receiver_id else None
    return render_template("handover/choose.html", form=form, contest=contest, package=package, receiver=receiver)


def _choose_again(form: ChooseForm, contest: Contest, package: Package | None, error: Invalid | Refused):
    """The page once more with what was ticked and what is wrong."""
    db.session.rollback()
    if isinstance(error, Refused):
        form.form_errors.append(spoken(error.refusal.message, error.refusal.params))
        return _choose_page(form, contest, package), 409
    form.entries.errors = list(error.errors.values())
    return _choose_page(form, contest, package), 422


@blueprint.get("/chuyen-cap-tren/<code>")
@access(SIGNED_IN)
def show(code: str):
    """A package for its sender; the receiver has a page of its own."""
    package = queries.get_visible(code, g.actor)
    if not policy.held(package, g.actor) & policy.SENDERS:
        return redirect(url_for(".receive", code=package.code), 303)
    return render_template(
        "handover/show.html",
        paper=presenting.paper_of(package),
        editable=flow.may_edit(package, g.actor),
        **_shared(package, answering=False),
    )


def _shared(package: Package, *, answering: bool) -> dict:
    entries = queries.shown_entries(package, g.actor)
    prizes = queries.prize_names(package.contest_id)
    items = presenting.items(package, entries, prizes, answering=answering)
    sender, receiver = organisations.get(package.organisation_id), organisations.get(package.receiver_id)
    return {
        "package": package,
        "contest": contests.get(package.contest_id),
        "state": HANDOVER.state(package.state),
        "items": items,
        "rows": presenting.summary(package, sender, receiver, queries.count_items(package)),
        "offers": flow.offers(package, g.actor, utcnow()),
        "events": sentences.timeline(queries.trail(package)),
    }


@blueprint.route("/chuyen-cap-tren/<code>/sua", methods=["GET", "POST"])
@access(Role.OFFICE)
@writes
def edit(code: str):
    """Change what a package holds while it is being prepared."""
    package = queries.get_visible(code, g.actor)
    contest = _own_contest(contests.get(package.contest_id).code)
    form = _choose_form(contest, package)
    if not form.is_submitted():
        services.check_open(package, g.actor)
        form.entries.data = [item.entry_id for item in package.items]
        form.version.data = str(package.version)
        return _choose_page(form, contest, package)
    chosen, version = form.entries.data, form.shown_version()
    try:
        services.choose(package, contest, chosen, g.actor, now=utcnow(), version=version)
    except (Invalid, Refused) as error:
        return _choose_again(form, contest, package, error)
    return redirect(url_for(".show", code=package.code), 303)


@blueprint.route("/chuyen-cap-tren/<code>/thao-tac/<action>", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def act(code: str, action: str):
    """Any declared act of either side."""
    return acting.act(queries.get_visible(code, g.actor), action)


# --- the receiver -------------------------------------------------------------------------------------------------
@blueprint.get("/tiep-nhan")
@access(Role.UPPER_CLERK)
def received():
    """Packages that came to the clerk's council."""
    rows = queries.list_received(g.actor, _number(request.args.get("truoc")))
    return render_template("handover/received.html", workflow=HANDOVER, **_listed(rows))


@blueprint.get("/tiep-nhan/<code>")
@access(Role.UPPER_CLERK)
def receive(code: str):
    """One package that came: its entries, receipt, and the answer to each."""
    package = _received(code)
    shared = _shared(package, answering=package.state == "acknowledged")
    return render_template(
        "handover/receive.html", paper=_issued_paper(package), done=presenting.progress(shared["items"]), **shared
    )


def _received(code: str) -> Package:
    package = queries.get_visible(code, g.actor)
    if not policy.held(package, g.actor) & policy.RECEIVERS:
        raise NotFound
    return package


@blueprint.route("/tiep-nhan/<code>/<entry_code>/thao-tac/<action>", methods=["GET", "POST"])
@access(Role.UPPER_CLERK)
@writes
def answer(code: str, entry_code: str, action: str):
    """The answer to one entry; back to the package afterwards, since an entry that was handed back is gone."""
    entry = queries.get_received(_received(code), entry_code, g.actor)
    return acting.act(entry, action, back=url_for(".receive", code=code))


# --- files --------------------------------------------------------------------------------------------------------
@blueprint.get("/chuyen-cap-tren/<code>/danh-sach.xlsx")
@access(SIGNED_IN)
def download_list(code: str):
    """The list of the entries as a workbook."""
    package = queries.get_visible(code, g.actor)
    content = exports.list_file(_head(package), queries.shown_entries(package, g.actor))
    return _attachment(io.BytesIO(content), f"danh-sach-{package.code}.xlsx", WORKBOOK)


@blueprint.get("/chuyen-cap-tren/<code>/goi.zip")
@access(SIGNED_IN)
def download_archive(code: str):
    """Everything in one archive: list, paper, dossiers, and a manifest with the hashes."""
    package = queries.get_visible(code, g.actor)
    entries: list[Entry] = queries.shown_entries(package, g.actor)
    paper = _issued_paper(package)
    files = [(f"to-trinh.{file.kind}", file.sha256) for file in papers.current_files(paper.id)] if paper else []
    try:
        content = exports.archive_file(_head(package), entries, files, current_app.extensions["storage"])
    except MissingFile:
        current_app.logger.error("a file of package %s is missing in the storage", package.code)
        raise NotFound from None
    return _attachment(content, f"goi-{package.code}.zip", "application/zip")


def _issued_paper(package: Package) -> Document | None:
    paper = presenting.paper_of(package)
    return paper if paper is not None and paper.state == "issued" else None


def _head(package: Package) -> exports.Head:
    paper = _issued_paper(package)
    return exports.Head(
        package.code,
        organisations.get(package.organisation_id).name,
        organisations.get(package.receiver_id).name,
        contests.get(package.contest_id).title,
        paper=_("%(type)s số %(symbol)s", type=paper.type_name, symbol=paper.symbol) if paper else "",
        at=package.sent_at,
    )


def _attachment(content, name: str, media_type: str):
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
