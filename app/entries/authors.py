"""Authors of an entry and their shares: checking what was typed, and putting it in the place of what was there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.core.errors import Invalid
from app.core.vietnamese import clean_line, decimal_text, fold
from app.entries.models import Entry, EntryAuthor
from app.entries.parts import WHOLE

TEXTS = ("full_name", "workplace", "job_title", "qualification")


@dataclass(frozen=True)
class AuthorRow:
    """One author as typed, in the columns of the official form. `share` in percent."""

    full_name: str
    share: Decimal
    born_on: date | None = None
    workplace: str = ""
    job_title: str = ""
    qualification: str = ""


def check(rows: Sequence[AuthorRow], *, most: int) -> None:
    """Raises Invalid (field `authors`) unless there are one to `most` named authors who share 100 % exactly."""
    total = sum((row.share for row in rows), Decimal(0))
    if not rows:
        problem = _("Nhập ít nhất một tác giả")
    elif len(rows) > most:
        problem = _("Nhiều nhất %(n)s tác giả theo thể lệ cuộc thi", n=most)
    elif any(not row.full_name for row in rows):
        problem = _("Nhập họ và tên của từng tác giả")
    elif any(row.share <= 0 for row in rows):
        problem = _("Tỷ lệ đóng góp của từng tác giả phải lớn hơn 0")
    elif total != WHOLE:
        problem = _("Tổng tỷ lệ đóng góp là %(total)s %%, cần đúng 100 %%", total=decimal_text(total))
    else:
        problem = _too_long(rows)
    if problem:
        raise Invalid({"authors": problem})


def _too_long(rows: Sequence[AuthorRow]) -> str:
    columns = EntryAuthor.__table__.c
    for row in rows:
        if any(len(getattr(row, name)) > columns[name].type.length for name in TEXTS):
            return _("Thông tin của tác giả «%(name)s…» quá dài", name=row.full_name[:30])
    return ""


def replace(entry: Entry, rows: Sequence[AuthorRow]) -> None:
    """Put the rows in the place of the entry's authors and link them to accounts where a name is clear."""
    accounts = _accounts(entry)
    entry.authors.clear()
    db.session.flush()
    for position, row in enumerate(rows, 1):
        columns = {field.name: getattr(row, field.name) for field in fields(AuthorRow)}
        entry.authors.append(EntryAuthor(position=position, user_id=accounts.get(fold(row.full_name)), **columns))


def _accounts(entry: Entry) -> dict[str, int]:
    """Accounts by folded name: of the entry's unit and of its present authors; a name that two people share is out."""
    known = {author.user_id for author in entry.authors} | {entry.created_by_id}
    people = db.session.execute(
        select(User.id, User.full_name).where(
            User.disabled_at.is_(None), (User.organisation_id == entry.unit_id) | User.id.in_(known - {None})
        )
    ).all()
    names = [fold(person.full_name) for person in people]
    return {name: person.id for name, person in zip(names, people, strict=True) if names.count(name) == 1}


def in_words(rows: Iterable[AuthorRow | EntryAuthor]) -> list[str]:
    """Each author on one line, for comparing and for the trail."""
    return [_line(row) for row in rows]


def _line(author: AuthorRow | EntryAuthor) -> str:
    born = author.born_on.isoformat() if author.born_on else ""
    rest = (born, author.workplace, author.job_title, author.qualification)
    return " · ".join([f"{author.full_name} ({decimal_text(author.share)} %)", *filter(None, rest)])


def cleaned(row: AuthorRow) -> AuthorRow:
    """The row with every text as it is stored."""
    values = {field.name: getattr(row, field.name) for field in fields(AuthorRow)}
    return AuthorRow(**{name: clean_line(v) if isinstance(v, str) else v for name, v in values.items()})
