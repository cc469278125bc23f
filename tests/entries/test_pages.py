"""The author's pages: from the start to the confirmation, with wrong input, stale pages and people who may not."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from app.accounts.models import User
from app.audit.models import AuditEvent
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.entries.models import Entry, EntryFile
from tests.factories import entries as made
from tests.sql import count_statements


@pytest.fixture
def season(app):
    """A contest that is open at the time the tests run."""
    season = made.make_season(now=utcnow())
    made.commit(season)
    return season


def put(season, *, filled=False, confirmed=False, state="", **columns):
    """The code of an entry of the author."""
    made.attach(season)
    now = utcnow()
    entry = made.start(season, now=now)
    if filled or confirmed or state:
        made.fill(season, entry, now=now)
    if confirmed or state:
        made.confirm(season, entry, now=now)
    if state:
        made.put_state(entry, state, **{"submitted_at": now, **columns})
    code = entry.code
    made.commit(season)
    return code


def stored(code) -> Entry:
    """The entry as it is in the database now."""
    db.session.remove()
    return db.session.query(Entry).filter_by(code=code).one()


def events() -> int:
    """How many events the trail has."""
    return db.session.query(AuditEvent).count()


# --- the whole way ------------------------------------------------------------------------------------------------
def test_an_author_fills_an_entry_and_the_unit_confirms_it(season, visitor):
    author = visitor(season.author).visit("/nop")
    assert author.heading == "Nộp sáng kiến"
    author.submit({"kind": "individual"})
    assert author.heading == "Hồ sơ sáng kiến"
    assert "Đã xong 1 trong 6 phần" in author.text
    author.follow("Làm tiếp: Tên và lĩnh vực")
    author.submit(
        {"title": "Sổ tay điện tử", "field_id": str(season.contest.fields[0].id), "first_applied_on": "2/3/2026"}
    )
    assert author.heading == "Mô tả giải pháp"
    author.submit({"current_state": "Trước", "solution": "Sau", "applicability": "Mọi nơi"})
    author.submit({"benefit": "Nhanh hơn"})
    assert author.heading == "Tệp minh chứng"
    author.submit({"file": (io.BytesIO(made.png()), "ảnh.png")})
    assert "ảnh.png" in author.text
    author.visit("/ho-so/SK-2026-0001")
    assert "Hồ sơ còn thiếu: Xác nhận của đơn vị." in author.text
    assert "entry.confirm" not in author.actions()

    contact = visitor(season.contact).visit("/ho-so/SK-2026-0001/phan/xac-nhan")
    contact.follow("entry.confirm").submit(button="entry.confirm")
    assert "Đã xác nhận hồ sơ thay mặt đơn vị" in contact.text
    entry = stored("SK-2026-0001")
    assert (entry.title, entry.confirmed_by) == ("Sổ tay điện tử", "Lê Văn Đức")

    author.visit("/ho-so/SK-2026-0001").follow("Kiểm tra và nộp")
    assert author.heading == "Kiểm tra trước khi nộp"
    assert "02/03/2026" in author.text


def test_an_entry_is_submitted_with_the_declaration(season, visitor):
    code = put(season, confirmed=True)
    author = visitor(season.author).visit(f"/ho-so/{code}/kiem-tra")
    author.submit(button="entry.submit", status=422)
    assert "Đánh dấu vào ô cam đoan để nộp" in author.text
    assert stored(code).state == "draft"
    author.submit({"pledge": "y"}, button="entry.submit")
    assert author.heading == "Đã nộp hồ sơ"
    assert code in author.text
    assert stored(code).state == "submitted"
    assert visitor(season.author).visit("/ho-so-cua-toi").text.count("Đã nộp, chờ kiểm tra") == 1


def test_pressing_submit_twice_submits_once(season, visitor):
    code = put(season, confirmed=True)
    author = visitor(season.author).visit(f"/ho-so/{code}/kiem-tra")
    form = author._form("entry.submit")
    data = dict(form.form_values()) | {"pledge": "y"}
    before = events()
    for _ in range(2):
        assert author.client.post(form.get("action"), data=data).status_code == 303
    assert events() == before + 1
    assert stored(code).state == "submitted"


# --- starting -----------------------------------------------------------------------------------------------------
def test_the_start_page_sent_twice_makes_one_entry(season, visitor):
    author = visitor(season.author).visit("/nop")
    data = dict(author._form("").form_values())
    for _ in range(2):
        author.client.post("/nop", data=data)
    assert db.session.query(Entry).count() == 1


def test_nothing_begins_after_the_deadline(season, visitor):
    author = visitor(season.author).visit("/nop")
    made.attach(season)
    made.put_state(season.contest, "open", closes_at=utcnow() - timedelta(seconds=1))
    made.commit(season)
    author.submit({}, status=422)
    assert "Đã hết hạn nộp" in author.text
    assert db.session.query(Entry).count() == 0


def test_without_an_open_contest_the_page_says_so(season, visitor):
    made.attach(season)
    made.put_state(season.contest, "screening")
    made.commit(season)
    assert "không có cuộc thi nào nhận hồ sơ" in visitor(season.author).visit("/nop").text


def test_a_chosen_unit_that_is_not_mine_is_refused(season, visitor):
    author = visitor(season.author).visit("/nop")
    token = dict(author._form("").form_values())
    assert author.client.post("/nop", data=token | {"unit_id": season.other_unit.id}).status_code == 303
    assert stored("SK-2026-0001").unit_id == season.unit.id


# --- who may ------------------------------------------------------------------------------------------------------
PATHS = (
    "", "/kiem-tra", "/da-nop", "/phan/mo-ta", "/phan/minh-chung", "/thao-tac/submit", "/thao-tac/withdraw", "/tep/1",
    "/tep/1/xoa",
)  # fmt: skip


def without(page: str, code: str) -> str:
    """A page without the code asked for and without its token, which changes with the second."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page).replace(code, "")


@pytest.mark.parametrize("path", PATHS)
def test_an_entry_of_another_unit_is_answered_like_none(season, visitor, path):
    code = put(season, filled=True)
    stranger = visitor(season.other_contact)
    foreign, absent = stranger.fetch(f"/ho-so/{code}{path}"), stranger.fetch(f"/ho-so/SK-2026-9999{path}")
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert without(foreign.text, code) == without(absent.text, "SK-2026-9999")


def test_a_draft_is_not_there_for_the_office(season, visitor):
    visitor(season.office).visit(f"/ho-so/{put(season)}", 404)


def test_the_office_reads_a_submitted_entry_but_edits_nothing(season, visitor):
    code = put(season, state="screened")
    office = visitor(season.office).visit(f"/ho-so/{code}")
    assert "Mã QR tại tổ dân phố" in office.text
    assert "Hợp lệ" in office.text
    office.visit(f"/ho-so/{code}/phan/mo-ta")
    assert office.response.request.path == f"/ho-so/{code}"
    token = office.page.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "solution": "x", "nhap": "1"}
    assert office.client.post(f"/ho-so/{code}/phan/mo-ta", data=data).status_code == 403
    assert stored(code).solution == made.TEXTS["mo-ta"]["solution"]


def test_nobody_signed_in_is_asked_to_sign_in(season, visitor):
    for path in ("/nop", "/ho-so-cua-toi", f"/ho-so/{put(season)}"):
        answer = visitor().fetch(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/dang-nhap")


# --- saving -------------------------------------------------------------------------------------------------------
def test_what_is_missing_is_said_at_the_field_and_nothing_typed_is_lost(season, visitor):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/ten-linh-vuc")
    author.submit({"title": "", "first_applied_on": "32/13/2026"}, button="Lưu và tiếp tục", status=422)
    assert author.page.xpath("//input[@name='first_applied_on']/@value") == ["32/13/2026"]
    assert "Không có ngày 32/13/2026" in author.text
    author.submit({"first_applied_on": ""}, button="Lưu và tiếp tục", status=422)
    assert "Nhập tên sáng kiến" in author.text
    assert "Chọn lĩnh vực" in author.text
    author.submit({"title": "Chỉ có tên"}, button="Lưu nháp")
    assert (author.heading, stored(code).title) == ("Tên và lĩnh vực", "Chỉ có tên")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "%(name)s %d", "' OR 1=1 --", "\u202eđảo"])
def test_hostile_text_is_only_text(season, visitor, text):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/ten-linh-vuc")
    author.submit({"title": text}, button="Lưu nháp")
    author.visit(f"/ho-so/{code}")
    assert author.heading == text.replace("\u202e", "")
    assert not author.page.xpath("//main//script")
    assert author.visit("/ho-so-cua-toi").text.count(text.replace("\u202e", "")) == 1


def test_over_long_text_is_refused_with_its_limit(season, visitor):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/ten-linh-vuc")
    author.submit({"title": "dài " * 126}, button="Lưu nháp", status=422)
    assert "Viết ngắn hơn 500 ký tự" in author.text
    assert stored(code).title == ""


def test_a_stale_page_changes_nothing_and_shows_what_was_typed(season, visitor):
    code = put(season)
    first, second = visitor(season.author), visitor(season.contact)
    for person in (first, second):
        person.visit(f"/ho-so/{code}/phan/ten-linh-vuc")
    first.submit({"title": "Của tác giả"}, button="Lưu nháp")
    second.submit({"title": "Của đơn vị"}, button="Lưu nháp", status=409)
    assert "Của đơn vị" in second.text
    assert stored(code).title == "Của tác giả"


def autosave(author, path, data):
    """Send what the script would send."""
    token = author.page.xpath("//input[@name='csrf_token']/@value")[0]
    headers = {"Accept": "application/json", "X-CSRFToken": token, "X-Autosave": "1"}
    return author.client.post(path, data=data, headers=headers)


def test_typing_is_saved_by_itself_and_passes_the_version_on(season, visitor):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/mo-ta")
    path = author.page.xpath("//form/@data-autosave")[0]
    version = stored(code).version
    answer = autosave(author, path, {"solution": "Một", "version": version})
    assert answer.status_code == 200
    assert answer.json["status"].startswith("Đã lưu ")
    assert answer.json["version"] == stored(code).version > version
    again = autosave(author, path, {"solution": "Một hai", "version": answer.json["version"]})
    assert again.status_code == 200
    before = events()
    same = autosave(author, path, {"solution": "Một hai", "version": again.json["version"]})
    assert (same.json["version"], events()) == (again.json["version"], before)
    stale = autosave(author, path, {"solution": "Ba", "version": version})
    assert (stale.status_code, list(stale.json)) == (409, ["status", "title"])
    assert stored(code).solution == "Một hai"


def test_autosave_says_what_keeps_it_from_saving(season, visitor):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/tac-gia")
    path = author.page.xpath("//form/@data-autosave")[0]
    data = {"authors-0-full_name": "Nguyễn Thị Đào", "authors-0-workplace": "Phường", "authors-0-share": "90"}
    answer = autosave(author, path, data | {"version": stored(code).version})
    assert (answer.status_code, answer.json) == (422, {"status": "Tổng tỷ lệ đóng góp là 90 %, cần đúng 100 %"})
    assert autosave(author, f"/ho-so/{code}/phan/minh-chung/luu", {}).status_code == 404
    assert autosave(author, f"/ho-so/{code}/phan/khac/luu", {}).status_code == 404


# --- authors ------------------------------------------------------------------------------------------------------
def test_authors_are_added_row_by_row_and_share_with_a_comma(season, visitor):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/tac-gia")
    author.submit(button="Thêm dòng: Tác giả")
    author.submit(
        {
            "authors-0-share": "66,67",
            "authors-1-full_name": "Trần Văn Bình",
            "authors-1-workplace": "Tổ dân phố 3",
            "authors-1-born_on": "5/9/1988",
            "authors-1-share": "33,33",
        },
        button="Lưu và tiếp tục",
    )
    assert author.heading == "Tên và lĩnh vực"
    assert [(a.full_name, a.share) for a in stored(code).authors] == [
        ("Nguyễn Thị Đào", Decimal("66.67")),
        ("Trần Văn Bình", Decimal("33.33")),
    ]
    author.visit(f"/ho-so/{code}/phan/tac-gia")
    assert author.page.xpath("//input[@name='authors-1-share']/@value") == ["33,33"]


@pytest.mark.parametrize("share", ["NaN", "1e2", "-5", "100,001", "101", "abc", "1.000", "٥٠", ""])
def test_a_share_is_read_by_an_exact_grammar(season, visitor, share):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/tac-gia")
    author.submit({"authors-0-share": share}, button="Lưu và tiếp tục", status=422)
    assert author.page.xpath("//input[@name='authors-0-share']/@value") == [share]
    assert [a.share for a in stored(code).authors] == [Decimal(100)]


def test_field_names_that_no_page_has_are_ignored(season, visitor):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/tac-gia")
    token = author.page.xpath("//input[@name='csrf_token']/@value")[0]
    odd = {f"authors-{index}-share": "1" for index in ("²", "x", "99999999", "-1", "")}
    data = odd | {"authors-0-full_name": "A", "authors-0-workplace": "B", "authors-0-share": "100", "csrf_token": token}
    assert author.client.post(f"/ho-so/{code}/phan/tac-gia", data=data).status_code == 303
    assert [a.full_name for a in stored(code).authors] == ["A"]


# --- files --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "trống.png", "Tệp không có nội dung"),
        (b"MZ\x90", "chương trình.exe", "Tệp phải là PDF, DOCX, XLSX, JPG hoặc PNG"),
        (b"<html><script>alert(1)</script>", "trang.png", "Nội dung tệp không phải là PNG"),
        (b"%PDF-1.7 hong", "hỏng.pdf", "hỏng"),
    ],
)
def test_a_wrong_file_is_refused_in_words(season, visitor, content, name, says):
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/minh-chung")
    author.submit({"file": (io.BytesIO(content), name)}, status=422)
    assert says in author.text
    assert db.session.query(EntryFile).count() == 0


def test_a_file_over_the_limit_and_none_at_all_are_refused(season, visitor, app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], max_upload_mb=0))
    code = put(season)
    author = visitor(season.author).visit(f"/ho-so/{code}/phan/minh-chung")
    author.submit({}, status=422)
    assert "Chọn tệp minh chứng" in author.text
    author.submit({"file": (io.BytesIO(made.png()), "lớn.png")}, status=422)
    assert "Tệp phải nhỏ hơn 1 MB" in author.text
    assert db.session.query(EntryFile).count() == 0


def test_evidence_is_sent_as_it_came_to_those_who_may_read_it(season, visitor):
    code = put(season, state="submitted")
    file_id = db.session.query(EntryFile.id).scalar()
    for user in (season.author, season.contact, season.office):
        answer = visitor(user).fetch(f"/ho-so/{code}/tep/{file_id}")
        assert answer.get_data() == made.png()
        answer.close()
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    for user in (season.other_contact, season.upper_clerk):
        assert visitor(user).fetch(f"/ho-so/{code}/tep/{file_id}").status_code == 404


def test_a_file_belongs_to_its_entry_only(season, visitor):
    first, second = put(season, filled=True), put(season)
    file_id = db.session.query(EntryFile.id).scalar()
    author = visitor(season.author)
    assert author.fetch(f"/ho-so/{second}/tep/{file_id}").status_code == 404
    author.visit(f"/ho-so/{first}/tep/{file_id}/xoa").submit()
    assert "Chưa có tệp minh chứng nào" in author.text
    assert author.fetch(f"/ho-so/{first}/tep/{file_id}").status_code == 404


# --- completion ---------------------------------------------------------------------------------------------------
def test_of_a_returned_entry_only_what_was_asked_for_is_open(season, visitor):
    due = utcnow() + timedelta(days=3)
    code = put(
        season,
        state="returned",
        returned_parts="mo-ta minh-chung",
        return_reason="Bổ sung số liệu quý III",
        completion_due_at=due,
    )
    author = visitor(season.author).visit(f"/ho-so/{code}")
    assert author.text.count("Không yêu cầu bổ sung phần này.") == 3
    author.visit(f"/ho-so/{code}/phan/mo-ta")
    assert "Bổ sung số liệu quý III" in author.text
    author.submit({"solution": "Nội dung đã bổ sung"}, button="Lưu và tiếp tục")
    author.visit(f"/ho-so/{code}/phan/hieu-qua")
    assert author.response.request.path == f"/ho-so/{code}"
    token = author.page.xpath("//input[@name='csrf_token']/@value")[0]
    refused = author.client.post(f"/ho-so/{code}/phan/hieu-qua", data={"csrf_token": token, "benefit": "x"})
    assert refused.status_code == 409
    assert "không nằm trong yêu cầu bổ sung" in refused.text
    entry = stored(code)
    assert (entry.solution, entry.benefit) == ("Nội dung đã bổ sung", made.TEXTS["hieu-qua"]["benefit"])
    visitor(season.contact).visit(f"/ho-so/{code}/phan/xac-nhan").follow("entry.confirm").submit(button="entry.confirm")
    author.visit(f"/ho-so/{code}").follow("Kiểm tra và nộp").submit({"pledge": "y"}, button="entry.resubmit")
    assert author.heading == "Đã nộp hồ sơ"


def test_an_author_withdraws_with_a_reason(season, visitor):
    code = put(season, filled=True)
    author = visitor(season.author).visit(f"/ho-so/{code}").follow("entry.withdraw")
    author.submit({"reason": " "}, status=422)
    author.submit({"reason": "Nộp nhầm"})
    assert stored(code).state == "withdrawn"
    assert "Nộp nhầm" in author.text


# --- the page of an entry -----------------------------------------------------------------------------------------
def test_an_author_reads_the_authors_words_and_no_act_of_the_jury(season, visitor):
    code = put(season, state="scored")
    text = visitor(season.author).visit(f"/ho-so/{code}").text
    assert "Đang xét" in text
    assert "Đã chấm đủ" not in text
    assert "Đã chấm đủ" in visitor(season.office).visit(f"/ho-so/{code}").text


def test_what_is_announced_is_no_longer_called_awaited(season, visitor):
    code = put(season, state="ranked")
    author = visitor(season.author)
    assert "Đang xét" in author.visit(f"/ho-so/{code}").text
    db.session.execute(update(Contest).values(state="decided"))
    db.session.commit()
    for page in (f"/ho-so/{code}", "/ho-so-cua-toi"):
        text = author.visit(page).text
        assert "Đã có kết quả" in text
        assert "Kết quả đã công bố, xem ở trang Kết quả." in text
        assert "Đang xét" not in text


def test_the_page_of_an_entry_costs_the_same_with_much_on_it(season, visitor):
    """Nine, not five: the person, the frame, the entry with contest, unit and field, its authors, files, trail and
    papers; and what the guard of the checklist asks, twice."""
    code = put(season, state="submitted")
    office = visitor(season.office).visit(f"/ho-so/{code}")
    with count_statements() as few:
        office.visit(f"/ho-so/{code}")
    made.attach(season)
    entry = db.session.query(Entry).filter_by(code=code).one()
    user_id = db.session.query(User.id).filter_by(username=season.author.username).scalar()
    for n in range(30):
        db.session.add(
            EntryFile(
                entry_id=entry.id,
                name=f"{n}.png",
                sha256="0" * 64,
                size=1,
                media_type="image/png",
                uploaded_by_id=user_id,
                uploaded_at=utcnow(),
            )
        )
    made.commit(season)
    with count_statements() as more:
        office.visit(f"/ho-so/{code}")
    assert len(few) == len(more)
    assert len(more) <= 9, "\n".join(more)
