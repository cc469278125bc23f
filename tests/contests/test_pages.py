"""The pages of contests as people use them."""

import unicodedata
from datetime import timedelta

import pytest

from app import flow
from app.contests import panels, services, setup
from app.contests.models import Contest, EarlierInitiative
from app.core.clock import utcnow
from app.core.db import db
from tests.factories.contests import (
    issue_paper,
    make_contest,
    make_open_contest,
    make_ward,
    settle,
)
from tests.factories.people import make_user
from tests.sql import count_statements
from workflows.spec import Role


@pytest.fixture
def ward(app):
    return make_ward()


@pytest.fixture
def office(ward, visitor):
    return visitor(ward.office)


def contest(code="CT-2026"):
    db.session.expire_all()
    return db.session.query(Contest).filter_by(code=code).one()


def fresh(ward, **values):
    """A contest set up now, since pages read the real clock."""
    made = make_contest(ward, now=utcnow(), year=2026, **values)
    settle()
    return made.code


def values_of(page, name):
    """What the boxes whose name ends so hold, in the order of the page."""
    boxes = page.xpath("//main//form//*[self::input or self::textarea]")
    return [box.get("value") or box.text or "" for box in boxes if (box.get("name") or "").endswith(name)]


class TestCreating:
    def test_the_office_creates_a_contest(self, ward, office):
        settle()
        office.visit("/cuoc-thi").follow("Tạo cuộc thi")
        office.submit({"year": "2026", "title": "  Cuộc thi “Sáng kiến”  năm 2026 "})
        assert (
            office.heading == "CT-2026 Cuộc thi “Sáng kiến” năm 2026"
            or "Cuộc thi “Sáng kiến” năm 2026" in office.heading
        )
        assert contest().title == "Cuộc thi “Sáng kiến” năm 2026"
        assert office.visit("/cuoc-thi").link("Cuộc thi “Sáng kiến” năm 2026 (CT-2026)") == "/cuoc-thi/CT-2026"

    def test_decomposed_text_is_composed(self, ward, office):
        settle()
        title = unicodedata.normalize("NFD", "Cuộc thi Sáng kiến cải cách hành chính")
        office.visit("/cuoc-thi/moi").submit({"year": "2026", "title": title})
        assert contest().title == "Cuộc thi Sáng kiến cải cách hành chính"

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"year": "hai nghìn", "title": "A"}, "Nhập một số nguyên, ví dụ 3"),
            ({"year": "-5", "title": "A"}, "Nhập một số nguyên, ví dụ 3"),
            ({"year": "", "title": "A"}, "Nhập số từ 2000 đến 2100"),
            ({"year": "2026", "title": ""}, "Nhập tên cuộc thi"),
            ({"year": "2026", "title": "A" * 501}, "Viết ngắn hơn 500 ký tự"),
        ],
    )
    def test_wrong_input_is_told_and_kept(self, ward, office, values, message):
        settle()
        office.visit("/cuoc-thi/moi").submit(values, status=422)
        assert message in office.text
        assert values["title"] in office.response.get_data(as_text=True)
        assert db.session.query(Contest).count() == 0

    def test_pressing_twice_makes_one(self, ward, office):
        settle()
        office.visit("/cuoc-thi/moi")
        key = office.page.xpath("//input[@name='key']/@value")[0]
        data = {"year": "2026", "title": "Cuộc thi", "organisation_id": str(ward.host.id), "key": key}
        for _ in range(2):
            office.visit("/cuoc-thi/moi")
            office.post("/cuoc-thi/moi", data)
        assert db.session.query(Contest).count() == 1

    def test_a_season_is_copied(self, ward, office):
        code = fresh(ward)
        office.visit("/cuoc-thi/moi")
        office.submit({"year": "2027", "title": "Cuộc thi năm 2027", "source_id": str(contest(code).id)})
        copied = contest("CT-2027")
        assert len(copied.fields) == 10
        assert copied.closes_at is None
        assert "Đã xong 9 trong 10 phần." in office.text

    def test_a_contest_of_another_ward_cannot_be_copied(self, ward, office):
        other = make_ward("khac")
        code = fresh(other)
        office.visit("/cuoc-thi/moi")
        values = {"year": "2027", "title": "Cuộc thi", "organisation_id": str(ward.host.id)}
        office.post("/cuoc-thi/moi", values | {"source_id": str(contest(code).id)}, status=422)
        assert "Chọn cuộc thi trong danh sách" in office.text

    def test_nor_can_one_be_made_for_another_ward(self, ward, office):
        other = make_ward("khac")
        settle()
        office.visit("/cuoc-thi/moi")
        values = {"year": "2027", "title": "Cuộc thi", "organisation_id": str(other.host.id)}
        office.post("/cuoc-thi/moi", values, status=422)
        assert db.session.query(Contest).count() == 0

    def test_others_create_nothing(self, ward, visitor):
        settle()
        visitor(ward.chairman).visit("/cuoc-thi/moi", status=403)


class TestSeeing:
    def test_strangers_get_the_same_answer_as_for_nothing(self, ward, visitor):
        code = fresh(ward)
        stranger = visitor(make_ward("khac").office)
        settle()
        here = stranger.fetch(f"/cuoc-thi/{code}")
        nowhere = stranger.fetch("/cuoc-thi/CT-1999")
        assert (here.status_code, nowhere.status_code) == (404, 404)
        assert here.get_data(as_text=True).replace(code, "") == nowhere.get_data(as_text=True).replace("CT-1999", "")

    @pytest.mark.parametrize("path", ["/phan/tieu-chi", "/thao-tac/extend_deadline"])
    def test_no_second_door(self, ward, visitor, path):
        code = fresh(ward)
        stranger = visitor(make_ward("khac").office)
        settle()
        assert stranger.fetch(f"/cuoc-thi/{code}{path}").status_code == 404

    def test_an_author_has_no_part_in_it(self, ward, visitor):
        code = fresh(ward)
        person = make_user("tacgia", home=ward.units[0])
        settle()
        author = visitor(person)
        assert author.fetch(f"/cuoc-thi/{code}").status_code == 404
        author.visit("/cuoc-thi", status=403)

    def test_an_administrator_has_no_part_in_it(self, ward, visitor):
        code = fresh(ward)
        person = make_user("quantri", Role.ADMIN, at=ward.host)
        settle()
        assert visitor(person).fetch(f"/cuoc-thi/{code}").status_code == 404

    def test_a_judge_sees_the_contest_of_the_seat_and_no_trail(self, ward, visitor):
        code = fresh(ward)
        make_contest(ward, now=utcnow(), year=2026, title="Cuộc thi khác", members=[])
        settle()
        judge = visitor(ward.judges[0])
        judge.visit("/cuoc-thi")
        assert "Cuộc thi khác" not in judge.text
        judge.visit(f"/cuoc-thi/{code}")
        assert "Diễn biến" not in judge.text
        assert judge.actions() == []
        assert "Tính mới, sáng tạo: 30" in judge.visit(f"/cuoc-thi/{code}/phan/tieu-chi").text

    @pytest.mark.parametrize("part", [part.name for part in setup.PARTS])
    def test_every_part_can_be_read_by_those_who_do_not_edit(self, ward, visitor, part):
        code = fresh(ward)
        reader = visitor(ward.chairman)
        reader.visit(f"/cuoc-thi/{code}/phan/{part}")
        assert reader.page.xpath("//main//form") == []
        assert reader.page.xpath("//main//dd")

    def test_an_unknown_part_is_not_there(self, ward, office):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}/phan/khong-co", status=404)

    def test_the_list_asks_as_often_for_thirty_as_for_three(self, ward, office):
        def statements(many):
            for n in range(many):
                make_contest(ward, complete=False, title=f"Cuộc thi {many}-{n}")
            settle()
            with count_statements() as counted:
                office.visit("/cuoc-thi")
            return len(counted)

        assert statements(3) == statements(27)

    def test_a_contest_asks_as_often_with_many_rows_as_with_few(self, ward, office):
        def statements(**values):
            code = fresh(ward, **values)
            with count_statements() as counted:
                office.visit(f"/cuoc-thi/{code}")
            return len(counted)

        many = [{"name": f"Lĩnh vực {n}"} for n in range(30)]
        assert statements(fields=many[:3]) == statements(fields=many)


class TestParts:
    @pytest.mark.parametrize("part", [part.name for part in setup.PARTS])
    def test_saving_what_is_shown_changes_nothing(self, ward, office, part):
        code = fresh(ward)
        before = contest(code).version
        office.visit(f"/cuoc-thi/{code}/phan/{part}").submit(button="contest.edit")
        assert "Không có gì thay đổi." in office.text
        assert contest(code).version == before

    @pytest.mark.parametrize("part", [part.name for part in setup.PARTS])
    def test_an_empty_part_opens(self, ward, office, part):
        code = fresh(ward, complete=False)
        office.visit(f"/cuoc-thi/{code}/phan/{part}")

    def test_texts_are_saved_composed_and_escaped(self, ward, office):
        code = fresh(ward)
        text = unicodedata.normalize("NFD", "Mục đích <script>alert(1)</script>")
        office.visit(f"/cuoc-thi/{code}/phan/ke-hoach").submit({"purposes": text}, "contest.edit")
        assert contest(code).purposes == "Mục đích <script>alert(1)</script>"
        office.visit(f"/cuoc-thi/{code}/phan/ke-hoach")
        assert "<script>alert" not in office.response.get_data(as_text=True)

    def test_an_over_long_text_is_told_at_its_field(self, ward, office):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}/phan/ke-hoach").submit({"contact": "x" * 201}, "contest.edit", status=422)
        assert "Viết ngắn hơn 200 ký tự" in office.text
        assert office.page.xpath("//input[@name='contact']/@aria-invalid") == ["true"]

    def test_dates_are_read_as_people_write_them(self, ward, office):
        code = fresh(ward)
        typed = {
            "opens_at": "8 giờ 00 ngày 01/11/2090",
            "closes_at": "17:00 30/11/2090",
            "screening_due_at": "15/12/2090 17:00",
            "judging_due_at": "5/1/2091 17h00",
            "award_on": "20-1-2091",
            "novelty_cutoff_on": "30/9/2090",
        }
        office.visit(f"/cuoc-thi/{code}/phan/thoi-han").submit(typed, "contest.edit")
        found = contest(code)
        assert found.closes_at.isoformat() == "2090-11-30T10:00:00+00:00"
        assert found.award_on.isoformat() == "2091-01-20"

    @pytest.mark.parametrize(
        ("name", "typed", "message"),
        [
            ("closes_at", "31/02/2090 17:00", "Không có ngày 31/2/2090"),
            ("closes_at", "mai", "Giờ và ngày viết theo dạng 17:00 30/11/2026"),
            ("opens_at", "08:00 01/01/2020", "Chọn thời điểm ở sau hiện tại"),
            ("closes_at", "08:00 01/01/2020", "Chọn thời điểm ở sau hiện tại"),
            ("screening_due_at", "08:00 01/01/2020", "Hạn kiểm tra phải sau hạn nộp"),
            ("award_on", "01/01/2020", "Ngày trao giải phải sau các hạn ở trên"),
            ("award_on", "<b>1</b>", "Ngày viết theo dạng ngày/tháng/năm, ví dụ 30/11/2026"),
        ],
    )
    def test_wrong_dates(self, ward, office, name, typed, message):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}/phan/thoi-han").submit({name: typed}, "contest.edit", status=422)
        assert message in office.text
        assert office.page.xpath(f"//input[@name='{name}']/@value") == [typed]

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("criteria-0-max_score", "0", "Điểm tối đa phải lớn hơn 0 và không quá 1.000"),
            ("criteria-0-max_score", "-5", "Viết số bằng chữ số, ví dụ 7,5"),
            ("criteria-0-max_score", "NaN", "Viết số bằng chữ số, ví dụ 7,5"),
            ("criteria-0-max_score", "1e1", "Viết số bằng chữ số, ví dụ 7,5"),
            ("criteria-0-max_score", "10,25", "Điểm tối đa phải là bội của 0,5"),
            ("criteria-0-max_score", "", "Điểm tối đa phải lớn hơn 0 và không quá 1.000"),
            ("criteria-1-name", "tính mới, SÁNG TẠO", "Đã có dòng này ở trên"),
            ("criteria-1-name", "", "Nhập tên tiêu chí"),
        ],
    )
    def test_wrong_rubric(self, ward, office, field, typed, message):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}/phan/tieu-chi").submit({field: typed}, "contest.edit", status=422)
        assert message in office.text
        assert len(contest(code).criteria) == 5

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("prizes-0-amount", "-1", "Viết số bằng chữ số, ví dụ 1.000.000"),
            ("prizes-0-slots", "-1", "Nhập một số nguyên, ví dụ 3"),
            ("prizes-0-slots", "0", "Nhập số từ 1 đến 100"),
            ("prizes-0-amount", "9.000.000", "Tổng tiền thưởng 14.000.000 đồng vượt kinh phí"),
            ("budget", "9" * 30, "Số phải từ 0 đến"),
            ("budget", "", "Nhập số tiền từ 0 đồng trở lên"),
        ],
    )
    def test_wrong_money(self, ward, office, field, typed, message):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}/phan/giai-thuong").submit({field: typed}, "contest.edit", status=422)
        assert message in office.text

    def test_money_with_points(self, ward, office):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}/phan/giai-thuong").submit({"budget": "12.500.000 đồng"}, "contest.edit")
        assert contest(code).budget == 12_500_000

    def test_defaults_fill_a_part(self, ward, office):
        code = fresh(ward, complete=False)
        for part in ("linh-vuc", "tieu-chi", "giai-thuong", "danh-muc", "quy-tac"):
            office.visit(f"/cuoc-thi/{code}/phan/{part}").submit(button="contest.defaults")
        found = contest(code)
        assert [len(rows) for rows in (found.fields, found.criteria, found.prizes, found.checklist)] == [10, 5, 4, 5]
        assert found.tie_rules == "criterion:novelty,criterion:effect,earlier_submission"

    def test_the_order_of_tie_rules(self, ward, office):
        code = fresh(ward)
        chosen = {"tie_1": "fewer_authors", "tie_2": "criterion:effect", "tie_3": ""}
        office.visit(f"/cuoc-thi/{code}/phan/quy-tac").submit(chosen, "contest.edit")
        assert contest(code).tie_rules == "fewer_authors,criterion:effect"

    def test_an_invented_choice_is_refused(self, ward, office):
        code = fresh(ward)
        page = f"/cuoc-thi/{code}/phan/quy-tac"
        office.visit(page).submit({"tie_1": "criterion:x"}, "contest.edit", status=422)
        assert "Chọn các quy tắc trong danh sách" in office.text
        office.visit(page).submit({"score_step": "0.3"}, "contest.edit", status=422)
        assert "Chọn bước điểm" in office.text


class TestRows:
    @pytest.fixture
    def page(self, ward, office):
        code = fresh(ward, complete=False, fields=[{"name": name} for name in "ABC"])
        return office.visit(f"/cuoc-thi/{code}/phan/linh-vuc")

    def test_a_row_is_added_filled_and_saved(self, page):
        page.submit(button="Thêm dòng: Lĩnh vực")
        assert values_of(page.page, "-name") == ["A", "B", "C", ""]
        page.submit({"fields-3-name": "D"}, "contest.edit")
        assert [field.name for field in contest().fields] == ["A", "B", "C", "D"]

    @pytest.mark.parametrize(
        ("button", "order"),
        [
            ("Đưa lên: Lĩnh vực 2", ["B", "A", "C"]),
            ("Đưa xuống: Lĩnh vực 2", ["A", "C", "B"]),
            ("Bỏ dòng: Lĩnh vực 1", ["B", "C"]),
        ],
    )
    def test_rows_move_without_being_saved(self, page, button, order):
        page.submit(button=button)
        assert values_of(page.page, "-name") == order
        assert [field.name for field in contest().fields] == ["A", "B", "C"]
        page.submit(button="contest.edit")
        assert [field.name for field in contest().fields] == order

    def test_what_was_typed_moves_along(self, page):
        page.submit({"fields-0-name": "Mới"}, "Đưa xuống: Lĩnh vực 1")
        assert values_of(page.page, "-name") == ["B", "Mới", "C"]

    def test_empty_rows_are_left_out(self, page):
        page.submit({"fields-1-name": "  "}, "contest.edit")
        assert [field.name for field in contest().fields] == ["A", "C"]

    @pytest.mark.parametrize(
        "hostile",
        [
            {"hang": "fields-99-len"},
            {"hang": "fields-x-len"},
            {"hang": "fields-0-drop"},
            {"hang": "state-0-len"},
            {"hang": "fields-0-len"},
            {"hang": ""},
            {"fields-99999999999-name": "X"},
            {"fields--1-name": "X"},
            {"fields-²-name": "X"},
            {"state": "closed", "code": "X"},
        ],
    )
    def test_nonsense_does_no_harm(self, page, hostile):
        version = page.page.xpath("//input[@name='version']/@value")[0]
        names = {f"fields-{n}-name": name for n, name in enumerate("ABC")}
        page.post(f"/cuoc-thi/{contest().code}/phan/linh-vuc", names | {"version": version} | hostile)
        assert [field.name for field in contest().fields] == ["A", "B", "C"]
        assert (contest().state, contest().code) == ("preparing", "CT-2026")


class TestBoardsPage:
    def test_a_seat_takes_name_and_post_from_the_account(self, ward, office):
        code = fresh(ward, complete=False)
        office.visit(f"/cuoc-thi/{code}/phan/cac-ban")
        office.submit(
            {"jury-0-user_id": str(ward.head.id), "jury-0-seat": "Trưởng ban", "jury-0-is_head": "y"}, "contest.edit"
        )
        [member] = contest(code).members
        assert (member.board, member.full_name, member.is_head) == ("jury", ward.head.full_name, True)

    def test_an_error_stands_at_its_seat(self, ward, office):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}/phan/cac-ban").submit({"jury-1-seat": ""}, "contest.edit", status=422)
        assert "Nhập chức danh trong ban" in office.text
        assert office.page.xpath("//input[@aria-invalid]/@name") == ["jury-1-seat"]

    def test_people_of_other_wards_are_not_offered(self, ward, office):
        other = make_ward("khac")
        other.head.full_name = "Người phường khác"
        code = fresh(ward)
        assert "Người phường khác" not in office.visit(f"/cuoc-thi/{code}/phan/cac-ban").text

    def test_the_office_does_not_sit_in_its_own_jury(self, ward, office):
        code = fresh(ward, complete=False)
        office.visit(f"/cuoc-thi/{code}/phan/cac-ban")
        seat = {"jury-0-user_id": str(ward.office.id), "jury-0-seat": "Thành viên"}
        office.submit(seat, "contest.edit", status=422)
        assert "Không tự xếp mình vào Ban giám khảo" in office.text
        assert contest(code).members == []


class TestTwoPeople:
    def test_the_slower_one_keeps_what_was_typed(self, ward, visitor):
        code = fresh(ward)
        second = make_user("vp2", Role.OFFICE, at=ward.host, full_name="Trần Thị Mai")
        settle()
        slow, fast = visitor(ward.office), visitor(second)
        slow.visit(f"/cuoc-thi/{code}/phan/ke-hoach")
        fast.visit(f"/cuoc-thi/{code}/phan/ke-hoach").submit({"contact": "của Mai"}, "contest.edit")
        slow.submit({"contact": "của tôi"}, "contest.edit", status=409)
        assert "Trần Thị Mai" in slow.text
        assert slow.page.xpath("//input[@name='contact']/@value") == ["của tôi"]
        assert contest(code).contact == "của Mai"
        slow.submit(button="contest.edit")
        assert contest(code).contact == "của tôi"

    def test_a_page_whose_version_is_nonsense_counts_as_out_of_date(self, ward, office):
        code = fresh(ward)
        before = [field.name for field in contest(code).fields]
        office.visit(f"/cuoc-thi/{code}/phan/linh-vuc")
        office.post(f"/cuoc-thi/{code}/phan/linh-vuc", {"fields-0-name": "A", "version": "abc"}, status=409)
        assert [field.name for field in contest(code).fields] == before


class TestOverview:
    def test_a_new_contest_says_what_comes_next(self, ward, office):
        code = fresh(ward, complete=False)
        office.visit(f"/cuoc-thi/{code}")
        assert office.link("Làm tiếp: Thông tin kế hoạch") == f"/cuoc-thi/{code}/phan/ke-hoach"
        assert "Còn thiếu: lĩnh vực" in office.text
        assert "contest.draw_plan" not in office.actions()

    def test_a_complete_one_offers_its_papers(self, ward, office):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}")
        papers = ["plan", "board_decision", "rules", "launch"]
        assert office.actions() == [f"contest.draw_{paper}" for paper in papers]
        assert "Nguyễn Thị Thanh Huyền (Cán bộ văn phòng) tạo cuộc thi" in office.text

    def test_the_chairman_draws_nothing(self, ward, visitor):
        code = fresh(ward)
        chairman = visitor(ward.chairman)
        assert chairman.visit(f"/cuoc-thi/{code}").actions() == []
        chairman.visit("/cuoc-thi")
        chairman.post(f"/cuoc-thi/{code}/van-ban/plan", status=403)

    def test_an_incomplete_one_draws_nothing(self, ward, office):
        code = fresh(ward, fields=[])
        office.visit(f"/cuoc-thi/{code}/phan/linh-vuc").post(f"/cuoc-thi/{code}/van-ban/plan")
        assert "Cuộc thi còn thiếu: lĩnh vực." in office.text

    def test_papers_of_other_pages_are_not_made_here(self, ward, office):
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}").post(f"/cuoc-thi/{code}/van-ban/minutes", status=404)

    def test_upper_slices_put_their_figures_here(self, ward, office, monkeypatch):
        monkeypatch.setattr(panels, "_panels", [])
        services.add_panel("Hồ sơ", lambda contest: f"/ho-so?cuoc-thi={contest.code}", lambda contest: 36)
        services.add_panel("Việc của giám khảo", lambda contest: "/cham-diem", roles=[Role.JUDGE])
        code = fresh(ward)
        office.visit(f"/cuoc-thi/{code}")
        assert office.link(f"Hồ sơ ({code})") == f"/ho-so?cuoc-thi={code}"
        assert "36" in office.text
        assert "Việc của giám khảo" not in office.text

    def test_an_issued_plan_warns_before_edits(self, ward, office):
        code = fresh(ward)
        issue_paper(contest(code), "plan")
        settle()
        assert "Kế hoạch đã phát hành." in office.visit(f"/cuoc-thi/{code}/phan/linh-vuc").text


class TestExtending:
    @pytest.fixture
    def opened(self, ward):
        made = make_open_contest(ward, now=utcnow())
        settle()
        return made.code

    def test_the_office_extends_with_a_reason(self, opened, office):
        office.visit(f"/cuoc-thi/{opened}").follow("contest.extend_deadline")
        before = contest(opened).closes_at
        office.submit({"closes_at": "17:00 30/11/2090", "reason": "Mưa lũ"})
        found = contest(opened)
        assert found.closes_at.isoformat() == "2090-11-30T10:00:00+00:00"
        assert found.closes_at > before
        assert found.closes_at < found.screening_due_at < found.judging_due_at

    @pytest.mark.parametrize(
        ("typed", "reason", "message"),
        [
            ("17:00 30/11/2020", "Vì", "Hạn mới phải ở sau thời điểm hiện tại"),
            ("", "Vì", "Nhập hạn nộp mới"),
            ("mai", "Vì", "Giờ và ngày viết theo dạng 17:00 30/11/2026"),
            ("17:00 30/11/2090", "", "Nhập lý do"),
        ],
    )
    def test_wrong_extensions(self, opened, office, typed, reason, message):
        before = contest(opened).closes_at
        office.visit(f"/cuoc-thi/{opened}/thao-tac/extend_deadline")
        office.submit({"closes_at": typed, "reason": reason}, status=422)
        assert message in office.text
        assert contest(opened).closes_at == before

    def test_a_deadline_is_never_brought_forward(self, opened, office):
        sooner = contest(opened).closes_at - timedelta(days=1)
        office.visit(f"/cuoc-thi/{opened}/thao-tac/extend_deadline")
        office.submit({"closes_at": f"{sooner:%H:%M %d/%m/%Y}", "reason": "Vì"}, status=422)
        assert "Hạn mới phải sau hạn cũ" in office.text

    def test_parts_are_only_read_now(self, opened, office):
        office.visit(f"/cuoc-thi/{opened}/phan/tieu-chi")
        assert office.page.xpath("//main//form") == []
        office.visit("/cuoc-thi/moi").post(f"/cuoc-thi/{opened}/phan/tieu-chi", {"criteria-0-name": "A"}, status=403)


class TestEarlier:
    def test_one_is_added(self, ward, office):
        settle()
        office.visit("/sang-kien-da-ap-dung").follow("Thêm sáng kiến")
        office.submit({"title": "Mã QR", "summary": "Niêm yết bằng mã QR.", "year": "2022", "applied_on": "18/11/2022"})
        assert "Mã QR" in office.text
        assert db.session.query(EarlierInitiative).one().organisation_id == ward.host.id

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"title": ""}, "Nhập tên sáng kiến"),
            ({"summary": ""}, "Nhập tóm tắt"),
            ({"summary": "x" * 5001}, "Viết ngắn hơn 5.000 ký tự"),
            ({"year": "1989"}, "Nhập số từ 1990 đến"),
            ({"year": "2099"}, "Nhập số từ 1990 đến"),
            ({"applied_on": "01/01/2099"}, "Ngày áp dụng không ở sau hôm nay"),
        ],
    )
    def test_wrong_input(self, ward, office, values, message):
        settle()
        good = {"title": "Mã QR", "summary": "Niêm yết.", "year": "2022"}
        office.visit("/sang-kien-da-ap-dung/them").submit(good | values, status=422)
        assert message in office.text
        assert db.session.query(EarlierInitiative).count() == 0

    def test_another_ward_sees_nothing_of_it(self, ward, office, visitor):
        other = make_ward("khac")
        db.session.add(EarlierInitiative(organisation_id=other.host.id, title="Bí mật", summary="x", year=2020))
        settle()
        assert "Bí mật" not in office.visit("/sang-kien-da-ap-dung").text
        assert "Bí mật" in visitor(other.office).visit("/sang-kien-da-ap-dung").text

    def test_pages_of_fifty(self, ward, office):
        rows = [
            EarlierInitiative(organisation_id=ward.host.id, title=f"SK {n}", summary="x", year=2020) for n in range(51)
        ]
        db.session.add_all(rows)
        settle()
        office.visit("/sang-kien-da-ap-dung")
        assert len(office.page.xpath("//tbody/tr")) == 50
        office.follow("Trang sau →")
        assert len(office.page.xpath("//tbody/tr")) == 1


def test_flow_knows_the_pages(ward):
    made = make_contest(ward)
    binding = flow.binding_of(made)
    assert (binding.url(made), binding.act_url(made, "finish")) == (
        "/cuoc-thi/CT-2026",
        "/cuoc-thi/CT-2026/thao-tac/finish",
    )
