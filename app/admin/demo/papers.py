"""A paper of the demonstration on its way: drawn up, initialled, signed, numbered and issued."""

from datetime import datetime

from sqlalchemy import select

from app.admin.demo.story import Story
from app.core.db import Stateful, db
from app.core.vietnamese import to_local
from app.documents import queries, services
from app.documents.models import Document


def issue(
    story: Story, subject: Stateful, template: str, signer: str, moment: datetime, office: str = "vanphong"
) -> None:
    """Draw the paper up and take it through every hand."""
    story.at(moment)
    model, subject_id = type(subject), subject.id

    def draw() -> int:
        row = db.session.get(model, subject_id)
        return services.draw_up(template, row, story.actor(office), now=story.now).id

    sign_and_issue(story, story.act(draw), signer, office)


def sign_and_issue(story: Story, document_id: int, signer: str, office: str = "vanphong") -> None:
    """Take a drawn-up paper from the office's initial to its number."""
    sign_and_issue_all(story, [document_id], signer, office)


def sign_and_issue_all(story: Story, document_ids: list[int], signer: str, office: str = "vanphong") -> None:
    """The same for papers that go from hand to hand together."""
    story.work()
    for document_id in document_ids:
        story.fire(_paper(document_id), "initial", office)
        story.fire(_paper(document_id), "request_signature", office)
    for document_id in document_ids:
        story.fire(_paper(document_id), "sign", signer, sha256=queries.signable_sha256(document_id))
    day = to_local(story.now).date()
    for document_id in document_ids:
        story.fire(_paper(document_id), "number", "vanthu", issued_on=day, copies=1)
    story.work()
    for document_id in document_ids:
        story.fire(_paper(document_id), "issue", "vanthu")
    story.work()


def drawn(contest_id: int, template: str) -> list[int]:
    """Papers of a kind that acts of the contest have asked for, still drafts."""
    return list(
        db.session.scalars(
            select(Document.id)
            .where(
                Document.contest_id == contest_id,
                Document.template_code == template,
                Document.state == "draft",
            )
            .order_by(Document.id)
        )
    )


def _paper(document_id: int) -> Document:
    return db.session.get(Document, document_id)
