"""How the engine and the trail see uploaded templates. The imports register acts, the check and the pages."""

from app import flow
from app.audit import sentences
from app.documents.models import DocumentTemplate
from app.documents.templating import check as templates_check
from app.documents.templating import policy as template_policy
from app.documents.templating import store as templates_store
from app.documents.templating import views as template_views
from app.flow import Binding
from workflows import TEMPLATE
from workflows.spec import N_

__all__ = ["register", "template_views", "templates_check"]


def register() -> None:
    """Make the life cycle of templates known."""
    flow.register(
        Binding(
            TEMPLATE,
            DocumentTemplate,
            roles=template_policy.roles,
            people=template_policy.people,
            code=lambda version: f"{version.template_code}-{version.number}",
            title=_title,
            scope=lambda version: None,
            url=_url,
            act_url=lambda version, action: f"{_url(version)}/thao-tac/{action}",
        )
    )
    sentences.declare(**{"template.create": N_("tải lên mẫu")})


def _title(version: DocumentTemplate) -> str:
    return f"{templates_store.load(version.template_code).manifest.title}, bản {version.number}"


def _url(version: DocumentTemplate) -> str:
    return f"/mau-van-ban/{version.template_code}/{version.id}"
