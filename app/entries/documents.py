"""The receipt that an author gets for a submitted entry."""

from app.accounts.models import User
from app.core.db import db
from app.core.vietnamese import decimal_text, moment_text, short_date, to_local
from app.documents import contexts
from app.documents.services import Drawn, draws
from app.entries.models import Entry
from app.organisations.models import Organisation
from workflows import ENTRY

NOTES = (
    "Mã hồ sơ dùng để tra cứu tình trạng hồ sơ",
    "Hồ sơ đã nộp chỉ được sửa khi có yêu cầu bổ sung",
)
FINGERPRINT = 16


@draws("receipt", ENTRY)
def receipt(entry: Entry, *, now) -> Drawn:
    """What was received, from whom and when; made by the system, signed by nobody."""
    contest = entry.contest
    host = db.session.get(Organisation, contest.organisation_id)
    received_at = entry.submitted_at or now
    submitter = db.session.get(User, entry.created_by_id).full_name
    subject = f"Dự {contest.title[:1].lower()}{contest.title[1:]}"
    context = contexts.frame("receipt", host, now=now, day=to_local(received_at).date()) | {
        "subject": subject,
        "entry_code": entry.code,
        "contest_name": contest.title,
        "submitter_name": submitter,
        "unit_name": entry.unit.name,
        "entry_title": entry.title,
        "field_name": entry.field.name if entry.field else "",
        "author_lines": [f"{author.full_name} - {decimal_text(author.share)}%" for author in entry.authors],
        "items": _items(entry),
        "received_text": _received(received_at),
        "reply_by_text": _reply_by(contest),
        "notes": list(NOTES),
        "left_signature": contexts.block(submitter, "NGƯỜI NỘP HỒ SƠ", note="(Nộp trực tuyến)"),
        "signature": contexts.block(host.short_name, "BÊN TIẾP NHẬN", note="(Hệ thống tiếp nhận tự động)"),
    }
    return Drawn(
        context,
        subject_line=f"Giấy tiếp nhận hồ sơ {entry.code}",
        contest_id=contest.id,
        organisation_id=host.id,
        entry_id=entry.id,
        signer_role="",
    )


def _items(entry: Entry) -> list[dict[str, str]]:
    named = [("Đơn dự thi", ""), ("Bản mô tả sáng kiến, giải pháp", "")]
    named += [(file.name, file.sha256[:FINGERPRINT]) for file in entry.files]
    return [
        {"stt": str(number), "name": name} | ({"fingerprint": fingerprint} if fingerprint else {})
        for number, (name, fingerprint) in enumerate(named, 1)
    ]


def _received(moment) -> str:
    local = to_local(moment)
    return f"{local:%H} giờ {local:%M} phút {local:%S} giây ngày {short_date(local.date())}"


def _reply_by(contest) -> str:
    if contest.screening_due_at is None:
        return "theo thông báo của Ban tổ chức"
    return f"trước {moment_text(contest.screening_due_at)}"
