"""What the submission to the body above (Tờ trình) says, with its list. It fits the manifest."""

from datetime import datetime

from app.contests.models import Contest
from app.core.db import db
from app.core.vietnamese import official_date, to_local
from app.documents import contexts
from app.documents import queries as papers
from app.documents.services import Drawn, draws
from app.entries.queries import count_in_states
from app.handover import contents, listing, queries
from app.handover.models import Package
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from workflows import ENTRY, HANDOVER

CHARTER = "Căn cứ Nghị định số 13/2012/NĐ-CP ngày 02 tháng 3 năm 2012 của Chính phủ ban hành Điều lệ Sáng kiến"
NOT_RECEIVED = ("draft", "withdrawn")
JUDGED = ("scored", "ranked", "forwarded_to_town", "received", "recognised", "not_recognised")
SERIES = "TTr"


@draws("forwarding", HANDOVER)
def forwarding(package: Package, *, now: datetime) -> Drawn:
    """The submission with which a package goes up."""
    contest = db.session.get(Contest, package.contest_id)
    host = db.session.get(Organisation, package.organisation_id)
    receiver = db.session.get(Organisation, package.receiver_id)
    lines = listing.lines(contents.entries_of(package))
    subject = f"Về việc đề nghị xét, công nhận sáng kiến năm {contest.year}"
    context = _frame(contest, host, now) | {
        "subject": subject,
        "addressees": _addressees(receiver),
        "legal_bases": [CHARTER, *_decision(contest, host)],
        "intro": f"{host.name} kính trình {receiver.name} xem xét các sáng kiến, giải pháp đạt kết quả tốt của "
        f"cuộc thi năm {contest.year} như sau:",
        "report": _report(contest),
        "proposals": [
            f"{host.name} đề nghị {receiver.name} xem xét, công nhận {len(lines):02} sáng kiến, giải pháp có tên "
            "trong danh sách kèm theo"
        ],
        "attachments": ["Danh sách sáng kiến, giải pháp", "Hồ sơ của từng sáng kiến, giải pháp"],
        "closing": "Kính đề nghị Hội đồng xem xét, quyết định",
        "annex_title": "Danh sách sáng kiến, giải pháp đề nghị xét, công nhận",
        "annex_reference": contexts.annex_reference("forwarding", host.name, f"{SERIES}-{host.symbol}", now=now),
        "rows": [_row(line) for line in lines],
    }
    return Drawn(context, subject, contest.id, host.id, package_id=package.id)


def _frame(contest: Contest, host: Organisation, now: datetime) -> dict:
    signatory = organisations.signatory(host.id, "chairman", to_local(now).date())
    return contexts.frame(
        "forwarding",
        host,
        now=now,
        signatory=signatory,
        recipients="Như trên",
        archive_line=contest.archive_line.rstrip(" .") or "VT",
    )


def _addressees(receiver: Organisation) -> list[str]:
    """The council, after the authority that it belongs to."""
    parent = db.session.get(Organisation, receiver.parent_id) if receiver.parent_id else None
    return [*([parent.name] if parent else []), receiver.name]


def _decision(contest: Contest, host: Organisation) -> list[str]:
    """The decision on the results, once it is issued."""
    paper = papers.paper_of("result_decision", contest_id=contest.id)
    if paper is None or paper.issued_on is None:
        return []
    day, about = official_date(paper.issued_on), paper.subject
    about = about[:1].lower() + about[1:]
    return [f"Căn cứ Quyết định số {paper.symbol} {day} của Chủ tịch {host.name} {about}"]


def _report(contest: Contest) -> list[str]:
    received = [name for name in ENTRY.state_names if name not in NOT_RECEIVED]
    return [
        f"Cuộc thi nhận {count_in_states(contest.id, received):02} hồ sơ; "
        f"{count_in_states(contest.id, JUDGED):02} hồ sơ được chấm; "
        f"{queries.count_prizes(contest.id):02} hồ sơ đạt giải",
        "Các sáng kiến, giải pháp được đề nghị có xác nhận của đơn vị nơi tác giả công tác",
    ]


def _row(line: listing.Line) -> dict[str, str]:
    return {
        "stt": str(line.number),
        "title": line.title,
        "authors": line.authors,
        "unit": line.unit,
        "field_name": line.field,
        "first_applied_text": line.first_applied,
        "scope": line.scope,
        "score": line.score_text,
        "proposal": listing.PROPOSAL,
    }
