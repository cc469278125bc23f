"""One entry: its page by role and state, checking before submission, its acts, and the confirmation."""

from types import SimpleNamespace

from flask import g, redirect, render_template, url_for

from app import flow
from app.accounts.access import SIGNED_IN, access
from app.audit import sentences
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.writes import writes
from app.entries import dossier, policy, queries
from app.entries.models import Entry
from app.entries.steps import author_status, next_step
from app.entries.views import blueprint
from app.flow import acting
from app.flow import forms as act_forms
from workflows import ENTRY

SUBMITTING = ("submit", "resubmit")


@blueprint.route("/ho-so/<code>")
@access(SIGNED_IN)
def show(code: str):
    """The task list for those who may edit now, else the dossier with its status."""
    now = utcnow()
    entry = queries.get_visible(code, g.actor)
    shared = _shared(entry, now)
    if flow.may_edit(entry, g.actor):
        tasks = dossier.tasks(entry)
        return render_template("entries/tasks.html", tasks=tasks, todo=dossier.first_todo(tasks), **shared)
    return render_template("entries/show.html", sections=dossier.sections(entry), **shared)


def _shared(entry: Entry, now) -> dict:
    as_author = policy.speaks_as_author(entry, g.actor)
    state = ENTRY.state(entry.state)
    return {
        "entry": entry,
        "now": now,
        "as_author": as_author,
        "tone": state.tone,
        "status": author_status(entry.state, entry.contest.state) if as_author else state.label,
        "step": next_step(_step_facts(entry), now) if as_author else "",
        "offers": [offer for offer in flow.offers(entry, g.actor, now) if _stands_in_bar(offer)],
        "events": sentences.timeline(queries.trail(entry), for_author=as_author),
        "links": dossier.links_for(entry, g.actor),
        "papers": dossier.papers_of(entry, g.actor),
        "may_draw": policy.was_submitted(entry) and bool(policy.roles(entry, g.actor) & policy.AUTHOR_SIDE),
    }


def _step_facts(entry: Entry) -> SimpleNamespace:
    return SimpleNamespace(
        state=entry.state,
        completion_due_at=entry.completion_due_at,
        contest_state=entry.contest.state,
        closes_at=entry.contest.closes_at,
        screening_due_at=entry.contest.screening_due_at,
    )


def _stands_in_bar(offer: flow.Offer) -> bool:
    """Submitting has its way over the page of all answers, the unit's confirmation over its task; of submitting the
    bar only says why it cannot be done."""
    return offer.action != "confirm" and (offer.action not in SUBMITTING or offer.refusal is not None)


@blueprint.route("/ho-so/<code>/kiem-tra")
@access(SIGNED_IN)
def check(code: str):
    """All answers with links to change them, and the declaration with the button that submits."""
    now = utcnow()
    entry = queries.get_visible(code, g.actor)
    if not flow.may_edit(entry, g.actor):
        return redirect(url_for("entries.show", code=code), 303)
    offer = next((o for o in flow.offers(entry, g.actor, now) if o.action in SUBMITTING), None)
    if offer is None:
        raise NotFound
    return render_template(
        "entries/check.html",
        entry=entry,
        sections=dossier.sections(entry, with_links=True),
        tasks=dossier.tasks(entry),
        offer=offer,
        act_form=act_forms.build(entry, offer.transition),
    )


@blueprint.route("/ho-so/<code>/thao-tac/<action>", methods=["GET", "POST"])
@access(SIGNED_IN)
@writes
def act(code: str, action: str):
    """Any declared act. Who no longer sees the entry afterwards goes to the first page."""
    entry = queries.get_visible(code, g.actor)
    back = url_for("entries.submitted", code=code) if action in SUBMITTING else None
    answer = acting.act(entry, action, back)
    if getattr(answer, "status_code", 0) == 303 and not policy.may_see(entry, g.actor):
        return redirect("/", 303)
    return answer


@blueprint.route("/ho-so/<code>/da-nop")
@access(SIGNED_IN)
def submitted(code: str):
    """That it arrived, under which code, and what comes next; still true when opened again later."""
    now = utcnow()
    entry = queries.get_visible(code, g.actor)
    if entry.submitted_at is None:
        return redirect(url_for("entries.show", code=code), 303)
    return render_template(
        "entries/submitted.html",
        entry=entry,
        step=next_step(_step_facts(entry), now),
        receipt=dossier.receipt(entry, g.actor),
    )
