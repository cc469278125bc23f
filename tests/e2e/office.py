"""The office checks entries: passes, sends back with what is missing, rejects."""

from __future__ import annotations

from datetime import datetime

from tests.e2e.people import Person
from tests.e2e.season import typed_day


def check_all(office: Person, code: str) -> None:
    """Every question of the checklist passed."""
    office.go("/kiem-tra-ho-so")
    office.go(f"/ho-so/{code}/kiem-tra-ho-so").push("Đạt tất cả")


def screen(office: Person, code: str) -> None:
    """Pass the checklist and take the entry into judging."""
    check_all(office, code)
    office.go(f"/ho-so/{code}/kiem-tra-ho-so").press("entry.screen")
    office.press("entry.screen")
    office.sees("Đã nhận hồ sơ vào vòng chấm")


def answer_one(office: Person, code: str, answer: str, note: str) -> None:
    """Answer the third question with a note, the others with a pass."""
    office.go(f"/ho-so/{code}/kiem-tra-ho-so")
    questions = office.main.locator("fieldset.field")
    for place in range(questions.count()):
        questions.nth(place).get_by_label(answer if place == 2 else "Đạt", exact=True).check()
    office.main.locator("textarea").nth(2).fill(note)
    office.push("Ghi kết quả")


def send_back(office: Person, code: str, part: str, note: str, until: datetime) -> None:
    """Ask for one part and the unit's confirmation anew."""
    answer_one(office, code, "Cần bổ sung", note)
    office.go(f"/ho-so/{code}/kiem-tra-ho-so").press("entry.return")
    office.sees(note)
    office.main.get_by_label(part, exact=True).check()
    office.main.get_by_label("Xác nhận của đơn vị", exact=True).check()
    office.fill("Hạn bổ sung", typed_day(until))
    office.press("entry.return")
    office.sees("Đã yêu cầu bổ sung")


def reject(office: Person, code: str, why: str) -> None:
    """Refuse an entry with the reason."""
    answer_one(office, code, "Không đạt", why)
    office.go(f"/ho-so/{code}/kiem-tra-ho-so").press("entry.reject")
    office.fill("Lý do", why)
    office.press("entry.reject")
    office.sees("Đã không tiếp nhận hồ sơ")
