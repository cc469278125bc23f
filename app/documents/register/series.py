"""Which book counts which type of paper: a setting of each organisation, for whole years.

A type may join or leave a group from a later year on, or in a year in which none of its papers has a number yet: so
that within a year number and symbol stay unique and no book gets a gap (Nghị định 30/2020/NĐ-CP, Điều 15).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app import audit
from app.accounts.actor import Actor
from app.core.db import db
from app.core.errors import Invalid
from app.core.vietnamese import clean_line, to_local
from app.documents import contexts
from app.documents.models import Document, RegisterEntry
from app.documents.register.models import SeriesRule
from app.documents.templating.store import all_templates
from app.organisations.models import Organisation
from workflows.spec import Role

BOOK = re.compile(r"[A-ZĐ0-9][A-Za-zÀ-ỹĐđ0-9 .-]{0,29}")


@dataclass(frozen=True)
class Counted:
    """A type of paper: its symbol, its names, the book that counts it, whether numbers were given this year."""

    series: str
    names: tuple[str, ...]
    book: str
    is_used: bool


def book_of(organisation_id: int, series: str, year: int) -> str:
    """The book from which papers with this symbol take their number in that year."""
    rule = (
        select(SeriesRule.book)
        .where(SeriesRule.organisation_id == organisation_id, SeriesRule.series == series, SeriesRule.from_year <= year)
        .order_by(SeriesRule.from_year.desc())
        .limit(1)
    )
    return db.session.scalar(rule) or series


def list_of(organisation: Organisation, year: int) -> list[Counted]:
    """Every type that the organisation may number, with its book in that year; grouped ones side by side."""
    names = _names(organisation)
    used = _used(organisation.id, year)
    found = [
        Counted(series, tuple(titles), book_of(organisation.id, series, year), series in used)
        for series, titles in names.items()
    ]
    return sorted(found, key=lambda one: (one.book, one.series))


def set_books(
    organisation: Organisation, year: int, books: Mapping[str, str], actor: Actor, *, now: datetime
) -> list[str]:
    """Let types be counted by these books from the year on; returns the symbols that changed.

    Raises Invalid, by symbol, for a name that is none, a year that is over, or a type that has numbers in that year.
    Needs a write transaction.
    """
    wanted = {series: clean_line(book) for series, book in books.items()}
    changed = {one.series: one for one in list_of(organisation, year) if wanted.get(one.series, one.book) != one.book}
    errors = {series: text for series, one in changed.items() if (text := _refusal(one, wanted[series], year, now))}
    if errors:
        raise Invalid(errors)
    for series in changed:
        rule = SeriesRule(organisation_id=organisation.id, series=series, from_year=year, book=wanted[series])
        db.session.merge(rule)
    if changed:
        told = {series: [one.book, wanted[series]] for series, one in changed.items()}
        _note(organisation, actor, told | {"year": ["", year]}, now)
    return sorted(changed)


def _refusal(one: Counted, book: str, year: int, now: datetime) -> str:
    if year < to_local(now).year:
        return _("Năm %(year)s đã qua, không đổi được cách đánh số.", year=year)
    if one.is_used:
        return _("Năm %(year)s đã cấp số cho loại này. Chọn năm sau.", year=year)
    if not BOOK.fullmatch(book):
        return _("Tên sổ gồm chữ, số, dấu gạch nối, dài nhất 30 ký tự, ví dụ KH-UBND hoặc Chung.")
    return ""


def _names(organisation: Organisation) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for template in all_templates():
        known = {field.name for field in template.manifest.fields}
        if template.manifest.numbered or "book_number" in known:
            series = contexts.series_of(template.manifest, organisation.symbol)
            names.setdefault(series, []).append(template.manifest.title)
    for series in _used(organisation.id):
        names.setdefault(series, [])
    return names


def _used(organisation_id: int, year: int | None = None) -> set[str]:
    """Symbols of papers that have a number, in one year or ever."""
    query = select(Document.series).join(RegisterEntry, RegisterEntry.document_id == Document.id)
    query = query.where(RegisterEntry.organisation_id == organisation_id)
    if year is not None:
        query = query.where(RegisterEntry.year == year)
    return set(db.session.scalars(query.distinct()))


def _note(organisation: Organisation, actor: Actor, changes: dict, now: datetime) -> None:
    audit.record(
        at=now,
        actor=actor,
        role=Role.CLERK.value,
        action="organisation.series",
        subject_type="organisation",
        subject_id=organisation.id,
        subject_code=organisation.key,
        changes=changes,
    )
