"""The papers of scoring: a judge's sheet, and the summary of all scores."""

from decimal import Decimal

from app.contests.models import Contest
from app.core.db import db
from app.core.vietnamese import decimal_text, short_date, to_local, upper
from app.documents import contexts
from app.documents.services import Drawn, draws
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.scoring import aggregates, panel, queries
from app.scoring.models import ScoreSheet
from app.scoring.policy import SENT
from workflows import CONTEST, SCORECARD

BODY = "Ban Giám khảo cuộc thi"
ISSUER = "BGK"
NO_SCORE = "–"
TWO_PLACES = 2


@draws("score_sheet", SCORECARD)
def score_sheet(sheet: ScoreSheet, *, now) -> Drawn:
    """One sent sheet as the judge signs it on paper; blind contests leave authors and unit out."""
    entry = sheet.entry
    contest = entry.contest
    host = db.session.get(Organisation, contest.organisation_id)
    sent_at = sheet.submitted_at or now
    name = sheet.judge.full_name
    context = contexts.frame("score_sheet", host, now=now, body=BODY, day=to_local(sent_at).date()) | {
        "subject": contest.title,
        "entry_code": entry.code,
        "entry_title": entry.title,
        "field_name": entry.field.name if entry.field else "",
        "judge_name": name,
        "criteria": _criteria(sheet),
        "total_max": decimal_text(aggregates.scale(contest)),
        "total_score": decimal_text(sheet.total or Decimal(0)),
        "submitted_text": _moment(sent_at),
        "signature": contexts.block(name, upper("Giám khảo"), note="(Ký, ghi rõ họ tên)"),
    }
    if sheet.comment:
        context["overall_comment"] = sheet.comment
    if not contest.blind:
        context["author_line"] = ", ".join(author.full_name for author in entry.authors)
        context["unit_line"] = entry.unit.name
    return Drawn(
        context,
        subject_line=f"Phiếu chấm hồ sơ {entry.code}",
        contest_id=contest.id,
        organisation_id=host.id,
        entry_id=entry.id,
        issuer=ISSUER,
        signer_role="",
        signer_name=name,
        sheet_id=sheet.id,
    )


def _criteria(sheet: ScoreSheet) -> list[dict[str, str]]:
    return [
        {
            "stt": str(number),
            "name": line.name,
            "max": decimal_text(line.max_score),
            "score": decimal_text(line.score) if line.score is not None else NO_SCORE,
        }
        | ({"comment": line.note} if line.note else {})
        for number, line in enumerate(queries.lines_of(sheet), 1)
    ]


def _moment(moment) -> str:
    local = to_local(moment)
    return f"{local:%H} giờ {local:%M} phút ngày {short_date(local.date())}"


@draws("score_summary", CONTEST)
def score_summary(contest: Contest, *, now) -> Drawn:
    """All scored entries with the totals of each judge, best first, as secretary and head of jury sign it."""
    host = db.session.get(Organisation, contest.organisation_id)
    today = to_local(now).date()
    sheets = [sheet for sheet in panel.sheets_of(contest.id) if sheet.state in SENT]
    judges = panel.names_of({sheet.judge_id for sheet in sheets})
    head = organisations.signatory(host.id, "head_of_jury", today)
    context = contexts.frame("score_summary", host, now=now, body=BODY, signatory=head) | {
        "subject": contest.title,
        "basis_line": basis_line(contest),
        "judges": [{"short": f"GK{n}", "name": name} for n, name in enumerate(judges.values(), 1)],
        "rows": _rows(contest, judges, sheets),
        "left_signature": contexts.block(_lead(contest, "secretariat"), upper("Tổ trưởng Tổ Thư ký")),
        "signature": contexts.block(_lead(contest, "jury"), upper("Trưởng Ban Giám khảo")),
    }
    return Drawn(
        context,
        subject_line=f"Bảng tổng hợp điểm {contest.title}",
        contest_id=contest.id,
        organisation_id=host.id,
        issuer=ISSUER,
    )


def basis_line(contest: Contest) -> str:
    """How the score of an entry comes about, in one sentence."""
    means = {
        "mean": "trung bình cộng điểm của các giám khảo",
        "drop_extremes": "trung bình cộng điểm của các giám khảo sau khi bỏ một điểm cao nhất và một điểm thấp nhất",
    }
    limit = decimal_text((aggregates.scale(contest) * contest.deviation_percent / 100).quantize(Decimal("0.01")))
    return (
        f"Điểm của hồ sơ là {means[contest.combination]}, làm tròn đến hai chữ số thập phân; "
        f"chênh lệch trên {limit} điểm do Trưởng Ban Giám khảo quyết định"
    )


def _rows(contest: Contest, judges: dict[int, str], sheets) -> list[dict]:
    totals = {(sheet.entry_id, sheet.judge_id): decimal_text(sheet.total) for sheet in sheets}
    entries = [entry for entry in queries.entries_in_judging(contest.id, queries.JUDGED) if entry.rank_key]
    entries.sort(key=lambda entry: (entry.rank is None, entry.rank or 0, entry.rank_key, entry.id))
    units = organisations.names({entry.unit_id for entry in entries})
    return [
        {
            "stt": str(number),
            "code": entry.code,
            "title": entry.title,
            "authors": ", ".join(author.full_name for author in entry.authors),
            "unit": units[entry.unit_id],
            "scores": [totals.get((entry.id, judge_id), NO_SCORE) for judge_id in judges],
            "mean": decimal_text(entry.score_mean, TWO_PLACES),
            "spread": decimal_text(entry.score_max - entry.score_min, TWO_PLACES),
            "rank": str(entry.rank) if entry.rank else NO_SCORE,
        }
        | ({"note": entry.tie_note} if entry.tie_note else {})
        for number, entry in enumerate(entries, 1)
    ]


def _lead(contest: Contest, board: str) -> str:
    """Name of the head of a board, "" while the board has none."""
    heads = [member.full_name for member in contest.members if member.board == board and member.is_head]
    return heads[0] if heads else ""
