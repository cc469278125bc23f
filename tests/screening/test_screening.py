"""The checklist, sending back, deciding, and the comparison, through services and pages."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import flow
from app.audit.models import AuditEvent
from app.contests.models import ChecklistItem, EarlierInitiative
from app.core.db import begin_writing, db
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.core.vietnamese import short_date, to_local
from app.entries.models import Entry, EntryAuthor
from app.jobs import run_all
from app.organisations.models import Organisation
from app.screening import queries, services
from app.screening.models import Check, Similarity
from app.screening.services import Answer
from tests.conftest import NOW
from tests.factories import entries as made
from tests.factories.people import actor_of, make_organisation, make_user
from tests.factories.scoring import attached
from tests.sql import count_statements
from workflows.spec import Role

# Receipts are made here beside the comparison, and nobody looks at them.
pytestmark = pytest.mark.usefixtures("without_pdf")
ITEMS = ("Đúng đối tượng dự thi", "Đủ hồ sơ theo mẫu", "Không trùng lặp")


@pytest.fixture
def season(app):
    season = made.make_season(now=datetime.now(UTC))
    season.contest.checklist = [ChecklistItem(position=n, text=text) for n, text in enumerate(ITEMS)]
    db.session.commit()
    return season


@pytest.fixture
def entry(season):
    entry = made.make_submitted(season, now=datetime.now(UTC))
    commit()
    return entry


def commit():
    db.session.commit()
    begin_writing()


def answers(entry, *results):
    return {item.id: Answer(*one) for item, one in zip(queries.checklist(entry), results, strict=False)}


def save(entry, by, *results, **options):
    return services.save_checks(entry, answers(entry, *results), actor_of(by), now=NOW, version=None, **options)


def given(entry):
    return [(row.result, row.note) for row in queries.checklist(entry)]


def test_answers_are_kept_with_what_was_before(season, entry):
    office = season.office
    assert save(entry, office, ("passed",), ("missing", "Thiếu xác nhận")) is True
    assert given(entry) == [("passed", ""), ("missing", "Thiếu xác nhận"), (None, None)]
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.action, event.actor_role) == ("entry.check", "office")
    assert json.loads(event.changes) == {ITEMS[0]: [None, "passed"], ITEMS[1]: [None, "missing: Thiếu xác nhận"]}
    assert save(entry, office, ("passed",), ("missing", "Thiếu xác nhận")) is False
    assert save(entry, office, ("",), ("passed",)) is True
    assert given(entry) == [(None, None), ("passed", ""), (None, None)]


def test_the_rest_can_be_passed_at_once(season, entry):
    save(entry, season.office, ("failed", "Sai đối tượng"), pass_rest=True)
    assert [result for result, _note in given(entry)] == ["failed", "passed", "passed"]
    assert queries.count_checks(entry) == (3, 2)


@pytest.mark.parametrize(
    "answer", [("failed", ""), ("missing", "  \u200b "), ("perfect", ""), ("passed", "a" * 1001), ("", "Ghi chú")]
)
def test_wrong_answers_are_refused(season, entry, answer):
    with pytest.raises(Invalid):
        save(entry, season.office, answer)


def test_who_may_not_check(season, entry):
    with pytest.raises(NotAllowed):
        save(entry, season.author, ("passed",))
    db.session.execute(sa.update(EntryAuthor).values(user_id=season.office.id))
    db.session.expire_all()
    with pytest.raises(NotAllowed):
        save(entry, season.office, ("passed",))


def test_a_stale_page_and_a_decided_entry(season, entry):
    with pytest.raises(Conflict):
        services.save_checks(entry, {}, actor_of(season.office), now=NOW, version=entry.version - 1)
    made.put_state(entry, "screened")
    with pytest.raises(Refused):
        save(entry, season.office, ("passed",))


def test_an_entry_is_accepted_only_when_everything_passed(season, entry):
    office = actor_of(season.office)
    save(entry, season.office, ("passed",), ("passed",))
    with pytest.raises(Refused) as refused:
        flow.fire(entry, "screen", office, now=NOW)
    assert refused.value.refusal.params == {"open": 1}
    save(entry, season.office, pass_rest=True)
    flow.fire(entry, "screen", office, now=NOW)
    flow.fire(entry, "unscreen", office, now=NOW, reason="Nhầm hồ sơ")
    assert entry.state == "submitted"


def send_back(season, entry, *, days=5, parts=("minh-chung",), reason="Thiếu ảnh"):
    data = {"parts": list(parts), "due_at": NOW + timedelta(days=days)}
    flow.fire(entry, "return", actor_of(season.office), now=NOW, reason=reason, data=data)


def test_sending_back_opens_the_named_parts_only(season, entry):
    send_back(season, entry, parts=("minh-chung", "mo-ta", "lạ"))
    assert (entry.state, entry.returned_parts, entry.return_reason) == ("returned", "mo-ta minh-chung", "Thiếu ảnh")
    assert entry.completion_due_at == NOW + timedelta(days=5)


@pytest.mark.parametrize(
    ("options", "field"), [({"days": -1}, "due_at"), ({"days": 0}, "due_at"), ({"parts": ()}, "parts")]
)
def test_sending_back_needs_parts_and_a_date_to_come(season, entry, options, field):
    with pytest.raises(Invalid) as problem:
        send_back(season, entry, **options)
    assert list(problem.value.errors) == [field]


def test_a_deadline_is_extended_only_to_a_later_day(season, entry):
    send_back(season, entry)
    office = actor_of(season.office)
    for days in (-1, 5):
        with pytest.raises(Invalid):
            flow.fire(entry, "extend", office, now=NOW, data={"due_at": NOW + timedelta(days=days)})
    flow.fire(entry, "extend", office, now=NOW, data={"due_at": NOW + timedelta(days=9)})
    assert entry.completion_due_at == NOW + timedelta(days=9)


def test_what_had_not_passed_is_asked_again_after_completion(season, entry):
    save(entry, season.office, ("passed",), ("missing", "Thiếu ảnh"), ("failed", "Trùng"))
    send_back(season, entry)
    author = actor_of(season.author)
    made.add_evidence(entry, season.author, name="ảnh khác.png")
    flow.fire(entry, "confirm", actor_of(season.contact), now=NOW)
    flow.fire(entry, "resubmit", author, now=NOW, data={"pledge": True})
    assert [result for result, _note in given(entry)] == ["passed", None, None]


# --- comparing ----------------------------------------------------------------------------------------------------
def rewrite(entry, title, solution):
    columns = {"title": title, "solution": solution, "benefit": ""}
    db.session.execute(sa.update(Entry).where(Entry.id == entry.id).values(columns))
    db.session.expire_all()


TITLE = "Dán mã QR tra cứu thủ tục hành chính tại nhà văn hóa tổ dân phố"
SOLUTION = "Người dân quét mã bằng điện thoại để xem thành phần hồ sơ, phí, lệ phí và thời hạn giải quyết"


def test_the_comparison_finds_initiatives_of_the_bodies_before(season, entry):
    before = make_organisation("phuong-cu", successor_id=season.host.id)
    first = make_organisation("xa-cu", successor_id=before.id)
    foreign = make_organisation("noi-khac")
    for organisation, summary in ((first, SOLUTION), (foreign, SOLUTION)):
        db.session.add(
            EarlierInitiative(organisation_id=organisation.id, title=TITLE, summary=summary, year=2022, unit_name="Xã")
        )
    rewrite(entry, TITLE, SOLUTION)
    commit()
    code = entry.code
    run_all()
    rows = db.session.execute(sa.select(Similarity.percent, Similarity.initiative_id)).all()
    assert len(rows) == 1
    assert rows[0].percent == 100
    found = db.session.get(EarlierInitiative, rows[0].initiative_id)
    assert found.organisation_id == db.session.scalar(sa.select(Organisation.id).where(Organisation.key == "xa-cu"))
    assert db.session.scalar(sa.select(Entry.state).where(Entry.code == code)) == "submitted"


def test_drafts_are_not_compared_and_a_second_run_replaces(season, entry):
    other = made.make_submitted(season, title=TITLE, now=datetime.now(UTC))
    made.start(season, now=datetime.now(UTC))
    commit()
    run_all()
    pairs = {tuple(row) for row in db.session.execute(sa.select(Similarity.entry_id, Similarity.other_entry_id))}
    assert pairs == {(entry.id, other.id), (other.id, entry.id)}
    from app.screening import jobs

    begin_writing()
    jobs.keep(now=NOW, prepared=[], workflow="entry", subject_id=entry.id, event=1)
    assert db.session.scalars(sa.select(Similarity.entry_id)).all() == [other.id]


# --- pages --------------------------------------------------------------------------------------------------------
def test_a_clean_entry_takes_two_presses(season, entry, visitor):
    other = made.make_submitted(season, title="Hồ sơ thứ hai", now=datetime.now(UTC))
    first, second = entry.code, other.code
    commit()
    page = visitor(season.office).visit("/kiem-tra-ho-so").follow("Kiểm tra hồ sơ tiếp theo")
    assert page.heading == f"Kiểm tra {first}"
    page.submit(button="Đạt tất cả")
    page.submit(button="Ghi kết quả và sang hồ sơ sau")
    assert page.heading == f"Kiểm tra {second}"
    assert f"Đã nhận hồ sơ {first} vào vòng chấm." in page.text
    page.submit(button="Đạt tất cả")
    page.submit(button="Ghi kết quả và sang hồ sơ sau")
    assert "Không còn hồ sơ chờ kiểm tra." in page.text


def test_a_failed_point_without_a_note_keeps_what_was_typed(season, entry, visitor):
    code = entry.code
    items = [row.id for row in queries.checklist(entry)]
    page = visitor(season.office).visit(f"/ho-so/{code}/kiem-tra-ho-so")
    typed = {f"result_{items[0]}": "failed", f"note_{items[1]}": "Chưa rõ", f"result_{items[1]}": "missing"}
    page.submit(typed, button="Ghi kết quả", status=422)
    assert "Ghi rõ điều chưa đạt hoặc cần bổ sung" in page.text
    assert "Chưa rõ" in page.text
    assert db.session.query(Check).count() == 0
    page.submit({f"note_{items[0]}": "Tác giả ngoài phường"}, button="Ghi kết quả")
    assert db.session.query(Check).count() == 2


def test_the_return_form_begins_with_the_notes(season, entry, visitor):
    code = entry.code
    save(entry, season.office, ("passed",), ("missing", "Thiếu ảnh hiện trường"))
    commit()
    page = visitor(season.office).visit(f"/ho-so/{code}/kiem-tra-ho-so").follow("entry.return")
    assert f"{ITEMS[1]}: Thiếu ảnh hiện trường" in page.page.xpath("string(//textarea[@name='reason'])")
    yesterday = short_date(to_local(datetime.now(UTC) - timedelta(days=1)).date())
    for due, text in (("31/02/2027", "Không có ngày"), (yesterday, "phải ở sau"), ("", "Nhập hạn bổ sung")):
        page.submit({"parts": "minh-chung", "due_at": due}, status=422)
        assert text in page.text
    day = short_date(to_local(datetime.now(UTC) + timedelta(days=7)).date())
    page.submit({"parts": "minh-chung", "due_at": day})
    stored = db.session.query(Entry).filter_by(code=code).one()
    assert (stored.state, stored.returned_parts) == ("returned", "minh-chung")
    assert to_local(stored.completion_due_at).strftime("%H:%M %d/%m/%Y") == f"17:00 {day}"


def test_a_stale_window_keeps_what_was_typed(season, entry, visitor):
    code, items = entry.code, [row.id for row in queries.checklist(entry)]
    office = season.office
    first, second = visitor(office), visitor(office)
    first.visit(f"/ho-so/{code}/kiem-tra-ho-so")
    second.visit(f"/ho-so/{code}/kiem-tra-ho-so")
    first.submit({f"result_{items[0]}": "passed"}, button="Ghi kết quả")
    second.submit({f"result_{items[1]}": "missing", f"note_{items[1]}": "Viết lâu"}, button="Ghi kết quả", status=409)
    assert "Viết lâu" in second.text
    second.submit(button="Ghi kết quả")


def test_pages_are_closed_to_others(season, entry, visitor):
    code = entry.code
    stranger = make_user("vanphong2", Role.OFFICE, at=make_organisation("phuong-khac"))
    author = season.author
    commit()
    page, other = visitor(stranger), visitor(author)
    other.visit(f"/ho-so/{code}/kiem-tra-ho-so", status=403)
    page.visit(f"/ho-so/{code}/kiem-tra-ho-so", status=404)
    assert "Không còn hồ sơ chờ kiểm tra." in page.visit("/kiem-tra-ho-so").text


def test_similar_texts_are_shown_with_shared_passages(season, entry, visitor):
    db.session.add(
        EarlierInitiative(
            organisation_id=season.host.id, title="<b>Mã QR</b>", summary=SOLUTION, year=2022, unit_name="Văn phòng"
        )
    )
    rewrite(entry, TITLE, SOLUTION)
    code = entry.code
    commit()
    run_all()
    begin_writing()
    page = visitor(season.office).visit(f"/ho-so/{code}/kiem-tra-ho-so")
    assert [mark.text for mark in page.page.xpath("//mark")] == [SOLUTION]
    assert "<b>Mã QR</b>" in page.text


def test_the_queue_asks_as_often_for_many_rows_as_for_few(season, entry, visitor):
    page = visitor(season.office)
    with count_statements() as few:
        page.visit("/kiem-tra-ho-so")
    for _ in range(3):
        made.make_submitted(attached(season), now=datetime.now(UTC))
    commit()
    with count_statements() as many:
        page.visit("/kiem-tra-ho-so")
    assert len(many) == len(few)
    assert page.text.count("SK-2026-") >= 4
