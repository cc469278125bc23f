"""What the person is told who came too late: what others did to the subject since the page was opened."""

from flask import g

from app.audit.queries import events_of
from app.audit.sentences import concerns_author, sentence
from app.flow.registry import binding_of
from workflows.spec import Role

MOST = 3
AUTHORS = frozenset({Role.AUTHOR, Role.UNIT})


def explain(subject: object, since: int | None) -> list[str]:
    """Sentences on the latest events of the subject, the first of them first; nothing for who has no role in it.

    Each event raises the version by one, so `since` says how many are new; without it the last one is told.
    """
    if not hasattr(type(subject), "__workflow__"):
        return []
    held = binding_of(subject).roles(subject, g.actor)
    if not held:
        return []
    for_author = held <= AUTHORS
    passed = 1 if since is None else min(max(subject.version - since, 1), MOST)
    rows = events_of(type(subject).__workflow__.name, subject.id, limit=passed)
    return [sentence(row, for_author=for_author) for row in reversed(rows) if not for_author or concerns_author(row)]
