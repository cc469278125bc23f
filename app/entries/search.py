"""The search text of an entry, and conditions that find words in it on both databases.

The text holds plain folded words only, parted by spaces, so that both full-text indexes cut it in the same places
and no sign of their query languages ever reaches them.
"""

import re

from sqlalchemy import ColumnElement, Select, bindparam, column, false, func, literal_column, table, text

from app.core.db import db
from app.core.vietnamese import fold
from app.entries.models import Entry, EntrySearch
from app.organisations.models import Organisation

MOST_WORDS = 10
LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+")
_FTS = table("entry_fts", column("rowid"))


def words(text_typed: str) -> list[str]:
    """The folded words of a search, at most ten."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text_typed))][:MOST_WORDS]


def keep(entry: Entry) -> None:
    """Bring the entry's search text up to date in the open transaction."""
    unit = db.session.get(Organisation, entry.unit_id)
    source = [entry.title, entry.code, *(author.full_name for author in entry.authors), unit.name, unit.short_name]
    folded = " ".join(_WORD.findall(fold(" ".join(source))))
    row = db.session.get(EntrySearch, entry.id)
    if row is None:
        db.session.add(EntrySearch(entry_id=entry.id, contest_id=entry.contest_id, folded=folded))
    elif row.folded != folded:
        row.folded = folded
    db.session.flush()


def match_text(typed: str) -> str:
    """The words typed in the database's own query language; "" when there is none."""
    wanted = words(typed)
    if db.session.get_bind().dialect.name == "sqlite":
        return " ".join(f'"{word}"*' for word in wanted)
    return " & ".join(f"{word}:*" for word in wanted)


def matching(query: Select, typed: str) -> tuple[Select, ColumnElement[int]]:
    """`query` on `Entry` narrowed to entries in which every word typed begins a word; and the column to page by.

    A search without a single word (only signs) finds nothing. The bound value is called `match`: a statement kept
    for other words is run with `match_text` of those.
    """
    match = match_text(typed)
    if not match:
        return query.where(false()), Entry.id
    if db.session.get_bind().dialect.name == "sqlite":
        found = query.join(_FTS, _FTS.c.rowid == Entry.id)
        return found.where(text("entry_fts MATCH :match").bindparams(match=match)), _FTS.c.rowid
    vector = func.to_tsvector(literal_column("'simple'"), EntrySearch.folded)
    asked = func.to_tsquery(literal_column("'simple'"), bindparam("match", match))
    return query.join(EntrySearch, EntrySearch.entry_id == Entry.id).where(vector.op("@@")(asked)), Entry.id
