"""The list of entries: who sees which rows, by which words and conditions, in how many statements."""

import csv
import io
from contextvars import Context
from datetime import datetime

import openpyxl
import pytest

from app.core.db import db
from app.entries import parts, search, services
from app.entries.models import Entry
from app.reports import queries
from app.reports.tables import neutral
from tests.factories import entries as made
from tests.factories.people import actor_of, make_user
from tests.sql import count_statements
from workflows.spec import Role

TITLES = ("Đổi mới tiếp công dân", "Sổ tay điện tử", 'Mẫu "một cửa" – bản *mới*', "=1+1 & <b>đậm</b> ${7*7}")


@pytest.fixture
def season(app):
    """An open contest."""
    season = made.make_season()
    made.commit(season)
    return season


def put(season, title, state="submitted", *, by=None, unit=None, field=0, **columns):
    """An entry with a title, put into a state."""
    made.attach(season)
    entry = made.start(season, by, unit=unit)
    values = {"title": title, "field_id": season.contest.fields[field].id}
    services.save_part(
        entry, parts.part_named("ten-linh-vuc"), values, actor_of(by or season.author), now=made.NOW, version=None
    )
    made.put_state(entry, state, **({"submitted_at": made.NOW} if state != "draft" else {}) | columns)
    made.commit(season, entry)
    return entry


def codes(visitor):
    """Codes on the list, in its order."""
    return [str(code) for code in visitor.page.xpath("//tbody//th[@scope='row']/a/text()")]


# --- who sees what ------------------------------------------------------------------------------------------------
def test_each_sees_only_what_the_entry_pages_show(season, visitor):
    draft = put(season, "Bản nháp", "draft")
    sent = put(season, "Đã nộp")
    withdrawn_draft = put(season, "Rút từ nháp", "withdrawn", submitted_at=None)
    withdrawn = put(season, "Rút sau khi nộp", "withdrawn")
    forwarded = put(season, "Đã gửi", "forwarded_to_town")
    others = put(season, "Của đơn vị khác", by=season.other_contact, unit=season.other_unit)
    rows = [draft, sent, withdrawn_draft, withdrawn, forwarded, others]
    seen = {
        season.office: [others, forwarded, withdrawn, sent],
        season.contact: [forwarded, withdrawn, withdrawn_draft, sent, draft],
        season.other_contact: [others],
        season.upper_clerk: [forwarded],
    }
    for user, entries in seen.items():
        person = visitor(user).visit("/ho-so")
        assert codes(person) == [entry.code for entry in entries]
        assert f"{len(entries)} hồ sơ" in person.text
        assert [e.code for e in rows if person.fetch(f"/ho-so/{e.code}").status_code == 200] == sorted(
            entry.code for entry in entries
        )


def test_an_author_without_a_role_has_no_list(season, visitor):
    visitor(season.author).visit("/ho-so", 403)


def test_a_contest_of_others_is_not_there(season, visitor):
    made.attach(season)
    other = made.make_season("xa", prefix="XA")
    made.commit(season)
    made.commit(other)
    for path in ("/ho-so", "/ho-so/xuat.xlsx", "/ho-so/xuat.csv"):
        assert visitor(season.office).fetch(f"{path}?cuoc-thi={other.contest.code}").status_code == 404
        assert visitor(season.office).fetch(f"{path}?cuoc-thi={season.contest.code}").status_code == 200


def test_an_office_sees_its_own_draft_taken_on_paper(season, visitor):
    entry = put(season, "Nhập thay", "draft", by=season.office, unit=season.unit)
    person = visitor(season.office).visit("/ho-so")
    assert codes(person) == [entry.code]
    assert "Bản nháp (1)" in person.text


def test_a_unit_reads_the_authors_words(season, visitor):
    put(season, "Đã chấm", "scored")
    put(season, "Đã xếp hạng", "ranked")
    unit = visitor(season.contact).visit("/ho-so")
    assert "Đang xét (2)" in unit.text
    assert "Đã chấm đủ" not in unit.text
    assert "Đã chấm đủ" not in unit.fetch("/ho-so/xuat.csv").get_data(as_text=True)
    assert len(codes(unit.visit("/ho-so?trang-thai=scored"))) == 2
    assert "Đã chấm đủ (1)" in visitor(season.office).visit("/ho-so").text


# --- conditions ---------------------------------------------------------------------------------------------------
def test_conditions_narrow_and_stand_as_chips(season, visitor):
    a = put(season, "Một", field=0)
    b = put(season, "Hai", field=1, state="screened")
    person = visitor(season.office)
    field = season.contest.fields[1]
    assert codes(person.visit(f"/ho-so?linh-vuc={field.id}")) == [b.code]
    assert person.page.xpath("//ul[@class='chips']//a[contains(., $name)]", name=field.name)
    assert codes(person.visit("/ho-so?trang-thai=submitted")) == [a.code]
    assert codes(person.visit(f"/ho-so?don-vi={season.other_unit.id}")) == []
    assert "Không có hồ sơ khớp" in person.text
    assert codes(person.visit("/ho-so?hinh-thuc=individual&linh-vuc=x&don-vi=-1&truoc=²&sau=9e9")) == [b.code, a.code]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("đổi mới", [0]),
        ("doi moi", [0]),
        ("ĐỔI  TIEP cong", [0]),
        ("công dân đổi", [0]),
        ("dien", [1]),
        ("diện tử", [1]),
        ("một cửa", [2]),
        ("mot-cua", [2]),
        ("0003", [2]),
        ("sk-2026-0002", [1]),
        ("dao", [3, 2, 1, 0]),
        ("bộ phận văn phòng", [3, 2, 1, 0]),
        ("không có chữ này", []),
        ("mo\u0302\u0323t cu\u031b\u0309a", [2]),
    ],
)
def test_search_finds_beginnings_of_words_without_marks(season, visitor, typed, found):
    rows = [put(season, title) for title in TITLES]
    assert codes(visitor(season.office).visit(f"/ho-so?q={typed}")) == [rows[n].code for n in found]


@pytest.mark.parametrize(
    "typed",
    [
        '"', '""', "*", "a*b", "NEAR", "NEAR(a b)", "a OR b", "NOT a", "-", "--", "a -b", "folded:a", "^a", "(", ")",
        "a AND", "'; DROP TABLE entry", "%", "_", "\\", "\x00", "😀", ":*", "a & !b", "a <-> b", "x" * 5000, "{{ 1 }}",
    ],
)  # fmt: skip
def test_signs_of_query_languages_are_only_text(season, visitor, typed):
    put(season, "Sổ tay điện tử")
    person = visitor(season.office)
    for path in ("/ho-so", "/ho-so/xuat.csv"):
        assert person.client.get(path, query_string={"q": typed}).status_code == 200


def test_a_search_of_signs_alone_finds_nothing(season, visitor):
    put(season, "Sổ tay điện tử")
    person = visitor(season.office)
    person._answer(person.client.get("/ho-so", query_string={"q": '"*-'}), 200)
    assert codes(person) == []


def test_words_are_cut_to_a_bearable_number():
    assert search.words("Đường-dẫn_mới 12,5%") == ["duong", "dan", "moi", "12", "5"]
    assert len(search.words("từ " * 50)) == search.MOST_WORDS


def test_the_search_follows_a_changed_title(season, visitor):
    entry = put(season, "Tên cũ", "draft")
    part = parts.part_named("ten-linh-vuc")
    entry = db.session.get(Entry, entry.id)
    services.save_part(entry, part, {"title": "Tên khác"}, actor_of(season.author), now=made.NOW, version=None)
    made.commit(season, entry)
    person = visitor(season.contact)
    assert codes(person.visit("/ho-so?q=khac")) == [entry.code]
    assert codes(person.visit("/ho-so?q=cũ")) == []


# --- paging and statements ----------------------------------------------------------------------------------------
def many(season, n):
    """`n` submitted entries."""
    made.attach(season)
    for number in range(n):
        made.put_state(made.start(season), "submitted", submitted_at=made.NOW, title=f"Sáng kiến {number}")
    made.commit(season)


def test_pages_meet_without_gap_or_repeat(season, visitor, monkeypatch):
    monkeypatch.setattr("app.reports.queries.PAGE", 3)
    many(season, 8)
    person = visitor(season.office).visit("/ho-so")
    seen = [codes(person)]
    while person.page.xpath("//a[@rel='next']"):
        person.visit(person.page.xpath("//a[@rel='next']/@href")[0])
        seen.append(codes(person))
    assert [len(page) for page in seen] == [3, 3, 2]
    assert [code for page in seen for code in page] == [f"SK-2026-{n:04}" for n in range(8, 0, -1)]
    person.visit(person.page.xpath("//a[@rel='prev']/@href")[0])
    assert codes(person) == seen[1]
    person.visit(person.page.xpath("//a[@rel='prev']/@href")[0])
    assert codes(person) == seen[0]
    assert not person.page.xpath("//a[@rel='prev']")


@pytest.mark.parametrize("query", ["", "?q=sk", "?trang-thai=submitted&q=van+phong"])
def test_the_list_costs_the_same_for_3_rows_as_for_30(season, visitor, query):
    many(season, 3)
    person = visitor(season.office).visit("/ho-so")
    with count_statements() as few:
        person.visit(f"/ho-so{query}")
    many(season, 27)
    with count_statements() as more:
        person.visit(f"/ho-so{query}")
    assert len(codes(person)) in (0, 30)
    assert len(few) == len(more)
    assert len(more) <= 6, "\n".join(more)


@pytest.mark.parametrize("file", ["xlsx", "csv"])
def test_an_export_costs_three_statements(season, visitor, file):
    many(season, 3)
    person = visitor(season.office)
    for rows in (3, 30):
        with count_statements() as seen:
            person.fetch(f"/ho-so/xuat.{file}").get_data()
        assert len(seen) == 3, "\n".join(seen)
        many(season, 27 if rows == 3 else 0)


def test_an_export_of_many_batches_is_sent_to_its_end(season, visitor, monkeypatch):
    """As by a server, which reads the rows when the view and its transaction are over: without the tests' context."""
    monkeypatch.setattr(queries, "BATCH", 2)
    many(season, 7)
    client = visitor(season.office).client
    text = Context().run(lambda: client.get("/ho-so/xuat.csv").data).decode("utf-8-sig")
    lines = text.splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["1", "2", "3", "4", "5", "6", "7"]


# --- files --------------------------------------------------------------------------------------------------------
def sheet_rows(response, name):
    """Rows of a sheet as values."""
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    return [[cell.value for cell in row] for row in book[name].iter_rows()], book


def test_the_workbook_holds_texts_numbers_and_days_as_such(season, visitor):
    put(season, TITLES[3])
    put(season, "Sổ tay")
    rows, book = sheet_rows(visitor(season.office).fetch("/ho-so/xuat.xlsx"), "DuLieu")
    assert rows[0][:4] == ["stt", "ma_ho_so", "ten", "tac_gia"]
    assert rows[1] == [
        1, "SK-2026-0001", TITLES[3], "Nguyễn Thị Đào (100%)", 1, "Văn phòng", "Thủ tục hành chính",
        "Cá nhân hoặc nhóm tác giả", None, datetime(2026, 11, 20, 9, 0), "Mới nộp",
    ]  # fmt: skip
    assert [cell.data_type for cell in book["DuLieu"][2]][:5] == ["n", "s", "s", "s", "n"]
    shown, _book = sheet_rows(visitor(season.office).fetch("/ho-so/xuat.xlsx?q=sổ"), "Danh sách")
    assert shown[0][0] == season.host.name
    assert [row[:3] for row in shown[5:]] == [
        ["STT", "Mã hồ sơ", "Tên sáng kiến, giải pháp"],
        [1, "SK-2026-0002", "Sổ tay"],
    ]


def test_csv_is_for_spreadsheets_and_runs_nothing(season, visitor):
    for title in ("=HYPERLINK(1)", "@SUM(A1)", "-2+3", 'có; dấu "chấm" phẩy'):
        put(season, title)
    response = visitor(season.office).fetch("/ho-so/xuat.csv")
    assert response.headers["Content-Disposition"] == ("attachment; filename=danh-sach-ho-so-cuoc-thi-sk-2026.csv")
    assert response.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["'=HYPERLINK(1)", "'@SUM(A1)", "'-2+3", 'có; dấu "chấm" phẩy']
    assert rows[1][9] == "09:00 20/11/2026"


def test_exports_hold_only_what_the_list_shows(season, visitor):
    put(season, "Nháp", "draft")
    put(season, "Nộp")
    other = put(season, "Khác", by=season.other_contact, unit=season.other_unit)
    for user, titles in ((season.office, ["Nộp", "Khác"]), (season.other_contact, ["Khác"]), (season.upper_clerk, [])):
        text = visitor(user).fetch("/ho-so/xuat.csv").data.decode("utf-8-sig")
        assert [row[2] for row in csv.reader(io.StringIO(text), delimiter=";")][1:] == titles
        rows, _book = sheet_rows(visitor(user).fetch("/ho-so/xuat.xlsx"), "DuLieu")
        assert [row[2] for row in rows[1:]] == titles
    assert other.code


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1"])
def test_what_a_spreadsheet_would_run_is_marked(text):
    assert neutral(text) == f"'{text}"


def test_plain_text_stays(season):
    assert neutral("Sổ tay - bản 2") == "Sổ tay - bản 2"


def test_a_head_for_one_contest_does_not_see_another(season, visitor):
    made.attach(season)
    other = made.make_open_contest(season.host, season.upper, prefix="SK-2027", now=made.NOW)
    head = make_user("truongban", Role.HEAD_OF_JURY, at=season.host, contest_id=season.contest.id)
    made.commit(season, other, head)
    put(season, "Của cuộc thi này")
    person = visitor(head)
    assert len(codes(person.visit("/ho-so"))) == 1
    person.visit(f"/ho-so?cuoc-thi={other.code}", 404)
