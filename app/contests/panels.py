"""Places on the page of a contest that upper slices fill: what they are called, where they lead, how many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.contests.models import Contest
from workflows.spec import Role


@dataclass(frozen=True)
class Panel:
    """A figure that leads to a list. `title` is a message id; `count` None shows the link alone."""

    title: str
    url: Callable[[Contest], str]
    count: Callable[[Contest], int | str] | None = None
    roles: frozenset[Role] = frozenset()
    states: frozenset[str] = frozenset()


_panels: list[Panel] = []


def add(
    title: str,
    url: Callable[[Contest], str],
    count: Callable[[Contest], int | str] | None = None,
    roles: Iterable[Role] = (),
    states: Iterable[str] = (),
) -> None:
    """Show a panel on the page of each contest in one of the states, to those who hold one of the roles towards it
    (none given: all)."""
    panel = Panel(title, url, count, frozenset(roles), frozenset(states))
    if all(panel.title != known.title for known in _panels):
        _panels.append(panel)


def shown(contest: Contest, held: frozenset[Role]) -> list[dict[str, object]]:
    """The panels for a person with these roles, ready to be drawn: `label` (message id), `value` or None, `url`."""
    return [
        {"label": p.title, "url": p.url(contest), "value": p.count(contest) if p.count else None}
        for p in _panels
        if (not p.roles or p.roles & held) and (not p.states or contest.state in p.states)
    ]
