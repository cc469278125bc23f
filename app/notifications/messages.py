"""The words of messages. Templates get plain strings only; addresses in them are never a person's own.

Messages are written in Vietnamese when the thing happens and kept as they were written.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.vietnamese import clean_line, clean_text, moment_text
from app.flow.registry import Binding, Facts
from workflows.spec import Notify, Role, Workflow

FOLDER = Path(__file__).parent / "templates" / "messages"
TITLE_LIMIT = 300
SUBJECT_TITLE_LIMIT = 200
MOMENTS = ("closes_at", "completion_due_at")
AUTHOR_SIDE = (Role.AUTHOR, Role.UNIT)

PAGES: Mapping[tuple[str, Role], str] = {
    ("contest.open", Role.UNIT): "/nop",
    ("contest.extend_deadline", Role.UNIT): "/nop",
    ("contest.start_judging", Role.JUDGE): "/cham-diem",
    ("contest.announce", Role.AUTHOR): "/ket-qua",
    ("contest.announce", Role.UNIT): "/ket-qua",
    ("handover.send", Role.UPPER_CLERK): "/tiep-nhan/{code}",
    ("handover.recall", Role.UPPER_CLERK): "/tiep-nhan/{code}",
}
"""Where a message leads those who have no business on the subject's own page."""

_ADDRESS = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*")
_words = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Text:
    """One message as it is kept: a title of one line, the rest, and a page of this application."""

    title: str
    body: str
    url: str


def check(workflows: Iterable[Workflow]) -> None:
    """Raise RuntimeError naming every declared message that has no words."""
    missing = sorted(name for name in declared(workflows) if not (FOLDER / f"{name}.txt").is_file())
    if missing:
        raise RuntimeError(f"no words for the messages {', '.join(missing)}")


def declared(workflows: Iterable[Workflow]) -> set[str]:
    """Names of all messages that acts send."""
    return {
        workflow.action_id(t.action)
        for workflow in workflows
        for t in workflow.transitions
        if any(isinstance(effect, Notify) for effect in t.effects)
    }


def compose(name: str, role: Role, binding: Binding, subject: Any, *, actor: str, reason: str) -> Text:
    """The message `name` about a subject for people who hold `role` towards it."""
    context = _context(role, binding, subject, actor, reason)
    title, _newline, body = _words.get_template(f"{name}.txt").render(context).partition("\n")
    page = PAGES.get((name, role), "").format(code=context["code"])
    return Text(_cut(clean_line(title), TITLE_LIMIT), clean_text(body), page or binding.url(subject))


def compose_about(name: str, url: str, values: Mapping[str, Any]) -> Text:
    """The message `name` about work in the background, with the values that its words ask for."""
    title, _newline, body = _words.get_template(f"{name}.txt").render(values).partition("\n")
    return Text(_cut(clean_line(title), TITLE_LIMIT), clean_text(body), url)


def _context(role: Role, binding: Binding, subject: Any, actor: str, reason: str) -> dict[str, str]:
    facts = Facts(subject)
    state = binding.workflow.state(subject.state)
    return {
        "role": role.value,
        "code": binding.code(subject),
        "title": _cut(plain(binding.title(subject)), SUBJECT_TITLE_LIMIT),
        "state": state.author_label if role in AUTHOR_SIDE else state.label,
        "decision": plain(getattr(subject, "upper_decision", "") or ""),
        "actor": plain(actor),
        "reason": plain(reason, keep_lines=True),
    } | {name: _moment(facts, name) for name in MOMENTS}


def plain(text: str, *, keep_lines: bool = False) -> str:
    """A person's text without web addresses, which mail programs would turn into links under our name."""
    text = clean_text(text) if keep_lines else clean_line(text)
    return _ADDRESS.sub("[địa chỉ]", text)


def _moment(facts: Facts, name: str) -> str:
    value = getattr(facts, name, None)
    return moment_text(value) if value else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
