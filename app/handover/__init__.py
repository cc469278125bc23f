"""Sending the best entries to the body above, and its answers: the package, its paper, its list, each result."""

from flask import Flask

from app import flow
from app.audit import sentences
from app.contests.services import add_panel
from app.entries.services import add_links
from app.flow import Binding
from app.flow.forms import register as register_form
from app.handover import acts, documents, policy, presenting, queries
from app.handover.forms import ResultForm
from app.handover.models import Package
from app.handover.views import blueprint
from app.web import navigation
from app.web.navigation import NavItem
from workflows import HANDOVER
from workflows.spec import N_, Role

__all__ = ["acts", "documents", "init_app"]


def init_app(app: Flask) -> None:
    """Register the life cycle of packages and their pages. `acts` and `documents` register when imported."""
    flow.register(
        Binding(
            HANDOVER,
            Package,
            roles=policy.roles,
            people=policy.people,
            code=lambda package: package.code,
            title=queries.title_of,
            scope=lambda package: package.contest_id,
            url=lambda package: f"/chuyen-cap-tren/{package.code}",
            act_url=lambda package, action: f"/chuyen-cap-tren/{package.code}/thao-tac/{action}",
        )
    )
    register_form("result", ResultForm)
    sentences.name_columns(
        entries=N_("danh sách hồ sơ"),
        sent_at=N_("giờ gửi"),
        acknowledged_at=N_("giờ nhận"),
        upper_decision=N_("quyết định của cấp trên"),
        upper_reason=N_("lý do của cấp trên"),
    )
    add_panel(N_("Chuyển cấp trên"), lambda contest: "/chuyen-cap-tren", roles=(Role.OFFICE,))
    add_links(presenting.links_of)
    app.register_blueprint(blueprint)
    navigation.register(
        app,
        NavItem("handover.sent", N_("Chuyển cấp trên"), roles=(Role.OFFICE,), order=70),
        NavItem(
            "handover.received",
            N_("Hồ sơ chuyển đến"),
            roles=(Role.UPPER_CLERK,),
            order=28,
            part="entries",
            covers=("handover.",),
        ),
    )
