"""Words that the papers of a contest share: its title inside a sentence, its bases, its frame."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.contests.models import Contest
from app.core.db import db
from app.core.vietnamese import official_date, to_local
from app.documents import contexts
from app.documents.models import Document
from app.organisations import queries as organisations
from app.organisations.models import Organisation

SIGNER = "chairman"


def name_in_sentence(contest: Contest) -> str:
    """The title as it stands inside a sentence: `cuộc thi viết “…”`."""
    first, _, rest = contest.title.partition(" ")
    return f"{first.lower()} {rest}" if first in ("Cuộc", "Hội") else contest.title


def bare(text: str) -> str:
    """A text without its end punctuation."""
    return text.strip().removesuffix("./.").rstrip(" .;,")


def points(text: str) -> list[str]:
    """The points of a text that holds one a line, without end punctuation."""
    return [bare(line) for line in contexts.lines(text)]


def host_of(contest: Contest) -> Organisation:
    """The organisation that holds the contest."""
    return db.session.get(Organisation, contest.organisation_id)


def frame(template: str, contest: Contest, recipients: str, now: datetime) -> dict[str, Any]:
    """The shared parts of a paper of the host; `recipients` holds one a line."""
    return contexts.frame(
        template,
        host_of(contest),
        now=now,
        signatory=organisations.signatory(contest.organisation_id, SIGNER, to_local(now).date()),
        recipients="\n".join(points(recipients)),
        archive_line=bare(contest.archive_line),
    )


def recipients_of_decision(contest: Contest, article: int) -> str:
    """Those of the plan behind the reference to the article that names who carries the decision out."""
    others = [line for line in contexts.lines(contest.recipients) if not line.startswith("Như")]
    return "\n".join([f"Như Điều {article}", *others])


def citations(contest: Contest) -> list[str]:
    """The legal bases without the word that opens them, which differs by paper."""
    texts = (bare(basis.text) for basis in contest.legal_bases)
    return [text.removeprefix("Căn cứ ").removeprefix("Thực hiện ") for text in texts]


def plan_citation(contest: Contest) -> list[str]:
    """The issued plan as a legal basis; nothing while it is not issued."""
    issued = db.session.execute(
        select(Document.symbol, Document.issued_on)
        .where(Document.contest_id == contest.id, Document.template_code == "plan", Document.state == "issued")
        .order_by(Document.id.desc())
    ).first()
    if issued is None:
        return []
    host, title = host_of(contest).name, name_in_sentence(contest)
    return [f"Kế hoạch số {issued.symbol} {official_date(issued.issued_on)} của {host} về việc tổ chức {title}"]


def bases(contest: Contest) -> list[str]:
    """The legal bases of a decision that carries the plan out."""
    return [f"Căn cứ {text}" for text in [*citations(contest), *plan_citation(contest)]]


def source_of_money(contest: Contest) -> str:
    """Where the money comes from, as a sentence: the plan's own, or one around the source that it names."""
    text = bare(contest.budget_text)
    return text if text.startswith("Kinh phí") else f"Kinh phí trích từ {text[:1].lower()}{text[1:]}"


def leading_office(contest: Contest) -> str:
    """The office that carries out the plan, which proposes its papers; else the host itself."""
    return contest.tasks[0].office if contest.tasks else host_of(contest).name


def duty(contest: Contest, others: str) -> str:
    """Who carries a decision out: the offices of the plan and `others`."""
    offices = ", ".join([*(task.office for task in contest.tasks), others])
    return f"{offices[0].upper()}{offices[1:]} chịu trách nhiệm thi hành Quyết định này"


def contact(contest: Contest) -> str:
    """Where questions and complaints go."""
    told = bare(contest.contact)
    return f"Tổ Thư ký cuộc thi, {told}" if told else "Tổ Thư ký cuộc thi"
