"""What the notice of the results and the invitation to the ceremony say."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.contests.models import Contest
from app.core.errors import Refused
from app.core.vietnamese import counted, from_local, short_date, to_local
from app.documents import contexts
from app.documents import queries as papers
from app.documents.models import Document
from app.documents.services import Drawn, draws
from app.entries.models import Entry
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.ranking import queries, wording
from workflows import CONTEST
from workflows.spec import N_, Refusal

SIGNER = "chairman"
NOT_TYPED = Refusal("invitation_not_typed", N_("Nhập thời gian, địa điểm và thành phần mời trước khi tạo giấy mời."))
GUESTS = (
    "Thành viên Ban Tổ chức, Ban Giám khảo, Tổ Thư ký cuộc thi",
    "Các tập thể, cá nhân đạt giải",
)
NOT_ISSUED = Refusal("result_not_issued", N_("Quyết định công nhận kết quả chưa được phát hành."))
_MOMENT = re.compile(r"(\d+) giờ (\d+) phút, ngày (\d+) tháng (\d+) năm (\d+)")


def issued_decision(contest: Contest) -> Document:
    """The decision on the results. Raises Refused while it is not issued."""
    decision = papers.paper_of("result_decision", contest_id=contest.id)
    if decision is None or decision.state != "issued":
        raise Refused(NOT_ISSUED)
    return decision


def paper_frame(template: str, contest: Contest, recipients: list[str], now: datetime) -> dict[str, Any]:
    """The shared parts of a paper of the host."""
    host = wording.host_of(contest)
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    return contexts.frame(template, host, now=now, signatory=signatory, recipients="\n".join(recipients))


# --- the notice ---------------------------------------------------------------------------------------------------
@draws("result_notice", CONTEST)
def result_notice(contest: Contest, *, now: datetime) -> Drawn:
    """Who won what, where complaints go, when the prizes are given. Raises Refused before the decision is issued."""
    decision, host = issued_decision(contest), wording.host_of(contest)
    awarded = queries.awarded(contest.id)
    names = wording.prize_names(contest)
    subject = f"Kết quả {wording.in_sentence(contest)}"
    recipients = ["Các cơ quan, đơn vị, cá nhân dự thi", *contexts.lines(contest.recipients)]
    context = paper_frame("result_notice", contest, recipients, now) | {
        "subject": subject,
        "intro": f"Căn cứ {contexts.cited(decision)}, {host.name} thông báo kết quả cuộc thi như sau:",
        "figures": _figures(contest, awarded),
        "winners": [_winner(place, entry, names) for place, entry in enumerate(awarded, 1)],
        "complaints": [f"Nơi nhận: {_contact(contest)}", "Ý kiến nêu rõ mã hồ sơ, nội dung đề nghị xem xét"],
        "ceremony": _ceremony(contest),
        "closing": f"{host.name} thông báo để các cơ quan, đơn vị, cá nhân biết",
    }
    return Drawn(context, subject, contest.id, host.id)


def _figures(contest: Contest, awarded: list[Entry]) -> list[str]:
    groups = sum(1 for entry in awarded if entry.kind == "collective")
    return [
        f"Số hồ sơ dự thi: {counted(queries.count_submitted(contest))}",
        f"Số hồ sơ hợp lệ được chấm: {counted(queries.count_placed(contest))}",
        f"Số hồ sơ đạt giải: {counted(len(awarded))} ({counted(groups)} tập thể; {counted(len(awarded) - groups)} cá "
        "nhân, nhóm tác giả)",
    ]


def _winner(place: int, entry: Entry, names: Mapping[int, str]) -> dict[str, str]:
    authors = wording.authors(entry)
    return {
        "stt": str(place),
        "authors": authors if entry.kind == "collective" else f"{authors}, {entry.unit.name}",
        "title": entry.title,
        "score": wording.score(entry),
        "prize": wording.short_prize(names[entry.prize_id]),
    }


def _contact(contest: Contest) -> str:
    told = wording.bare(contest.contact)
    return f"Tổ Thư ký cuộc thi, {told}" if told else "Tổ Thư ký cuộc thi"


def _ceremony(contest: Contest) -> list[str]:
    planned = [f"Thời gian dự kiến: ngày {short_date(contest.award_on)}"] if contest.award_on else []
    return [*planned, "Thời gian, địa điểm cụ thể theo Giấy mời"]


# --- the invitation -----------------------------------------------------------------------------------------------
def invitation(contest: Contest, typed: Mapping[str, Any], *, now: datetime) -> Drawn:
    """The invitation with what the office typed: `moment` (a datetime), `place`, `guests`, `notes`."""
    host = wording.host_of(contest)
    event = f"Hội nghị tổng kết và trao giải {wording.in_sentence(contest)}"
    subject = f"Dự {event[:1].lower()}{event[1:]}"
    context = paper_frame("invitation", contest, ["Như thành phần mời"], now) | {
        "subject": subject,
        "inviter": host.name,
        "event": event,
        "chair": _chair(host, now),
        "time_text": wording.moment(typed["moment"]),
        "place": typed["place"],
        "guests": list(typed["guests"]),
        "closing": f"{host.name} rất hân hạnh được đón tiếp",
    }
    if typed["notes"]:
        context["notes"] = list(typed["notes"])
    return Drawn(context, subject, contest.id, host.id)


@draws("invitation", CONTEST)
def invitation_again(contest: Contest, *, now: datetime) -> Drawn:
    """The invitation anew, with what was typed for the one there is. Raises Refused when none was ever typed."""
    typed = typed_for(contest)
    if typed is None:
        raise Refused(NOT_TYPED)
    return invitation(contest, typed, now=now)


def typed_for(contest: Contest) -> dict[str, Any] | None:
    """What was typed for the present invitation; None when there is none."""
    document = papers.paper_of("invitation", contest_id=contest.id)
    if document is None:
        return None
    data = json.loads(document.data)
    hour, minute, day, month, year = map(int, _MOMENT.fullmatch(data["time_text"]).groups())
    return {
        "moment": from_local(datetime(year, month, day, hour, minute)),
        "place": data["place"],
        "guests": data["guests"],
        "notes": data.get("notes", []),
    }


def _chair(host: Organisation, now: datetime) -> str:
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    return f"{signatory.full_name}, {signatory.title}" if signatory else host.name
