"""The authors' application and description: what they say, who makes them, and what becomes of an earlier one."""

from datetime import UTC, date, datetime

import pytest

from app.core.db import db
from app.documents.models import Document
from app.documents.templating import store as templates_store
from app.documents.templating.fields import fill
from app.entries import application
from app.jobs import run_all
from tests.factories import entries as made

PATH = "/ho-so/{}/don-theo-mau"


@pytest.fixture
def season(app, monkeypatch):
    """An open contest."""
    monkeypatch.setitem(app.extensions, "converter", None)
    return made.make_season()


@pytest.fixture
def entry(season):
    """A submitted entry."""
    entry = made.make_submitted(season)
    made.commit(season, entry)
    run_all()
    db.session.add(entry)
    return entry


def filled(drawer, entry):
    drawn = drawer(entry, now=made.NOW)
    return fill(drawer.__name__, templates_store.load(drawer.__name__).manifest.fields, dict(drawn.context))


def papers(template="registration"):
    rows = db.session.query(Document.state, Document.render_error).filter_by(template_code=template)
    return [tuple(row) for row in rows.order_by(Document.id)]


def test_the_application_has_the_columns_of_the_law(entry):
    author = entry.authors[0]
    author.born_on, author.qualification = date(1990, 3, 4), "Cử nhân Luật"
    entry.first_applied_on = date(2026, 2, 5)
    context = filled(application.registration, entry)
    row = context["authors"][0]
    assert (row["stt"], row["name"], row["share"]) == ("1", "Nguyễn Thị Đào", "100%")
    assert (row["born_text"], row["qualification"]) == ("04/03/1990", "Cử nhân Luật")
    assert context["first_applied_text"] == "ngày 05 tháng 02 năm 2026"
    assert context["title"] == "ĐƠN YÊU CẦU CÔNG NHẬN SÁNG KIẾN"
    assert context["signature"]["capacity_lines"] == ["NGƯỜI NỘP ĐƠN"]
    assert context["essence"] == entry.solution.splitlines()


def test_what_the_author_left_out_is_said_to_be_nothing(entry):
    entry.confidential, entry.conditions, entry.first_applied_on = "", " \n", None
    context = filled(application.registration, entry)
    assert (context["confidential"], context["conditions"]) == ("không có", ["không có"])
    assert context["first_applied_text"] == "chưa áp dụng"


def test_the_description_lists_the_evidence(entry):
    context = filled(application.description, entry)
    assert (context["entry_code"], context["attachments"]) == (entry.code, [file.name for file in entry.files])
    assert context["title"] == "BẢN MÔ TẢ SÁNG KIẾN"


def test_an_author_makes_both_and_finds_them_on_the_page(season, entry, visitor):
    author, path = visitor(season.author), f"/ho-so/{entry.code}"
    author.visit(path).submit(button="entry.draw_application")
    run_all()
    assert papers() == papers("description") == [("issued", "")]
    author.visit(path)
    for name in ("Đơn yêu cầu công nhận sáng kiến", "Bản mô tả sáng kiến"):
        assert author.visit(path).link(name).startswith("/van-ban/VB-")


def test_made_again_it_is_replaced_only_when_something_changed(season, entry, visitor):
    author, path = visitor(season.author), f"/ho-so/{entry.code}"
    for _time in range(2):
        author.visit(path).submit(button="entry.draw_application")
        run_all()
    assert papers() == [("issued", "")]
    db.session.get(type(entry), entry.id).title = "Tên mới"
    db.session.commit()
    author.visit(path).submit(button="entry.draw_application")
    run_all()
    assert papers() == [("replaced", ""), ("issued", "")]
    assert author.visit(path).text.count("Đơn yêu cầu công nhận sáng kiến") == 1


def test_nobody_else_makes_them_and_nobody_before_the_entry_is_handed_in(season, entry, visitor):
    visitor(season.office).visit(f"/ho-so/{entry.code}").post(PATH.format(entry.code), status=403)
    made.attach(season)
    draft = made.fill(season, made.start(season))
    made.commit(season, draft)
    author = visitor(season.author).visit(f"/ho-so/{draft.code}")
    assert "entry.draw_application" not in author.actions()
    author.post(PATH.format(draft.code))
    assert "Nộp hồ sơ rồi mới tạo được" in author.text
    assert db.session.query(Document).filter_by(entry_id=draft.id).count() == 0


def test_a_moment_late_in_the_evening_is_dated_by_the_day_here(entry):
    entry.submitted_at = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert filled(application.description, entry)["place_date"] == "Thử Nghiệm, ngày 21 tháng 11 năm 2026"
