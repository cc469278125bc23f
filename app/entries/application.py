"""What the authors' application and description say (Thông tư 18/2013/TT-BKHCN, Phụ lục I), filled from the dossier."""

from datetime import datetime
from typing import Any

from app.core.db import db
from app.core.errors import Refused
from app.core.vietnamese import decimal_text, official_date, short_date, to_local
from app.documents import contexts
from app.documents.services import Drawn, draws
from app.entries import policy
from app.entries.models import Entry, EntryAuthor
from app.organisations.models import Organisation
from workflows import ENTRY
from workflows.spec import N_, Refusal

PAPERS = ("registration", "description")
NOTHING = "không có"
NOT_APPLIED = "chưa áp dụng"
SIGNED_BY_HAND = "(Ký và ghi rõ họ tên)"
NOT_SUBMITTED = Refusal("not_submitted", N_("Nộp hồ sơ rồi mới tạo được đơn và bản mô tả theo mẫu."))


@draws("registration", ENTRY)
def registration(entry: Entry, *, now: datetime) -> Drawn:
    """The application. Raises Refused while only the authors know of the entry."""
    host = _host(entry)
    context = _frame("registration", entry, host, now, "NGƯỜI NỘP ĐƠN") | {
        "addressees": [host.name],
        "authors": [_author(number, author) for number, author in enumerate(entry.authors, 1)],
        "entry_title": entry.title,
        "field_name": _field(entry),
        "first_applied_text": official_date(entry.first_applied_on) if entry.first_applied_on else NOT_APPLIED,
        "essence": _lines(entry.solution),
        "confidential": entry.confidential.strip() or NOTHING,
        "conditions": _lines(entry.conditions),
        "benefit": _lines(entry.benefit),
    }
    return _drawn(context, entry, f"Đơn yêu cầu công nhận sáng kiến {entry.code}")


@draws("description", ENTRY)
def description(entry: Entry, *, now: datetime) -> Drawn:
    """The description that goes with the application. Raises Refused as `registration` does."""
    context = _frame("description", entry, _host(entry), now, "TÁC GIẢ") | {
        "entry_code": entry.code,
        "entry_title": entry.title,
        "field_name": _field(entry),
        "known": _lines(entry.current_state),
        "solution": _lines(entry.solution),
        "applicability": _lines(entry.applicability),
        "benefit": _lines(entry.benefit),
        "attachments": [file.name for file in entry.files],
    }
    return _drawn(context, entry, f"Bản mô tả sáng kiến {entry.code}")


def _host(entry: Entry) -> Organisation:
    return db.session.get(Organisation, entry.contest.organisation_id)


def _frame(template: str, entry: Entry, host: Organisation, now: datetime, title: str) -> dict[str, Any]:
    if not policy.was_submitted(entry):
        raise Refused(NOT_SUBMITTED)
    day = to_local(entry.submitted_at or now).date()
    signed = contexts.block(entry.authors[0].full_name, title, note=SIGNED_BY_HAND)
    return contexts.frame(template, host, now=now, day=day) | {"signature": signed}


def _author(number: int, author: EntryAuthor) -> dict[str, str]:
    known = {
        "born_text": short_date(author.born_on) if author.born_on else "",
        "workplace": author.workplace,
        "job_title": author.job_title,
        "qualification": author.qualification,
    }
    told = {"stt": str(number), "name": author.full_name, "share": f"{decimal_text(author.share)}%"}
    return told | {name: text for name, text in known.items() if text}


def _field(entry: Entry) -> str:
    return entry.field.name if entry.field else NOTHING


def _lines(text: str) -> list[str]:
    return contexts.lines(text) or [NOTHING]


def _drawn(context: dict[str, Any], entry: Entry, subject: str) -> Drawn:
    contest = entry.contest
    return Drawn(context, subject, contest.id, contest.organisation_id, entry_id=entry.id, signer_role="")
