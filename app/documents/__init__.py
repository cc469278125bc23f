"""Official papers: drawn up from data, rendered once, signed off, numbered from a register, checked by anybody."""

from flask import Flask

from app import flow
from app.audit import sentences
from app.documents import acts, cli, facts, follow_views, jobs, policy, relations
from app.documents.batches import bundles, drawing, late_pdf
from app.documents.batches import views as batch_views
from app.documents.forms import NumberForm, SignForm
from app.documents.models import Document
from app.documents.register import printing as register_print
from app.documents.register import views as register_views
from app.documents.signing import cli as signing_cli
from app.documents.signing import remote_views, scan_views, sealing
from app.documents.signing import views as signing_views
from app.documents.templating import binding as template_binding
from app.documents.templating.policy import MANAGERS
from app.documents.views import SIGNERS, blueprint
from app.flow import Binding, forms
from app.web import navigation
from app.web.navigation import NavItem
from workflows import DOCUMENT
from workflows.spec import N_

__all__ = [
    "acts",
    "batch_views",
    "bundles",
    "drawing",
    "follow_views",
    "init_app",
    "jobs",
    "late_pdf",
    "register_print",
    "register_views",
    "scan_views",
    "sealing",
    "signing_views",
]


PAGES = (
    NavItem("documents.to_sign", N_("Ký văn bản"), roles=SIGNERS, order=60, part="papers"),
    NavItem(
        "documents.index",
        N_("Danh sách văn bản"),
        roles=policy.READERS,
        order=61,
        part="papers",
        covers=("documents.",),
    ),
    NavItem(
        "documents.register_page",
        N_("Sổ văn bản"),
        roles=policy.REGISTER_READERS,
        order=62,
        part="papers",
        covers=("documents.register",),
    ),
    NavItem(
        "documents.templates",
        N_("Mẫu văn bản"),
        roles=MANAGERS,
        order=63,
        part="papers",
        covers=("documents.template",),
    ),
)
"""Where papers are in the navigation."""


def init_app(app: Flask) -> None:
    """Register the life cycle of papers and their pages. `acts`, `jobs` and those of batches register when imported."""
    flow.register(
        Binding(
            DOCUMENT,
            Document,
            roles=policy.roles,
            people=policy.people,
            code=lambda document: document.code,
            title=lambda document: f"{document.type_name}: {document.subject}",
            scope=lambda document: document.contest_id,
            url=lambda document: f"/van-ban/{document.code}",
            act_url=lambda document, action: f"/van-ban/{document.code}/thao-tac/{action}",
        )
    )
    forms.register("sign", SignForm)
    forms.register("number", NumberForm)
    sentences.declare(
        **{
            "document.redraw": N_("tạo lại văn bản từ dữ liệu mới"),
            "document.stale": N_("phát hiện dữ liệu đã thay đổi sau khi soạn"),
            "document.current": N_("xác định dữ liệu lại đúng như khi soạn"),
            "document.scan": N_("thêm bản quét có chữ ký tay và dấu"),
            "certificate.add": N_("đăng ký chứng thư số"),
            "certificate.retire": N_("thôi dùng chứng thư số"),
            "document.signatory": N_("chọn người ký"),
            "document.corrected": N_("ghi nhận văn bản đính chính"),
            "document.register": N_("ghi vào các cột của sổ đăng ký"),
            "organisation.series": N_("đổi cách đánh số văn bản"),
        }
    )
    sentences.declare(**{f"document.follow_{name}": label for name, label in relations.DONE.items()})
    template_binding.register()
    facts.watch()
    app.cli.add_command(signing_cli.commands)
    app.register_blueprint(blueprint)
    app.cli.add_command(cli.commands)
    # The signing software has no session of ours: the token in the address is its only right.
    app.extensions["csrf"].exempt(remote_views.receive_from_signing_software)
    navigation.register(app, *PAGES)
