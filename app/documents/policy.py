"""Who is what towards a paper, and who may see it."""

from collections.abc import Iterable

from sqlalchemy import and_, false, or_, select

from app.accounts.actor import Actor, Grant
from app.accounts.queries import holders
from app.core.clock import utcnow
from app.core.db import db
from app.core.vietnamese import to_local
from app.documents.models import Document
from app.flow.registry import binding_named
from app.organisations.models import Signatory
from workflows.spec import Role

STAFF = (Role.OFFICE, Role.SECRETARY, Role.CLERK)
SIGNERS = (Role.CHAIRMAN, Role.HEAD_OF_JURY, Role.DEPUTY)
READERS = (*STAFF, *SIGNERS)
OWNERS = frozenset({Role.AUTHOR, Role.UNIT})
REGISTER_READERS = (*STAFF, Role.CHAIRMAN)
SHEET_READERS = (Role.SECRETARY, Role.HEAD_OF_JURY)
SCORE_SHEET = "score_sheet"
SCANNED = ("numbered", "issued", "replaced", "revoked")
ISSUED = ("issued", "replaced", "revoked")


def roles(document: Document, actor: Actor) -> frozenset[Role]:
    """Every role of the actor towards the paper.

    Staff hold theirs at the paper's organisation; SIGNER is who holds the role that signs it, and the deputy whom the
    paper names as the one who signs for that role. AUTHOR and UNIT come
    from the paper's entry, UPPER_CLERK from its package. Who is an author of the entry does not handle its papers.
    """
    held = actor.roles_in(document.organisation_id, document.contest_id)
    found = {role for role in held if role in (*STAFF, Role.SYSTEM)}
    if (document.signer_role and Role(document.signer_role) in held) or _signs_for(document, actor, held):
        found.add(Role.SIGNER)
    found |= _roles_beside(document, actor)
    return frozenset(found - set(STAFF) if Role.AUTHOR in found else found)


def _signs_for(document: Document, actor: Actor, held: frozenset[Role]) -> bool:
    if Role.DEPUTY not in held or document.signatory_id is None:
        return False
    return db.session.get(Signatory, document.signatory_id).user_id == actor.user_id


def _roles_beside(document: Document, actor: Actor) -> set[Role]:
    """What the actor is towards the entry or the package that the paper is about, as far as it opens the paper."""
    if actor.is_system:
        return set()
    found: set[Role] = set()
    for workflow, subject_id, opening in (
        ("entry", document.entry_id, OWNERS),
        ("handover", document.package_id, {Role.UPPER_CLERK}),
    ):
        if subject_id is not None:
            binding = binding_named(workflow)
            subject = db.session.get(binding.model, subject_id)
            found |= binding.roles(subject, actor) & opening if subject is not None else set()
    return found


def may_see(document: Document, actor: Actor) -> bool:
    """Staff, the chairman and the signer see a paper always; authors and the body above once it is issued.

    Score sheets are for the secretariat and the head of the jury only, and never for an author of the entry.
    """
    beside = _roles_beside(document, actor)
    if handles(document, actor):
        return document.template_code != SCORE_SHEET or Role.AUTHOR not in beside
    return document.template_code != SCORE_SHEET and document.state in ISSUED and bool(beside)


def handles(document: Document, actor: Actor) -> bool:
    """Whether the person sees the paper because of an office held, and so also how it came about."""
    return actor.is_system or any(_covers(grant, document, actor) for grant in actor.grants)


def _covers(grant: Grant, document: Document, actor: Actor) -> bool:
    return (
        grant.role in READERS
        and (grant.role is not Role.DEPUTY or _signs_for(document, actor, frozenset({grant.role})))
        and grant.organisation_id == document.organisation_id
        and grant.contest_id in (None, document.contest_id)
        and (grant.role is not Role.HEAD_OF_JURY or document.signer_role == grant.role.value or _is_sheet(document))
        and (grant.role in SHEET_READERS or not _is_sheet(document))
    )


def sees_contest(organisation_id: int, contest_id: int, actor: Actor) -> bool:
    """Whether the person sees the official papers of a contest because of an office held, before there are any."""
    return bool(actor.roles_in(organisation_id, contest_id) & {*STAFF, Role.CHAIRMAN, Role.SYSTEM})


def _is_sheet(document: Document) -> bool:
    return document.template_code == SCORE_SHEET


def visible(actor: Actor):
    """The condition on `Document` that lists obey: the same as `may_see` for staff, chairman and signers."""
    return or_(false(), *(_condition(grant, actor) for grant in actor.grants if grant.role in READERS))


def _condition(grant: Grant, actor: Actor):
    parts = [Document.organisation_id == grant.organisation_id]
    if grant.contest_id is not None:
        parts.append(Document.contest_id == grant.contest_id)
    if grant.role is Role.HEAD_OF_JURY:
        parts.append(or_(Document.signer_role == grant.role.value, Document.template_code == SCORE_SHEET))
    if grant.role is Role.DEPUTY:
        parts.append(named(actor))
    if grant.role not in SHEET_READERS:
        parts.append(Document.template_code != SCORE_SHEET)
    return and_(*parts)


def named(actor: Actor):
    """The condition that the paper names this person as the one who signs in the head's place."""
    return Document.signatory_id.in_(select(Signatory.id).where(Signatory.user_id == actor.user_id))


def people(document: Document, role: Role) -> Iterable[int]:
    """Ids of the persons who hold a role towards the paper today, for messages."""
    if role in OWNERS and document.entry_id is not None:
        binding = binding_named("entry")
        return binding.people(db.session.get(binding.model, document.entry_id), role)
    if role is Role.SIGNER and document.signatory_id is not None:
        return [db.session.get(Signatory, document.signatory_id).user_id]
    wanted = Role(document.signer_role) if role is Role.SIGNER and document.signer_role else role
    today = to_local(utcnow()).date()
    return holders(wanted, organisation_id=document.organisation_id, contest_id=document.contest_id, on=today)
