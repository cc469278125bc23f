"""What the plan (KH) and the decision on the boards (QĐ) say, made from the contest. They fit the manifests.

Texts go in without end punctuation, which the templates set. The wording of the decision follows Nghị định
30/2020/NĐ-CP, Phụ lục III, Mẫu 1.2.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.contests.models import Contest
from app.contests.setup import seats
from app.core.db import db
from app.core.vietnamese import decimal_text, moment_text, money, short_date, to_local
from app.documents import contexts
from app.documents.models import Document
from app.documents.services import Drawn, draws
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from workflows import CONTEST

SIGNER = "chairman"
BOARD_NAMES = {"organising": "Ban Tổ chức", "jury": "Ban Giám khảo", "secretariat": "Tổ Thư ký"}
DOSSIER = (
    "Đơn đăng ký dự thi ghi rõ tác giả, đồng tác giả và tỷ lệ đóng góp của từng người",
    "Bản mô tả sáng kiến, giải pháp: tình trạng trước khi áp dụng, nội dung giải pháp, khả năng áp dụng, hiệu quả",
    "Tài liệu minh chứng",
    "Xác nhận của đơn vị nơi tác giả công tác",
)
DUTIES = (
    "Ban Tổ chức chỉ đạo, tổ chức cuộc thi theo Kế hoạch đã ban hành",
    "Ban Giám khảo chấm điểm khách quan, độc lập, chịu trách nhiệm về kết quả chấm",
    "Tổ Thư ký tiếp nhận, kiểm tra hồ sơ, tổng hợp điểm và giúp việc Ban Giám khảo",
)
DISSOLUTION = "Ban Tổ chức, Ban Giám khảo, Tổ Thư ký tự giải thể sau khi hoàn thành nhiệm vụ"


@draws("plan", CONTEST)
def plan(contest: Contest, *, now: datetime) -> Drawn:
    """The plan of the contest."""
    subject = f"Tổ chức {name_in_sentence(contest)}"
    context = _frame("plan", contest, contest.recipients, now)
    context |= _plan_texts(contest) | _plan_tables(contest)
    context["subject"] = subject
    context.pop("legal_bases", None)
    return Drawn(context, subject, contest.id, contest.organisation_id)


@draws("board_decision", CONTEST)
def board_decision(contest: Contest, *, now: datetime) -> Drawn:
    """The decision that sets up the organising board, the jury and the secretariat."""
    whole = f"Ban Tổ chức, Ban Giám khảo, Tổ Thư ký {name_in_sentence(contest)}"
    subject = f"Về việc thành lập {whole}"
    context = _frame("board_decision", contest, "Như Điều 3", now)
    context |= {
        "subject": subject,
        "legal_bases": [f"Căn cứ {text}" for text in [*_citations(contest), *_plan_citation(contest)]],
        "proposer": f"Theo đề nghị của {_leading_office(contest)}",
        "establishing": f"Thành lập {whole} gồm các ông (bà) có tên sau đây",
        "bodies": [_body(contest, board) for board in BOARD_NAMES if seats(contest, board)],
        "duties": list(DUTIES),
        "dissolution": DISSOLUTION,
        "effect": _effect(contest),
    }
    return Drawn(context, subject, contest.id, contest.organisation_id)


def name_in_sentence(contest: Contest) -> str:
    """The title as it stands inside a sentence: `cuộc thi viết “…”`."""
    first, _, rest = contest.title.partition(" ")
    return f"{first.lower()} {rest}" if first in ("Cuộc", "Hội") else contest.title


def bare(text: str) -> str:
    """A text without its end punctuation."""
    return text.strip().removesuffix("./.").rstrip(" .;,")


def _points(text: str) -> list[str]:
    return [bare(line) for line in contexts.lines(text)]


def _organisation(contest: Contest) -> Organisation:
    return db.session.get(Organisation, contest.organisation_id)


def _frame(template: str, contest: Contest, recipients: str, now: datetime) -> dict[str, Any]:
    signatory = organisations.signatory(contest.organisation_id, SIGNER, to_local(now).date())
    return contexts.frame(
        template,
        _organisation(contest),
        now=now,
        signatory=signatory,
        recipients="\n".join(_points(recipients)),
        archive_line=bare(contest.archive_line),
    )


def _plan_texts(contest: Contest) -> dict[str, Any]:
    return {
        "intro": _intro(contest),
        "purposes": _points(contest.purposes),
        "requirements": _points(contest.requirements),
        "eligible": {
            "collective": bare(contest.eligible_collective),
            "individual": bare(contest.eligible_individual),
        },
        "content": _points(contest.content),
        "dossier": list(DOSSIER),
        "budget": bare(contest.budget_text),
        "closing": _points(contest.closing),
    }


def _intro(contest: Contest) -> list[str]:
    """The opening paragraphs; the papers that the plan carries out stand before the first one."""
    paragraphs = _points(contest.intro)
    cited = "; ".join(_citations(contest))
    if cited and paragraphs:
        return [f"Thực hiện {cited}, {paragraphs[0]}", *paragraphs[1:]]
    return paragraphs


def _citations(contest: Contest) -> list[str]:
    """The legal bases without the word that opens them, which differs by paper."""
    texts = (bare(basis.text) for basis in contest.legal_bases)
    return [text.removeprefix("Căn cứ ").removeprefix("Thực hiện ") for text in texts]


def _plan_citation(contest: Contest) -> list[str]:
    """The issued plan as a legal basis of the decision."""
    issued = db.session.execute(
        select(Document.symbol, Document.issued_on)
        .where(Document.contest_id == contest.id, Document.template_code == "plan", Document.state == "issued")
        .order_by(Document.id.desc())
    ).first()
    if issued is None:
        return []
    host, title = _organisation(contest).name, name_in_sentence(contest)
    return [f"Kế hoạch số {issued.symbol} ngày {short_date(issued.issued_on)} của {host} về việc tổ chức {title}"]


def _plan_tables(contest: Contest) -> dict[str, Any]:
    return {
        "fields": [field.name for field in contest.fields],
        "timeline": _timeline(contest),
        "criteria": [{"name": c.name, "max": decimal_text(c.max_score)} for c in contest.criteria],
        "criteria_total": decimal_text(sum((c.max_score for c in contest.criteria), start=Decimal(0))),
        "prizes": [{"name": p.name, "slots": f"{p.slots:02}", "amount_text": money(p.amount)} for p in contest.prizes],
        "tasks": [{"office": task.office, "lines": _points(task.lines)} for task in contest.tasks],
    }


def _timeline(contest: Contest) -> list[dict[str, str]]:
    steps = []
    if contest.opens_at and contest.closes_at:
        taken = f"từ {moment_text(contest.opens_at)} đến {moment_text(contest.closes_at)}"
        steps.append(("Phát động và nhận hồ sơ", taken))
    if contest.screening_due_at:
        steps.append(("Kiểm tra hồ sơ", f"xong trước {moment_text(contest.screening_due_at)}"))
    if contest.judging_due_at:
        steps.append(("Chấm điểm", f"xong trước {moment_text(contest.judging_due_at)}"))
    if contest.award_on:
        steps.append(("Tổng kết, trao giải", f"ngày {short_date(contest.award_on)}"))
    return [{"step": step, "time_text": text} for step, text in steps]


def _leading_office(contest: Contest) -> str:
    """The office that carries out the plan, which proposes its papers; else the host itself."""
    return contest.tasks[0].office if contest.tasks else _organisation(contest).name


def _effect(contest: Contest) -> str:
    offices = ", ".join([*(task.office for task in contest.tasks), "các bộ phận, đơn vị liên quan"])
    duty = "và các ông (bà) có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này"
    return f"Quyết định này có hiệu lực kể từ ngày ký. {offices[0].upper()}{offices[1:]} {duty}"


def _body(contest: Contest, board: str) -> dict[str, Any]:
    members = [
        {
            "stt": str(place),
            "honorific_name": f"{member.honorific} {member.full_name}".strip(),
            "job_title": member.job_title,
            "role": member.seat,
        }
        for place, member in enumerate(seats(contest, board), 1)
    ]
    return {"name": BOARD_NAMES[board], "members": members}
