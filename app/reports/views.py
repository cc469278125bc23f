"""`/ho-so`: the list of entries of a contest, and its files. All three read the same conditions from the address."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template, request, send_file, stream_with_context
from flask_babel import gettext as _
from sqlalchemy import Row

from app.accounts.access import access
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.vietnamese import file_slug, moment_text
from app.reports import filters as conditions
from app.reports import queries, tables
from app.reports.filters import KINDS, Filters, Status
from workflows.spec import Role

PATH = "/ho-so"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("reports", __name__, template_folder="templates")
readers = access(Role.OFFICE, Role.SECRETARY, Role.HEAD_OF_JURY, Role.CHAIRMAN, Role.UNIT, Role.UPPER_CLERK)


@dataclass(frozen=True)
class Asked:
    """What the address asks for, checked against what the person may see."""

    filters: Filters
    contests: list[Row]
    contest: Row
    statuses: list[Status]
    status: Status | None

    def words(self) -> tables.Words:
        """The words for states and kinds that this person reads."""
        states = {name: _(status.label) for status in self.statuses for name in status.states}
        return tables.Words(states, {name: _(label) for name, label in KINDS.items()})


def _asked() -> Asked | None:
    """None when there is no contest of which the person sees entries; NotFound for a contest of others."""
    filters = conditions.read(request.args)
    contests = queries.contests_for(g.actor)
    if not contests and not filters.contest:
        return None
    contest = next((c for c in contests if filters.contest in ("", c.code)), None)
    if contest is None:
        raise NotFound
    statuses = conditions.statuses(as_author=queries.reads_as_author(contest, g.actor))
    status = next((status for status in statuses if status.name == filters.status), None)
    return Asked(filters, contests, contest, statuses, status)


@blueprint.route("/ho-so")
@readers
def entries():
    """One page of entries with counts by state, filters as chips, and a search without accents."""
    asked = _asked()
    if asked is None:
        return render_template("reports/entries.html", contest=None)
    page = queries.page(asked.contest, asked.filters, asked.status, g.actor)
    counts = queries.counts(asked.contest, g.actor)
    fields, units = queries.choices(asked.contest)
    return render_template(
        "reports/entries.html",
        contest=asked.contest,
        contests=asked.contests,
        filters=asked.filters,
        rows=_cells(asked, page.rows),
        statuses=[(status, sum(counts.get(name, 0) for name in status.states)) for status in asked.statuses],
        fields=fields,
        units=units,
        kinds=KINDS,
        count_text=_count_text(asked, page, counts),
        **_addresses(asked, page, fields, units),
    )


def _cells(asked: Asked, rows: Sequence[Row]) -> list[tuple]:
    """What the table shows, in the order of its columns; of the state its tone and its words."""
    shown = {row.state for row in rows}
    tags = {
        name: (status.tone, _(status.label)) for status in asked.statuses for name in status.states if name in shown
    }
    return [
        (code, title, ", ".join([name for name, _share in queries.people_in(people)]), unit, field, at, *tags[state])
        for _id, code, title, state, _kind, at, unit, field, people in rows
    ]


def _addresses(asked: Asked, page: queries.Page, fields, units) -> dict:
    filters, link = asked.filters, _link_of(asked)
    names = {
        "status": _(asked.status.label) if asked.status else "",
        "field_id": next((row.name for row in fields if row.id == filters.field_id), ""),
        "unit_id": next((row.name for row in units if row.id == filters.unit_id), ""),
        "kind": _(KINDS[filters.kind]) if filters.kind else "",
    }
    whole = conditions.query_string(filters, before=None, after=None)
    return {
        "chips": conditions.chips(filters, PATH, names),
        "clear_url": f"{PATH}?{conditions.query_string(Filters(contest=filters.contest))}",
        "status_url": lambda name: link(status=name),
        "newer_url": link(after=page.rows[0].id, before=None) if page.has_newer and page.rows else "",
        "older_url": link(before=page.rows[-1].id, after=None) if page.has_older and page.rows else "",
        "xlsx_url": f"{PATH}/xuat.xlsx?{whole}",
        "csv_url": f"{PATH}/xuat.csv?{whole}",
    }


def _link_of(asked: Asked) -> Callable[..., str]:
    return lambda **changed: f"{PATH}?{conditions.query_string(asked.filters, **changed)}"


def _count_text(asked: Asked, page: queries.Page, counts: dict[str, int]) -> str:
    """The exact number where it is known without counting rows, else what is on the page."""
    if not asked.filters.is_narrowed:
        states = asked.status.states if asked.status else counts.keys()
        return _("%(n)s hồ sơ", n=sum(counts.get(name, 0) for name in states))
    if page.has_newer or page.has_older:
        return _("%(n)s hồ sơ trên trang này", n=len(page.rows))
    return _("%(n)s hồ sơ", n=len(page.rows))


@blueprint.route("/ho-so/xuat.xlsx")
@readers
def workbook():
    """The whole list, under the same conditions, as a workbook."""
    asked = _asked_for_file()
    rows = queries.every(asked.contest, asked.filters, asked.status, g.actor)
    file = io.BytesIO()
    note = _("Lập lúc %(when)s.", when=moment_text(utcnow(), _))
    tables.write_workbook(file, rows, asked.words(), host=asked.contest.host_name, title=asked.contest.title, note=note)
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"{_file_name(asked)}.xlsx")


@blueprint.route("/ho-so/xuat.csv")
@readers
def csv():
    """The whole list, under the same conditions, as CSV, sent while it is read."""
    asked = _asked_for_file()
    rows = queries.every(asked.contest, asked.filters, asked.status, g.actor)
    lines = tables.csv_lines(rows, asked.words())
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{_file_name(asked)}.csv")
    return response


def _asked_for_file() -> Asked:
    asked = _asked()
    if asked is None:
        raise NotFound
    return asked


def _file_name(asked: Asked) -> str:
    return file_slug(f"danh sach ho so {asked.contest.code}").lower()
