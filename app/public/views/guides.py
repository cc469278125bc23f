"""`/huong-dan`, `/tiep-can`, `/bao-mat`: the help pages."""

from flask import Blueprint, render_template

from app.accounts.access import PUBLIC, access
from app.core.errors import NotFound
from app.public.guides import GUIDES

blueprint = Blueprint("guides", __name__, template_folder="../templates")


@blueprint.get("/huong-dan")
@access(PUBLIC)
def index():
    """Which guide is for whom."""
    return render_template("public/guides.html", guides=GUIDES)


@blueprint.get("/huong-dan/<name>")
@access(PUBLIC)
def show(name: str):
    """What one role does, step by step."""
    found = next((one for one in GUIDES if one.name == name), None)
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
