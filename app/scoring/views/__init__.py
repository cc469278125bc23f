"""Pages of judges (`blueprint`) and of secretary and head of jury (`panel_blueprint`)."""

from flask import Blueprint

blueprint = Blueprint("scoring", __name__, template_folder="../templates")
panel_blueprint = Blueprint("panel", __name__, template_folder="../templates")

from app.scoring.views import assignment, panel, sheet, sheets  # noqa: E402, F401 - their routes need the blueprints
