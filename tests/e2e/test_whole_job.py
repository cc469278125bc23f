"""The whole job in a browser: one contest from its plan to the answer of the body above, every step by its person.

A real server, a real worker, LibreOffice and Chromium on scratch data. Each page is held to accessibility rules and
to two widths when somebody first comes to it; at the end the trail verifies.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import intake, jury, office, results, season
from tests.e2e.people import Company, Person
from tests.e2e.world import World, running

pytestmark = pytest.mark.browser
OFFICE, SECRETARY, HEAD, UPPER = "vanphong", "thuky", "truongban", "captren"
MORE = "Hồ sơ quá hạn giảm từ 9 xuống 1; thời gian tra cứu một hồ sơ giảm từ 5 phút xuống 20 giây."


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    """The organisations and people of the demonstration, no contest yet."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    with running(tmp_path_factory.mktemp("job"), ["-m", "tests.e2e.people_of_today"]) as world:
        yield world


@pytest.fixture(scope="module")
def company(world: World, browser: Browser) -> Company:
    """Everybody, each with a browser window of their own."""
    return Company(world, browser)


class Job:
    """What later steps need to know of earlier ones."""

    contest = package = ""
    calendar: season.Calendar
    good = late = loud = poor = ""


@pytest.fixture(scope="module")
def job() -> Job:
    """The notes of this run."""
    return Job()


def test_1_the_office_sets_up_a_contest_and_it_opens_by_itself(company: Company, job: Job):
    job.calendar = season.Calendar(company.world.now)
    clerk = company[OFFICE]
    job.contest = season.create(clerk)
    season.set_up(clerk, job.contest, job.calendar)
    for template in ("plan", "board_decision"):
        season.finish_paper(company, season.draw(company, job.contest, template))
    company.world.go_to(job.calendar.opens_at)
    clerk.go(f"/cuoc-thi/{job.contest}").waits_for("Đang nhận hồ sơ")


def test_2_authors_hand_in_and_one_withdraws(company: Company, job: Job):
    roads, culture = company["nguyen_dang_khoa"], company["phan_thi_hoai_thuong"]
    job.good = intake.hand_in(company["tacgia"], company["donvi"], intake.COUNTER)
    job.late = intake.hand_in(roads, roads, intake.PERMITS)
    job.loud = intake.hand_in(culture, culture, intake.RADIO)
    intake.withdraw(roads, intake.start(roads), "Trùng với hồ sơ khác của phòng.")
    company["tacgia"].go(f"/ho-so/{job.good}").waits_for("Giấy tiếp nhận")


def test_2_an_author_needs_no_script(company: Company, job: Job):
    plain = Person(company, "tacgia", script=False)
    job.poor = intake.hand_in(plain, company["donvi"], intake.LEAFLET)
    plain.go(f"/ho-so/{job.poor}")
    plain.sees("Đã nộp, chờ kiểm tra")


def test_3_the_office_passes_returns_and_rejects(company: Company, job: Job):
    company.world.go_to(job.calendar.closes_at + timedelta(minutes=1))
    clerk, roads = company[OFFICE], company["nguyen_dang_khoa"]
    clerk.go(f"/cuoc-thi/{job.contest}").waits_for("Đang kiểm tra hồ sơ")
    office.screen(clerk, job.good)
    office.send_back(clerk, job.late, "Hiệu quả", "Thiếu số liệu so sánh.", job.calendar.screening_due_at)
    office.reject(clerk, job.poor, "Tờ rơi không phải là giải pháp cải cách hành chính mới.")
    intake.complete(roads, roads, job.late, MORE)
    office.screen(clerk, job.late)
    office.screen(clerk, job.loud)
    company["tacgia"].go(f"/ho-so/{job.poor}").sees("Không được tiếp nhận")


def test_4_the_secretary_assigns_and_a_conflict_is_refused(company: Company, job: Job):
    jury.assign(company[SECRETARY], job.contest, job.good, "Nguyễn Thị Kim Oanh")
    jury.open_judging(company[SECRETARY], job.contest)
    sheets = jury.sheets_of(company[SECRETARY], job.contest)
    assert len(sheets) == 9
    judge = company["giamkhao4"].go("/viec-cua-toi")
    own = judge.go("/cham-diem").main.locator("tbody tr").count()
    assert jury.cannot_read(judge, sheets) == 9 - own


def test_5_judges_score_by_keys_and_the_head_resolves_a_spread(company: Company, job: Job):
    marks = {job.good: [jury.HIGH] * 3, job.late: [jury.MIDDLE] * 3, job.loud: [jury.GOOD, jury.GOOD, jury.LOW]}
    jury.score(company, marks)
    assert not any(marks.values())
    jury.resolve(company[HEAD], job.contest, job.loud)


def test_6_the_head_of_the_jury_locks_the_ranking(company: Company, job: Job):
    jury.lock(company[HEAD], job.contest, [job.good, job.late, job.loud])
    results.minutes(company, job.contest)


def test_7_the_result_is_decided_signed_and_published(company: Company, job: Job):
    results.decide(company, job.contest)
    assert results.certificates(company, job.contest) == 3
    results.announce(company[OFFICE], job.contest)
    anybody = company.visitor().go("/ket-qua")
    for title in (intake.COUNTER.title, intake.PERMITS.title, intake.RADIO.title):
        anybody.sees(title)
    expect(anybody.main).not_to_contain_text(intake.LEAFLET.title)
    anybody.follow(intake.COUNTER.title).sees("Giải Nhất")


def test_8_the_body_above_answers(company: Company, job: Job):
    job.package = results.prepare(company[OFFICE], [job.good, job.late, job.loud])
    results.send(company, job.package)
    upper = company[UPPER]
    results.receive(upper, job.package)
    assert upper.page.goto(f"/ho-so/{job.poor}").status == 404, "nothing that was not sent"
    results.answer(upper, job.package, job.good, "recognise", number="45/QĐ-HĐSK")
    results.answer(upper, job.package, job.late, "decline", number="45/QĐ-HĐSK", why="Phạm vi ảnh hưởng còn hẹp.")
    results.answer(upper, job.package, job.loud, "hand_back", why="Cần bổ sung xác nhận của đài truyền thanh.")
    company["tacgia"].go(f"/ho-so/{job.good}").sees("Được cấp trên công nhận")
    company["nguyen_dang_khoa"].go(f"/ho-so/{job.late}").sees("Phạm vi ảnh hưởng còn hẹp.")
    company["phan_thi_hoai_thuong"].go(f"/ho-so/{job.loud}").sees("trả lại hồ sơ")


def test_9_the_season_is_copied_for_the_next_year_without_its_dates(company: Company):
    clerk = company[OFFICE]
    season.copy(clerk, "2027")
    expect(clerk.main.locator(".tasks").first.locator(".tasks__item", has_text="Còn thiếu")).to_have_count(1)
    clerk.follow("Làm tiếp: Thời hạn")


def test_9_the_trail_verifies_and_nothing_was_complained_about(company: Company):
    company.world.run("audit", "verify")
    assert "Traceback" not in company.world.complaints()
    assert len(company.seen) > 60, sorted(company.seen)
