"""What the minutes of the jury and the submission say. Texts go in without end punctuation, the templates set it."""

from datetime import datetime
from typing import Any

from app.contests.models import Contest
from app.core.vietnamese import counted, decimal_text, to_local, upper
from app.documents import contexts
from app.documents.services import Drawn, draws
from app.entries.models import Entry
from app.organisations import queries as organisations
from app.organisations.capacity import office_at
from app.organisations.models import Organisation, Signatory
from app.ranking import queries, wording
from workflows import CONTEST

JURY = "Ban Giám khảo cuộc thi"
SIGNER = "chairman"
LONGEST_TABLE = 100
ABSENCE = "vắng mặt có lý do, đã gửi phiếu chấm"


# --- minutes ------------------------------------------------------------------------------------------------------
@draws("minutes", CONTEST)
def minutes(contest: Contest, *, now: datetime) -> Drawn:
    """The jury's meeting that settled ranks and prizes: who was there, the ranking, the conclusion."""
    subject = f"Họp Ban Giám khảo {wording.in_sentence(contest)}"
    lock = queries.last_lock(contest)
    held = queries.meeting_of(lock)
    ended = lock.at if lock else now
    chair, secretary = wording.lead_of(contest, "jury"), wording.lead_of(contest, "secretariat")
    context = contexts.frame("minutes", wording.host_of(contest), now=now, body=JURY, archive_line="VT, hồ sơ cuộc thi")
    context |= {
        "subject": subject,
        "started_text": wording.moment(wording.typed(held.get("meeting_started"), ended)),
        "ended_text": wording.moment(ended),
        "place": held.get("meeting_place") or f"Trụ sở {wording.host_of(contest).name}",
        "chair": wording.seat_words(chair, "Trưởng Ban Giám khảo"),
        "secretary": wording.seat_words(secretary, "Tổ Thư ký"),
        "content": _proceedings(contest),
        "results": _result_rows(contest),
        "conclusions": _conclusions(contest, lock),
        "recipients": ["Ban Tổ chức cuộc thi", "Các thành viên Ban Giám khảo"],
        "left_signature": contexts.block(wording.name_of(secretary), "THƯ KÝ"),
        "signature": contexts.block(wording.signing_name(chair), "CHỦ TỌA"),
    } | _attendance(contest, held.get("meeting_absent") or [])
    return Drawn(context, subject, contest.id, contest.organisation_id, issuer="BGK")


def _attendance(contest: Contest, absent: list[str]) -> dict[str, Any]:
    jury = [member for member in contest.members if member.board == "jury"]
    there = [member for member in jury if member.full_name not in absent]
    away = [member for member in jury if member.full_name in absent]
    rows = [
        {"stt": str(n), "honorific_name": wording.name_of(member, True), "role": member.seat}
        for n, member in enumerate(there, 1)
    ]
    told: dict[str, Any] = {"members_total": len(jury), "present": rows}
    if away:
        told["absent"] = [{"honorific_name": wording.name_of(member, True), "reason": ABSENCE} for member in away]
    return told


def _proceedings(contest: Contest) -> list[str]:
    placed = queries.count_placed(contest)
    received = queries.count_submitted(contest)
    threshold = decimal_text(contest.threshold)
    return [
        f"Tổ Thư ký báo cáo: đã nhận {counted(received)} hồ sơ, {counted(placed)} hồ sơ hợp lệ được chấm đủ số phiếu; "
        "các phiếu chấm đã khóa",
        f"Ban Giám khảo xếp hạng theo điểm trung bình và các quy tắc của kế hoạch; hồ sơ dưới {threshold} điểm không "
        "xét giải",
        "Ban Giám khảo thống nhất bảng xếp hạng và đề nghị cơ cấu giải trong phạm vi kinh phí được duyệt",
    ]


def _result_rows(contest: Contest) -> list[dict[str, str]]:
    """All ranked entries, of a long ranking those with a prize; the summary of scores holds everybody."""
    names = wording.prize_names(contest)
    entries = queries.ranked(contest.id)
    if len(entries) > LONGEST_TABLE:
        entries = [entry for entry in entries if entry.prize_id]
    return [
        {
            "stt": str(n),
            "code": entry.code,
            "title": entry.title,
            "authors": wording.authors(entry),
            "mean": wording.score(entry),
        }
        | ({"proposal": names[entry.prize_id]} if entry.prize_id else {})
        for n, entry in enumerate(entries, 1)
    ]


def _conclusions(contest: Contest, lock) -> list[str]:
    texts = ["Thông qua bảng xếp hạng và danh sách đề nghị trao giải nêu trên"]
    if lock is not None and lock.reason:
        texts.append(f"Trưởng Ban Giám khảo quyết định về giải thưởng với lý do: {wording.bare(lock.reason)}")
    shared = [entry.code for entry in queries.ranked(contest.id) if entry.tie_note and entry.prize_id]
    if shared:
        texts.append(f"Các hồ sơ bằng điểm được xét theo quy tắc của kế hoạch: {', '.join(shared)}")
    return [*texts, "Giao Tổ Thư ký hoàn thiện hồ sơ trình Ban Tổ chức"]


# --- submission ---------------------------------------------------------------------------------------------------
@draws("submission", CONTEST)
def submission(contest: Contest, *, now: datetime) -> Drawn:
    """The organising board asks for the recognition of the results."""
    host = wording.host_of(contest)
    subject = f"Về việc đề nghị công nhận kết quả và trao giải {wording.in_sentence(contest)}"
    signatory = organisations.signatory(host.id, SIGNER, to_local(now).date())
    seat = _seat_of(contest, signatory)
    body = wording.ORGANISERS if seat else ""
    context = contexts.frame(
        "submission",
        host,
        now=now,
        signatory=signatory,
        body=body,
        recipients=f"Như trên\nThành viên {wording.ORGANISERS}",
        archive_line="VT, BTC" if seat else "VT",
    )
    if seat:
        office = office_at(signatory.title, host.short_name)
        context["signature"] = contexts.block(
            signatory.full_name, "TM. BAN TỔ CHỨC", upper(seat), office_line=upper(office)
        )
    context |= _submission_texts(contest, host) | {"subject": subject}
    return Drawn(context, subject, contest.id, host.id, issuer="BTC" if seat else "")


def _submission_texts(contest: Contest, host: Organisation) -> dict[str, Any]:
    awarded = queries.awarded(contest.id)
    bases = [*wording.paper_bases(contest, "plan"), *wording.paper_bases(contest, "minutes")]
    return {
        "addressees": [host.name],
        **({"legal_bases": bases} if bases else {}),
        "intro": f"{wording.ORGANISERS} kính trình {host.name} xem xét, công nhận kết quả cuộc thi với các nội dung "
        "sau:",
        "report": [
            f"Số hồ sơ dự thi: {counted(queries.count_submitted(contest))}; số hồ sơ hợp lệ được chấm: "
            f"{counted(queries.count_placed(contest))}",
            f"Mỗi hồ sơ do ít nhất {contest.min_judges:02} giám khảo chấm độc lập trên thang điểm "
            f"{wording.scale(contest)}",
        ],
        "winners": [_winner(contest, n, entry) for n, entry in enumerate(awarded, 1)],
        "budget": f"Tổng tiền thưởng: {wording.total_words(contest)}. {wording.source_of_money(contest)}",
        "proposals": [
            "Công nhận kết quả cuộc thi và trao giải cho các tập thể, cá nhân có tên tại mục 2",
            "Chọn các sáng kiến, giải pháp tiêu biểu gửi cấp trên xem xét, công nhận",
        ],
        "attachments": ["Biên bản họp Ban Giám khảo", "Bảng tổng hợp điểm", "Dự thảo Quyết định"],
        "closing": f"Kính đề nghị {host.name} xem xét, quyết định",
    }


def _winner(contest: Contest, place: int, entry: Entry) -> dict[str, str]:
    return {
        "stt": str(place),
        "code": entry.code,
        "title": entry.title,
        "authors": f"{wording.authors(entry)}, {entry.unit.name}",
        "score": wording.score(entry),
        "prize": wording.short_prize(wording.prize_names(contest)[entry.prize_id]),
    }


def _seat_of(contest: Contest, signatory: Signatory | None) -> str:
    """The signatory's seat in the organising board, "" for who has none."""
    if signatory is None:
        return ""
    seats = [
        member.seat
        for member in contest.members
        if member.board == "organising"
        and (member.user_id == signatory.user_id if member.user_id else member.full_name == signatory.full_name)
    ]
    return seats[0] if seats else ""
