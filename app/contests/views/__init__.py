"""Pages of contests: the list and one contest, its parts, and the initiatives applied earlier."""

from app.contests.views import earlier, parts, season
from app.contests.views.blueprint import blueprint

__all__ = ["blueprint", "earlier", "parts", "season"]
