"""Papers in the browser: every person's step, wrong roles, hostile input, the register and its file."""

import io
import re

import openpyxl
import pytest

from app.audit.queries import events_of
from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.db import db
from app.documents import services
from app.documents.models import RegisterEntry
from app.jobs import run_all
from tests.factories.documents import PASSWORD, make_world
from tests.factories.people import make_organisation, make_user
from tests.sql import count_statements
from workflows.spec import Role


@pytest.fixture
def world(app, monkeypatch):
    """Papers as .docx only."""
    monkeypatch.setitem(app.extensions, "converter", None)
    return make_world()


def state_of(paper):
    db.session.rollback()
    return paper.state


def awaiting(world, template="forwarding"):
    return world.awaiting(template, utcnow())


def signed(world, template="forwarding"):
    return world.signed(template, utcnow())


def test_a_paper_from_draft_to_issue_with_one_return(world, visitor):
    document = world.made(now=utcnow())
    page = f"/van-ban/{document.code}"
    office, chairman, clerk = visitor(world.office), visitor(world.chairman), visitor(world.clerk)

    office.visit(page).submit(button="document.initial")
    office.follow("document.request_signature").submit({"reason": "Kính trình"})
    chairman.visit("/trinh-ky")
    assert document.code in chairman.text
    chairman.visit(page).follow("document.return").submit(button="document.return", status=422)
    assert "Nhập lý do" in chairman.text
    chairman.submit({"reason": "Thiếu căn cứ"}, button="document.return")
    assert state_of(document) == "returned"

    office.visit(page)
    assert "Thiếu căn cứ" in office.text
    world.overrides["closing"] = "Câu kết đã sửa"
    office.submit(button="document.redraw")
    run_all()
    office.visit(page).follow("document.revise").submit()
    office.submit(button="document.initial")
    office.follow("document.request_signature").submit()

    chairman.visit(page).follow("document.sign").submit(button="document.sign", status=422)
    assert "Nhập mật khẩu để xác nhận" in chairman.text
    chairman.submit({"password": "sai mật khẩu"}, button="document.sign", status=422)
    assert "Mật khẩu không đúng" in chairman.text
    assert state_of(document) == "awaiting_signature"
    chairman.submit({"password": PASSWORD}, button="document.sign")
    assert state_of(document) == "signed"

    clerk.visit(page).follow("document.number").submit({"copies": "5"})
    assert state_of(document) == "numbered"
    run_all()
    clerk.visit(page).follow("document.issue").submit(button="document.issue")
    assert state_of(document) == "issued"
    clerk.visit(page)
    assert "01/TTr-UBND" in clerk.text
    assert clerk.actions() == ["document.scan"]
    response = clerk.fetch(clerk.link("Tải bản Word"))
    assert response.headers["Content-Disposition"] == "attachment; filename=to-trinh-01-ttr-ubnd.docx"
    assert response.data[:2] == b"PK"


def test_a_password_given_lately_is_not_asked_for_again(world, visitor):
    first, second = awaiting(world), awaiting(world, "certificate")
    chairman = visitor(world.chairman)
    chairman.visit(f"/van-ban/{first.code}/thao-tac/sign").submit({"password": PASSWORD}, button="document.sign")
    chairman.visit(f"/van-ban/{second.code}/thao-tac/sign")
    assert chairman.page.xpath("//input[@type='password']") == []
    chairman.submit(button="document.sign")
    assert state_of(second) == "signed"


def test_guessing_the_password_of_a_signer_is_limited(world, visitor):
    document = awaiting(world)
    chairman = visitor(world.chairman).visit(f"/van-ban/{document.code}/thao-tac/sign")
    for _ in range(10):
        chairman.submit({"password": "sai"}, button="document.sign", status=422)
    chairman.submit({"password": PASSWORD}, button="document.sign", status=422)
    assert "Đã thử sai quá nhiều lần" in chairman.text
    assert state_of(document) == "awaiting_signature"


def test_several_papers_are_signed_at_once_or_none(world, visitor):
    first, second = awaiting(world), awaiting(world, "certificate")
    chairman = visitor(world.chairman).visit("/trinh-ky")
    assert chairman.heading == "Chờ ký: 2 văn bản"
    choices = chairman.page.xpath("//input[@name='paper']/@value")
    chairman.submit({"password": PASSWORD}, button="document.sign", status=422)
    assert "Chọn ít nhất một văn bản để ký" in chairman.text
    stale = choices[1].rpartition(":")[0] + ":" + "0" * 64
    chairman.post("/trinh-ky", {"paper": [choices[0], stale]}, status=409)
    assert "Văn bản đã thay đổi sau khi mở xem" in chairman.text
    assert [state_of(first), state_of(second)] == ["awaiting_signature"] * 2
    chairman.post("/trinh-ky", {"paper": choices, "key": "k" * 43})
    assert [state_of(first), state_of(second)] == ["signed"] * 2
    chairman.visit("/trinh-ky")
    assert "Không có văn bản chờ ký." in chairman.text


@pytest.mark.parametrize("choice", ["x", "a:b:c", "VB:1", f"VB:{'9' * 40}:x", "::"])
def test_a_wrong_tick_is_said_so(world, visitor, choice):
    awaiting(world)
    chairman = visitor(world.chairman).visit("/trinh-ky")
    chairman.post("/trinh-ky", {"paper": choice, "password": PASSWORD}, status=422)
    assert "Không đọc được văn bản đã chọn" in chairman.text


def test_a_double_click_signs_once(world, visitor):
    document = awaiting(world)
    chairman = visitor(world.chairman).visit(f"/van-ban/{document.code}/thao-tac/sign")
    form = dict(chairman.page.xpath("//main//form")[0].form_values())
    path = f"/van-ban/{document.code}/thao-tac/sign"
    for _ in range(2):
        chairman.post(path, form | {"password": PASSWORD})
    done = [event.action for event in events_of("document", document.id)]
    assert done.count("document.sign") == 1


def test_a_changed_paper_is_not_signed(world, visitor):
    document = awaiting(world)
    chairman = visitor(world.chairman).visit(f"/van-ban/{document.code}/thao-tac/sign")
    chairman.submit({"password": PASSWORD, "sha256": "0" * 64}, button="document.sign", status=409)
    assert "Văn bản đã thay đổi sau khi mở xem. Xem lại trước khi ký." in chairman.text
    assert state_of(document) == "awaiting_signature"


def test_acting_from_a_stale_page_is_a_conflict(world, visitor):
    document = world.made(now=utcnow())
    office, other = visitor(world.office), visitor(world.office)
    office.visit(f"/van-ban/{document.code}")
    other.visit(f"/van-ban/{document.code}").submit(button="document.initial")
    office.submit(button="document.initial", status=409)
    office.visit(f"/van-ban/{document.code}")
    office.post(f"/van-ban/{document.code}/tao-lai", {"version": "1"}, status=409)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"issued_on": "31/02/2026"}, "Không có ngày 31/2/2026"),
        ({"issued_on": ""}, "Nhập ngày"),
        ({"issued_on": "mai"}, "Ngày viết theo dạng"),
        ({"issued_on": "01/01/2020"}, "Ngày văn bản không được trước ngày ký"),
        ({"copies": "0"}, "Số lượng bản từ 1 đến 10.000"),
        ({"copies": "1e1"}, "Số lượng bản là một số nguyên"),
        ({"copies": ""}, "Nhập số lượng bản"),
    ],
)
def test_wrong_input_of_the_clerk_is_said_at_the_field(world, visitor, typed, sentence):
    document = signed(world)
    clerk = visitor(world.clerk).visit(f"/van-ban/{document.code}").follow("document.number")
    clerk.submit(typed, status=422)
    assert sentence in " ".join(clerk.page.xpath("//form//*[@class='field__error']")[0].text_content().split())
    for name, value in typed.items():
        assert clerk.page.xpath(f"//input[@name='{name}']/@value") == [value]
    assert state_of(document) == "signed"
    assert db.session.query(RegisterEntry).count() == 0


def test_a_failed_paper_says_what_is_missing_and_can_be_made_again(world, visitor):
    world.overrides["closing"] = ""
    document = world.made(now=utcnow())
    office = visitor(world.office).visit(f"/van-ban/{document.code}")
    assert "Mẫu “forwarding” thiếu trường “Câu kết” (closing)." in office.text
    assert "Ký nháy: chưa thực hiện được." in office.text
    world.overrides["closing"] = "Câu kết"
    office.submit(button="document.redraw")
    assert "Văn bản đang được tạo" in office.text
    run_all()
    office.visit(f"/van-ban/{document.code}")
    assert "document.initial" in office.actions()


def test_a_machine_without_converter_says_what_to_install(world, visitor):
    document = world.made(now=utcnow())
    office = visitor(world.office).visit(f"/van-ban/{document.code}")
    assert "apt-get install" in office.text
    assert office.fetch(f"/van-ban/{document.code}/trang/1.png").status_code == 404
    assert office.fetch(f"/van-ban/{document.code}/tai/pdf").status_code == 404
    assert office.fetch(f"/van-ban/{document.code}/tai/exe").status_code == 404


def test_strangers_find_no_paper(world, visitor):
    document = signed(world)
    elsewhere = make_organisation("khac")
    strangers = [
        make_user("nguoila"),
        make_user("vanphongkhac", Role.OFFICE, at=elsewhere),
        make_user("giamkhao", Role.JUDGE, at=world.ward),
        make_user("vanphongcu", Role.OFFICE, at=world.ward, contest_id=world.contest.id + 7),
    ]
    for stranger in [visitor(person) for person in strangers]:
        for path in ("", "/tai/docx", "/trang/1.png", "/thao-tac/return"):
            assert stranger.fetch(f"/van-ban/{document.code}{path}").status_code == 404
        assert stranger.fetch("/trinh-ky").status_code == 403
    assert visitor().fetch(f"/van-ban/{document.code}").status_code == 302


def test_the_office_may_not_open_the_page_of_signing(world, visitor):
    code = awaiting(world).code
    assert visitor(world.office).fetch(f"/van-ban/{code}/thao-tac/sign").status_code == 403
    assert visitor(world.clerk).fetch(f"/van-ban/{code}/thao-tac/issue").status_code == 409
    assert visitor(world.office).fetch(f"/van-ban/{code}/thao-tac/issue").status_code == 403


def test_papers_of_another_ward_are_in_no_list(world, visitor):
    code = awaiting(world).code
    elsewhere = make_organisation("khac")
    chairman = make_user("chutichkhac", Role.CHAIRMAN, at=elsewhere)
    office = make_user("vanphongkhac", Role.OFFICE, at=elsewhere)
    chairman, office = visitor(chairman), visitor(office)
    assert code not in chairman.visit("/trinh-ky").text
    assert "Chưa có văn bản nào ở đây." in office.visit("/van-ban").text
    assert code in visitor(world.office).visit("/van-ban").text


def test_the_list_filters_by_stage_and_contest(world, visitor):
    document, receipt = awaiting(world), world.made("receipt", utcnow())
    office = visitor(world.office)
    office.visit("/van-ban?trang_thai=issued")
    assert receipt.code in office.text
    assert document.code not in office.text
    office.visit(f"/van-ban?cuoc_thi={world.contest.id}")
    assert document.code in office.text
    for query in ("trang_thai=x&cuoc_thi=x&truoc=x", "cuoc_thi=999999999999999999", "truoc=²", "truoc=-1"):
        assert document.code in office.visit(f"/van-ban?{query}").text


def waiting_papers(world, count):
    """So many papers that wait for the chairman, each of a contest of its own."""
    for _ in range(count):
        world.next_contest(f"CT-{db.session.query(Contest).count()}")
        document = world.draw(now=utcnow())
        services.keep_bytes(document.row, "draft", [{"kind": "docx", "sha256": "0" * 64, "size": 1}], now=utcnow())
        for action in ("initial", "request_signature"):
            world.act(document, world.office, action, utcnow())


@pytest.mark.parametrize(("path", "most"), [("/van-ban", 5), ("/trinh-ky", 5)])
def test_lists_take_as_many_statements_for_30_papers_as_for_3(world, visitor, path, most):
    chairman = visitor(world.chairman)
    counts = []
    for more in (3, 27):
        waiting_papers(world, more)
        with count_statements() as seen:
            chairman.visit(path)
        assert len(chairman.page.xpath("//tbody/tr")) == (3 if more == 3 else 30)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= most, seen


def test_the_register_takes_as_many_statements_for_many_lines(world, visitor):
    clerk = visitor(world.clerk)
    counts = []
    for _ in range(2):
        for template in ("forwarding", "certificate"):
            world.issue(signed(world, template), utcnow())
        with count_statements() as seen:
            clerk.visit("/so-van-ban")
        counts.append(len(seen))
        if len(counts) == 1:
            world.next_contest("CT-2027")
    assert counts[0] == counts[1]


def test_the_register_shows_ten_columns_and_goes_out_as_a_workbook(world, visitor):
    world.overrides["recipients"] = ["=1+1", "Văn phòng"]
    for template in ("forwarding", "certificate"):
        document = signed(world, template)
        world.issue(document, utcnow(), copies=3)
    clerk = visitor(world.office).visit("/so-van-ban")
    assert len(clerk.page.xpath("//thead//th")) == 10
    assert [" ".join(th.text_content().split()) for th in clerk.page.xpath("//tbody//th")] == [
        "01/GCN-UBND",
        "01/TTr-UBND",
    ]
    clerk.visit("/so-van-ban?so=TTr-UBND&nam=abc&co_quan=999")
    assert len(clerk.page.xpath("//tbody/tr")) == 1
    response = clerk.fetch(clerk.link("Xuất Excel"))
    assert re.fullmatch(r"attachment; filename=so-van-ban-di-\d{4}\.xlsx", response.headers["Content-Disposition"])
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    assert [cell.value for cell in sheet[5]][:3] == [
        "Số, ký hiệu văn bản",
        "Ngày tháng văn bản",
        "Tên loại và trích yếu nội dung văn bản",
    ]
    row = sheet[6]
    assert (row[0].value, row[6].value) == ("01/TTr-UBND", 3)
    assert (row[4].value, row[4].data_type) == ("=1+1; Văn phòng", "s")


def test_the_register_of_another_ward_is_not_shown(world, visitor):
    document = signed(world)
    world.issue(document, utcnow())
    elsewhere = make_organisation("khac")
    clerk = make_user("vanthukhac", Role.CLERK, at=elsewhere)
    page = visitor(clerk).visit(f"/so-van-ban?co_quan={world.ward.id}")
    assert "Sổ chưa có văn bản nào." in page.text
    assert visitor(world.office).visit("/so-van-ban").text.count("01/TTr-UBND") == 1
