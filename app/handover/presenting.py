"""What the pages of packages show: each entry with its answer, and the facts of a package."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.actor import Actor
from app.core.vietnamese import decimal_text, moment_text
from app.documents import queries as papers
from app.entries.models import Entry
from app.handover import contents, listing, policy, queries, services
from app.handover.models import Package
from app.organisations.models import Organisation
from workflows import ENTRY
from workflows.spec import Role, State, Transition

UPPER = frozenset({Role.UPPER_CLERK})


@dataclass(frozen=True)
class Item:
    """One entry of a package as a row; `acts` are the answers that can be given now."""

    code: str
    title: str
    authors: str
    unit: str
    prize: str
    score: str
    state: State
    answer: str
    acts: Sequence[Transition] = ()


def items(package: Package, entries: Sequence[Entry], prizes: dict[int, str], *, answering: bool) -> list[Item]:
    """Rows of the package's entries; `answering` adds what the body above may do with each."""
    gone = contents.superseded(package)
    return [_item(entry, line, prizes, answering, entry.id in gone) for entry, line in _pairs(entries)]


def _pairs(entries: Sequence[Entry]):
    return zip(entries, listing.lines(entries), strict=True)


def _item(entry: Entry, line: listing.Line, prizes: dict[int, str], answering: bool, gone: bool) -> Item:
    return Item(
        entry.code,
        entry.title,
        line.authors,
        entry.unit.name,
        prizes.get(entry.prize_id, "") if entry.prize_id else "",
        line.score_text,
        ENTRY.state("ranked" if gone else entry.state),
        "" if gone else _answer(entry),
        answers(entry) if answering else (),
    )


def answers(entry: Entry) -> tuple[Transition, ...]:
    """The offered acts of the body above in the entry's state."""
    return tuple(t for t in ENTRY.leaving(entry.state) if t.offered and t.by == UPPER)


def _answer(entry: Entry) -> str:
    return ". ".join(part for part in (entry.upper_decision, entry.upper_reason) if part)


def choice_label(entry: Entry, prizes: dict[int, str]) -> str:
    """`SK-2026-0007 – Tên sáng kiến (Giải Nhất; 88,70 điểm)`."""
    known = []
    if entry.prize_id:
        known.append(prizes.get(entry.prize_id, ""))
    if entry.score_mean is not None:
        known.append(_("%(score)s điểm", score=decimal_text(entry.score_mean, 2)))
    return f"{entry.code} – {entry.title}" + (f" ({'; '.join(filter(None, known))})" if known else "")


def summary(package: Package, sender: Organisation, receiver: Organisation, number: int) -> list[dict[str, str]]:
    """The facts of a package, as the macro wants them."""
    rows = [
        (_("Nơi gửi"), sender.name),
        (_("Nơi nhận"), receiver.name),
        (_("Số hồ sơ"), str(number)),
        (_("Gửi lúc"), moment_text(package.sent_at, _) if package.sent_at else _("Chưa gửi")),
    ]
    if package.acknowledged_at:
        rows.append((_("Cấp trên nhận lúc"), moment_text(package.acknowledged_at, _)))
    return [{"label": label, "value": value} for label, value in rows]


def paper_of(package: Package):
    """The valid paper of the package, None before it is made."""
    return papers.paper_of(services.PAPER, package_id=package.id)


def progress(entries: Sequence[Item]) -> tuple[int, int]:
    """How many entries have an answer, and of how many."""
    return sum(not item.acts for item in entries), len(entries)


def links_of(entry: Entry, actor: Actor) -> list[tuple[str, str]]:
    """The way from the page of a forwarded entry to its package, for both sides."""
    if entry.state not in queries.FORWARDED or not actor.holds(Role.OFFICE, Role.UPPER_CLERK):
        return []
    package = contents.holding(entry)
    if package is None or not policy.may_see(package, actor):
        return []
    return [(f"/chuyen-cap-tren/{package.code}", _("Gói hồ sơ %(code)s", code=package.code))]
