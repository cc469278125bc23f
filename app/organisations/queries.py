"""Reads of the dated tree: who existed, under whom, and who signed, on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, or_, select

from app.core.db import db
from app.organisations.models import Organisation, Signatory

DEEPEST = 20


@dataclass(frozen=True)
class Letterhead:
    """What stands at the head of a paper: the body above (may be ""), the issuing body line by line, the part of the
    symbol, and the place before the date (Nghị định 30/2020/NĐ-CP, Phụ lục I, Mục II)."""

    superior: str
    lines: tuple[str, ...]
    symbol: str
    place_name: str


def get(organisation_id: int) -> Organisation | None:
    """The organisation with this number."""
    return db.session.get(Organisation, organisation_id)


def by_key(key: str) -> Organisation | None:
    """The organisation with this key."""
    return db.session.scalar(select(Organisation).where(Organisation.key == key))


def letterhead(organisation: Organisation) -> Letterhead:
    """Head of the organisation's papers; a unit without lines of its own uses those of the body above it."""
    source = organisation
    for parent in ancestors(organisation):
        if source.letterhead:
            break
        source = parent
    lines = tuple(line for line in source.letterhead.splitlines() if line) or (organisation.name.upper(),)
    return Letterhead(source.superior_line, lines, source.symbol, source.place_name)


def ancestors(organisation: Organisation) -> Iterable[Organisation]:
    """Bodies above, the nearest first; stops where the tree bites its tail."""
    seen = {organisation.id}
    while organisation.parent_id and organisation.parent_id not in seen and len(seen) < DEEPEST:
        seen.add(organisation.parent_id)
        organisation = db.session.get(Organisation, organisation.parent_id)
        yield organisation


def signatory(organisation_id: int, role: str, on_date: date) -> Signatory | None:
    """The head who signs for the organisation in this role on the day; of two the one appointed later."""
    return db.session.scalar(
        select(Signatory)
        .where(
            Signatory.organisation_id == organisation_id,
            Signatory.role == role,
            Signatory.kind == "head",
            _in_force(Signatory, on_date),
        )
        .order_by(Signatory.valid_from.desc(), Signatory.id.desc())
        .limit(1)
    )


def delegates(organisation_id: int, role: str, on_date: date) -> list[Signatory]:
    """Those who may sign in the head's place in this role on the day, with an account of their own."""
    query = select(Signatory).where(
        Signatory.organisation_id == organisation_id,
        Signatory.role == role,
        Signatory.kind != "head",
        Signatory.user_id.is_not(None),
        _in_force(Signatory, on_date),
    )
    return list(db.session.scalars(query.order_by(Signatory.full_name, Signatory.id)))


def signatories_of(organisation_id: int) -> list[Signatory]:
    """All who sign or signed for the organisation, the present ones first."""
    return list(
        db.session.scalars(
            select(Signatory)
            .where(Signatory.organisation_id == organisation_id)
            .order_by(Signatory.role, Signatory.valid_from.desc(), Signatory.id.desc())
        )
    )


def valid_on(day: date, kind: str = "") -> list[Organisation]:
    """Organisations that exist on the day, by name."""
    query = select(Organisation).where(_in_force(Organisation, day))
    if kind:
        query = query.where(Organisation.kind == kind)
    return list(db.session.scalars(query.order_by(Organisation.name, Organisation.id)))


def children(parent_id: int, kind: str, day: date) -> list[Organisation]:
    """Units (or bodies of another kind) directly under one, as of the day."""
    return list(
        db.session.scalars(
            select(Organisation)
            .where(Organisation.parent_id == parent_id, Organisation.kind == kind, _in_force(Organisation, day))
            .order_by(Organisation.name, Organisation.id)
        )
    )


def successors(organisation_id: int) -> list[Organisation]:
    """The organisations that took over, one after the other; empty when it still exists or was simply closed."""
    found: list[Organisation] = []
    current = db.session.get(Organisation, organisation_id)
    seen = {organisation_id}
    while current and current.successor_id and current.successor_id not in seen:
        seen.add(current.successor_id)
        current = db.session.get(Organisation, current.successor_id)
        found.append(current)
    return found


def tree() -> list[tuple[int, Organisation]]:
    """Every organisation that ever was, each under its parent, with its depth."""
    everybody = db.session.scalars(select(Organisation).order_by(Organisation.name, Organisation.id)).all()
    under: dict[int | None, list[Organisation]] = {}
    for organisation in everybody:
        under.setdefault(organisation.parent_id, []).append(organisation)
    return list(_branch(under, None, 0))


def _branch(under: dict, parent_id: int | None, depth: int) -> Iterable[tuple[int, Organisation]]:
    for organisation in under.get(parent_id, ()) if depth < DEEPEST else ():
        yield depth, organisation
        yield from _branch(under, organisation.id, depth + 1)


def names(ids: Iterable[int]) -> dict[int, str]:
    """Short names by number, with one statement."""
    rows = db.session.execute(select(Organisation.id, Organisation.short_name).where(Organisation.id.in_(list(ids))))
    return {row.id: row.short_name for row in rows}


def choices() -> list[Row]:
    """`id, short_name, name, kind, valid_to` of every organisation, by name, for lists to choose from."""
    return db.session.execute(
        select(
            Organisation.id, Organisation.short_name, Organisation.name, Organisation.kind, Organisation.valid_to
        ).order_by(Organisation.name, Organisation.id)
    ).all()


def _in_force(model, day: date):
    return (model.valid_from <= day) & or_(model.valid_to.is_(None), model.valid_to >= day)
