"""Public pages, one module and blueprint a part. Anybody may open each; what they tell is decided in `queries`."""

from flask import Flask, current_app, request

from app.public.views import guides, home, lookup, results, verification

PARTS = (home, results, lookup, verification, guides)


def _address() -> dict[str, str]:
    """The page's full address, for what a message shows of a link."""
    return {"page_url": current_app.config["SETTINGS"].base_url + request.path}


for part in PARTS:
    part.blueprint.context_processor(_address)


def init_app(app: Flask) -> None:
    """Register the parts."""
    for part in PARTS:
        app.register_blueprint(part.blueprint)
