"""Papers of the result on a person's button. Locking and reopening are declared acts, see `acts`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.actor import Actor
from app.contests.models import Contest
from app.core.errors import Invalid, NotAllowed, Refused
from app.documents import queries as papers
from app.documents import services as documents
from app.documents.batches import services as batches
from app.documents.models import Document
from app.ranking import notices, queries
from app.ranking.notices import NOT_ISSUED
from workflows import ENTRY
from workflows.spec import N_, Refusal, Role

TOGETHER = ("minutes", "score_summary", "submission", "result_decision")
"""Papers about the contest as a whole; the secretariat's first, the office's behind them."""
OF_SECRETARY = ("minutes", "score_summary")

NOT_LOCKED = Refusal("ranking_open", N_("Xếp hạng chưa khóa nên chưa tạo văn bản được."))


def may_draw(contest: Contest, template_code: str, actor: Actor) -> bool:
    """Whether the person prepares this paper: the office all of them, the secretariat its own."""
    held = actor.roles_in(contest.organisation_id, contest.id)
    return Role.OFFICE in held or (Role.SECRETARY in held and template_code in OF_SECRETARY)


def draw(contest: Contest, template_code: str, actor: Actor, *, now: datetime) -> int:
    """Draw up a paper of the result, or begin the certificates of all entries with a prize that have none; returns how
    many papers.

    Raises NotAllowed, Invalid for another paper, Refused
    before the ranking is locked, for certificates before the decision is issued, and for a paper under signature.
    """
    if template_code not in (*TOGETHER, "certificate"):
        raise Invalid({"": _("Không có loại văn bản này")})
    if not may_draw(contest, template_code, actor):
        raise NotAllowed(_("Việc soạn văn bản kết quả dành cho văn phòng và Tổ thư ký."))
    if not queries.is_locked(contest):
        raise Refused(NOT_LOCKED)
    if template_code != "certificate":
        documents.draw_up(template_code, contest, actor, now=now)
        return 1
    if not papers.is_issued("result_decision", contest.id):
        raise Refused(NOT_ISSUED)
    awarded = [entry.id for entry in queries.awarded(contest.id)]
    batch = batches.begin("certificate", contest, ENTRY, awarded, actor, now=now)
    return batch.total if batch else 0


def invite(contest: Contest, typed: Mapping[str, Any], actor: Actor, *, now: datetime) -> Document:
    """Draw up the invitation to the ceremony with what the office typed (see `notices.invitation`). Raises Refused
    while the one there is goes through hands."""
    return documents.put_up("invitation", notices.invitation(contest, typed, now=now), actor, now=now)
