"""Pages of judges and of the panel in a browser: what is typed, what is seen, and what never is."""

import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import begin_writing, db
from app.entries.models import EntryAuthor
from app.scoring import queries, services
from app.scoring.models import ScoreSheet
from tests.factories.entries import put_state
from tests.factories.people import actor_of, grant, make_organisation, make_user
from tests.factories.scoring import accept, add_entry, make_jury, send, sheet_of
from tests.sql import count_statements
from workflows.spec import Role

CANARY = "29.5"
CANARY_SHOWN = "29,5"
CANARY_WORDS = "Nhận xét chim hoàng yến"


@pytest.fixture
def jury(app):
    return make_jury()


def commit():
    db.session.commit()
    db.session.expire_all()
    begin_writing()


def drafted(jury, judge=None):
    judge = judge or jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    commit()
    return sheet.code


def boxes(page):
    return page.page.xpath("//input[@data-score]/@name")


def typed(page):
    return [value for value in page.page.xpath("//input[@data-score]/@value") if value]


def test_a_judge_scores_an_entry_from_the_first_page_on(jury, visitor):
    judge, code = jury.judges[0], jury.entries[0].code
    page = visitor(judge).visit("/cham-diem")
    assert "Đã gửi 0/1 phiếu" in page.text
    page.follow(f"Chấm tiếp: {code}")
    assert "Nguyễn Thị Đào" in page.text
    assert page.actions() == ["scorecard.accept", "scorecard.recuse", "scorecard.abstain"]
    page.submit(button="scorecard.accept")
    assert page.heading == f"Chấm {code}"
    assert "Nguyễn Thị Đào" not in page.text
    assert "Văn phòng" not in page.page.xpath("string(//div[@class='work'])")
    assert typed(page) == []
    assert "0/100 · còn 3 tiêu chí" in page.text
    names = boxes(page)
    page.submit(dict(zip(names, ("27,5", "20", "30.5"), strict=True)), button="Gửi phiếu và sang hồ sơ sau")
    assert page.heading == "Hồ sơ cần chấm"
    assert "Đã gửi 1/1 phiếu" in page.text
    page.follow(code)
    assert "27,5" in page.text
    assert "78" in page.text


def test_the_first_submit_button_in_the_source_only_saves(jury, visitor):
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{drafted(jury)}")
    form = page.page.xpath("//form[@data-autosave]")[0]
    assert form.xpath(".//button")[0].get("name") == "luu"


@pytest.mark.parametrize(
    ("score", "text"),
    [
        ("NaN", "Viết điểm bằng chữ số, ví dụ 27,5"),
        ("1e1", "Viết điểm bằng chữ số, ví dụ 27,5"),
        ("-1", "Viết điểm bằng chữ số, ví dụ 27,5"),
        ("１", "Viết điểm bằng chữ số, ví dụ 27,5"),
        ("<b>9</b>", "Viết điểm bằng chữ số, ví dụ 27,5"),
        ("1.000", "Viết điểm bằng chữ số, ví dụ 27,5"),
        ("31", "Điểm từ 0 đến 30"),
        ("9,55", "Điểm viết theo bước 0,5, ví dụ 27,5"),
        ("9,3", "Điểm viết theo bước 0,5, ví dụ 27,5"),
        ("9" * 60, "Viết điểm bằng chữ số, ví dụ 27,5"),
    ],
)
def test_wrong_scores_stay_on_the_page_and_change_nothing(jury, visitor, score, text):
    code = drafted(jury)
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{code}")
    names = boxes(page)
    page.submit(
        {names[0]: score, names[1]: "9,5", "comment": "Đáng thử"}, button="Gửi phiếu và sang hồ sơ sau", status=422
    )
    assert text in page.text
    assert typed(page)[:2] == [score, "9,5"]
    assert page.page.xpath("string(//textarea[@name='comment'])").strip() == "Đáng thử"
    assert page.page.xpath("//title")[0].text.startswith("Lỗi: ")
    assert [line.score for line in queries.lines_of(queries.get_own(code, actor_of(jury.judges[0])))] == [None] * 3


def test_empty_boxes_are_named_when_sending_and_kept_when_saving(jury, visitor):
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{drafted(jury)}")
    names = boxes(page)
    page.submit({names[0]: "9,5"}, button="Gửi phiếu và sang hồ sơ sau", status=422)
    assert "Nhập điểm từ 0 đến 30" in page.text
    assert "Nhập điểm từ 0 đến 40" in page.text
    page.submit({names[0]: "9,5"}, button="Lưu nháp")
    assert typed(page) == ["9,5"]
    assert "9,5/100 · còn 2 tiêu chí" in page.text


def autosave(page, code, **fields):
    form = dict(page.page.xpath("//form[@data-autosave]")[0].form_values()) | fields
    return page._request("post", f"/cham-diem/{code}/tu-luu", form, follow=False)


def test_autosave_answers_with_version_and_total(jury, visitor):
    code = drafted(jury)
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{code}")
    names = boxes(page)
    answer = autosave(page, code, **{names[0]: "9,5"})
    assert answer.status_code == 200
    assert answer.json["slots"] == {"total": "9,5/100 · còn 2 tiêu chí"}
    assert re.fullmatch(r"Đã lưu \d\d:\d\d", answer.json["status"])
    again = autosave(page, code, **{names[0]: "9,5", "version": str(answer.json["version"])})
    assert again.json["version"] == answer.json["version"]
    wrong = autosave(page, code, **{names[0]: "99", "version": str(answer.json["version"])})
    assert (wrong.status_code, wrong.json["status"]) == (422, "Chưa lưu. Điểm từ 0 đến 30")
    assert autosave(page, code, **{names[0]: "9"}).status_code == 409


def test_a_stale_window_keeps_what_was_typed(jury, visitor):
    code = drafted(jury)
    first = visitor(jury.judges[0]).visit(f"/cham-diem/{code}")
    second = visitor(jury.judges[0]).visit(f"/cham-diem/{code}")
    names = boxes(first)
    first.submit({names[0]: "1"}, button="Lưu nháp")
    second.submit({names[0]: "2", "comment": "Viết lâu"}, button="Lưu nháp", status=409)
    assert "Phiếu đã được lưu ở một cửa sổ khác" in second.text
    assert typed(second) == ["2"]
    second.submit(button="Lưu nháp")
    assert typed(second) == ["2"]


def test_markup_in_a_note_is_only_text(jury, visitor):
    code = drafted(jury)
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{code}")
    nasty = "<script>alert(1)</script> ${7*7} =HYPERLINK()"
    page.submit({boxes(page)[0]: "9", "comment": nasty}, button="Lưu nháp")
    assert page.page.xpath("string(//textarea[@name='comment'])").strip() == nasty


# --- who sees what ------------------------------------------------------------------------------------------------
JUDGES_PAGES = ("/cham-diem", "/cham-diem/tong-hop")
PANEL_PAGES = ("/hoi-dong/ma-tran", "/hoi-dong/diem", "/hoi-dong/chenh-lech", "/hoi-dong/phan-cong")


def with_canary(jury, by):
    sheet = sheet_of(jury.entries[0], by)
    accept(sheet, by)
    given = {line.id: services.Mark(Decimal(CANARY)) for line in queries.lines_of(sheet)}
    services.submit_sheet(sheet, given, CANARY_WORDS, actor_of(by), now=jury.contest.opens_at, version=None)
    return sheet


def test_a_judge_never_sees_another_sheet(jury, visitor):
    sheet = with_canary(jury, jury.judges[1])
    code, own = sheet.code, drafted(jury)
    page = visitor(jury.judges[0])
    for path in (*JUDGES_PAGES, f"/cham-diem/{own}"):
        page.visit(path)
        assert CANARY_SHOWN not in page.text
        assert CANARY_WORDS not in page.text
    for path in (f"/cham-diem/{code}", f"/cham-diem/{code}/thao-tac/reopen", f"/cham-diem/{code}x"):
        page.visit(path, status=404)
    for path in PANEL_PAGES:
        page.visit(path, status=403)


def test_a_head_who_also_scores_waits_for_the_own_sheet(jury, visitor, now):
    grant(jury.head, Role.JUDGE, jury.season.host)
    services.assign_judge(actor_of(jury.secretary), jury.entries[0], jury.head.id, now)
    sheet = with_canary(jury, jury.judges[1])
    code = sheet.code
    commit()
    page = visitor(jury.head)
    for path in (*PANEL_PAGES, f"/cham-diem/{code}"):
        page.visit(path)
        assert CANARY_SHOWN not in page.text
        assert CANARY_WORDS not in page.text
        assert "88,5" not in page.text
    page.visit(f"/hoi-dong/chenh-lech/{jury.entries[0].code}", status=404)
    page.visit(f"/cham-diem/{code}/thao-tac/reopen", status=403)
    send(jury.entries[0], jury.head, "20", "20", "20")
    commit()
    assert CANARY_WORDS in page.visit(f"/cham-diem/{code}").text
    assert "88,5" in page.visit("/hoi-dong/diem").text


def fetched(page, path):
    answer = page.fetch(path)
    answer.close()
    return answer.status_code


def test_a_conflict_closes_every_way_to_the_entry(jury, visitor):
    judge, entry = jury.judges[0], jury.entries[0]
    own, title = drafted(jury), entry.title
    file_id = entry.files[0].id
    entry_code = entry.code
    page = visitor(judge)
    assert fetched(page, f"/ho-so/{entry_code}/tep/{file_id}") == 200
    db.session.execute(sa.update(EntryAuthor).values(user_id=jury.judges[0].id))
    commit()
    page.visit(f"/cham-diem/{own}", status=404)
    assert title not in page.visit("/cham-diem").text
    db.session.execute(sa.update(EntryAuthor).values(user_id=None))
    commit()
    page.visit(f"/cham-diem/{own}").follow("scorecard.recuse")
    page.submit({"reason": "Em ruột là tác giả"})
    page.visit(f"/cham-diem/{own}")
    assert title not in page.text
    assert "Nguyễn Thị Đào" not in page.text
    assert fetched(page, f"/ho-so/{entry_code}/tep/{file_id}") == 404


def test_files_open_only_after_the_declaration(jury, visitor):
    entry = jury.entries[0]
    code, path = entry.code, f"/ho-so/{entry.code}/tep/{entry.files[0].id}"
    page = visitor(jury.judges[0])
    assert fetched(page, path) == 404
    drafted(jury)
    assert fetched(page, path) == 200
    page.visit(f"/ho-so/{code}", status=404)


def test_an_open_contest_shows_names(app, visitor):
    jury = make_jury(blind=False)
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{drafted(jury)}")
    assert "Nguyễn Thị Đào" in page.text


# --- the panel ----------------------------------------------------------------------------------------------------
def test_the_secretary_assigns_after_a_preview(app, visitor):
    jury = make_jury(entries=2, judges=3, assigned=False)
    page = visitor(jury.secretary).visit("/hoi-dong/phan-cong?so-giam-khao=2")
    assert "Còn thiếu giám khảo" in page.text
    page.submit(button="Phân công 4 phiếu")
    assert db.session.query(ScoreSheet).count() == 4
    page.visit("/hoi-dong/phan-cong").submit(button="Phân công 2 phiếu")
    assert db.session.query(ScoreSheet).count() == 6
    page.visit(f"/hoi-dong/phan-cong/{jury.entries[0].code}-GK1/bo").submit()
    assert db.session.query(ScoreSheet).count() == 5


def test_taking_a_judge_off_says_at_once_why_it_cannot_be_done(jury, visitor):
    code = drafted(jury)
    page = visitor(jury.secretary).visit(f"/hoi-dong/phan-cong/{code}/bo", status=409)
    assert "Chưa thực hiện được" in page.text
    assert "đã bắt đầu chấm" in page.text
    assert page.page.xpath("//main//form") == []


def test_the_page_of_an_act_that_is_blocked_says_why_and_has_no_form(jury, visitor):
    page = visitor(jury.head).visit(f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking", status=409)
    assert page.heading == "Chưa thực hiện được"
    assert page.page.xpath("//main//form") == []


def test_a_conflict_is_said_on_the_page(jury, visitor):
    db.session.execute(sa.update(EntryAuthor).values(user_id=jury.judges[0].id))
    db.session.execute(sa.delete(ScoreSheet))
    entry_id, judge_id = jury.entries[0].id, jury.judges[0].id
    commit()
    page = visitor(jury.secretary).visit("/hoi-dong/phan-cong")
    assert "Phan Thị Hạnh 1 – " in page.text
    page.submit({"entry_id": str(entry_id), "judge_id": str(judge_id)}, button="Thêm phân công", status=409)
    assert "là tác giả của hồ sơ" in page.text


def test_the_matrix_says_each_state_in_words(jury, visitor):
    send(jury.entries[0], jury.judges[0], "20", "20", "30")
    drafted(jury, jury.judges[1])
    page = visitor(jury.secretary).visit("/hoi-dong/ma-tran")
    cells = [" ".join(cell.text_content().split()) for cell in page.page.xpath("//td[contains(@class,'matrix__cell')]")]
    assert cells == ["● đã gửi", "… đang chấm", "○ chưa chấm"]
    page.submit(button="Nhắc người chưa chấm (2)")
    assert "Đã nhắc 2 giám khảo." in page.text
    assert "Nhắc lần cuối:" in page.text


def test_the_head_settles_a_spread(jury, visitor):
    entry = jury.entries[0]
    for judge, scores in zip(jury.judges, (("30", "30", "30"), ("30", "30", "10"), ("10", "25", "30")), strict=True):
        send(entry, judge, *scores)
    code = entry.code
    commit()
    page = visitor(jury.head).visit("/hoi-dong/chenh-lech").follow("Xử lý chênh lệch tiếp theo")
    assert "Phan Thị Hạnh" not in page.page.xpath("string(//main)")
    page.follow("entry.settle_spread").submit({"reason": "Hai phiếu đều có lý do"})
    assert "Không có phiếu chênh lệch." in page.visit("/hoi-dong/chenh-lech").text
    assert "Đã giữ kết quả chênh lệch" in page.visit("/hoi-dong/diem").text
    page.visit(f"/hoi-dong/chenh-lech/{code}")


def test_the_secretary_reopens_a_sheet(jury, visitor):
    sheet = send(jury.entries[0], jury.judges[0], "20", "20", "30")
    code = sheet.code
    commit()
    page = visitor(jury.secretary).visit(f"/cham-diem/{code}").follow("scorecard.reopen")
    page.submit({"reason": ""}, status=422)
    page.submit({"reason": "Cộng nhầm"})
    assert "Đang chấm" in page.text


def test_other_wards_have_no_business_here(jury, visitor):
    other = make_organisation("phuong-khac")
    stranger = make_user("thuky-khac", Role.SECRETARY, at=other)
    code = sheet_of(jury.entries[0], jury.judges[0]).code
    entry_code = jury.entries[0].code
    commit()
    page = visitor(stranger)
    page.visit(f"/cham-diem/{code}", status=404)
    page.visit(f"/hoi-dong/chenh-lech/{entry_code}", status=404)
    page.visit(f"/hoi-dong/ma-tran?cuoc-thi={jury.contest.code}", status=404)
    assert "Chưa có cuộc thi nào" in page.visit("/hoi-dong/ma-tran").text


# --- statements ---------------------------------------------------------------------------------------------------
def expected(embedded, server):
    """A server database also locks the sheet, the contest and the entry, and reads anew what it has locked."""
    return embedded if db.engine.dialect.name == "sqlite" else server


def test_saving_a_sheet_takes_seven_statements(jury, visitor):
    code = drafted(jury)
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{code}")
    names = boxes(page)
    with count_statements() as seen:
        answer = autosave(page, code, **dict(zip(names, ("9,5", "8", "7"), strict=True)))
    assert answer.status_code == 200
    assert len(seen) == expected(7, 13), "\n".join(seen)


def test_sending_the_last_sheet_in_one_transaction(jury, visitor):
    """More than a save, see `services.submit_sheet`: the guard's count, the total, the entry's figures (three), the
    key (two), and the entry's own move with its event; then the next page is found."""
    for judge in jury.judges[1:]:
        send(jury.entries[0], judge, "20", "20", "30")
    code = drafted(jury)
    page = visitor(jury.judges[0]).visit(f"/cham-diem/{code}")
    values = dict(page.page.xpath("//form[@data-autosave]")[0].form_values())
    values |= dict(zip(boxes(page), ("20", "20", "30"), strict=True)) | {"gui": "1"}
    with count_statements() as seen:
        answer = page._request("post", f"/cham-diem/{code}", values, follow=False)
    assert answer.status_code == 303
    assert len(seen) == expected(18, 34), "\n".join(seen)
    assert jury.entries[0].state == "scored"


@pytest.mark.parametrize("path", ["/hoi-dong/ma-tran", "/hoi-dong/diem", "/hoi-dong/phan-cong", "/cham-diem"])
def test_lists_ask_as_often_for_many_rows_as_for_few(jury, visitor, path):
    person = jury.judges[0] if path == "/cham-diem" else jury.secretary
    page = visitor(person)
    few = statements(page, jury, path)
    put_state(jury.contest, "open")
    for _ in range(5):
        add_entry(jury)
    put_state(jury.contest, "judging")
    services.assign_all(actor_of(jury.secretary), jury.contest, now=jury.contest.opens_at)
    assert statements(page, jury, path) == few


def statements(page, jury, path):
    for entry in jury.entries:
        if sheet_of(entry, jury.judges[0]).state == "pending":
            send(entry, jury.judges[0], "20", "20", "30")
    commit()
    with count_statements() as seen:
        page.visit(path)
    return len(seen)
