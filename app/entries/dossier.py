"""What pages show of one entry: its sections with their answers, its task list, its papers, links of other slices."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Row

from app.accounts.actor import Actor
from app.core.vietnamese import decimal_text, moment_text, short_date
from app.documents import queries as papers
from app.entries import parts, policy
from app.entries.models import Entry, EntryAuthor
from app.entries.parts import FIELD_LABELS, PARTS, Part
from workflows.spec import N_

KIND_LABELS = {"individual": N_("Cá nhân hoặc nhóm tác giả"), "collective": N_("Tập thể")}

Links = Callable[[Entry, Actor], Iterable[tuple[str, str]]]
_links: list[Links] = []


@dataclass(frozen=True)
class Answer:
    """One line of a section; `files` stand in the place of `value` for evidence."""

    label: str
    value: str | Sequence[str]
    change_url: str = ""
    change_what: str = ""


@dataclass(frozen=True)
class Section:
    """One part of the dossier with its answers."""

    part: Part
    heading: str
    answers: Sequence[Answer]


@dataclass(frozen=True)
class Task:
    """One line of the task list, as the macro wants it."""

    name: str
    label: str
    url: str
    status: str
    hint: str = ""
    reason: str = ""


def add_links(links: Links) -> None:
    """Let an upper slice put links on the page of an entry: `links(entry, actor)` gives (address, text) pairs."""
    if links not in _links:
        _links.append(links)


def links_for(entry: Entry, actor: Actor) -> list[tuple[str, str]]:
    """Links of all slices for this person."""
    return [link for links in _links for link in links(entry, actor)]


def part_url(entry: Entry, part: Part) -> str:
    """Address of the page of one part."""
    return f"/ho-so/{entry.code}/phan/{part.name}"


# --- the task list ------------------------------------------------------------------------------------------------
def tasks(entry: Entry) -> list[Task]:
    """The parts with what is done and what is not; of a returned entry only the named parts are open."""
    return [_task(entry, part) for part in PARTS]


def _task(entry: Entry, part: Part) -> Task:
    done = part.is_complete(entry)
    if part.name != "xac-nhan" and not parts.is_open(entry, part):
        return Task(part.name, _(part.label), "", "locked", reason=_("Không yêu cầu bổ sung phần này."))
    asked = entry.state == "returned" and part.name != "xac-nhan"
    hint = _("Văn phòng yêu cầu bổ sung phần này") if asked else _(part.hint)
    return Task(part.name, _(part.label), part_url(entry, part), "done" if done else "todo", hint=hint)


def first_todo(todo: Sequence[Task]) -> Task | None:
    """The next task to work on, None when all are done."""
    return next((task for task in todo if task.status == "todo"), None)


# --- the answers --------------------------------------------------------------------------------------------------
def sections(entry: Entry, with_links: bool = False) -> list[Section]:
    """All parts with their answers; `with_links` adds the way to change those that are open."""
    return [_section(entry, part, with_links and parts.is_open(entry, part)) for part in PARTS]


def _section(entry: Entry, part: Part, changeable: bool) -> Section:
    url = part_url(entry, part) if changeable and part.name != "xac-nhan" else ""
    labels = {name: _(FIELD_LABELS[name]) for name in part.fields}
    answers = [Answer(label, _value(entry, name), url, label) for name, label in labels.items()]
    return Section(part, _(part.label), answers)


def _value(entry: Entry, name: str) -> str | list[str]:
    special = _SPECIAL.get(name)
    return special(entry) if special else getattr(entry, name)


def author_line(author: EntryAuthor) -> str:
    """An author with what the official form asks, on one line."""
    born = short_date(author.born_on) if author.born_on else ""
    known = [text for text in (born, author.job_title, author.qualification, author.workplace) if text]
    return f"{author.full_name} – {decimal_text(author.share)} %" + (f" ({'; '.join(known)})" if known else "")


def _confirmation(entry: Entry) -> str:
    if entry.confirmed_at is None:
        return ""
    return _("%(name)s xác nhận lúc %(when)s", name=entry.confirmed_by, when=moment_text(entry.confirmed_at, _))


_SPECIAL: dict[str, Callable[[Entry], str | list[str]]] = {
    "unit_id": lambda entry: entry.unit.name,
    "authors": lambda entry: [author_line(author) for author in entry.authors],
    "field_id": lambda entry: entry.field.name if entry.field else "",
    "kind": lambda entry: _(KIND_LABELS[entry.kind]),
    "first_applied_on": lambda entry: short_date(entry.first_applied_on) if entry.first_applied_on else "",
    "files": lambda entry: [file.name for file in entry.files],
    "confirmed_at": _confirmation,
}


# --- papers -------------------------------------------------------------------------------------------------------
def papers_of(entry: Entry, actor: Actor) -> list[Row]:
    """Issued papers about the entry that the person may open, newest first; what was replaced is left out."""
    rows = [row for row in papers.papers_of_entry(entry.id, issued_only=True) if row.state != "replaced"]
    if policy.roles(entry, actor) & policy.AUTHOR_SIDE:
        return rows
    return [row for row in rows if papers.opens(row, actor)]


def receipt(entry: Entry, actor: Actor):
    """The receipt once it is issued, for who may open it, else None."""
    return next((row for row in papers_of(entry, actor) if row.template_code == "receipt"), None)
