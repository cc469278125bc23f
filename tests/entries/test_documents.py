"""The receipt: what it says of an entry, and that its template takes it."""

from datetime import UTC, datetime

import pytest

from app.core.db import db
from app.documents.models import Document
from app.documents.templating import store as templates_store
from app.documents.templating.fields import fill
from app.entries import documents
from app.jobs import run_all
from tests.factories import entries as made


@pytest.fixture
def season(app):
    """An open contest."""
    return made.make_season()


def test_the_receipt_says_what_came_when_and_from_whom(season):
    entry = made.confirm(season, made.fill(season, made.start(season)))
    at = datetime(2026, 11, 20, 3, 24, 5, tzinfo=UTC)
    made.put_state(entry, "submitted", submitted_at=at)
    drawn = documents.receipt(entry, now=made.NOW)
    context = drawn.context
    assert (drawn.entry_id, drawn.organisation_id, drawn.signer_role) == (entry.id, season.host.id, "")
    assert context["entry_code"] == entry.code
    assert context["subject"] == "Dự cuộc thi viết “Sáng kiến cải cách hành chính”"
    assert context["author_lines"] == ["Nguyễn Thị Đào - 100%"]
    assert context["received_text"] == "10 giờ 24 phút 05 giây ngày 20/11/2026"
    assert context["reply_by_text"] == "trước 09 giờ 00 ngày 10/12/2026"
    assert context["place_date"] == "Thử Nghiệm, ngày 20 tháng 11 năm 2026"
    assert [(row["stt"], row["name"], len(row.get("fingerprint", ""))) for row in context["items"]] == [
        ("1", "Đơn dự thi", 0),
        ("2", "Bản mô tả sáng kiến, giải pháp", 0),
        ("3", "ảnh minh chứng.png", 16),
    ]
    template = templates_store.load("receipt")
    filled = fill("receipt", template.manifest.fields, dict(context))
    assert filled["entry_title"] == entry.title


def test_submitting_makes_one_receipt(season, without_pdf):
    made.make_submitted(season)
    db.session.commit()
    run_all()
    papers = db.session.query(Document.template_code, Document.state, Document.render_state, Document.render_error)
    assert papers.filter(Document.template_code == "receipt").all() == [("receipt", "issued", "ready", "")]
