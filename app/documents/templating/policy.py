"""Who is what towards a version of a template. Whoever uploaded it is its author and nothing else."""

from collections.abc import Iterable

from sqlalchemy import false, or_

from app.accounts.actor import Actor
from app.accounts.queries import holders
from app.core.clock import utcnow
from app.core.vietnamese import to_local
from app.documents.models import DocumentTemplate
from workflows.spec import Role

MANAGERS = (Role.OFFICE, Role.CLERK, Role.CHAIRMAN, Role.ADMIN)


def roles(version: DocumentTemplate, actor: Actor) -> frozenset[Role]:
    """Every role of the actor towards the version: those held at its organisation for all contests, but of the person
    who uploaded it only AUTHOR, so that a second person has to put it into use."""
    held = actor.roles_in(version.organisation_id) & {*MANAGERS, Role.SYSTEM}
    return frozenset({Role.AUTHOR}) if held and actor.user_id == version.uploaded_by_id else held


def manages(actor: Actor, organisation_id: int) -> bool:
    """Whether the person may upload templates of the organisation and see all their versions."""
    return bool(actor.roles_in(organisation_id) & set(MANAGERS))


def organisations(actor: Actor) -> list[int]:
    """Ids of the organisations whose templates the person manages."""
    return sorted({g.organisation_id for g in actor.grants if g.role in MANAGERS and g.contest_id is None})


def visible(actor: Actor):
    """The condition on `DocumentTemplate` that lists obey."""
    return or_(false(), DocumentTemplate.organisation_id.in_(organisations(actor)))


def people(version: DocumentTemplate, role: Role) -> Iterable[int]:
    """Ids of the persons who hold a role towards the version today, for messages."""
    if role is Role.AUTHOR:
        return [version.uploaded_by_id]
    found = holders(role, organisation_id=version.organisation_id, on=to_local(utcnow()).date())
    return [person for person in found if person != version.uploaded_by_id]
