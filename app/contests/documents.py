"""What the plan (KH), the decision on the boards (QĐ) and the notice that calls for entries (TB) say.

Texts go in without end punctuation, which the templates set. The wording of the decision follows Nghị định
30/2020/NĐ-CP, Phụ lục III, Mẫu 1.2.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import current_app

from app.contests import wording
from app.contests.models import Contest
from app.contests.setup import seats
from app.contests.wording import bare, name_in_sentence, points
from app.core.vietnamese import decimal_text, moment_text, money, short_date
from app.documents.services import Drawn, draws
from workflows import CONTEST

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
    context = wording.frame("plan", contest, contest.recipients, now)
    context |= _plan_texts(contest) | _plan_tables(contest)
    context["subject"] = subject
    context.pop("legal_bases", None)
    return Drawn(context, subject, contest.id, contest.organisation_id)


@draws("board_decision", CONTEST)
def board_decision(contest: Contest, *, now: datetime) -> Drawn:
    """The decision that sets up the organising board, the jury and the secretariat."""
    whole = f"Ban Tổ chức, Ban Giám khảo, Tổ Thư ký {name_in_sentence(contest)}"
    subject = f"Về việc thành lập {whole}"
    context = wording.frame("board_decision", contest, "Như Điều 3", now)
    context |= {
        "subject": subject,
        "legal_bases": wording.bases(contest),
        "proposer": f"Theo đề nghị của {wording.leading_office(contest)}",
        "establishing": f"Thành lập {whole} gồm các ông (bà) có tên sau đây",
        "bodies": [_body(contest, board) for board in BOARD_NAMES if seats(contest, board)],
        "duties": list(DUTIES),
        "dissolution": DISSOLUTION,
        "effect": _effect(contest),
    }
    return Drawn(context, subject, contest.id, contest.organisation_id)


@draws("launch", CONTEST)
def launch(contest: Contest, *, now: datetime) -> Drawn:
    """The notice that calls for entries."""
    host, name = wording.host_of(contest).name, name_in_sentence(contest)
    subject = f"Phát động {name}"
    plan_cited = "".join(f"Thực hiện {text.partition(' về việc ')[0]}, " for text in wording.plan_citation(contest))
    context = wording.frame("launch", contest, contest.recipients, now) | {
        "subject": subject,
        "intro": f"{plan_cited}{host} phát động {name} như sau:",
        "eligible": [bare(contest.eligible_collective), bare(contest.eligible_individual)],
        "fields": [field.name for field in contest.fields],
        "dossier": list(DOSSIER),
        "intake_text": intake_span(contest),
        "places": [
            f"Nộp trực tuyến tại địa chỉ {current_app.config['SETTINGS'].base_url.partition('://')[2]}",
            f"Giải đáp: {wording.contact(contest)}",
        ],
        "prizes": _prizes(contest),
        "closing": f"{host} đề nghị các cơ quan, đơn vị phổ biến, vận động cán bộ, công chức, viên chức, "
        "người lao động tích cực tham gia",
    }
    return Drawn(context, subject, contest.id, contest.organisation_id)


def _plan_texts(contest: Contest) -> dict[str, Any]:
    return {
        "intro": _intro(contest),
        "purposes": points(contest.purposes),
        "requirements": points(contest.requirements),
        "eligible": {
            "collective": bare(contest.eligible_collective),
            "individual": bare(contest.eligible_individual),
        },
        "content": points(contest.content),
        "dossier": list(DOSSIER),
        "budget": bare(contest.budget_text),
        "closing": points(contest.closing),
    }


def _intro(contest: Contest) -> list[str]:
    """The opening paragraphs; the papers that the plan carries out stand before the first one."""
    paragraphs = points(contest.intro)
    cited = "; ".join(wording.citations(contest))
    if cited and paragraphs:
        return [f"Thực hiện {cited}, {paragraphs[0]}", *paragraphs[1:]]
    return paragraphs


def _plan_tables(contest: Contest) -> dict[str, Any]:
    return {
        "fields": [field.name for field in contest.fields],
        "timeline": [{"step": step, "time_text": text} for step, text in timeline(contest)],
        "criteria": [{"name": c.name, "max": decimal_text(c.max_score)} for c in contest.criteria],
        "criteria_total": decimal_text(sum((c.max_score for c in contest.criteria), start=Decimal(0))),
        "prizes": _prizes(contest),
        "tasks": [{"office": task.office, "lines": points(task.lines)} for task in contest.tasks],
    }


def timeline(contest: Contest) -> list[tuple[str, str]]:
    """The steps of the contest with their time in words."""
    steps = []
    if contest.opens_at and contest.closes_at:
        steps.append(("Phát động và nhận hồ sơ", intake_span(contest)))
    if contest.screening_due_at:
        steps.append(("Kiểm tra hồ sơ", f"xong trước {moment_text(contest.screening_due_at)}"))
    if contest.judging_due_at:
        steps.append(("Chấm điểm", f"xong trước {moment_text(contest.judging_due_at)}"))
    if contest.award_on:
        steps.append(("Tổng kết, trao giải", f"ngày {short_date(contest.award_on)}"))
    return steps


def intake_span(contest: Contest) -> str:
    """From when to when entries are taken in."""
    return f"từ {moment_text(contest.opens_at)} đến {moment_text(contest.closes_at)}"


def _prizes(contest: Contest) -> list[dict[str, str]]:
    return [{"name": p.name, "slots": f"{p.slots:02}", "amount_text": money(p.amount)} for p in contest.prizes]


def _effect(contest: Contest) -> str:
    others = "các bộ phận, đơn vị liên quan và các ông (bà) có tên tại Điều 1"
    return f"Quyết định này có hiệu lực kể từ ngày ký. {wording.duty(contest, others)}"


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
