"""One act on many papers of the list: all of them or none, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app import flow
from app.accounts.actor import Actor
from app.core.db import db
from app.core.errors import Conflict, Invalid, Refused
from app.core.i18n import spoken
from app.documents import policy, queries
from app.documents.models import Document
from workflows import DOCUMENT
from workflows.spec import N_, Refusal, Role

ACTS: Mapping[str, str] = {
    "draft": "initial",
    "initialled": "request_signature",
    "signed": "number",
    "numbered": "issue",
    "sealed": "issue",
}
"""The act that the list of a state offers for many papers at once."""

ONE_REFUSED = N_("%(code)s: %(message)s")
MOVED = N_("Văn bản %(code)s vừa thay đổi. Xem lại danh sách.")
MOST = 2000


@dataclass(frozen=True)
class Whole:
    """All papers of a filtered list as the page had shown it: how many, and the newest."""

    state: str
    contest_id: int | None
    count: int
    newest: int


def act_for(state: str, actor: Actor) -> str:
    """The act that the person may do on papers of this state together, "" for none."""
    action = ACTS.get(state, "")
    transition = action and DOCUMENT.find(action, state)
    return action if transition and actor.holds(*_held(transition.by)) else ""


def _held(roles: Iterable[Role]) -> list[Role]:
    return [role for role in roles if role in policy.STAFF]


def whole(actor: Actor, state: str, contest_id: int | None) -> Whole:
    """What the list holds now."""
    count, newest = db.session.execute(_listed(actor, state, contest_id, func.count(), func.max(Document.id))).one()
    return Whole(state, contest_id, count, newest or 0)


def _listed(actor: Actor, state: str, contest_id: int | None, *columns) -> Select:
    query = select(*columns).where(policy.visible(actor), Document.state == state, Document.signer_role != "")
    return query if contest_id is None else query.where(Document.contest_id == contest_id)


def papers_of(actor: Actor, shown: Whole) -> list[tuple[Document, int]]:
    """Every paper of the list with its version. Raises Invalid when the list is not what the page had shown."""
    if shown.count > MOST:
        raise Invalid({"": _("Mỗi lần làm được nhiều nhất %(n)s văn bản. Lọc theo cuộc thi.", n=MOST)})
    papers = list(db.session.scalars(_listed(actor, shown.state, shown.contest_id, Document).order_by(Document.id)))
    if len(papers) != shown.count or (papers and papers[-1].id != shown.newest):
        raise Invalid({"": _("Danh sách vừa thay đổi. Xem lại rồi thực hiện.")})
    return [(paper, paper.version) for paper in papers]


def ticked(actor: Actor, choices: Sequence[str]) -> list[tuple[Document, int]]:
    """The chosen papers, each `code:version`, in the order in which they were drawn up. Raises Invalid or NotFound."""
    if not choices:
        raise Invalid({"": _("Chọn ít nhất một văn bản")})
    found = [_chosen(actor, choice) for choice in dict.fromkeys(choices)]
    return sorted(found, key=lambda one: one[0].id)


def _chosen(actor: Actor, choice: str) -> tuple[Document, int]:
    code, _colon, version = choice.partition(":")
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise Invalid({"": _("Không đọc được văn bản đã chọn. Tải lại trang rồi chọn lại.")})
    return queries.get_visible(code, actor), int(version)


def fire_all(
    papers: Sequence[tuple[Document, int]],
    action: str,
    actor: Actor,
    *,
    now: datetime,
    data: Mapping[str, Any],
    key: str,
) -> int:
    """Do the act on every paper; returns how many. Any refusal undoes all and names the paper."""
    for paper, version in papers:
        try:
            flow.fire(paper, action, actor, now=now, data=data, version=version, key=f"{key[:45]}-{paper.code}")
        except Refused as error:
            raise Refused(_named(paper, error.refusal)) from error
        except Conflict as error:
            raise Refused(Refusal("paper_moved", MOVED, {"code": paper.code})) from error
    return len(papers)


def _named(paper: Document, refusal: Refusal) -> Refusal:
    return Refusal(refusal.code, ONE_REFUSED, {"code": paper.code, "message": spoken(refusal.message, refusal.params)})
