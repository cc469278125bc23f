"""What waits for a person: one statement for each kind of subject, whatever the number of roles and rows.

Which states wait for a role is read from the declarations (`waiting`); here stands where each role looks: an
office at the contests of its organisation, a judge at the own sheets. A row waits in the first role that fits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from app.accounts.actor import Actor
from app.contests.models import Contest
from app.core.db import db
from app.documents.models import Document, DocumentTemplate
from app.entries.models import Entry, EntryAuthor, EntryCount
from app.entries.queries import own
from app.handover.models import Package
from app.inbox.waiting import states_for
from app.organisations.models import Organisation, Signatory
from app.scoring.models import ScoreSheet
from app.web.display import LONG_PAST
from workflows import CONTEST, DOCUMENT, ENTRY, HANDOVER, SCORECARD, TEMPLATE
from workflows.spec import Role, Workflow

SHOWN = 20
SCORE_SHEET = "score_sheet"
TAKING = ("preparing", "open")
UNSETTLED = ("submitted", "returned", "screened")


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is, in which role, and until when (None: no date is set)."""

    workflow: Workflow
    role: Role
    state: str
    code: str
    title: str
    about: str
    due_at: datetime | None


@dataclass(frozen=True)
class Found:
    """The first `SHOWN` things of one kind, the most urgent first, and how many there are in all."""

    items: tuple[Waiting, ...]
    total: int


Slots = list[tuple[Role, ColumnElement[bool]]]


def find_all(actor: Actor, now: datetime) -> list[Found]:
    """What waits for the person, kind by kind; kinds in which no role of the person has work are not asked."""
    searches = (
        (SCORECARD, _sheets, _sheet_slots(actor)),
        (DOCUMENT, _papers, _paper_slots(actor)),
        (ENTRY, _entries, _entry_slots(actor)),
        (CONTEST, _contests, _contest_slots(actor)),
        (HANDOVER, _packages, _package_slots(actor)),
        (TEMPLATE, _templates, _template_slots(actor)),
    )
    return [_found(workflow, search(slots), slots, now) for workflow, search, slots in searches if slots]


def _found(workflow: Workflow, query: Select, slots: Slots, now: datetime) -> Found:
    rows = db.session.execute(_most_urgent_first(query, now).limit(SHOWN)).all()
    roles = [role for role, _condition in slots]
    items = tuple(_waiting(workflow, row, roles[row.slot]) for row in rows)
    return Found(items, rows[0].total if rows else 0)


def _most_urgent_first(query: Select, now: datetime) -> Select:
    """By date; what has none after that, and what is left of a season long past at the end."""
    columns = query.selected_columns
    is_old = func.coalesce(columns.due_at < now - LONG_PAST, false())
    return query.order_by(is_old, columns.due_at.is_(None), columns.due_at, columns.slot, columns.code)


def _waiting(workflow: Workflow, row: Row, role: Role) -> Waiting:
    return Waiting(workflow, role, row.state, row.code, row.title, row.about, row.due_at)


def _select(slots: Slots, state, code, title, about, due_at) -> Select:
    """The columns that every kind has; the caller adds where from."""
    slot = case(*((condition, number) for number, (_role, condition) in enumerate(slots)), else_=len(slots))
    return select(
        state.label("state"),
        code.label("code"),
        title.label("title"),
        about.label("about"),
        due_at.label("due_at"),
        slot.label("slot"),
        func.count().over().label("total"),
    ).where(or_(*(condition for _role, condition in slots)))


def _here(column, actor: Actor, role: Role, contest_id) -> ColumnElement[bool] | None:
    """Where the role is held: organisations, or single contests; None when nowhere."""
    grants = [grant for grant in actor.grants if grant.role is role]
    places = [
        column == grant.organisation_id
        if grant.contest_id is None
        else and_(column == grant.organisation_id, contest_id == grant.contest_id)
        for grant in grants
    ]
    return or_(*places) if places else None


def _slot(workflow: Workflow, state, role: Role, *conditions) -> Slots:
    """One role's slot, none when the role is held nowhere or nothing waits for it."""
    states = states_for(workflow, role)
    if not states or any(condition is None for condition in conditions):
        return []
    return [(role, and_(state.in_(states), *conditions))]


def _no_author(entry_id, actor: Actor) -> ColumnElement[bool]:
    """The person is not named as an author of the entry."""
    return ~exists().where(EntryAuthor.entry_id == entry_id, EntryAuthor.user_id == actor.user_id)


# --- entries ------------------------------------------------------------------------------------------------------
def _entry_slots(actor: Actor) -> Slots:
    """Staff first: who is an author of an entry has no other part in it."""
    foreign = _no_author(Entry.id, actor)
    taken = or_(Entry.state != ENTRY.initial, Contest.state.in_(TAKING))
    host = Contest.organisation_id
    settling = and_(Entry.spread_over_limit, Entry.sheets_open == 0, Contest.state == "judging")
    unit = _here(Entry.unit_id, actor, Role.UNIT, Contest.id)
    upper = _here(Contest.receiver_id, actor, Role.UPPER_CLERK, Contest.id)
    slots: Slots = []
    slots += _slot(ENTRY, Entry.state, Role.OFFICE, _here(host, actor, Role.OFFICE, Contest.id), foreign)
    slots += _slot(
        ENTRY, Entry.state, Role.HEAD_OF_JURY, _here(host, actor, Role.HEAD_OF_JURY, Contest.id), foreign, settling
    )
    slots += _slot(ENTRY, Entry.state, Role.UPPER_CLERK, upper, foreign)
    slots += _slot(ENTRY, Entry.state, Role.AUTHOR, own(actor), taken)
    slots += _slot(ENTRY, Entry.state, Role.UNIT, unit, taken, Entry.confirmed_at.is_(None))
    return slots


def _entries(slots: Slots) -> Select:
    due_at = case(
        (Entry.state == "draft", Contest.closes_at),
        (Entry.state == "returned", Entry.completion_due_at),
        (Entry.state == "submitted", Contest.screening_due_at),
        (Entry.state == "screened", Contest.judging_due_at),
        else_=None,
    )
    return (
        _select(slots, Entry.state, Entry.code, Entry.title, Organisation.short_name, due_at)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Organisation, Organisation.id == Entry.unit_id)
    )


# --- score sheets -------------------------------------------------------------------------------------------------
def _sheet_slots(actor: Actor) -> Slots:
    seat = _here(Contest.organisation_id, actor, Role.JUDGE, Contest.id)
    apart = or_(~Contest.same_unit_conflicts, Entry.unit_id != (actor.organisation_id or 0))
    open_now = and_(Contest.state == "judging", Entry.state == "screened")
    mine = ScoreSheet.judge_id == actor.user_id
    return _slot(SCORECARD, ScoreSheet.state, Role.JUDGE, seat, mine, _no_author(Entry.id, actor), apart, open_now)


def _sheets(slots: Slots) -> Select:
    return (
        _select(slots, ScoreSheet.state, ScoreSheet.code, Entry.title, Entry.code, Contest.judging_due_at)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Contest, Contest.id == ScoreSheet.contest_id)
    )


# --- papers -------------------------------------------------------------------------------------------------------
def _paper_slots(actor: Actor) -> Slots:
    slots: Slots = []
    for signer in (Role.CHAIRMAN, Role.HEAD_OF_JURY):
        seat = _here(Document.organisation_id, actor, signer, Document.contest_id)
        own = (
            None if seat is None else and_(Document.signer_role == signer.value, seat, Document.signatory_id.is_(None))
        )
        slots += _slot(DOCUMENT, Document.state, Role.SIGNER, own)
    deputy = _here(Document.organisation_id, actor, Role.DEPUTY, Document.contest_id)
    slots += _slot(DOCUMENT, Document.state, Role.SIGNER, None if deputy is None else and_(_names(actor), deputy))
    for role in (Role.CLERK, Role.OFFICE, Role.SECRETARY):
        seat = _here(Document.organisation_id, actor, role, Document.contest_id)
        foreign = or_(Document.entry_id.is_(None), _no_author(Document.entry_id, actor))
        sheets = true() if role is Role.SECRETARY else Document.template_code != SCORE_SHEET
        slots += _slot(DOCUMENT, Document.state, role, seat, Document.signer_role != "", foreign, sheets)
    return slots


def _names(actor: Actor) -> ColumnElement[bool]:
    """The paper names this person as the one who signs in the head's place."""
    return Document.signatory_id.in_(select(Signatory.id).where(Signatory.user_id == actor.user_id))


def _papers(slots: Slots) -> Select:
    none = literal(None, type_=Document.signed_at.type)
    return _select(slots, Document.state, Document.code, Document.subject, Document.type_name, none)


# --- templates ----------------------------------------------------------------------------------------------------
def _template_slots(actor: Actor) -> Slots:
    """A template that somebody else uploaded."""
    foreign = DocumentTemplate.uploaded_by_id != actor.user_id
    slots: Slots = []
    for role in (Role.OFFICE, Role.CLERK, Role.CHAIRMAN, Role.ADMIN):
        held = [grant.organisation_id for grant in actor.grants if grant.role is role and grant.contest_id is None]
        seat = DocumentTemplate.organisation_id.in_(held) if held else None
        slots += _slot(TEMPLATE, DocumentTemplate.state, role, seat, foreign)
    return slots


def _templates(slots: Slots) -> Select:
    code = DocumentTemplate.template_code + "/" + cast(DocumentTemplate.id, String)
    none = literal(None, type_=DocumentTemplate.uploaded_at.type)
    return _select(slots, DocumentTemplate.state, code, DocumentTemplate.file_name, DocumentTemplate.uploaded_by, none)


# --- contests -----------------------------------------------------------------------------------------------------
def _contest_slots(actor: Actor) -> Slots:
    """A ranking is locked when nothing of the contest is open any more."""
    unsettled = exists().where(EntryCount.contest_id == Contest.id, EntryCount.state.in_(UNSETTLED), EntryCount.n > 0)
    slots: Slots = []
    for role in (Role.OFFICE, Role.SECRETARY, Role.HEAD_OF_JURY):
        seat = _here(Contest.organisation_id, actor, role, Contest.id)
        more = [~unsettled] if role is Role.HEAD_OF_JURY else []
        slots += _slot(CONTEST, Contest.state, role, seat, *more)
    return slots


def _contests(slots: Slots) -> Select:
    due_at = case(
        (Contest.state == "preparing", Contest.opens_at),
        (Contest.state == "screening", Contest.screening_due_at),
        (Contest.state == "judging", Contest.judging_due_at),
        else_=None,
    )
    return _select(slots, Contest.state, Contest.code, Contest.title, Organisation.short_name, due_at).join(
        Organisation, Organisation.id == Contest.organisation_id
    )


# --- packages -----------------------------------------------------------------------------------------------------
def _package_slots(actor: Actor) -> Slots:
    sender = _here(Package.organisation_id, actor, Role.OFFICE, Package.contest_id)
    receiver = _here(Package.receiver_id, actor, Role.UPPER_CLERK, Package.contest_id)
    return [
        *_slot(HANDOVER, Package.state, Role.OFFICE, sender),
        *_slot(HANDOVER, Package.state, Role.UPPER_CLERK, receiver),
    ]


def _packages(slots: Slots) -> Select:
    none = literal(None, type_=Package.sent_at.type)
    return (
        _select(slots, Package.state, Package.code, Contest.title, Organisation.short_name, none)
        .join(Contest, Contest.id == Package.contest_id)
        .join(Organisation, Organisation.id == Package.organisation_id)
    )


# --- nothing waits ------------------------------------------------------------------------------------------------
def open_season(actor: Actor) -> Row | None:
    """The open contest of the person's organisation, or of the one above it, that closes first: `title, closes_at`."""
    homes = _homes(actor)
    above = select(Organisation.parent_id).where(Organisation.id.in_(homes))
    return db.session.execute(
        select(Contest.title, Contest.closes_at)
        .where(Contest.state == "open", or_(Contest.organisation_id.in_(homes), Contest.organisation_id.in_(above)))
        .order_by(Contest.closes_at, Contest.id)
        .limit(1)
    ).first()


def _homes(actor: Actor) -> Iterable[int]:
    seats = {grant.organisation_id for grant in actor.grants}
    return sorted(seats | ({actor.organisation_id} if actor.organisation_id else set()))
