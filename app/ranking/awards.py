"""What the decision on results with its annex, and the certificates say."""

from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.contests.models import Contest, Prize
from app.core.db import db
from app.core.errors import Refused
from app.core.vietnamese import money_in_words, number, to_local
from app.documents import contexts
from app.documents import queries as papers
from app.documents.services import Drawn, draws
from app.entries.models import Entry
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.ranking import queries, wording
from app.ranking.services import NOT_ISSUED
from workflows import CONTEST, ENTRY

SIGNER = "chairman"


# --- decision -----------------------------------------------------------------------------------------------------
@draws("result_decision", CONTEST)
def result_decision(contest: Contest, *, now: datetime) -> Drawn:
    """The decision that recognises the results and gives the prizes, with the list of winners as its annex."""
    host = wording.host_of(contest)
    subject = f"Về việc công nhận kết quả và trao giải {wording.in_sentence(contest)}"
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    recipients = "\n".join(["Như Điều 3", *contexts.lines(contest.recipients)[1:]])
    context = contexts.frame(
        "result_decision", host, now=now, signatory=signatory, recipients=recipients, archive_line="VT"
    )
    series = f"QĐ-{host.symbol}"
    context |= {
        "subject": subject,
        "legal_bases": [
            *_legal_bases(contest),
            *wording.paper_bases(contest, "plan"),
            *wording.paper_bases(contest, "minutes"),
        ],
        "proposer": _proposer(contest),
        "articles": _articles(contest, host),
        "annex_title": "Danh sách tập thể, cá nhân đạt giải",
        "annex_reference": contexts.annex_reference("result_decision", wording.whose(host, signatory), series, now=now),
        "rows": [_annex_row(contest, n, entry) for n, entry in enumerate(queries.awarded(contest.id), 1)],
        "total_amount_text": number(queries.awarded_money(contest.id)),
        "total_in_words": money_in_words(queries.awarded_money(contest.id)),
    }
    return Drawn(context, subject, contest.id, host.id)


def _legal_bases(contest: Contest) -> list[str]:
    texts = (wording.bare(basis.text) for basis in contest.legal_bases)
    return [f"Căn cứ {text.removeprefix('Căn cứ ').removeprefix('Thực hiện ')}" for text in texts]


def _proposer(contest: Contest) -> str:
    document = papers.paper_of("submission", contest_id=contest.id)
    words = f"Theo đề nghị của {wording.ORGANISERS}"
    if document is None or document.state != "issued":
        return words
    return f"{words} tại Tờ trình {wording.symbol_and_day(document)}"


def _articles(contest: Contest, host: Organisation) -> list[dict[str, Any]]:
    entries = queries.awarded(contest.id)
    groups = sum(1 for entry in entries if entry.kind == "collective")
    parts = [f"{groups:02} tập thể"] if groups else []
    if len(entries) > groups:
        parts.append(f"{len(entries) - groups:02} cá nhân, nhóm tác giả")
    offices = ", ".join([*(task.office for task in contest.tasks), "các đơn vị và cá nhân có tên tại Điều 1"])
    duty = f"{offices[0].upper()}{offices[1:]} chịu trách nhiệm thi hành Quyết định này"
    return [
        {
            "text": f"Công nhận kết quả và trao giải {wording.in_sentence(contest)} cho "
            f"{' và '.join(parts) or '0 hồ sơ'} (có danh sách kèm theo)"
        },
        {
            "text": "Mức thưởng và kinh phí",
            "clauses": [
                "Mức thưởng của từng giải thực hiện theo danh sách kèm theo; tổng tiền thưởng là "
                f"{wording.total_words(contest)}",
                wording.source_of_money(contest),
            ],
        },
        {"text": f"Quyết định này có hiệu lực kể từ ngày ký. {duty}"},
    ]


def _annex_row(contest: Contest, place: int, entry: Entry) -> dict[str, str]:
    prize = db.session.get(Prize, entry.prize_id)
    return {
        "stt": str(place),
        "code": entry.code,
        "authors": wording.authors(entry),
        "unit": entry.unit.name,
        "title": entry.title,
        "score": wording.score(entry),
        "prize": wording.short_prize(prize.name),
        "amount": number(prize.amount),
    }


# --- certificate --------------------------------------------------------------------------------------------------
@draws("certificate", ENTRY)
def certificate(entry: Entry, *, now: datetime) -> Drawn:
    """The certificate of one entry with a prize. Raises Refused while the decision is not issued."""
    contest = entry.contest
    host = wording.host_of(contest)
    decision = papers.paper_of("result_decision", contest_id=contest.id)
    if decision is None or decision.state != "issued" or entry.prize_id is None:
        raise Refused(NOT_ISSUED)
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    context = contexts.frame("certificate", host, now=now, signatory=signatory)
    prize = wording.short_prize(wording.prize_names(contest)[entry.prize_id])
    context |= {
        "award_text": f"Đạt giải {prize}",
        "contest_name": wording.in_sentence(contest),
        "entry_title": entry.title,
        "decision_text": f"Quyết định {wording.symbol_and_day(decision)} của {wording.whose(host, signatory)}",
    } | _recipient(entry)
    subject = f"Chứng nhận giải {prize}: {entry.title}"
    return Drawn(context, subject, contest.id, host.id, entry_id=entry.id)


def _recipient(entry: Entry) -> dict[str, str]:
    names = [author.full_name for author in entry.authors]
    if entry.kind == "collective":
        return {"recipient_name": f"Tập thể {entry.unit.name}", "co_authors": ", ".join(names)}
    first = entry.authors[0]
    user = db.session.get(User, first.user_id) if first.user_id else None
    title = user.honorific if user and user.honorific else "Ông (bà)"
    told = {"recipient_name": f"{title} {first.full_name}"}
    detail = ", ".join(filter(None, [first.job_title, first.workplace or entry.unit.name]))
    others = {"co_authors": ", ".join(names[1:])} if names[1:] else {}
    return told | {"recipient_detail": detail} | others
