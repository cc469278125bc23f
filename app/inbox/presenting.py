"""The words and ways of the work list: groups, one main button, and what comes next when nothing waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from flask_babel import gettext as _
from sqlalchemy import Row

from app.accounts.actor import Actor
from app.core.vietnamese import deadline_text
from app.documents import queries as papers
from app.inbox.queries import Found, Waiting
from app.inbox.waiting import main_act
from workflows import CONTEST, DOCUMENT, ENTRY, HANDOVER, SCORECARD, TEMPLATE
from workflows.spec import N_, Role

HEADINGS = {
    ENTRY.name: N_("Hồ sơ"),
    SCORECARD.name: N_("Phiếu chấm"),
    DOCUMENT.name: N_("Văn bản"),
    CONTEST.name: N_("Cuộc thi"),
    HANDOVER.name: N_("Gói hồ sơ"),
    TEMPLATE.name: N_("Mẫu văn bản"),
}
LISTS = {
    (SCORECARD.name, Role.JUDGE): "/cham-diem",
    (DOCUMENT.name, Role.SIGNER): "/trinh-ky",
    (DOCUMENT.name, Role.CLERK): "/van-ban?trang_thai=signed",
    (DOCUMENT.name, Role.OFFICE): "/van-ban",
    (DOCUMENT.name, Role.SECRETARY): "/van-ban",
    (ENTRY.name, Role.OFFICE): "/kiem-tra-ho-so",
    (ENTRY.name, Role.UNIT): "/ho-so",
    (ENTRY.name, Role.AUTHOR): "/ho-so-cua-toi",
    (HANDOVER.name, Role.OFFICE): "/chuyen-cap-tren",
    (HANDOVER.name, Role.UPPER_CLERK): "/tiep-nhan",
}
"""Where all things of a kind are listed, for groups longer than what is shown."""

PAGES = {
    (ENTRY.name, None): "/ho-so/{code}",
    (ENTRY.name, Role.OFFICE): "/ho-so/{code}/kiem-tra-ho-so",
    (ENTRY.name, Role.HEAD_OF_JURY): "/hoi-dong/chenh-lech/{code}",
    (SCORECARD.name, None): "/cham-diem/{code}",
    (DOCUMENT.name, None): "/van-ban/{code}",
    (CONTEST.name, None): "/cuoc-thi/{code}",
    (HANDOVER.name, None): "/chuyen-cap-tren/{code}",
    (HANDOVER.name, Role.UPPER_CLERK): "/tiep-nhan/{code}",
    (TEMPLATE.name, None): "/mau-van-ban/{code}",
}
"""Where a person does what waits, by kind and role; None stands for all other roles."""

LONGEST_LABEL = 60
OFFICES = frozenset(Role) - {Role.AUTHOR, Role.UNIT}
FIRST = (
    (DOCUMENT.name, Role.SIGNER),
    (SCORECARD.name, Role.JUDGE),
    (ENTRY.name, Role.HEAD_OF_JURY),
    (ENTRY.name, Role.OFFICE),
    (DOCUMENT.name, Role.CLERK),
    (HANDOVER.name, Role.UPPER_CLERK),
    (ENTRY.name, Role.UPPER_CLERK),
    (ENTRY.name, Role.AUTHOR),
    (ENTRY.name, Role.UNIT),
)
"""Which work the main button leads to, before any other."""


@dataclass(frozen=True)
class Line:
    """One row: what it is, what to do, and until when."""

    url: str
    title: str
    caption: str
    tone: str
    tag: str
    act: str
    due_at: datetime | None


@dataclass(frozen=True)
class Group:
    """Things of one kind; `more_url` leads to all of them when there are more than shown."""

    name: str
    heading: str
    total: int
    lines: Sequence[Line]
    more_url: str


@dataclass(frozen=True)
class Button:
    """The one thing to do next."""

    url: str
    label: str


def groups(found: Iterable[Found]) -> list[Group]:
    """The kinds in which something waits, in the order given."""
    return [_group(kind) for kind in found if kind.items]


def _group(kind: Found) -> Group:
    first = kind.items[0]
    more = LISTS.get((first.workflow.name, first.role), "") if kind.total > len(kind.items) else ""
    lines = [_line(item) for item in kind.items]
    return Group(first.workflow.name, _(HEADINGS[first.workflow.name]), kind.total, lines, more)


def _line(item: Waiting) -> Line:
    state = item.workflow.state(item.state)
    title, caption = _names(item)
    as_author = item.role in (Role.AUTHOR, Role.UNIT)
    act = main_act(item.workflow, item.state, item.role)
    return Line(
        url_of(item),
        title,
        caption,
        state.tone,
        _(state.author_label if as_author else state.label),
        _(act.label) if act else "",
        item.due_at,
    )


def _names(item: Waiting) -> tuple[str, str]:
    """What the thing is called, and the line below that."""
    if item.workflow is TEMPLATE:
        kind = item.code.partition("/")[0]
        return papers.title_of_kind(kind), f"{item.title} · {item.about}"
    return item.title or item.code, f"{item.code} · {item.about}"


def url_of(item: Waiting) -> str:
    """The page on which the person does it."""
    key = (item.workflow.name, item.role)
    return (PAGES.get(key) or PAGES[(item.workflow.name, None)]).format(code=item.code)


def main_button(found: Sequence[Found], actor: Actor, season: Row | None) -> Button | None:
    """What to do next: the most urgent thing of the most urgent kind; else, for people without an office in the
    contest, to hand something in."""
    waiting = [item for kind in found for item in kind.items]
    first = min(waiting, key=_urgency, default=None)
    if first is None:
        may_enter = season is not None and not actor.holds(*OFFICES)
        return Button("/nop", _("Nộp sáng kiến")) if may_enter else None
    return Button(*_next(first, found))


def _urgency(item: Waiting) -> int:
    key = (item.workflow.name, item.role)
    return FIRST.index(key) if key in FIRST else len(FIRST)


def _next(item: Waiting, found: Sequence[Found]) -> tuple[str, str]:
    if item.workflow is DOCUMENT and item.role is Role.SIGNER:
        papers = next(kind for kind in found if item in kind.items)
        number = sum(paper.role is Role.SIGNER for paper in papers.items)
        return "/trinh-ky", _("Duyệt và ký %(n)s văn bản", n=number)
    if item.workflow is SCORECARD:
        return url_of(item), _("Chấm tiếp: %(code)s", code=item.about)
    if item.workflow is ENTRY and item.role is Role.OFFICE:
        return url_of(item), _("Kiểm tra hồ sơ tiếp theo")
    if item.workflow is ENTRY and item.role is Role.HEAD_OF_JURY:
        return url_of(item), _("Xử lý chênh lệch: %(code)s", code=item.code)
    return url_of(item), _("Làm tiếp: %(title)s", title=_short(item))


def _short(item: Waiting) -> str:
    """What fits on a button: the kind of a paper, else the beginning of the title; the row below says it all."""
    if item.workflow is DOCUMENT:
        return item.about
    return shorten(item.title, LONGEST_LABEL, placeholder="…") if item.title else item.code


def empty_words(actor: Actor, season: Row | None, now: datetime) -> tuple[str, str]:
    """What is empty, and what comes next, in the words of the person's role."""
    if actor.holds(Role.JUDGE):
        return _("Không có phiếu chờ chấm."), _("Thư ký sẽ báo khi mở chấm hoặc phân công thêm hồ sơ.")
    if actor.holds(Role.CHAIRMAN):
        return _("Không có văn bản chờ ký."), _("Văn bản trình ký sẽ hiện ở đây.")
    if actor.holds(Role.UPPER_CLERK):
        return _("Không có hồ sơ chờ trả lời."), _("Gói hồ sơ mới chuyển đến sẽ hiện ở đây.")
    if season:
        left = deadline_text(season.closes_at, now, _)
        return _("Đã xử lý hết."), _("Hạn nộp: %(deadline)s.", deadline=left)
    return _("Không có việc nào đang chờ."), _("Khi có hồ sơ, phiếu chấm hoặc văn bản cần xử lý, việc hiện ở đây.")
