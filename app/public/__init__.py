"""What anybody may see without signing in: the contest by its phase, results once announced, the state of an own
entry by code and name, the check of a paper, and the help pages. Also the facts of the frame around every page.
"""

from flask import Flask

from app.public import frame
from app.web import errors, navigation
from app.web.navigation import NavItem
from workflows.spec import N_, Role

NOT_SIGNED_IN = (Role.SYSTEM,)
"""A role that no person holds: the entry is shown to visitors only."""


def init_app(app: Flask) -> None:
    """Register the public pages and their navigation, and fill the frame."""
    from app.public import views

    views.init_app(app)
    navigation.register(
        app,
        NavItem("public.home", N_("Trang chủ"), roles=NOT_SIGNED_IN, order=1, public=True),
        NavItem("results.index", N_("Kết quả"), order=80, public=True),
        NavItem("lookup.index", N_("Tra cứu hồ sơ"), roles=NOT_SIGNED_IN, order=82, public=True),
        NavItem("verification.index", N_("Xác minh văn bản"), roles=NOT_SIGNED_IN, order=84, public=True),
    )
    navigation.provide_facts(app, frame.facts)
    navigation.set_links(
        app,
        search="lookup.index",
        help="guides.index",
        accessibility="guides.accessibility",
        privacy="guides.privacy",
    )
    errors.explain_conflicts(app, frame.what_happened)
