"""Writes of packages: preparing one and changing what it holds. Acts that move its state are declared."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from app import flow
from app.accounts.actor import Actor
from app.contests.models import Contest
from app.core import ids
from app.core.errors import Invalid, NotAllowed, Refused
from app.documents import queries as papers
from app.documents.models import Document
from app.entries.models import Entry
from app.entries.services import is_author
from app.handover import contents, queries
from app.handover.models import Package, PackageItem
from app.jobs import enqueue
from workflows import HANDOVER
from workflows.spec import N_, Refusal, Role

PAPER = "forwarding"
NOT_PUBLISHED = Refusal("results_not_published", N_("Kết quả cuộc thi chưa được công bố."))
NO_RECEIVER = Refusal("no_receiver", N_("Cuộc thi chưa chọn nơi nhận hồ sơ. Chọn nơi nhận trong phần thiết lập."))
PAPER_SIGNED = Refusal(
    "paper_signed", N_("Tờ trình của gói đã ký nên không đổi danh sách được nữa. Lấy lại gói và chuẩn bị gói khác.")
)
NOT_PREPARING = Refusal("package_sent", N_("Gói đã gửi nên không đổi danh sách được nữa."))


def prepare(
    contest: Contest, entry_ids: Iterable[int], actor: Actor, *, now: datetime, key: str | None = None
) -> Package:
    """A new package of the chosen entries for the contest's receiver; the same `key` again returns the first one.

    Raises NotAllowed, Refused, or Invalid for an empty choice or an entry that cannot be sent.
    """
    if Role.OFFICE not in actor.roles_in(contest.organisation_id, contest.id):
        raise NotAllowed
    known = flow.made_with(key, actor, Package)
    if known:
        return known
    if contest.state not in queries.PUBLISHED:
        raise Refused(NOT_PUBLISHED)
    if contest.receiver_id is None:
        raise Refused(NO_RECEIVER)
    package = Package(
        code=f"GH-{ids.random_code(8)}",
        contest_id=contest.id,
        organisation_id=contest.organisation_id,
        receiver_id=contest.receiver_id,
        created_at=now,
    )
    _put(package, _chosen(queries.candidates(contest), entry_ids, actor))
    flow.record_creation(package, "create", actor, Role.OFFICE.value, now=now, key=key)
    return package


def choose(
    package: Package, contest: Contest, entry_ids: Iterable[int], actor: Actor, *, now: datetime, version: int | None
) -> bool:
    """Put other entries into a package that is being prepared; False when nothing differs.

    A draft of its paper is made anew, one on its way to the signer is held up. Raises Conflict, NotAllowed,
    Refused when the package was sent or its paper signed, or Invalid.
    """
    flow.check_version(package, version)
    paper = check_open(package, actor)
    before = [entry.code for entry in contents.entries_of(package)]
    chosen = _chosen(queries.candidates(contest, package), entry_ids, actor)
    after = [entry.code for entry in chosen]
    if before == after:
        return False
    _put(package, chosen)
    changes = {"entries": [", ".join(before), ", ".join(after)]}
    seq = flow.record_edit(package, "edit", actor, now=now, changes=changes)
    if paper is not None:
        args = {"workflow": HANDOVER.name, "subject_id": package.id, "event": seq, "template": PAPER}
        enqueue("documents.draw_up", args, now=now)
    return True


def check_open(package: Package, actor: Actor) -> Document | None:
    """The package's paper when its entries may still be changed by this person. Raises Refused or NotAllowed."""
    if not flow.may_edit(package, actor):
        raise Refused(NOT_PREPARING) if package.state != HANDOVER.initial else NotAllowed
    paper = papers.paper_of(PAPER, package_id=package.id)
    if paper is not None and paper.state in papers.SIGNED:
        raise Refused(PAPER_SIGNED)
    return paper


def may_send(entry: Entry, actor: Actor) -> bool:
    """Whether the person may put the entry into a package: not an own one."""
    return not is_author(entry, actor.user_id, actor.name)


def _chosen(offered: Sequence[Entry], entry_ids: Iterable[int], actor: Actor) -> list[Entry]:
    wanted = set(entry_ids)
    known: Mapping[int, Entry] = {entry.id: entry for entry in offered}
    if not wanted:
        raise Invalid({"entries": _("Chọn ít nhất một hồ sơ")})
    if wanted - known.keys():
        raise Invalid({"entries": _("Có hồ sơ không còn gửi được. Xem lại danh sách rồi chọn lại")})
    chosen = [entry for entry in offered if entry.id in wanted]
    own = [entry.code for entry in chosen if not may_send(entry, actor)]
    if own:
        text = _("Đồng chí là tác giả của %(codes)s nên người khác phải lập gói này", codes=", ".join(own))
        raise Invalid({"entries": text})
    return chosen


def _put(package: Package, chosen: Sequence[Entry]) -> None:
    """Exactly these entries in this order; items that stay keep their rows."""
    known = {item.entry_id: item for item in package.items}
    package.items = [
        known.get(entry.id) or PackageItem(entry_id=entry.id, position=place) for place, entry in enumerate(chosen, 1)
    ]
    for place, item in enumerate(package.items, 1):
        item.position = place
