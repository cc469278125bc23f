"""The page of an act, the same for every slice: GET shows what will happen, POST does it."""

from flask import flash, g, redirect, render_template
from flask_babel import gettext as _

from app.core.clock import utcnow
from app.core.db import Stateful, db
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.core.i18n import spoken
from app.flow import engine, forms
from app.flow.registry import Facts, binding_of
from workflows.spec import Transition


def act(subject: Stateful, action: str, back: str | None = None, page: str = "flow/act.html"):
    """Answer a request for an act on a subject that the person may see.

    `back` is where to go afterwards (the subject's page by default), `page` the template where the common one says
    too little. Wrong input shows the page again with what was
    typed (422); a refusal by a guard too (409). `Conflict` and `NotAllowed` go to the error pages.
    """
    binding = binding_of(subject)
    transition = _meant(binding.workflow, action, subject.state)
    form = forms.build(subject, transition)
    if form.is_submitted():
        return _do(subject, transition, form, back or binding.url(subject), page)
    return _page(subject, transition, form, page)


def _do(subject: Stateful, transition: Transition, form: forms.ActionForm, back: str, page: str):
    if not form.validate():
        return _page(subject, transition, form, page), 422
    reason = form.reason.data or "" if "reason" in form else ""
    try:
        engine.fire(
            subject,
            transition.action,
            g.actor,
            now=utcnow(),
            reason=reason,
            data=form.extra_data(),
            version=form.shown_version(),
            key=form.key.data or None,
        )
    except Invalid as error:
        db.session.rollback()
        _put_errors(form, error.errors)
        return _page(subject, transition, form, page), 422
    except Refused as error:
        db.session.rollback()
        _put_errors(form, {"": spoken(error.refusal.message, error.refusal.params)})
        return _page(subject, transition, form, page), 409
    flash(_("Đã %(done)s.", done=_(transition.done)), "success")
    return redirect(back, 303)


def _meant(workflow, action: str, state: str) -> Transition:
    """The transition of this state; for one that is gone the declaration of any state, so that `fire` can say why."""
    declared = [t for t in workflow.transitions if t.action == action and t.offered]
    if not declared:
        raise NotFound
    return workflow.find(action, state) or declared[0]


def _page(subject: Stateful, transition: Transition, form: forms.ActionForm, page: str) -> str:
    binding = binding_of(subject)
    if not form.is_submitted():
        _check_possible(subject, transition)
    return render_template(
        page,
        form=form,
        subject=subject,
        transition=transition,
        workflow=binding.workflow.name,
        heading=_(transition.label),
        caption=f"{binding.code(subject)} · {binding.title(subject)}",
        back_url=binding.url(subject),
    )


def _check_possible(subject: Stateful, transition: Transition) -> None:
    """Opening the page of an act that this person has not, no longer or not yet is answered like doing it."""
    binding = binding_of(subject)
    held = binding.roles(subject, g.actor)
    if not held & transition.by:
        raise NotAllowed(engine.who_may(binding.workflow, transition))
    if subject.state not in transition.source:
        raise Conflict(subject)
    if refusal := transition.first_refusal(Facts(subject), utcnow()):
        raise Refused(refusal)


def _put_errors(form: forms.ActionForm, errors: dict[str, str]) -> None:
    for name, text in errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)
