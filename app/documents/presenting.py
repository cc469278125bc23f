"""What the pages of papers show, put into words and rows for the templates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from app import flow
from app.accounts.actor import Actor
from app.adapters.pdf.converter import MISSING, PACKAGES
from app.core.db import db
from app.core.errors import Invalid
from app.core.vietnamese import short_date, to_local
from app.documents import facts, queries, relations, services, signatories
from app.documents.models import Document, DocumentFile
from app.documents.templating import words as template_words
from app.flow import Offer
from app.flow.registry import binding_named
from app.web.display import vn_datetime
from workflows import DOCUMENT
from workflows.spec import N_

PDF_LATER = N_("Máy chủ chưa tạo xong bản PDF. Tải lại trang sau ít phút; nếu vẫn chưa có, báo người quản trị.")

OTHER_KIND = ("signature_needed", "no_signature_needed")


def stages(counts: Mapping[str, int], contest_id: int | None) -> list[dict[str, Any]]:
    """The states that have papers, in the order of a paper's life, each with its count and its list."""
    return [
        {
            "label": _(state.label),
            "value": counts[state.name],
            "url": url_for("documents.index", trang_thai=state.name, cuoc_thi=contest_id),
        }
        for state in DOCUMENT.states
        if counts.get(state.name)
    ]


def fitting(offers: Sequence[Offer]) -> list[Offer]:
    """The offers without those that this kind of paper never has: sign-off of a receipt, release of a decision."""
    return [offer for offer in offers if not offer.refusal or offer.refusal.code not in OTHER_KIND]


def without_pdf(files: Sequence[DocumentFile]) -> str:
    """Why a paper that is made cannot be looked at page by page, "" when it can."""
    if [file.kind for file in files] != ["docx"]:
        return ""
    return _(PDF_LATER) if current_app.extensions["converter"] else _(MISSING, packages=PACKAGES)


def files_of(document: Document) -> Sequence[DocumentFile]:
    """The files to look at and take away; none while number and date are being put in, so that nobody prints the
    paper without them."""
    numbering = document.state == "numbered" and document.render_state == "waiting"
    return [] if numbering else queries.current_files(document.id)


def pages(document: Document, files: Sequence[DocumentFile]) -> list[dict[str, Any]]:
    """Addresses of the page pictures; none without a PDF."""
    count = next((file.pages for file in files if file.kind == "pdf"), 0)
    return [
        {"url": url_for("documents.picture", code=document.code, number=n, v=document.version), "number": n}
        for n in range(1, count + 1)
    ]


def summary(document: Document, files: Sequence[DocumentFile]) -> list[dict[str, Any]]:
    """Rows of the summary list; what is not there yet is left out."""
    signer = ", ".join(filter(None, (document.signer_name, document.signer_title)))
    rows = [
        (_("Loại"), document.type_name),
        (_("Trích yếu"), document.subject),
        (_("Số, ký hiệu"), document.symbol or _("Cấp khi phát hành")),
        (_("Ngày văn bản"), short_date(document.issued_on) if document.issued_on else ""),
        (_("Người ký"), signer if document.signed_at else ""),
        (_("Ký lúc"), vn_datetime(document.signed_at) if document.signed_at else ""),
        (_("Mã kiểm tra"), services.grouped(document.verify_code) if document.issued_at else ""),
        (_("Cuộc thi"), _title("contest", document.contest_id)),
        (_("Hồ sơ"), _title("entry", document.entry_id)),
        (_("Mẫu"), template_words.used_by(document)),
        (_("Mã nội dung (SHA-256)"), [f"{file.kind}: {file.sha256}" for file in files]),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _title(workflow: str, subject_id: int | None) -> str:
    if subject_id is None:
        return ""
    binding = binding_named(workflow)
    subject = db.session.get(binding.model, subject_id)
    return f"{binding.code(subject)}: {binding.title(subject)}"


def fate(document: Document, actor: Actor, now: datetime) -> dict[str, Any]:
    """What changed since the paper was drawn up, the papers around it, and what this person may do about it."""
    may_choose = document.signer_role and flow.may_edit(document, actor)
    return {
        "stale": facts.differences(document, now=now) if document.state in facts.ALIVE else [],
        "earlier": db.session.get(Document, document.related_id) if document.related_id else None,
        "followers": relations.followers(document.id),
        "offered": relations.offered(document, actor),
        "may_choose": may_choose and bool(signatories.choices(document, to_local(now).date())),
        "relation_words": RELATIONS,
        "fate_words": relations.FATES,
        "follow_labels": relations.LABELS,
    }


RELATIONS = {"replaces": N_("Thay thế"), "corrects": N_("Đính chính"), "revokes": N_("Thu hồi")}


def parse_choice(choice: str) -> tuple[str, int, str]:
    """Code, version and hash of a ticked paper. Raises Invalid for anything else."""
    parts = choice.split(":")
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 9:
        raise Invalid({"": _("Không đọc được văn bản đã chọn. Tải lại trang rồi chọn lại.")})
    return parts[0], int(parts[1]), parts[2]
