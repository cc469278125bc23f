"""`/ket-qua`: announced winners."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import PUBLIC, access
from app.core.vietnamese import clean_line
from app.public import queries
from app.public.forms import ResultsFilter
from app.public.queries import Choice

blueprint = Blueprint("results", __name__, template_folder="../templates")

LONGEST_CODE = 30


@blueprint.get("/ket-qua")
@access(PUBLIC)
def index():
    """Announced winners."""
    known = queries.choices()
    form = ResultsFilter(request.args)
    choice = _choice(form, known)
    rows = queries.list_results(choice, clean_line(request.args.get("sau", ""))[:LONGEST_CODE])
    shown = rows[: queries.PAGE]
    arguments = {name: value for name, value in form.data.items() if value}
    return render_template(
        "public/results.html",
        filter=form,
        rows=shown,
        authors=queries.author_names([row.id for row in shown]),
        next_url=url_for(".index", **arguments, sau=shown[-1].code) if len(rows) > queries.PAGE else "",
        chips=[
            {"label": value, "url": url_for(".index", **{k: v for k, v in arguments.items() if k != name})}
            for name, value in arguments.items()
        ],
        is_empty=not known["year"],
    )


def _choice(form: ResultsFilter, known: dict[str, list]) -> Choice:
    """What was asked for, as far as there is such a value; the form then shows what counts."""
    everything = {
        "nam": ("year", _("Mọi năm")),
        "linh_vuc": ("field", _("Mọi lĩnh vực")),
        "giai": ("prize", _("Mọi giải")),
        "don_vi": ("unit", _("Mọi đơn vị")),
    }
    chosen = {}
    for name, (key, all_of_them) in everything.items():
        values = [str(value) for value in known[key]]
        form[name].choices = [("", all_of_them), *((value, value) for value in values)]
        form[name].data = form[name].data if form[name].data in values else ""
        chosen[key] = form[name].data
    return Choice(chosen["field"], chosen["prize"], int(chosen["year"] or 0) or None, chosen["unit"])


@blueprint.get("/ket-qua/<code>")
@access(PUBLIC)
def show(code: str):
    """One announced winner."""
    row = queries.one_result(code)
    return render_template(
        "public/result.html",
        row=row,
        authors=queries.author_names([row.id]).get(row.id, []),
        decision=queries.decision_of(row.contest_id),
    )
