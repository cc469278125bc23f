"""The ranking page: what it says before and after the lock, to whom, and at what cost."""

import pytest

from app.accounts.queries import by_username
from app.core.db import db
from app.ranking import queries
from tests.factories.people import make_organisation, make_user
from tests.factories.ranking import by_rank, lock, make_scored
from tests.sql import count_statements
from workflows.spec import Role

THREE = (("28", "28", "30"), ("20", "20", "30"), ("10", "10", "10"))


def cells(visitor) -> list[list[str]]:
    rows = visitor.page.xpath("//table[@class and .//caption]//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")] for row in rows]


def test_the_head_sees_ranks_proposed_prizes_and_money(app, visitor):
    jury = make_scored(*THREE)
    head = visitor(jury.head).visit("/xep-hang")
    assert [(row[0], row[4], row[6], row[7]) for row in cells(head)] == [
        ("1", "86,00", "Giải Nhất", "2.000.000"),
        ("2", "70,00", "Giải Nhì", "1.000.000"),
        ("3", "30,00", "Dưới mức điểm xét giải", "–"),
    ]
    assert "3.000.000 đồng" in head.text
    assert "5.000.000 đồng" in head.text
    assert head.actions() == ["contest.lock_ranking"]


def test_secretary_and_office_read_and_nobody_else(app, visitor):
    jury = make_scored(*THREE)
    code = jury.contest.code
    for name in ("thuky", "phuong-vanphong"):
        assert visitor(by_username(name)).visit("/xep-hang").actions() == []
    for name in ("giamkhao1", "phuong-tacgia", "phuong-donvi", "phuong-captren"):
        visitor(by_username(name)).visit("/xep-hang", status=403)
    other = make_organisation("xa-khac")
    stranger = make_user("ngoai", Role.OFFICE, at=other)
    db.session.commit()
    far = visitor(stranger)
    far.visit(f"/xep-hang?cuoc_thi={code}", status=404)
    assert "Chưa có cuộc thi nào" in far.visit("/xep-hang").text


def test_the_head_locks_from_the_page_with_the_facts_of_the_meeting(app, visitor):
    jury = make_scored(*THREE)
    head = visitor(jury.head).visit("/xep-hang").follow("contest.lock_ranking")
    assert head.heading == "Khóa xếp hạng"
    head.submit({"meeting_started": "lúc nào đó"}, status=422)
    assert "Giờ và ngày viết theo dạng" in head.text
    head.submit({"meeting_started": "14:00 20/11/2026"})
    assert head.heading == "Xếp hạng"
    assert [e.state for e in by_rank(jury)] == ["ranked"] * 3
    assert head.actions() == ["contest.reopen_ranking"]


def test_other_prizes_need_a_reason_and_what_was_chosen_stays_on_the_page(app, visitor):
    jury = make_scored(*THREE)
    second = str(jury.contest.prizes[1].id)
    head = visitor(jury.head).visit(f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking")
    head.submit({"prizes-0-prize": second}, status=422)
    assert "Nhập lý do vì giải khác với đề xuất theo quy tắc" in head.text
    assert head.page.xpath("//select[@name='prizes-0-prize']/option[@selected]/@value") == [second]
    head.submit({"prizes-0-prize": second, "reason": "Không trao giải Nhất"})
    assert [str(e.prize_id) for e in by_rank(jury)][:2] == [second, second]


def test_a_table_changed_by_hand_is_refused(app, visitor):
    jury = make_scored(*THREE)
    head = visitor(jury.head).visit(f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking")
    head.submit({"prizes-0-entry": "SK-2026-9999"}, status=422)
    head.visit(f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking")
    head.submit({"prizes-0-prize": "999999"}, status=422)
    head.visit(f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking")
    head.submit({"prizes-0-prize": "<b>x</b>"}, status=422)
    head.visit(f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking")
    head.submit({"basis": "0" * 64}, status=409)


def test_nobody_else_opens_the_page_of_the_lock(app, visitor):
    jury = make_scored(*THREE)
    path = f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking"
    for name in ("thuky", "phuong-vanphong", "giamkhao1"):
        visitor(by_username(name)).visit(path, status=403)


def test_the_office_makes_papers_from_buttons(app, visitor):
    jury = lock(make_scored(*THREE))
    office = visitor(jury.season.office).visit("/xep-hang")
    office.submit(button="document.draw_submission")
    assert "Tờ trình" in office.text
    office.submit(button="document.draw_result_decision")
    assert "document.draw_certificate" not in office.actions()
    office.post("/xep-hang/van-ban", {"cuoc_thi": jury.contest.code, "loai": "certificate"})
    assert "Quyết định công nhận kết quả chưa được phát hành." in office.text
    office.post("/xep-hang/van-ban", {"cuoc_thi": jury.contest.code, "loai": "plan"}, status=422)


@pytest.mark.parametrize(("locked", "most"), [(False, 8), (True, 12)])
@pytest.mark.parametrize("many", [3, 9])
def test_the_page_takes_the_same_number_of_statements_however_long_it_is(app, visitor, locked, most, many):
    jury = make_scored(*[(str(20 + n), "20", "20") for n in range(many)])
    if locked:
        lock(jury)
    reader = visitor(jury.season.office).visit("/xep-hang")
    with count_statements() as seen:
        reader.visit("/xep-hang")
    assert len(seen) == most, "\n".join(seen)


def test_pages_follow_each_other_without_a_gap(app, monkeypatch):
    jury = make_scored(*[(str(10 + n // 2), "20", "30") for n in range(7)])
    whole = queries.page(jury.contest, queries.top_places(jury.contest)).lines
    monkeypatch.setattr(queries, "PAGE", 2)
    found, after = [], ""
    while True:
        page = queries.page(jury.contest, queries.top_places(jury.contest), after)
        found += page.lines
        after = page.next_after
        if not after:
            break
    assert [(line.code, line.rank) for line in found] == [(line.code, line.rank) for line in whole]
