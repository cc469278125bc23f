"""The book of entries received, and the minutes on what was checked."""

from datetime import timedelta

import pytest

from app.contests.models import BoardMember, ChecklistItem
from app.core.db import db
from app.core.errors import Refused
from app.documents.models import Document
from app.documents.templating import store as templates_store
from app.documents.templating.fields import fill
from app.jobs import run_all
from app.screening import documents
from app.screening.models import Check
from tests.conftest import NOW
from tests.factories import entries as made


@pytest.fixture
def season(app, monkeypatch):
    """An open contest with two entries handed in an hour apart."""
    monkeypatch.setitem(app.extensions, "converter", None)
    season = made.make_season()
    season.contest.checklist = [
        ChecklistItem(position=n, text=text) for n, text in enumerate(("Đủ thành phần", "Không trùng lặp"), 1)
    ]
    season.contest.members = [
        BoardMember(board=board, position=1, full_name=name, honorific="Ông", seat=seat, is_head=True)
        for board, name, seat in (
            ("organising", "Nguyễn Công Lộc", "Trưởng ban"),
            ("secretariat", "Lê Văn Đức", "Tổ trưởng"),
        )
    ]
    for hours in (1, 0):
        entry = made.make_submitted(season)
        entry.submitted_at = NOW - timedelta(hours=hours)
    db.session.commit()
    run_all()
    return season


def filled(drawer, contest):
    drawn = drawer(contest, now=NOW)
    context = dict(drawn.context) | {"number_text": "Số:      /X"}
    return fill(drawer.__name__, templates_store.load(drawer.__name__).manifest.fields, context)


def answer(season, entry, results, at=NOW):
    for item, (result, note) in zip(season.contest.checklist, results, strict=True):
        db.session.add(
            Check(
                entry_id=entry.id,
                item_id=item.id,
                result=result,
                note=note,
                checked_by_id=season.office.id,
                checked_at=at,
            )
        )
    db.session.flush()


def entries(season):
    return documents._received(season.contest)


def test_the_book_holds_every_entry_in_the_order_of_time(season):
    first, second = entries(season)
    made.put_state(second, "withdrawn")
    book = filled(documents.intake_book, season.contest)
    assert [row["code"] for row in book["rows"]] == [first.code, second.code]
    assert [row["note"] for row in book["rows"]] == ["", "Đã rút"]
    assert book["rows"][0]["received_text"] == "08 giờ 00, 20/11/2026"
    assert book["rows"][0]["parts"] == f"Đơn, bản mô tả, {len(first.files):02} tệp minh chứng"
    assert book["span_text"] == "Từ ngày 20/11/2026 đến ngày 20/11/2026 nhận 02 hồ sơ"
    assert book["title"] == "SỔ TIẾP NHẬN HỒ SƠ DỰ THI"


def test_without_entries_there_is_no_book_and_without_answers_no_minutes(app):
    contest = made.make_season().contest
    for drawer, code in ((documents.intake_book, "nothing_received"), (documents.screening_record, "nothing_checked")):
        with pytest.raises(Refused) as refused:
            drawer(contest, now=NOW)
        assert refused.value.refusal.code == code


def test_the_minutes_say_what_was_found_of_each_entry(season):
    first, second = entries(season)
    count = len(season.contest.checklist)
    good = [("passed", "")] * count
    answer(season, first, [("failed", "Trùng lặp"), *good[1:]])
    answer(season, second, good, NOW + timedelta(hours=2))
    made.put_state(first, "rejected")
    made.put_state(second, "screened")
    minutes = filled(documents.screening_record, season.contest)
    assert [row["marks"] for row in minutes["results"]] == [["K", *"Đ" * (count - 1)], ["Đ"] * count]
    assert [(row["conclusion"], row["reason"]) for row in minutes["results"]] == [
        ("Không hợp lệ", "Trùng lặp"),
        ("Hợp lệ", ""),
    ]
    assert minutes["conclusions"][0] == "Số hồ sơ đã nhận: 02; hợp lệ: 01; không hợp lệ: 01"
    assert [person["role"] for person in minutes["present"]] == ["Trưởng ban Ban Tổ chức", "Tổ trưởng Tổ Thư ký"]
    assert minutes["secretary"] == "Ông Lê Văn Đức, Tổ trưởng Tổ Thư ký"
    assert minutes["started_text"] == "09 giờ 00 phút, ngày 20 tháng 11 năm 2026"
    assert minutes["ended_text"] == "11 giờ 00 phút, ngày 20 tháng 11 năm 2026"


def test_the_office_makes_the_book_on_the_page_of_the_contest(season, visitor):
    path = f"/cuoc-thi/{season.contest.code}"
    made.commit(season)
    office = visitor(season.office)
    office.visit(path).submit(button="contest.draw_intake_book")
    run_all()
    row = db.session.query(Document).filter_by(template_code="intake_book").one()
    assert (row.state, row.render_error, row.series) == ("issued", "", "STN-UBND")
    assert "contest.draw_screening_record" not in office.visit(path).actions()
    made.attach(season)
    made.make_submitted(season)
    made.commit(season)
    office.visit(path).submit(button="contest.draw_intake_book")
    run_all()
    states = db.session.query(Document.state).filter_by(template_code="intake_book").order_by(Document.id)
    assert [row.state for row in states] == ["replaced", "issued"]
