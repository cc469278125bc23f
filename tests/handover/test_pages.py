"""Pages of the handover: from ticking entries to the last answer, by what people see and press."""

import io
import json
import zipfile
from hashlib import sha256

import openpyxl
import pytest

from app import flow
from app.core.db import db
from app.documents import queries as papers
from app.documents import services as documents
from app.documents.templating import store as templates_store
from app.documents.templating.fields import fill
from app.entries.models import Entry
from app.flow.registry import Facts
from app.handover import services
from app.handover.models import Package
from app.jobs.models import Job
from app.jobs.worker import run_due
from tests.factories import entries as entry_factory
from tests.factories import handover as factory
from tests.factories.people import actor_of, make_user
from tests.sql import count_statements
from workflows.spec import Role


@pytest.fixture
def season(app):
    return factory.make_decided_season()


def codes(season):
    return [entry.code for entry in factory.ranked(season)]


def ticked(person):
    return person.page.xpath("//input[@name='entries'][@checked]/@value")


# --- the sender ---------------------------------------------------------------------------------------------------
def test_the_office_ticks_sends_and_reads_the_result(season, visitor):
    names = codes(season)
    office = visitor(season.office).visit("/chuyen-cap-tren")
    assert "Chưa có gói hồ sơ nào." in office.text
    office.follow(f"Chọn hồ sơ: {season.contest.title}")
    assert len(ticked(office)) == 2
    assert "Nơi nhận: Hội đồng sáng kiến" in office.text
    office.submit(button="handover.create")
    assert office.heading == "Gói hồ sơ gửi cấp trên"
    assert names[0] in office.text
    assert names[2] not in office.text
    assert "Tờ trình gửi cấp trên chưa được phát hành." in office.text
    office.submit(button="handover.draft_paper")
    package = db.session.query(Package).one()
    assert {job.kind for job in db.session.query(Job)} >= {"documents.draw_up"}
    factory.issue_forwarding(package)
    db.session.commit()
    office.visit(f"/chuyen-cap-tren/{package.code}").submit(button="handover.send")
    assert "Đã gửi" in office.text
    assert office.actions() == ["handover.recall"]
    assert {entry.state for entry in factory.ranked(season)[:2]} == {"forwarded_to_town"}


def test_nothing_ticked_is_said_at_the_list(season, visitor):
    office = visitor(season.office).visit(f"/chuyen-cap-tren/chuan-bi/{season.contest.code}")
    office.submit({"entries": []}, button="handover.create", status=422)
    assert "Chọn ít nhất một hồ sơ" in office.text
    assert ticked(office) == []
    assert db.session.query(Package).count() == 0


def test_a_foreign_or_nonsense_entry_is_refused(season, visitor):
    office = visitor(season.office).visit(f"/chuyen-cap-tren/chuan-bi/{season.contest.code}")
    for wrong in ("999999", "0", "-1", "abc", "1 OR 1=1"):
        office.visit(f"/chuyen-cap-tren/chuan-bi/{season.contest.code}").submit(
            {"entries": [wrong]}, button="handover.create", status=422
        )
    assert db.session.query(Package).count() == 0


def test_the_list_of_a_prepared_package_is_edited(season, visitor):
    package = factory.make_package(season)
    db.session.commit()
    office = visitor(season.office).visit(f"/chuyen-cap-tren/{package.code}").follow("Sửa danh sách")
    assert len(ticked(office)) == 2
    third = str(factory.ranked(season)[2].id)
    office.submit({"entries": [third]}, button="handover.edit")
    assert [item.entry_id for item in db.session.query(Package).one().items] == [int(third)]


def test_a_stale_edit_is_a_conflict(season, visitor):
    package = factory.make_package(season)
    db.session.commit()
    one = visitor(season.office).visit(f"/chuyen-cap-tren/{package.code}/sua")
    two = visitor(season.office).visit(f"/chuyen-cap-tren/{package.code}/sua")
    third = str(factory.ranked(season)[2].id)
    one.submit({"entries": [third]}, button="handover.edit")
    two.submit({"entries": [str(factory.ranked(season)[0].id)]}, button="handover.edit", status=409)


def test_the_list_of_a_sent_package_opens_no_form(season, visitor):
    package = factory.make_sent(season)
    db.session.commit()
    assert visitor(season.office).fetch(f"/chuyen-cap-tren/{package.code}/sua").status_code == 409


def test_recall_asks_for_the_reason(season, visitor):
    package = factory.make_sent(season)
    office = visitor(season.office).visit(f"/chuyen-cap-tren/{package.code}").follow("handover.recall")
    office.submit({"reason": " "}, button="handover.recall", status=422)
    assert "Nhập lý do" in office.text
    office.submit({"reason": "Sai danh sách"}, button="handover.recall")
    assert "Đã lấy lại" in office.text
    assert "Sai danh sách" in office.text


# --- the receiver -------------------------------------------------------------------------------------------------
def test_the_clerk_receives_and_answers_each_entry(season, visitor):
    package_code = factory.make_sent(season).code
    first, second, _third = codes(season)
    clerk = visitor(season.upper_clerk).visit("/tiep-nhan").follow(f"{season.contest.title} {package_code}")
    assert clerk.actions() == ["handover.acknowledge", "handover.refuse"]
    clerk.follow("handover.acknowledge").submit(button="handover.acknowledge")
    assert clerk.response.request.path == f"/tiep-nhan/{package_code}"
    assert "Đã ghi kết quả 0 trong 2 hồ sơ đang giữ" in clerk.text
    clerk.visit(f"/tiep-nhan/{package_code}/{first}/thao-tac/recognise")
    clerk.submit({"decision": "12/QĐ-HĐSK", "decided_on": "mai"}, button="entry.recognise", status=422)
    clerk.submit({"decision": "12/QĐ-HĐSK", "decided_on": "19/11/2026"}, button="entry.recognise")
    assert clerk.response.request.path == f"/tiep-nhan/{package_code}"
    assert "Quyết định số 12/QĐ-HĐSK ngày 19/11/2026" in clerk.text
    assert "Đã ghi kết quả 1 trong 2 hồ sơ đang giữ" in clerk.text
    clerk.visit(f"/tiep-nhan/{package_code}/{second}/thao-tac/hand_back")
    clerk.submit({"reason": "Thiếu biên bản"}, button="entry.hand_back")
    assert second not in clerk.text
    assert "Đã có kết quả" in clerk.text
    office = visitor(season.office).visit(f"/chuyen-cap-tren/{package_code}")
    assert "Thiếu biên bản" in office.text
    author = visitor(season.author).visit(f"/ho-so/{first}")
    assert "Được cấp trên công nhận" in author.text
    assert "Cấp trên trả lời: Quyết định số 12/QĐ-HĐSK ngày 19/11/2026" in author.text
    assert "Cấp trên trả lời: Thiếu biên bản" in author.visit(f"/ho-so/{second}").text


def test_the_dossier_of_a_forwarded_entry_opens_for_the_clerk(season, visitor):
    factory.make_sent(season)
    first, _second, third = codes(season)
    clerk = visitor(season.upper_clerk).visit(f"/ho-so/{first}")
    assert "Mã QR tại tổ dân phố, bản 1" in clerk.text
    clerk.visit(f"/ho-so/{third}", status=404)


def test_the_entry_leads_to_its_package_for_those_who_see_it(season, visitor):
    code = factory.make_sent(season).code
    first = codes(season)[0]
    clerk = visitor(season.upper_clerk).visit(f"/ho-so/{first}").follow(f"Gói hồ sơ {code} {first}")
    assert clerk.response.request.path == f"/tiep-nhan/{code}"
    office = visitor(season.office).visit(f"/ho-so/{first}").follow(f"Gói hồ sơ {code} {first}")
    assert office.response.request.path == f"/chuyen-cap-tren/{code}"
    assert code not in visitor(season.author).visit(f"/ho-so/{first}").text


def paths(package_code, entry_code):
    return [
        f"/chuyen-cap-tren/{package_code}",
        f"/chuyen-cap-tren/{package_code}/danh-sach.xlsx",
        f"/chuyen-cap-tren/{package_code}/goi.zip",
        f"/chuyen-cap-tren/{package_code}/thao-tac/acknowledge",
        f"/tiep-nhan/{package_code}",
        f"/tiep-nhan/{package_code}/{entry_code}/thao-tac/recognise",
        f"/ho-so/{entry_code}",
    ]


def test_another_council_sees_nothing_by_any_path(season, visitor):
    package_code = factory.make_acknowledged(season).code
    entry_code = codes(season)[0]
    other = factory.make_decided_season("khac", prefix="SK-KHAC")
    stranger = visitor(other.upper_clerk)
    for path in paths(package_code, entry_code):
        stranger.visit(path, status=404)
    assert package_code not in stranger.visit("/tiep-nhan").text
    assert "Chưa có gói hồ sơ nào chuyển đến." in stranger.text
    office = visitor(other.office)
    for path in paths(package_code, entry_code)[:4]:
        office.visit(path, status=404)


def test_the_own_council_sees_nothing_before_sending_and_after_recall(season, visitor):
    package = factory.make_package(season)
    factory.issue_forwarding(package)
    db.session.commit()
    package_code, entry_code = package.code, codes(season)[0]
    clerk = visitor(season.upper_clerk)
    for path in paths(package_code, entry_code):
        clerk.visit(path, status=404)
    package = db.session.query(Package).one()
    flow.fire(package, "send", actor_of(season.office), now=package.created_at)
    flow.fire(package, "recall", actor_of(season.office), now=package.created_at, reason="Sai danh sách")
    db.session.commit()
    clerk.visit(f"/tiep-nhan/{package_code}")
    assert entry_code not in clerk.text
    assert "Mã QR" not in clerk.text
    clerk.visit(f"/ho-so/{entry_code}", status=404)
    with clerk.fetch(f"/chuyen-cap-tren/{package_code}/danh-sach.xlsx") as response:
        assert openpyxl.load_workbook(io.BytesIO(response.data))["DuLieu"].max_row == 1
    assert "Mã QR" not in str(zip_names(clerk, package_code))


def test_people_of_the_ward_without_a_part_get_nothing(season, visitor):
    package_code = factory.make_sent(season).code
    judge = make_user("giamkhao", Role.JUDGE, at=season.host)
    db.session.commit()
    for person in [visitor(user) for user in (season.author, season.contact, judge)]:
        person.visit(f"/chuyen-cap-tren/{package_code}", status=404)
        person.visit(f"/chuyen-cap-tren/{package_code}/goi.zip", status=404)
        person.visit("/chuyen-cap-tren", status=403)
        person.visit("/tiep-nhan", status=403)


def test_entries_outside_the_package_are_not_answered_through_it(season, visitor):
    package_code = factory.make_acknowledged(season, [factory.ranked(season)[0]]).code
    factory.make_acknowledged(season, [factory.ranked(season)[1]])
    clerk = visitor(season.upper_clerk)
    clerk.visit(f"/tiep-nhan/{package_code}/{codes(season)[1]}/thao-tac/recognise", status=404)
    clerk.visit(f"/tiep-nhan/{package_code}/{codes(season)[2]}/thao-tac/recognise", status=404)


# --- constant work ------------------------------------------------------------------------------------------------
def statements(visit, path):
    with count_statements() as seen:
        visit(path)
    return len(seen)


def test_lists_and_pages_take_as_many_statements_for_many_rows(season, visitor):
    few = factory.make_sent(season, factory.ranked(season)[:1]).code
    clerk, office = visitor(season.upper_clerk), visitor(season.office)
    lists = [(clerk, "/tiep-nhan"), (office, "/chuyen-cap-tren")]
    before = [statements(person.visit, path) for person, path in lists]
    pages = [(clerk, "/tiep-nhan/{}"), (office, "/chuyen-cap-tren/{}")]
    before += [statements(person.visit, path.format(few)) for person, path in pages]
    season = factory.make_decided_season("khac", entries=12, prizes=12, prefix="SK-KHAC")
    many = [factory.make_sent(season, factory.ranked(season)[n::4]).code for n in range(4)]
    clerk, office = visitor(season.upper_clerk), visitor(season.office)
    lists = [(clerk, "/tiep-nhan"), (office, "/chuyen-cap-tren")]
    after = [statements(person.visit, path) for person, path in lists]
    pages = [(clerk, "/tiep-nhan/{}"), (office, "/chuyen-cap-tren/{}")]
    after += [statements(person.visit, path.format(many[0])) for person, path in pages]
    assert after == before


# --- files --------------------------------------------------------------------------------------------------------
def archive(person, code):
    with person.fetch(f"/chuyen-cap-tren/{code}/goi.zip") as response:
        return zipfile.ZipFile(io.BytesIO(response.data))


def zip_names(person, code):
    return sorted(archive(person, code).namelist())


def test_the_list_holds_the_columns_and_no_formula(season, visitor):
    first = factory.ranked(season)[0]
    first.title = '=HYPERLINK("http://evil.example")'
    db.session.commit()
    code = factory.make_sent(season).code
    for person in (visitor(season.office), visitor(season.upper_clerk)):
        with person.fetch(f"/chuyen-cap-tren/{code}/danh-sach.xlsx") as response:
            assert response.headers["Content-Disposition"] == f"attachment; filename=danh-sach-{code}.xlsx"
            sheet = openpyxl.load_workbook(io.BytesIO(response.data))["Danh sách"]
        head = [cell.value for cell in sheet[5]]
        assert head == [
            "STT",
            "Tên sáng kiến",
            "Tác giả, đồng tác giả (tỷ lệ %)",
            "Chức vụ, đơn vị",
            "Lĩnh vực",
            "Ngày áp dụng lần đầu",
            "Phạm vi áp dụng",
            "Điểm",
            "Đề nghị",
        ]
        assert [cell.value for cell in sheet[6]] == [
            1,
            '=HYPERLINK("http://evil.example")',
            "Nguyễn Thị Đào (100%)",
            "Công chức, Bộ phận văn phòng",
            "Thủ tục hành chính",
            "02/03/2026",
            "Áp dụng được ở mọi tổ dân phố",
            89,
            "Công nhận sáng kiến",
        ]
        assert sheet["B6"].data_type == "s"


def test_the_archive_holds_the_dossiers_and_hashes_that_hold(season, visitor):
    first = factory.ranked(season)[0]
    factory.put_state(first, "draft")
    entry_factory.add_evidence(first, season.author, name="ảnh minh chứng.png")
    factory.put_state(db.session.get(Entry, first.id), "ranked")
    code = factory.make_sent(season).code
    names = codes(season)
    found = archive(visitor(season.upper_clerk), code)
    assert sorted(found.namelist()) == sorted(
        [
            "danh-sach.xlsx",
            f"ho-so/{names[0]}/01-anh-minh-chung.png",
            f"ho-so/{names[0]}/mo-ta.txt",
            f"ho-so/{names[1]}/mo-ta.txt",
            "manifest.json",
        ]
    )
    manifest = json.loads(found.read("manifest.json"))
    assert {file["path"] for file in manifest["files"]} == set(found.namelist()) - {"manifest.json"}
    for file in manifest["files"]:
        content = found.read(file["path"])
        assert (file["size"], file["sha256"]) == (len(content), sha256(content).hexdigest())
    assert manifest["package"] == code
    assert manifest["paper"] == "Tờ trình số 58/TTr-UBND"
    assert "Áp dụng được ở mọi tổ dân phố." in found.read(f"ho-so/{names[0]}/mo-ta.txt").decode()


def test_a_lost_file_is_not_passed_over_in_silence(season, visitor, app):
    first = factory.ranked(season)[0]
    factory.put_state(first, "draft")
    file = entry_factory.add_evidence(first, season.author)
    factory.put_state(db.session.get(Entry, first.id), "ranked")
    code, key = factory.make_sent(season).code, file.sha256
    app.extensions["storage"].delete(key)
    visitor(season.office).visit(f"/chuyen-cap-tren/{code}/goi.zip", status=404)


# --- the paper ----------------------------------------------------------------------------------------------------
def test_the_paper_fits_its_template_and_lists_the_entries(season, now):
    package = factory.make_package(season)
    document = documents.draw_up("forwarding", package, actor_of(season.office), now=now)
    data = json.loads(document.data)
    template = templates_store.load("forwarding")
    filled = fill("forwarding", template.manifest.fields, data | {"signature": template.sample()["signature"]})
    assert [row["title"] for row in filled["rows"]] == [entry.title for entry in factory.ranked(season)[:2]]
    assert filled["rows"][0] == {
        "stt": "1",
        "title": "Mã QR tại tổ dân phố, bản 1",
        "authors": "Nguyễn Thị Đào (100%)",
        "unit": "Công chức, Bộ phận văn phòng",
        "field_name": "Thủ tục hành chính",
        "first_applied_text": "02/03/2026",
        "scope": "Áp dụng được ở mọi tổ dân phố",
        "score": "89,00",
        "proposal": "Công nhận sáng kiến",
    }
    assert filled["report"][0] == "Cuộc thi nhận 03 hồ sơ; 03 hồ sơ được chấm; 02 hồ sơ đạt giải"
    assert document.package_id == package.id
    assert document.signer_role == "chairman"
    assert papers.paper_of("forwarding", package_id=package.id) is document
    assert papers.paper_of("forwarding", contest_id=season.contest.id) is None


def test_another_list_makes_the_draft_anew_or_holds_up_what_waits_for_the_signer(season, now):
    package = factory.make_package(season)
    office = actor_of(season.office)
    document = documents.draw_up("forwarding", package, office, now=now)
    db.session.query(Job).delete()
    first, second, third = factory.ranked(season)
    services.choose(package, season.contest, [third.id], office, now=now, version=None)
    db.session.commit()
    assert run_due("test", now)
    assert [row["title"] for row in json.loads(document.data)["rows"]] == [third.title]
    db.session.query(Job).delete()
    factory.put_state(document, "awaiting_signature", render_state="ready")
    services.choose(package, season.contest, [first.id, second.id], office, now=now, version=None)
    db.session.commit()
    assert run_due("test", now)
    db.session.expire_all()
    assert (document.state, bool(Facts(document).stale_facts(now))) == ("awaiting_signature", True)
