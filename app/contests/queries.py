"""Reads of contests. What a person may not see is answered like what is not there."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, and_, case, exists, or_, select

from app.accounts.actor import Actor, Grant
from app.accounts.models import User
from app.contests import policy
from app.contests.models import BoardMember, Contest, EarlierInitiative
from app.core import vietnamese
from app.core.db import db
from app.core.errors import NotFound
from app.documents.models import Document
from app.organisations.models import Organisation
from workflows.spec import Role

LIST_LIMIT = 500
EARLIER_PAGE = 50
RUNNING = ("open", "screening", "judging", "ranked", "decided")


def get(contest_id: int) -> Contest | None:
    """The contest with this number."""
    return db.session.get(Contest, contest_id)


def by_code(code: str) -> Contest | None:
    """The contest with this code, whoever asks."""
    return db.session.scalar(select(Contest).where(Contest.code == code))


def get_visible(code: str, actor: Actor) -> Contest:
    """The contest if the actor may open its pages. Raises NotFound."""
    contest = by_code(code)
    if contest is None or not policy.may_read(contest, actor):
        raise NotFound
    return contest


def list_visible(actor: Actor) -> list[Row]:
    """Contests that the actor may open, newest year first, by organisation:
    `code, title, year, state, opens_at, closes_at, organisation`."""
    return list(
        db.session.execute(
            select(
                Contest.code,
                Contest.title,
                Contest.year,
                Contest.state,
                Contest.opens_at,
                Contest.closes_at,
                Organisation.short_name.label("organisation"),
            )
            .join(Organisation, Organisation.id == Contest.organisation_id)
            .where(policy.readable(actor))
            .order_by(Contest.year.desc(), Organisation.name, Contest.id.desc())
            .limit(LIST_LIMIT)
        )
    )


def of_organisation(organisation_id: int) -> list[Contest]:
    """Contests of one organisation, the newest first."""
    query = select(Contest).where(Contest.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(Contest.year.desc(), Contest.id.desc())))


def current_contests(now: datetime) -> list[Contest]:
    """Contests of the public home page: those that run, and those whose issued plan announces an opening to come.

    Contests that take entries come first, then the newest.
    """
    announced = and_(Contest.state == "preparing", Contest.opens_at > now, _paper_issued("plan"))
    return list(
        db.session.scalars(
            select(Contest)
            .where(or_(Contest.state.in_(RUNNING), announced))
            .order_by(case((Contest.state == "open", 0), else_=1), Contest.year.desc(), Contest.id.desc())
        )
    )


def deadline_text(contest: Contest, now: datetime) -> str:
    """`17 giờ 00, thứ Hai 30/11/2026 (còn 8 ngày)`, "" while no deadline is set."""
    return vietnamese.deadline_text(contest.closes_at, now, _) if contest.closes_at else ""


def due(now: datetime) -> list[Contest]:
    """Contests whose opening or closing time has come."""
    opening = and_(Contest.state == "preparing", Contest.opens_at <= now)
    closing = and_(Contest.state == "open", Contest.closes_at <= now)
    return list(db.session.scalars(select(Contest).where(or_(opening, closing)).order_by(Contest.id)))


def _paper_issued(template_code: str):
    return exists().where(
        Document.contest_id == Contest.id, Document.template_code == template_code, Document.state == "issued"
    )


reading_grants = policy.reading_grants


def known_to(grants: frozenset[Grant]) -> ColumnElement[bool]:
    """Condition on `Contest`: everybody knows of it, or one of these grants opens its pages while it is prepared."""
    return or_(Contest.state != "preparing", _paper_issued("plan"), policy.opened_by(grants))


def has_issued(contest_id: int, template_code: str) -> bool:
    """Whether a paper of this kind of the contest is issued and valid."""
    query = select(Contest.id).where(Contest.id == contest_id, _paper_issued(template_code))
    return db.session.scalar(query) is not None


def papers(contest: Contest) -> list[Row]:
    """Papers of the contest itself, the oldest first: `code, template_code, type_name, subject, state, symbol`."""
    return list(
        db.session.execute(
            select(
                Document.code,
                Document.template_code,
                Document.type_name,
                Document.subject,
                Document.state,
                Document.symbol,
                Document.organisation_id,
                Document.contest_id,
                Document.signer_role,
            )
            .where(Document.contest_id == contest.id, Document.entry_id.is_(None), Document.package_id.is_(None))
            .order_by(Document.id)
        )
    )


def hosts(actor: Actor) -> list[Row]:
    """Organisations where the actor may set up a contest: `id, short_name, name`."""
    ids = {grant.organisation_id for grant in actor.grants if grant.role is Role.OFFICE and grant.contest_id is None}
    return list(
        db.session.execute(
            select(Organisation.id, Organisation.short_name, Organisation.name)
            .where(Organisation.id.in_(ids), Organisation.kind == "authority")
            .order_by(Organisation.name, Organisation.id)
        )
    )


def sources(actor: Actor) -> list[Row]:
    """Contests that the actor may copy: `id, title, year`, the newest first."""
    return list(
        db.session.execute(
            select(Contest.id, Contest.title, Contest.year)
            .where(policy.readable(actor))
            .order_by(Contest.year.desc(), Contest.id.desc())
            .limit(LIST_LIMIT)
        )
    )


def receivers() -> list[Row]:
    """Councils to which a contest may forward its best entries: `id, short_name, valid_to`."""
    return list(
        db.session.execute(
            select(Organisation.id, Organisation.short_name, Organisation.valid_to)
            .where(Organisation.kind == "council")
            .order_by(Organisation.name, Organisation.id)
        )
    )


def seat_candidates(contest: Contest) -> list[Row]:
    """People who may take a seat: those of the host and its units, and who sits there already, in the order of their
    given names: `id, full_name, honorific, job_title, organisation`."""
    here = or_(Organisation.id == contest.organisation_id, Organisation.parent_id == contest.organisation_id)
    seated = select(BoardMember.user_id).where(BoardMember.contest_id == contest.id)
    return list(
        db.session.execute(
            select(
                User.id,
                User.full_name,
                User.honorific,
                User.job_title,
                Organisation.short_name.label("organisation"),
            )
            .outerjoin(Organisation, Organisation.id == User.organisation_id)
            .where(or_(and_(User.disabled_at.is_(None), here), User.id.in_(seated)))
            .order_by(User.name_key, User.id)
        )
    )


def earlier_initiatives(organisation_ids, before: int | None = None) -> list[Row]:
    """One page of the initiatives already applied, the newest first, one row more than `EARLIER_PAGE` when there
    are older ones: `id, title, summary, unit_name, year, decision, organisation`."""
    query = (
        select(
            EarlierInitiative.id,
            EarlierInitiative.title,
            EarlierInitiative.summary,
            EarlierInitiative.unit_name,
            EarlierInitiative.year,
            EarlierInitiative.decision,
            Organisation.short_name.label("organisation"),
        )
        .join(Organisation, Organisation.id == EarlierInitiative.organisation_id)
        .where(EarlierInitiative.organisation_id.in_(list(organisation_ids)))
        .order_by(EarlierInitiative.id.desc())
        .limit(EARLIER_PAGE + 1)
    )
    return list(db.session.execute(query.where(EarlierInitiative.id < before) if before else query))
