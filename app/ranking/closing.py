"""What the closing report of a contest and the list for paying out the prizes say."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from app.contests.models import Contest, Prize
from app.core.db import db
from app.core.vietnamese import counted, moment_text, money_in_words, number
from app.documents import contexts
from app.documents import queries as papers
from app.documents.services import Drawn, draws
from app.entries.models import Entry
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.ranking import queries, wording
from app.ranking.notices import issued_decision, paper_frame
from workflows import CONTEST

KINDS = {"collective": "Tập thể", "individual": "Cá nhân, nhóm tác giả"}
NO_SHORTCOMING = "Không có hồ sơ phải bổ sung, không có hồ sơ không hợp lệ"


# --- the report ---------------------------------------------------------------------------------------------------
@draws("closing_report", CONTEST)
def closing_report(contest: Contest, *, now: datetime) -> Drawn:
    """The season in figures. Raises Refused before the decision on the results is issued."""
    issued_decision(contest)
    host, name = wording.host_of(contest), wording.in_sentence(contest)
    above = organisations.get(host.parent_id) if host.parent_id else None
    recipients = [*(["Như trên"] if above else []), *contexts.lines(contest.recipients), wording.ORGANISERS]
    subject = f"Tổng kết {name}"
    context = paper_frame("closing_report", contest, recipients, now) | {
        "subject": subject,
        **({"addressees": [above.name]} if above else {}),
        "intro": f"{host.name} báo cáo kết quả tổ chức {name} như sau:",
        "organising": list(_organising(contest)),
        "prizes": list(_prizes(contest)),
        "shortcomings": list(_shortcomings(contest)) or [NO_SHORTCOMING],
        "proposals": list(_proposals(contest)),
        "closing": f"Trên đây là Báo cáo tổng kết {name}",
    }
    return Drawn(context | _figures(contest), subject, contest.id, host.id)


def _organising(contest: Contest) -> Iterator[str]:
    for template in ("plan", "rules", "board_decision"):
        paper = papers.paper_of(template, contest_id=contest.id)
        if paper is not None and paper.issued_on is not None:
            yield f"Ban hành {paper.type_name} {wording.symbol_and_day(paper)} {contexts.about(paper)}"
    if contest.opens_at and contest.closes_at:
        yield f"Nhận hồ sơ từ {moment_text(contest.opens_at)} đến {moment_text(contest.closes_at)}"
    jury = sum(1 for member in contest.members if member.board == "jury")
    yield (
        f"Ban Giám khảo gồm {jury:02} thành viên, chấm độc lập trên thang điểm {wording.scale(contest)}; mỗi hồ sơ do "
        f"ít nhất {contest.min_judges:02} giám khảo chấm"
    )


def _figures(contest: Contest) -> dict[str, Any]:
    fields, kinds = _counts(contest, Entry.field_id), _counts(contest, Entry.kind)
    rows = [_field_row(field.name, fields[field.id]) for field in contest.fields if field.id in fields]
    all_of = [sum(row[column] for row in kinds.values()) for column in (1, 2, 3)]
    return {
        "figures": [
            f"Số hồ sơ nhận: {counted(all_of[0])}; số hồ sơ được chấm, xếp hạng: {counted(all_of[1])}",
            f"Số hồ sơ đạt giải: {counted(all_of[2])}",
        ],
        "by_field": rows,
        "by_kind": [
            f"{words}: nhận {kinds[kind].received:02}, được chấm {kinds[kind].judged:02}, "
            f"đạt giải {kinds[kind].awarded:02}"
            for kind, words in KINDS.items()
            if kind in kinds
        ],
        "totals": dict(zip(("received", "judged", "awarded"), (f"{count:02}" for count in all_of), strict=True)),
    }


def _counts(contest: Contest, by) -> dict[Any, Row]:
    """By a column of entries: how many were received, judged, awarded."""
    counted = select(
        by.label("key"),
        func.count().label("received"),
        func.count(Entry.rank).label("judged"),
        func.count(Entry.prize_id).label("awarded"),
    ).where(Entry.contest_id == contest.id, Entry.submitted_at.is_not(None))
    return {row.key: row for row in db.session.execute(counted.group_by(by))}


def _field_row(name: str, row: Row) -> dict[str, str]:
    return {
        "name": name,
        "received": f"{row.received:02}",
        "judged": f"{row.judged:02}",
        "awarded": f"{row.awarded:02}",
    }


def _prizes(contest: Contest) -> Iterator[str]:
    given: dict[int, int] = {}
    for entry in queries.awarded(contest.id):
        given[entry.prize_id] = given.get(entry.prize_id, 0) + 1
    names = [
        f"{given[prize.id]:02} giải {wording.short_prize(prize.name)}" for prize in contest.prizes if prize.id in given
    ]
    yield f"Đã trao {', '.join(names)}"
    yield f"Tổng tiền thưởng: {wording.total_words(contest)}. {wording.source_of_money(contest)}"


def _shortcomings(contest: Contest) -> Iterator[str]:
    of_contest = Entry.contest_id == contest.id
    completed = select(func.count()).select_from(Entry).where(of_contest, Entry.return_reason != "")
    rejected = select(func.count()).select_from(Entry).where(of_contest, Entry.state == "rejected")
    if count := db.session.scalar(completed):
        yield f"{count:02} hồ sơ phải bổ sung sau khi nộp"
    if count := db.session.scalar(rejected):
        yield f"{count:02} hồ sơ không hợp lệ"
    entered = _counts(contest, Entry.field_id)
    if empty := sum(1 for field in contest.fields if field.id not in entered):
        yield f"{empty:02}/{len(contest.fields):02} lĩnh vực không có hồ sơ dự thi"


def _proposals(contest: Contest) -> Iterator[str]:
    receiver = organisations.get(contest.receiver_id) if contest.receiver_id else None
    if receiver is not None:
        yield f"Đề nghị {receiver.name} xem xét, công nhận các sáng kiến, giải pháp tiêu biểu của cuộc thi"
    yield "Phổ biến, nhân rộng các sáng kiến, giải pháp đạt giải trên địa bàn"


# --- the list -----------------------------------------------------------------------------------------------------
@draws("payment_list", CONTEST)
def payment_list(contest: Contest, *, now: datetime) -> Drawn:
    """Who gets which sum, with room to sign for it. Raises Refused before the decision on the results is issued."""
    decision, host = issued_decision(contest), wording.host_of(contest)
    prizes = {prize.id: prize for prize in contest.prizes}
    total = queries.awarded_money(contest.id)
    name = wording.in_sentence(contest)
    context = paper_frame("payment_list", contest, [], now) | {
        "subject": f"{name[:1].upper()}{name[1:]}",
        "annex_reference": f"Kèm theo {contexts.cited(decision)}",
        "rows": [_payment(place, entry, prizes) for place, entry in enumerate(queries.awarded(contest.id), 1)],
        "total_amount_text": number(total),
        "total_in_words": money_in_words(total),
        "left_signature": contexts.block(_secretary(contest, host), "NGƯỜI LẬP"),
    }
    return Drawn(context, f"Danh sách chi tiền thưởng {name}", contest.id, host.id)


def _payment(place: int, entry: Entry, prizes: dict[int, Prize]) -> dict[str, str]:
    prize = prizes[entry.prize_id]
    return {
        "stt": str(place),
        "name": wording.authors(entry),
        "unit": entry.unit.name,
        "prize": wording.short_prize(prize.name),
        "amount": number(prize.amount),
    }


def _secretary(contest: Contest, host: Organisation) -> str:
    return wording.name_of(wording.lead_of(contest, "secretariat")) or host.short_name
