"""The secretary shares the entries out, judges score, the head of the jury resolves, ranks and locks."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import expect

from tests.e2e.people import Company, Person

JUDGES = ("giamkhao1", "giamkhao2", "giamkhao3", "giamkhao4")
PER_ENTRY = 3
HIGH = ("28,5", "27", "22,5", "4,5", "9")
MIDDLE = ("24", "22,5", "20", "4", "8")
LOW = ("10", "9,5", "8", "2", "5")
GOOD = ("26", "25,5", "21", "4", "8,5")


def assign(secretary: Person, contest: str, entry: str, barred: str) -> None:
    """A pair with a conflict is refused with its reason; then the rule shares everything out."""
    page = f"/hoi-dong/phan-cong?cuoc-thi={contest}"
    secretary.go(page)
    secretary.choose("Hồ sơ", entry)
    secretary.choose("Giám khảo", barred)
    secretary.push("Thêm phân công")
    secretary.sees(f"{barred} không chấm được hồ sơ {entry}")
    secretary.go(page)
    secretary.fill("Số giám khảo mỗi hồ sơ", str(PER_ENTRY))
    secretary.push("Xem trước")
    secretary.sees("Không phân công vì xung đột lợi ích")
    secretary.press("scorecard.assign")
    secretary.go(f"/hoi-dong/ma-tran?cuoc-thi={contest}")
    expect(secretary.main.locator("table.matrix tbody tr")).to_have_count(3)


def open_judging(secretary: Person, contest: str) -> None:
    """Judging begins."""
    secretary.go(f"/cuoc-thi/{contest}").press("contest.start_judging")
    secretary.sees("Đang chấm điểm")


def score(company: Company, marks: Mapping[str, list[tuple[str, ...]]]) -> None:
    """Every judge works through the list; `marks` gives for each entry the sheets in the order they come in."""
    for name in JUDGES:
        judge = company[name].go("/cham-diem")
        while judge.main.get_by_role("link", name="Chấm tiếp").count():
            judge.follow("Chấm tiếp")
            _declare(judge)
            entry = judge.heading.removeprefix("Chấm ")
            _fill(judge, marks[entry].pop(0))
            judge.go("/cham-diem")


def _declare(judge: Person) -> None:
    """Nothing of the entry is read before the declaration."""
    if judge.button("scorecard.accept").count():
        expect(judge.main.locator("#phan-mo-ta")).to_have_count(0)
        judge.press("scorecard.accept")
    expect(judge.main.locator("#phan-mo-ta")).to_be_visible()


def _fill(judge: Person, marks: tuple[str, ...]) -> None:
    """By keys alone: Enter leads from box to box, the draft is kept by itself, Ctrl+Enter sends the sheet."""
    boxes = judge.main.locator(".sheet input")
    boxes.first.focus()
    for place, mark in enumerate(marks):
        expect(boxes.nth(place)).to_be_focused()
        judge.page.keyboard.press("Control+A")
        judge.page.keyboard.type(mark)
        if place + 1 < len(marks):
            judge.page.keyboard.press("Enter")
    expect(judge.main.locator("[data-save-state]")).to_contain_text("Đã lưu")
    judge.main.get_by_label("Nhận xét chung").fill("Giải pháp rõ ràng, có số liệu.")
    with judge.page.expect_navigation():
        judge.page.keyboard.press("Control+Enter")
    judge.look()


def sheets_of(secretary: Person, contest: str) -> list[str]:
    """Addresses of all sheets, from the matrix."""
    secretary.go(f"/hoi-dong/ma-tran?cuoc-thi={contest}")
    links = secretary.main.locator("table.matrix td a")
    return [link.get_attribute("href") for link in links.all()]


def cannot_read(judge: Person, sheets: list[str]) -> int:
    """How many of the sheets the judge, who has sent none yet, is told nothing of; fails when one shows scores."""
    hidden = 0
    for sheet in sheets:
        answer = judge.page.goto(sheet)
        hidden += answer.status == 404
        assert judge.main.locator("table").count() == 0, sheet
    return hidden


def resolve(head: Person, contest: str, entry: str) -> None:
    """The head of the jury keeps the result of an entry whose sheets are too far apart, and says why."""
    head.go(f"/hoi-dong/chenh-lech?cuoc-thi={contest}")
    head.sees(entry)
    head.go(f"/hoi-dong/chenh-lech/{entry}").press("entry.settle_spread")
    head.fill("Lý do", "Đã họp, các giám khảo giữ điểm; chênh lệch do cách hiểu tiêu chí tính mới.")
    head.press("entry.settle_spread")
    head.sees("Đã giữ kết quả")


def lock(head: Person, contest: str, entries_in_order: list[str]) -> None:
    """See the ranking with the prizes proposed, and lock it."""
    head.go(f"/xep-hang?cuoc_thi={contest}")
    rows = head.main.locator("tbody tr")
    for place, entry in enumerate(entries_in_order):
        expect(rows.nth(place)).to_contain_text(entry)
    head.press("contest.lock_ranking")
    head.press("contest.lock_ranking")
    head.sees("Đã khóa xếp hạng")
