"""The papers that are made on the page of a contest: its own, and those that upper slices add.

A paper is offered from a state of the contest on; what else it needs, its drawer refuses in words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.contests.models import Contest
from workflows import CONTEST
from workflows.spec import N_, Role

OPENING = N_("Văn bản mở cuộc thi")
RUNNING = N_("Văn bản tiếp nhận, sơ loại")
RESULT = N_("Văn bản công bố, tổng kết")
GROUPS = (OPENING, RUNNING, RESULT)


@dataclass(frozen=True)
class Paper:
    """A kind of paper about a contest. `states`: when it is offered; `page` asks for what the contest does not know."""

    template: str
    name: str
    group: str
    states: frozenset[str]
    roles: frozenset[Role] = frozenset({Role.OFFICE})
    page: Callable[[Contest], str] | None = None

    @property
    def needs_setup(self) -> bool:
        """Whether it says what the contest lays down, so that everything must be laid down."""
        return self.group == OPENING


_papers: dict[str, Paper] = {}


def add(
    template: str,
    name: str,
    group: str,
    *,
    since: str,
    roles: Iterable[Role] = (Role.OFFICE,),
    page: Callable[[Contest], str] | None = None,
) -> None:
    """Offer a paper on the page of each contest that is in the state `since` or beyond, to those who hold one of the
    roles towards it. A paper with a `page` is begun there."""
    names = list(CONTEST.state_names)
    states = frozenset(names[names.index(since) :])
    _papers.setdefault(template, Paper(template, name, group, states, frozenset(roles), page))


def named(template: str) -> Paper | None:
    """The paper made from this template, if it is one of these."""
    return _papers.get(template)


def grouped(contest: Contest) -> list[tuple[str, list[Paper]]]:
    """The papers that a contest in its state may have, by the headings under which they stand."""
    now = [paper for paper in _papers.values() if contest.state in paper.states]
    groups = [(group, [paper for paper in now if paper.group == group]) for group in GROUPS]
    return [(group, papers) for group, papers in groups if papers]


add("plan", N_("Kế hoạch"), OPENING, since="preparing")
add("board_decision", N_("Quyết định thành lập các ban"), OPENING, since="preparing")
add("rules", N_("Quyết định ban hành Thể lệ"), OPENING, since="preparing")
add("launch", N_("Thông báo phát động"), OPENING, since="preparing")
