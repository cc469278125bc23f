"""The register: what the clerk fills in, books for printing, which book counts what."""

from datetime import UTC, datetime

import pypdfium2
import pytest
from sqlalchemy.exc import IntegrityError

from app.adapters.pdf import LibreOffice, find_soffice
from app.audit.models import AuditEvent
from app.core.clock import utcnow
from app.core.db import db, write_transaction
from app.core.errors import Invalid
from app.core.vietnamese import short_date, to_local
from app.documents.models import RegisterEntry
from app.documents.register import printing as register_print
from app.documents.register import series
from app.documents.register.models import RegisterPrint
from app.jobs import run_all
from app.jobs.models import Job
from tests.conftest import NOW
from tests.factories.documents import make_world
from tests.factories.people import actor_of, kept, make_organisation, make_user
from tests.sql import count_statements
from workflows.spec import Role

YEAR = to_local(utcnow()).year


@pytest.fixture
def world(app, monkeypatch):
    """Papers as .docx only."""
    monkeypatch.setitem(app.extensions, "converter", None)
    return make_world()


def issued(world, template="forwarding"):
    paper = world.signed(template, utcnow())
    world.issue(paper, utcnow())
    return paper


def symbols():
    return list(db.session.scalars(db.select(RegisterEntry.symbol).order_by(RegisterEntry.id)))


# --- what the clerk fills in --------------------------------------------------------------------------------------
def test_the_clerk_fills_in_copies_keeper_and_receiver_on_the_trail(world, visitor):
    paper = issued(world)
    clerk = visitor(world.clerk).visit("/so-van-ban").follow("Sửa")
    clerk.submit({"copies": "7", "archive_unit": " VT,  Văn phòng ", "received_by": "Lê Văn Đức"})
    cells = [" ".join(cell.text_content().split()) for cell in clerk.page.xpath("//tbody/tr/td")]
    assert cells[4:6] + cells[7:8] == ["VT, Văn phòng", "7", "Lê Văn Đức"]
    event = db.session.query(AuditEvent).filter_by(action="document.register").one()
    assert event.subject_id == paper.id
    assert '"copies":[1,7]' in event.changes


def test_nothing_changed_is_nothing_recorded(world, visitor):
    code = issued(world).code
    visitor(world.clerk).visit(f"/van-ban/{code}/so-dang-ky").submit({})
    assert db.session.query(AuditEvent).filter_by(action="document.register").count() == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"copies": "0"}, "Số lượng bản từ 1 đến 10.000"),
        ({"copies": "x"}, "Số lượng bản là một số nguyên"),
        ({"received_by": "x" * 201}, "Viết ngắn hơn 200 ký tự"),
    ],
)
def test_wrong_entries_are_said_at_the_field(world, visitor, typed, words):
    code = issued(world).code
    clerk = visitor(world.clerk).visit(f"/van-ban/{code}/so-dang-ky").submit(typed, status=422)
    assert words in clerk.text


def test_only_the_clerk_of_the_ward_edits_and_only_numbered_papers(world, visitor):
    path = f"/van-ban/{issued(world).code}/so-dang-ky"
    stranger = kept(make_user("vanthukhac", Role.CLERK, at=make_organisation("khac")))
    assert visitor(world.office).fetch(path).status_code == 403
    assert visitor(world.chairman).fetch(path).status_code == 403
    assert visitor(stranger).fetch(path).status_code == 404
    receipt = world.made("receipt", utcnow())
    assert visitor(world.clerk).fetch(f"/van-ban/{receipt.code}/so-dang-ky").status_code == 404
    assert visitor(world.office).visit("/so-van-ban").page.xpath("//tbody//a[text()='Sửa']") == []


# --- which book counts what ---------------------------------------------------------------------------------------
def set_books(world, year, **books):
    with write_transaction():
        named = {key.replace("_", "-"): book for key, book in books.items()}
        return series.set_books(world.ward, year, named, actor_of(world.clerk), now=NOW)


def test_types_of_one_group_share_their_numbers(world):
    assert set_books(world, YEAR, TTr_UBND="Chung", GCN_UBND="Chung") == ["GCN-UBND", "TTr-UBND"]
    for template in ("forwarding", "certificate"):
        issued(world, template)
    world.next_contest("CT-2027")
    issued(world)
    assert symbols() == ["01/TTr-UBND", "02/GCN-UBND", "03/TTr-UBND"]
    assert {line.series for line in db.session.query(RegisterEntry)} == {"Chung"}


def test_a_type_with_numbers_changes_from_the_next_year_on(world):
    issued(world)
    with pytest.raises(Invalid) as refused:
        set_books(world, YEAR, TTr_UBND="Chung")
    assert refused.value.errors == {"TTr-UBND": f"Năm {YEAR} đã cấp số cho loại này. Chọn năm sau."}
    assert set_books(world, YEAR + 1, TTr_UBND="Chung") == ["TTr-UBND"]
    ward_id = world.ward_id
    books = [series.book_of(ward_id, "TTr-UBND", year) for year in (YEAR, YEAR + 1, YEAR + 5)]
    assert books == ["TTr-UBND", "Chung", "Chung"]
    assert set_books(world, YEAR + 1, TTr_UBND="TTr-UBND") == ["TTr-UBND"]
    assert series.book_of(ward_id, "TTr-UBND", YEAR + 1) == "TTr-UBND"


@pytest.mark.parametrize("book", ["", " ", "-x", "x", "A" * 31, "Ch<ung", "A/B"])
def test_a_book_has_a_plain_name(world, book):
    with pytest.raises(Invalid):
        set_books(world, YEAR, KH_UBND=book)


def test_a_year_that_is_over_stays_as_it_was(world):
    with pytest.raises(Invalid):
        set_books(world, NOW.year - 1, KH_UBND="Chung")


def test_number_and_symbol_stand_once_in_a_year_whatever_the_books_are(world):
    issued(world)
    line = db.session.query(RegisterEntry).one()
    twin = {column.name: getattr(line, column.name) for column in RegisterEntry.__table__.columns}
    other = world.made("receipt", utcnow()).id
    db.session.add(RegisterEntry(**twin | {"id": 99, "document_id": other, "series": "Khác"}))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_clerk_groups_types_on_the_page(world, visitor):
    issued(world)
    clerk = visitor(world.clerk).visit("/so-van-ban").follow("Cách đánh số văn bản")
    boxes = {box.get("value"): box for box in clerk.page.xpath("//main//input[@type='text']")}
    assert boxes["TTr-UBND"].get("readonly") is not None
    clerk.submit({boxes["KH-UBND"].get("name"): "Chung", boxes["QĐ-UBND"].get("name"): "Chung"})
    assert "Đã lưu cách đánh số." in clerk.text
    assert [series.book_of(world.ward_id, one, YEAR) for one in ("KH-UBND", "QĐ-UBND")] == ["Chung", "Chung"]
    assert db.session.query(AuditEvent).filter_by(action="organisation.series").count() == 1
    boxes = {box.get("value"): box for box in clerk.page.xpath("//main//input[@type='text']")}
    clerk.submit({boxes["TTr-UBND"].get("name"): "Chung"}, status=422)
    assert f"Năm {YEAR} đã cấp số cho loại này. Chọn năm sau." in clerk.text
    clerk.visit(f"/so-van-ban/cach-danh-so?nam={YEAR + 1}").submit({boxes["TTr-UBND"].get("name"): "Chung"})
    assert "Đã lưu cách đánh số." in clerk.text


def test_only_clerks_say_how_is_counted(world, visitor):
    for name in ("office", "chairman"):
        assert visitor(getattr(world, name)).fetch("/so-van-ban/cach-danh-so").status_code == 403
    other = make_organisation("khac")
    stranger, name = kept(make_user("vanthukhac", Role.CLERK, at=other)), other.name
    page = visitor(stranger).visit(f"/so-van-ban/cach-danh-so?co_quan={world.ward_id}&nam=99999")
    assert name in page.text


# --- the book for printing ----------------------------------------------------------------------------------------
def lines_of(world):
    return register_print.lines(world.ward_id, YEAR)


def test_the_book_tells_all_lines_with_their_fate(world):
    first = issued(world)
    issued(world, "certificate")
    world.act(first, world.chairman, "revoke", utcnow(), reason="Sai căn cứ")
    told = register_print.context_of(world.ward, YEAR, lines_of(world), to_local(utcnow()).date())
    assert [(row["symbol"], row["note"][:8]) for row in told["rows"]] == [
        ("01/GCN-UBND", ""),
        ("01/TTr-UBND", "Thu hồi "),
    ]
    assert told["spans"] == ["Sổ GCN-UBND: số 01/GCN-UBND, 1 văn bản", "Sổ TTr-UBND: số 01/TTr-UBND, 1 văn bản"]
    assert told["summary"] == "2 văn bản; sổ GCN-UBND số 01/GCN-UBND; sổ TTr-UBND số 01/TTr-UBND"
    today = short_date(to_local(utcnow()).date())
    assert told["period"] == f"Từ ngày {today} đến ngày {today}"


def test_a_year_that_is_over_is_closed_with_its_last_day(world):
    issued(world)
    later = to_local(datetime(YEAR + 1, 3, 1, tzinfo=UTC)).date()
    told = register_print.context_of(world.ward, YEAR, lines_of(world), later)
    assert told["place_date"] == f"{world.ward.place_name}, ngày 31 tháng 12 năm {YEAR}"


def test_an_empty_year_is_a_book_without_lines(world):
    told = register_print.context_of(world.ward, YEAR, [], to_local(utcnow()).date())
    assert (told["rows"], told["spans"], told["period"], told["summary"]) == ([], [], "", "0 văn bản")


@pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")
def test_the_clerk_prints_the_year(app, world, visitor, monkeypatch):
    issued(world)
    world.next_contest("CT-2027")
    second = issued(world)
    monkeypatch.setitem(app.extensions, "converter", LibreOffice(find_soffice()))
    clerk = visitor(world.clerk).visit("/so-van-ban").follow("In và đóng quyển")
    assert clerk.fetch(f"/so-van-ban/in.pdf?nam={YEAR}").status_code == 404
    clerk.submit(button="Tạo bản PDF")
    assert "Đang tạo bản PDF" in clerk.text
    clerk.post(f"/so-van-ban/in?nam={YEAR}")
    run_all()
    assert db.session.query(Job).filter_by(kind="documents.print_register").count() == 1
    clerk.visit("/so-van-ban").follow("In và đóng quyển")
    book = db.session.query(RegisterPrint).one()
    assert (book.progress, book.problem, book.pages) == ("ready", "", 2)
    response = clerk.fetch(clerk.link(next(t for t in texts(clerk) if t.startswith("Tải bản PDF, 2 trang"))))
    pages = pypdfium2.PdfDocument(response.data)
    assert [(round(page.get_width()), round(page.get_height())) for page in pages] == [(842, 595)] * 2
    words = [" ".join(page.get_textpage().get_text_range().split()) for page in pages]
    assert f"SỔ ĐĂNG KÝ VĂN BẢN ĐI Năm {YEAR}" in words[0]
    assert words[1].count("Sổ này có 2 trang, 2 văn bản; sổ TTr-UBND từ số 01/TTr-UBND đến số 02/TTr-UBND") == 2
    for column in ("Đơn vị, người nhận bản lưu", "Số lượng bản", "Ký nhận", "Ghi chú", "VĂN THƯ"):
        assert column in words[1]
    world.act(second, world.chairman, "revoke", utcnow(), reason="Sai")
    clerk.visit("/so-van-ban").follow("In và đóng quyển")
    assert "Sổ đã có thay đổi sau khi tạo bản PDF này." in clerk.text
    assert "Thu hồi ngày" in clerk.text


def texts(visitor):
    return [" ".join(link.text_content().split()) for link in visitor.page.xpath("//a")]


def test_without_a_converter_the_page_says_what_to_install(world, visitor):
    issued(world)
    clerk = visitor(world.clerk).visit("/so-van-ban").follow("In và đóng quyển")
    clerk.submit(button="Tạo bản PDF")
    run_all()
    clerk.visit("/so-van-ban").follow("In và đóng quyển")
    assert "apt-get install" in clerk.text


def test_the_book_of_all_contests_is_for_offices_of_all_contests(world, visitor):
    issued(world)
    limited = make_user("vanphong1", Role.OFFICE, at=world.ward, contest_id=world.contest_id)
    page = visitor(limited).visit("/so-van-ban")
    assert "In và đóng quyển" not in page.text
    assert page.fetch("/so-van-ban/in").status_code == 404
    assert page.fetch("/so-van-ban/in.pdf").status_code == 404
    assert visitor(world.chairman).visit("/so-van-ban/in").status == 200


def test_the_print_page_takes_as_many_statements_for_many_lines(world, visitor):
    clerk, counts = visitor(world.clerk), []
    for number in range(2):
        world.next_contest(f"CT-{number}")
        issued(world)
        with count_statements() as seen:
            clerk.visit("/so-van-ban/in")
        counts.append(len(seen))
    assert counts[0] == counts[1]
