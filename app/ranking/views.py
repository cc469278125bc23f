"""Pages of the ranking: the table, its lock, and the papers of the result."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.access import access
from app.contests import queries as contests
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import NotFound, Refused
from app.core.i18n import spoken
from app.core.vietnamese import clean_line
from app.core.writes import writes
from app.documents import queries as documents
from app.documents.batches import services as batches
from app.flow import acting
from app.ranking import queries, rules, services
from workflows import DOCUMENT
from workflows.spec import N_, Role

blueprint = Blueprint("ranking", __name__, template_folder="templates")

ACTS = ("lock_ranking", "reopen_ranking", "announce")
OBSTACLES = {
    rules.BELOW_THRESHOLD: N_("Dưới mức điểm xét giải"),
    rules.ZERO_CRITERION: N_("Có tiêu chí 0 điểm"),
}
BUTTONS = {
    "minutes": N_("Tạo lại biên bản"),
    "submission": N_("Tạo tờ trình"),
    "result_decision": N_("Tạo quyết định"),
}


@blueprint.get("/xep-hang")
@access(*queries.READERS)
def index():
    """The ranking of one contest: the one asked for, else the newest."""
    known = queries.contests_of(g.actor)
    asked = request.args.get("cuoc_thi")
    if not known and not asked:
        return render_template("ranking/none.html")
    contest = _readable(asked or known[0].code)
    return _page(contest, known, clean_line(request.args.get("sau", "")))


def _readable(code: str) -> Contest:
    """The contest whose scores this person may see. Raises NotFound."""
    contest = contests.by_code(code)
    if contest is None or contest.state not in queries.WITH_RANKING or not queries.may_read(contest, g.actor):
        raise NotFound
    return contest


def _page(contest: Contest, known, after: str) -> str:
    locked = queries.is_locked(contest)
    top, rows = ([], []) if locked else queries.top_places(contest)
    offers = [offer for offer in flow.offers(contest, g.actor, utcnow()) if offer.action in ACTS]
    return render_template(
        "ranking/index.html",
        contest=contest,
        known=known,
        locked=locked,
        page=queries.page(contest, (top, rows), after),
        prizes={prize.id: prize for prize in contest.prizes},
        money=_money(contest, top, locked),
        total=queries.count_placed(contest),
        offers=offers,
        obstacle_words={name: _(text) for name, text in OBSTACLES.items()},
        has_open=any(p.is_open for p in top),
        papers=_papers(contest) if locked else None,
    )


def _money(contest: Contest, top, locked: bool) -> dict[str, int]:
    """Prizes given or proposed, their đồng, and the seats kept for a decision."""
    prizes = queries.rules_of(contest).prizes
    if locked:
        return {"given": queries.awarded_money(contest.id), "kept": 0, "budget": contest.budget}
    given = rules.money_of(rules.proposed(top), prizes)
    return {"given": given, "kept": rules.money_needed(top, prizes) - given, "budget": contest.budget}


def _papers(contest: Contest) -> dict[str, object]:
    """What the papers of the result are at, and the buttons for those that this person may make now."""
    rows = [row for row in documents.papers_of(contest.id, g.actor) if row.template_code in services.TOGETHER]
    live = {row.template_code for row in rows if row.state not in ("draft", "returned", "replaced", "revoked")}
    buttons = [
        {"template": code, "label": label}
        for code, label in BUTTONS.items()
        if code not in live and services.may_draw(contest, code, g.actor)
    ]
    certificates = queries.certificate_states(contest.id)
    may_certify = services.may_draw(contest, "certificate", g.actor) and documents.is_issued(
        "result_decision", contest.id
    )
    return {
        "rows": rows,
        "buttons": buttons,
        "certificates": [(DOCUMENT.state(state), n) for state, n in sorted(certificates.items())],
        "batch": batches.latest(contest.id, "certificate") if certificates else None,
        "missing": queries.count_awarded(contest.id) - queries.count_certified(contest.id) if may_certify else 0,
        "workflow": DOCUMENT,
    }


@blueprint.route("/cuoc-thi/<code>/thao-tac/lock_ranking", methods=["GET", "POST"])
@access(Role.HEAD_OF_JURY)
@writes
def lock(code: str):
    """Confirm ranks and prizes; the head may choose other prizes within the rules, with a reason."""
    contest = contests.get_visible(code, g.actor)
    back = url_for(".index", cuoc_thi=contest.code)
    return acting.act(contest, "lock_ranking", back=back, page="ranking/lock.html")


@blueprint.post("/xep-hang/van-ban")
@access(Role.OFFICE, Role.SECRETARY)
@writes
def draw():
    """Draw up a paper of the result, or all certificates."""
    contest = _readable(request.form.get("cuoc_thi", ""))
    back = redirect(url_for(".index", cuoc_thi=contest.code, _anchor="van-ban"), 303)
    template = request.form.get("loai", "")
    try:
        made = services.draw(contest, template, g.actor, now=utcnow())
    except Refused as error:
        db.session.rollback()
        flash(spoken(error.refusal.message, error.refusal.params), "warn")
        return back
    if made:
        flash(_("Đang tạo %(n)s văn bản. Theo dõi ở trang Văn bản.", n=made), "success")
    else:
        flash(_("Mọi hồ sơ đạt giải đã có giấy chứng nhận."), "info")
    batch = batches.latest(contest.id, template)
    return redirect(url_for("documents.batch", code=batch.code), 303) if batch else back
