"""Probes for programs (`/healthz`, `/readyz`) and the page for the administrator."""

from flask import Blueprint, jsonify, render_template

from app.accounts.access import PUBLIC, access
from app.core.clock import utcnow
from app.health import checks
from workflows.spec import Role

blueprint = Blueprint("health", __name__, template_folder="templates")

NEVER_KEPT = {"Cache-Control": "no-store"}


@blueprint.get("/healthz")
@access(PUBLIC)
def alive():
    """The process answers; nothing else is asked."""
    return jsonify(status="ok"), 200, NEVER_KEPT


@blueprint.get("/readyz")
@access(PUBLIC)
def ready():
    """503 while something vital is missing; each check only as "ok" or "fail", since anybody may ask."""
    found = checks.quick(utcnow())
    is_ready = all(check.ok for check in found if check.vital)
    answer = {check.name: "ok" if check.ok else "fail" for check in found}
    return jsonify(status="ok" if is_ready else "fail", checks=answer), 200 if is_ready else 503, NEVER_KEPT


@blueprint.get("/suc-khoe")
@access(Role.ADMIN)
def page():
    """Everything that is looked at, with what to do where it is not well."""
    return render_template("health/page.html", checks=checks.thorough(utcnow()))
