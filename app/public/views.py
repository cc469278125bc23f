"""Public pages. Every one may be opened by anybody; what they tell is decided in `queries`."""

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import PUBLIC, access
from app.audit.queries import events_of
from app.contests import queries as contests
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.vietnamese import clean_line, short_date, to_local, upper
from app.core.writes import writes
from app.documents import queries as documents
from app.public import guides as guide_texts
from app.public import phases, queries, services
from app.public.forms import LookupForm, ResultsFilter, VerifyForm
from app.public.queries import Choice, Found
from workflows import ENTRY

blueprint = Blueprint("public", __name__, template_folder="templates")

LONGEST = 200


@blueprint.context_processor
def _shared() -> dict[str, str]:
    """The full address of the page, for what a message shows of a link."""
    return {"page_url": current_app.config["SETTINGS"].base_url + request.path}


@blueprint.get("/")
@access(PUBLIC)
def home():
    """The contests by their phase; who is signed in goes on to the own work."""
    if g.actor.is_authenticated:
        return redirect(url_for("inbox.work"), 303)
    now = utcnow()
    cards = [phases.card(contest, now) for contest in contests.current_contests(now)]
    return render_template("public/home.html", cards=cards)


# --- results ------------------------------------------------------------------------------------------------------
@blueprint.get("/ket-qua")
@access(PUBLIC)
def results():
    """Announced winners."""
    known = queries.choices()
    form = ResultsFilter(request.args)
    choice = _choice(form, known)
    rows = queries.list_results(choice, clean_line(request.args.get("sau", ""))[:LONGEST])
    shown = rows[: queries.PAGE]
    arguments = {name: value for name, value in form.data.items() if value}
    return render_template(
        "public/results.html",
        filter=form,
        rows=shown,
        authors=queries.author_names([row.id for row in shown]),
        next_url=url_for(".results", **arguments, sau=shown[-1].code) if len(rows) > queries.PAGE else "",
        chips=[
            {"label": value, "url": url_for(".results", **{k: v for k, v in arguments.items() if k != name})}
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
def result(code: str):
    """One announced winner."""
    row = queries.one_result(code)
    return render_template(
        "public/result.html",
        row=row,
        authors=queries.author_names([row.id]).get(row.id, []),
        decision=queries.decision_of(row.contest_id),
    )


# --- one's own entry ----------------------------------------------------------------------------------------------
@blueprint.route("/tra-cuu", methods=["GET", "POST"])
@access(PUBLIC)
@writes
def lookup():
    """Where an entry stands, in the author's words, for who knows its code and an author's name."""
    form = LookupForm()
    if not form.is_submitted():
        return render_template("public/lookup.html", form=form, found=None)
    if not form.validate():
        return render_template("public/lookup.html", form=form, found=None), 422
    try:
        address = request.remote_addr or ""
        found = services.look_up(form.code.data, form.full_name.data, address=address, now=utcnow())
    except services.TooManyLookups:
        form.form_errors.append(_("Đã tra cứu sai quá nhiều lần. Chờ 5 phút rồi thử lại, hoặc gọi văn phòng."))
        return render_template("public/lookup.html", form=form, found=None), 429, {"Retry-After": "300"}
    if found is None:
        form.form_errors.append(
            _("Không có hồ sơ nào khớp cả mã và họ tên đã nhập. Kiểm tra lại chữ và số trong mã, họ và tên đầy đủ.")
        )
        return render_template("public/lookup.html", form=form, found=None), 422
    return render_template("public/lookup.html", form=form, found=found, words=_author_words(found))


def _author_words(found: Found) -> str:
    if found.prize:
        return _("Đạt %(prize)s", prize=found.prize[:1].lower() + found.prize[1:])
    if found.is_announced and found.state == "ranked":
        return _("Đã có kết quả, không đạt giải")
    return _(ENTRY.state(found.state).author_label)


# --- papers -------------------------------------------------------------------------------------------------------
@blueprint.get("/xac-minh")
@access(PUBLIC)
def verify():
    """Ask for the code printed on a paper."""
    form = VerifyForm(request.args)
    code = _verify_code(form.ma.data or "")
    if code:
        return redirect(url_for(".verified", code=code), 303)
    return render_template("public/verify.html", form=form)


@blueprint.get("/xac-minh/<code>")
@access(PUBLIC)
def verified(code: str):
    """What the paper with this code is, and whether it still holds."""
    known = documents.verify(_verify_code(code))
    if known is None:
        form = VerifyForm(data={"ma": code[:LONGEST]})
        return render_template("public/verify.html", form=form, is_unknown=True), 404
    document = known.document
    is_told = document.entry_id is None or queries.is_announced(document.contest_id)
    return render_template(
        "public/verified.html",
        document=document,
        organisation=known.organisation,
        hashes=known.file_sha256,
        subject=document.subject if is_told or document.template_code == "receipt" else "",
        revoked_on=short_date(revoked) if (revoked := _revoked_on(document)) else "",
    )


def _verify_code(text: str) -> str:
    return "".join(c for c in upper(clean_line(text)) if c.isascii() and c.isalnum())[:20]


def _revoked_on(document):
    """The day on which the paper was taken back or replaced, from its trail."""
    over = {"document.revoke", "document.replace"}
    return next((to_local(row.at).date() for row in events_of("document", document.id) if row.action in over), None)


# --- help ---------------------------------------------------------------------------------------------------------
@blueprint.get("/huong-dan")
@access(PUBLIC)
def guides():
    """Which guide is for whom."""
    return render_template("public/guides.html", guides=guide_texts.GUIDES)


@blueprint.get("/huong-dan/<name>")
@access(PUBLIC)
def guide(name: str):
    """What one role does, step by step."""
    found = next((one for one in guide_texts.GUIDES if one.name == name), None)
    if found is None:
        raise NotFound
    return render_template("public/guide.html", guide=found)


@blueprint.get("/tiep-can")
@access(PUBLIC)
def accessibility():
    """How the pages can be used by everybody, and whom to tell when they cannot."""
    return render_template("public/accessibility.html")


@blueprint.get("/bao-mat")
@access(PUBLIC)
def privacy():
    """Which data are kept, who sees them, and how long."""
    return render_template("public/privacy.html")
