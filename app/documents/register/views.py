"""Pages of the register: its lines, the workbook, the book for printing, what the clerk fills in, how it counts."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import access
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.vietnamese import to_local
from app.core.writes import writes
from app.documents import policy, queries
from app.documents.forms import RegisterFilter
from app.documents.register import exports, series
from app.documents.register import printing as register_print
from app.documents.register import services as register
from app.documents.register.forms import LineForm, series_form
from app.documents.views import attachment, blueprint, chosen, content, number_typed
from app.organisations.models import Organisation
from workflows.spec import Role

PRINTERS = (Role.OFFICE, Role.CLERK, Role.CHAIRMAN)


@blueprint.get("/so-van-ban")
@access(*policy.REGISTER_READERS)
def register_page():
    """The register of a year, by book."""
    form, organisation, year, book = _choice()
    place = {"co_quan": organisation[0], "nam": year}
    return render_template(
        "documents/register.html",
        filter=form,
        organisation=organisation[1],
        year=year,
        columns=[_(label) for label, _width in exports.COLUMNS],
        lines=[(entry, exports.line_of(entry)) for entry in _entries(organisation, year, book)],
        edits=Role.CLERK in g.actor.roles_in(organisation[0]),
        file_url=url_for(".register_file", **place, so=book),
        print_url=url_for(".register_book", **place) if _prints(organisation[0]) else "",
        series_url=url_for(".register_series", co_quan=organisation[0]),
    )


@blueprint.get("/so-van-ban.xlsx")
@access(*policy.REGISTER_READERS)
def register_file():
    """The same lines as a workbook."""
    _form, organisation, year, book = _choice()
    made = exports.register_file(organisation[1], year, _entries(organisation, year, book))
    return attachment(made, f"so-van-ban-di-{year}.xlsx")


@blueprint.get("/so-van-ban/in")
@access(*PRINTERS)
def register_book():
    """The whole year to be printed and bound, from the browser or as a PDF."""
    organisation, year = _to_print()
    entries = register_print.lines(organisation.id, year)
    book = register_print.latest(organisation.id, year)
    return render_template(
        "documents/register_book.html",
        organisation=organisation,
        year=year,
        told=register_print.context_of(organisation, year, entries, to_local(utcnow()).date()),
        columns=[_(label) for label, _width in exports.COLUMNS],
        lines=[exports.line_of(entry) for entry in entries],
        book=book,
        is_old=bool(book and book.sha256 and book.made_from != register_print.digest(entries)),
        place={"co_quan": organisation.id, "nam": year},
    )


@blueprint.post("/so-van-ban/in")
@access(*PRINTERS)
@writes
def make_register_book():
    """Have the PDF of the year made, in the background."""
    organisation, year = _to_print()
    book = register_print.latest(organisation.id, year)
    if book is None or book.progress != "waiting":
        register_print.ask(organisation.id, year, g.actor, now=utcnow())
    return redirect(url_for(".register_book", co_quan=organisation.id, nam=year), 303)


@blueprint.get("/so-van-ban/in.pdf")
@access(*PRINTERS)
def register_pdf():
    """The PDF that was made last."""
    organisation, year = _to_print()
    book = register_print.latest(organisation.id, year)
    if book is None or not book.sha256:
        raise NotFound
    return attachment(content(book.sha256), f"so-dang-ky-van-ban-di-{year}.pdf")


@blueprint.route("/van-ban/<code>/so-dang-ky", methods=["GET", "POST"])
@access(Role.CLERK)
@writes
def edit_line(code: str):
    """What the clerk fills in by hand: who keeps the copy, how many copies, who received."""
    document = queries.get_visible(code, g.actor)
    if Role.CLERK not in policy.roles(document, g.actor):
        raise NotAllowed
    line = register.line_for(document)
    form = LineForm(obj=line)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("documents/register_line.html", form=form, line=line), status
    values = {name: form[name].data for name in register.EDITABLE}
    register.edit(document, values, g.actor, now=utcnow())
    flash(_("Đã lưu dòng %(symbol)s của sổ.", symbol=line.symbol), "success")
    return redirect(url_for(".register_page", co_quan=line.organisation_id, nam=line.year), 303)


@blueprint.route("/so-van-ban/cach-danh-so", methods=["GET", "POST"])
@access(Role.CLERK)
@writes
def register_series():
    """Which book counts which type of paper, from a year on."""
    organisation, year = _counting()
    counted = series.list_of(organisation, year)
    form = series_form(counted)
    if not form.validate_on_submit():
        return _series_page(form, organisation, year, counted), 422 if form.is_submitted() else 200
    try:
        changed = series.set_books(organisation, year, form.books(), g.actor, now=utcnow())
    except Invalid as error:
        db.session.rollback()
        form.refuse(error.errors)
        organisation, year = _counting()
        return _series_page(form, organisation, year, counted), 422
    flash(_("Đã lưu cách đánh số.") if changed else _("Không có gì thay đổi."), "success")
    return redirect(url_for(".register_series", co_quan=organisation.id, nam=year), 303)


def _series_page(form, organisation: Organisation, year: int, counted) -> str:
    this_year = to_local(utcnow()).year
    years = [(one, url_for(".register_series", co_quan=organisation.id, nam=one)) for one in (this_year, this_year + 1)]
    return render_template(
        "documents/register_series.html", form=form, organisation=organisation, year=year, years=years, counted=counted
    )


def _counting() -> tuple[Organisation, int]:
    """The organisation whose clerk this is, and the present year or the next."""
    held = sorted(g.actor.organisations_as(Role.CLERK))
    organisation_id = chosen(request.args.get("co_quan"), dict.fromkeys(held, "")) or held[0]
    this_year = to_local(utcnow()).year
    year = number_typed(request.args.get("nam"))
    return db.session.get(Organisation, organisation_id), year if year in (this_year, this_year + 1) else this_year


def _prints(organisation_id: int) -> bool:
    """A book holds the papers of all contests: for those whose office is not limited to some."""
    return bool(g.actor.roles_in(organisation_id) & set(PRINTERS))


def _to_print() -> tuple[Organisation, int]:
    _form, organisation, year, _book = _choice()
    if not _prints(organisation[0]):
        raise NotFound
    return db.session.get(Organisation, organisation[0]), year


def _entries(organisation: tuple[int, str], year: int, book: str):
    return register.list_entries(g.actor, organisation[0], year, book)


def _choice():
    """The filter with its choices, and what is chosen: organisation, year, book ("" for all)."""
    readable = dict(register.readable(g.actor))
    if not readable:
        raise NotFound
    organisation_id = chosen(request.args.get("co_quan"), readable) or next(iter(readable))
    years = register.years(g.actor, organisation_id) or [utcnow().year]
    year = number_typed(request.args.get("nam"))
    year = year if year in years else years[0]
    known = register.books_of(g.actor, organisation_id, year)
    book = request.args.get("so", "")
    form = RegisterFilter(request.args)
    form.co_quan.choices = [(str(number), name) for number, name in readable.items()]
    form.nam.choices = [(str(one), str(one)) for one in years]
    form.so.choices = [("", _("Mọi loại")), *((one, one) for one in known)]
    return form, (organisation_id, readable[organisation_id]), year, book if book in known else ""
