"""Official papers: drawn up from data, rendered once, signed off, numbered from a register, checked by anybody."""

from flask import Flask

from app import flow
from app.documents import acts, jobs, policy
from app.documents.models import Document
from app.flow import Binding
from workflows import DOCUMENT

__all__ = ["acts", "init_app", "jobs"]


def init_app(app: Flask) -> None:
    """Register the life cycle of papers and their pages. `acts` and `jobs` register themselves when imported."""
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
