"""Who may open a page at all. Each view declares it; a test lists every route with its rule.

This is the outer wall. What a person may see of one subject, and do with it, the slice's policy and the engine say.
"""

from collections.abc import Callable
from functools import wraps

from flask import current_app, g

from app.core.errors import NotAllowed
from workflows.spec import N_, ROLE_LABELS, Role

PUBLIC = "public"
SIGNED_IN = "signed_in"


def access(*rule: str | Role) -> Callable:
    """Declare a view's access: `PUBLIC`, `SIGNED_IN`, or one or more roles of which one must be held somewhere."""

    def declare(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args, **kwargs):
            if rule != (PUBLIC,):
                check(rule)
            return view(*args, **kwargs)

        guarded.access = rule
        return guarded

    return declare


def check(rule: tuple[str | Role, ...]) -> None:
    """Let the present actor pass or raise: to the sign-in page when nobody is signed in, else `NotAllowed`."""
    if not g.actor.is_authenticated:
        raise SignInNeeded
    if rule != (SIGNED_IN,) and not g.actor.holds(*rule):
        labels = ", ".join(ROLE_LABELS[role] for role in rule)
        raise NotAllowed(N_("Trang này dành cho: %(roles)s.") % {"roles": labels})


class SignInNeeded(Exception):
    """Nobody is signed in; the edge answers with the sign-in page."""


def answer_sign_in_needed(_error: SignInNeeded):
    """Redirect to the sign-in page, keeping where the person wanted to go."""
    return current_app.login_manager.unauthorized()
