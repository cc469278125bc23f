"""Pages of one entry (`blueprint`) and those where entries begin and are found again by their authors (`intake`)."""

from flask import Blueprint

blueprint = Blueprint("entries", __name__, template_folder="../templates")
intake = Blueprint("intake", __name__, template_folder="../templates")

from app.entries.views import files, papers, parts, show, start  # noqa: E402, F401 - their routes need the blueprints above
