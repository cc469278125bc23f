"""Papers of the result, the announcement, and the way to the body above."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.vietnamese import to_local
from tests.e2e.people import Company, Person
from tests.e2e.season import CHAIRMAN, OFFICE, finish_paper, issue_paper, sign_paper, submit_paper
from tests.e2e.world import wait_until

HEAD, SECRETARY = "truongban", "thuky"


def paper(company: Company, contest: str, beginning: str) -> str:
    """Address of a result paper, by the beginning of its name; waits until the worker has drawn it up."""
    office = company[OFFICE]
    page = f"/xep-hang?cuoc_thi={contest}"
    rows = office.main.locator('section[aria-labelledby="van-ban"] tbody tr').filter(has_text=beginning)
    link = rows.get_by_role("link")

    def is_there() -> bool:
        office.go(page)
        return link.count() > 0

    wait_until(is_there, f"no paper {beginning!r}")
    return link.first.get_attribute("href")


def minutes(company: Company, contest: str) -> None:
    """The minutes of the jury come by themselves; the head signs them."""
    finish_paper(company, paper(company, contest, "Biên bản"), signer=HEAD, office=SECRETARY)


def draw(company: Company, contest: str, template: str) -> None:
    """The office has a paper of the result made."""
    company[OFFICE].go(f"/xep-hang?cuoc_thi={contest}").press(f"document.draw_{template}")


def decide(company: Company, contest: str) -> None:
    """Submission and decision with its annex; the chairman sends the decision back once."""
    draw(company, contest, "submission")
    finish_paper(company, paper(company, contest, "Tờ trình"))
    draw(company, contest, "result_decision")
    decision = paper(company, contest, "Quyết định")
    submit_paper(company[OFFICE], decision)
    return_paper(company[CHAIRMAN], decision, "Ghi rõ nguồn kinh phí ở Điều 2.")
    revise(company[OFFICE], decision, "Ghi rõ nguồn kinh phí ở Điều 2.")
    submit_paper(company[OFFICE], decision)
    sign_paper(company[CHAIRMAN], decision)
    issue_paper(company["vanthu"], decision)


def return_paper(chairman: Person, address: str, why: str) -> None:
    """Not yet: back to the office with the reason."""
    chairman.go(address).press("document.return")
    chairman.fill("Lý do", why)
    chairman.press("document.return")
    chairman.sees("Đã trả lại văn bản")


def revise(office: Person, address: str, why: str) -> None:
    """The office reads the reason, takes the paper back to draft and has it made anew."""
    office.go(address)
    office.sees(why)
    office.press("document.revise")
    if office.button("document.revise").count():
        office.press("document.revise")
    office.press("document.redraw")


def certificates(company: Company, contest: str) -> int:
    """One for each prize; every step is done for all of them at once from its list. Returns how many there are."""
    draw(company, contest, "certificate")
    office, chairman, clerk = company[OFFICE], company[CHAIRMAN], company["vanthu"]
    batch = office.page.url

    def are_drawn_up() -> bool:
        return "Chưa soạn" not in office.page.request.get(batch).text()

    wait_until(are_drawn_up, f"{batch} is never drawn up", 120)
    office.go("/van-ban?trang_thai=draft")
    count = office.main.locator("tbody tr", has_text="Giấy chứng nhận").count()
    _all_at_once(office, "draft", "initial", "initialled", count)
    _all_at_once(office, "initialled", "request_signature", "awaiting_signature", count)
    chairman.go("/trinh-ky")
    if chairman.field("Mật khẩu").count():
        chairman.fill("Mật khẩu", "sangkien-demo")
    chairman.press("document.sign.every")
    _all_at_once(clerk, "signed", "number", "numbered", count)
    _all_at_once(clerk, "numbered", "issue", "issued", count)
    return count


def _all_at_once(person: Person, state: str, action: str, target: str, count: int) -> None:
    """Wait until the papers of a stage are made, then press the button for all of them."""
    page = f"/van-ban?trang_thai={state}"

    def are_made() -> bool:
        return "Đang tạo" not in person.page.request.get(person.page.url).text()

    person.go(page)
    wait_until(are_made, f"certificates on {page} are never made", 120)
    person.go(page).press(f"document.{action}.every")
    person.go(f"/van-ban?trang_thai={target}")
    assert person.main.locator("tbody tr", has_text="Giấy chứng nhận").count() >= count


def announce(office: Person, contest: str) -> None:
    """The result is published."""
    office.go(f"/cuoc-thi/{contest}").press("contest.announce")
    office.press("contest.announce")
    office.sees("Đã công bố kết quả")


def prepare(office: Person, entries: Sequence[str]) -> str:
    """A package of these entries and its paper; returns the package's code."""
    office.go("/chuyen-cap-tren").follow("Chọn hồ sơ")
    for entry in entries:
        office.main.get_by_label(entry).check()
    office.press("handover.create")
    office.press("handover.draft_paper")
    return office.path.rsplit("/", 1)[1]


def send(company: Company, package: str) -> None:
    """The forwarding paper is signed and numbered, then the package goes."""
    office, address = company[OFFICE], f"/chuyen-cap-tren/{package}"
    link = office.main.locator('a[href^="/van-ban/"]')

    def is_there() -> bool:
        office.go(address)
        return link.count() > 0

    wait_until(is_there, "no forwarding paper")
    finish_paper(company, link.first.get_attribute("href"))
    office.go(address).press("handover.send")
    office.sees("Đã gửi")


def receive(clerk: Person, package: str) -> None:
    """The body above sees this package and nothing else of the contest, and acknowledges it."""
    clerk.go("/viec-cua-toi")
    clerk.go("/tiep-nhan").follow(package)
    clerk.press("handover.acknowledge")
    clerk.press("handover.acknowledge")
    clerk.sees("Đã tiếp nhận")


def answer(clerk: Person, package: str, entry: str, action: str, number: str = "", why: str = "") -> None:
    """One entry's answer: recognised, not recognised, or handed back."""
    clerk.go(f"/tiep-nhan/{package}").click(
        clerk.main.locator("tbody tr", has_text=entry).locator(f'[data-action="entry.{action}"]')
    )
    if number:
        clerk.fill("Số quyết định", number)
        clerk.fill("Ngày quyết định", f"{to_local(clerk.company.world.now):%d/%m/%Y}")
    if why:
        clerk.main.locator("textarea").fill(why)
    clerk.press(f"entry.{action}")
