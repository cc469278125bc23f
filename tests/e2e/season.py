"""The office sets up a contest in the browser, part by part, and papers pass through every hand."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.core.vietnamese import from_local, to_local
from tests.e2e.people import PASSWORD, Company, Person

TITLE = "Cuộc thi “Sáng kiến, giải pháp cải cách hành chính phường Bắc Hồng Lĩnh năm 2026”"
CHAIRMAN, CLERK, OFFICE = "chutich2026", "vanthu", "vanphong"
PLAN = {
    "Phần mở đầu": "Ủy ban nhân dân phường Bắc Hồng Lĩnh xây dựng kế hoạch tổ chức cuộc thi như sau:",
    "Mục đích": "Tìm kiếm những cách làm mới để bộ máy của phường gần dân hơn.\nLựa chọn sáng kiến tiêu biểu.",
    "Yêu cầu": "Áp dụng được bằng nguồn lực của phường.\nChấm điểm khách quan, công khai.",
    "Đối tượng dự thi là tập thể": "Các phòng, trung tâm, đơn vị và tổ chức chính trị - xã hội của phường.",
    "Đối tượng dự thi là cá nhân": "Cán bộ, công chức, viên chức, người lao động của phường.",
    "Nội dung dự thi": "Giải pháp có tính mới, thiết thực, không trùng lặp với giải pháp đã áp dụng.",
    "Phần kết của kế hoạch": "Trên đây là Kế hoạch tổ chức cuộc thi.",
    "Nơi giải đáp thắc mắc": "Văn phòng HĐND và UBND phường, điện thoại 0239 3835 000",
}
SEATS = {
    "organising": (("Dương Thị Tuyết Mai", "Trưởng ban"), ("Nguyễn Thị Thanh Huyền", "Thành viên")),
    "jury": (
        ("Võ Minh Đức", "Trưởng ban"),
        ("Phan Văn Thắng", "Thành viên"),
        ("Trần Thị Minh Nguyệt", "Thành viên"),
        ("Lê Xuân Hòa", "Thành viên"),
        ("Nguyễn Thị Kim Oanh", "Thành viên"),
    ),
    "secretariat": (("Hoàng Thị Diệu Linh", "Tổ trưởng"), ("Kiều Thị Lan Phương", "Thành viên")),
}
BASIS = "Kế hoạch số 21/KH-UBND ngày 22/01/2026 của Ủy ban nhân dân phường Bắc Hồng Lĩnh về cải cách hành chính"
PRIZES = (("Giải Nhất", "1", "3.000.000"), ("Giải Nhì", "1", "2.000.000"), ("Giải Ba", "1", "1.500.000"))


class Calendar:
    """The moments of the season, all after the moment at which it is made; hours are those of Việt Nam."""

    def __init__(self, now: datetime):
        self.begin = now
        self.opens_at = self.at(1, 8)
        self.closes_at = self.at(11, 17)
        self.screening_due_at = self.at(21, 17)
        self.judging_due_at = self.at(31, 17)
        self.award_on = self.at(45, 8)

    def at(self, days: int, hour: int) -> datetime:
        """An hour of a day that is `days` after the beginning."""
        day = to_local(self.begin).date() + timedelta(days=days)
        return from_local(datetime.combine(day, time(hour)))


def typed(moment: datetime) -> str:
    """A moment as people type it."""
    return f"{to_local(moment):%H:%M %d/%m/%Y}"


def typed_day(moment: datetime) -> str:
    """A day as people type it."""
    return f"{to_local(moment):%d/%m/%Y}"


def create(office: Person) -> str:
    """A new contest; returns its code."""
    office.go("/viec-cua-toi")
    office.go("/cuoc-thi").follow("Tạo cuộc thi")
    office.fill("Năm", "2026")
    office.fill("Tên cuộc thi", TITLE)
    office.press("contest.create")
    return office.path.rsplit("/", 1)[1]


def copy(office: Person, year: str) -> str:
    """Next year's contest from this one; returns its code."""
    office.go("/cuoc-thi").follow("Tạo cuộc thi")
    office.choose("Chép từ cuộc thi trước", TITLE)
    office.fill("Năm", year)
    office.fill("Tên cuộc thi", TITLE.replace("2026", year))
    office.press("contest.create")
    return office.path.rsplit("/", 1)[1]


def set_up(office: Person, code: str, calendar: Calendar) -> None:
    """Every part, each on its page; the defaults where the product offers them."""
    _plan(office, code)
    _dates(office, code, calendar)
    for part in ("linh-vuc", "tieu-chi", "danh-muc"):
        _defaults(office, code, part)
    _prizes(office, code)
    _boards(office, code)
    _basis_and_tasks(office, code)
    _rules(office, code)


def _open(office: Person, code: str, part: str) -> None:
    office.go(f"/cuoc-thi/{code}/phan/{part}")


def _save(office: Person) -> None:
    office.press("contest.edit")
    office.sees("Đã lưu")


def _plan(office: Person, code: str) -> None:
    _open(office, code, "ke-hoach")
    for label, text in PLAN.items():
        office.fill(label, text)
    _save(office)


def _dates(office: Person, code: str, calendar: Calendar) -> None:
    _open(office, code, "thoi-han")
    office.fill("Mở nhận hồ sơ lúc", typed(calendar.opens_at))
    office.fill("Hạn nộp hồ sơ", typed(calendar.closes_at))
    office.fill("Kiểm tra hồ sơ xong trước", typed(calendar.screening_due_at))
    office.fill("Chấm điểm xong trước", typed(calendar.judging_due_at))
    office.fill("Ngày tổng kết, trao giải", typed_day(calendar.award_on))
    office.fill("Mốc xét tính mới", "30/9/2026")
    _save(office)


def _defaults(office: Person, code: str, part: str) -> None:
    _open(office, code, part)
    office.press("contest.defaults")
    office.sees("Đã lưu")


def add_row(person: Person, rows: str) -> None:
    """One more row of a list."""
    person.click(person.main.locator(f'[name="them_{rows}"]'))


def _prizes(office: Person, code: str) -> None:
    _open(office, code, "giai-thuong")
    office.fill("Nguồn kinh phí", "Ngân sách của phường năm 2026.")
    office.fill("Tổng kinh phí trao giải (đồng)", "16.000.000")
    for place, (name, slots, amount) in enumerate(PRIZES):
        if place:
            add_row(office, "prizes")
        office.fill("Tên giải", name, place)
        office.fill("Số lượng", slots, place)
        office.fill("Tiền thưởng mỗi giải (đồng)", amount, place)
    _save(office)


def _boards(office: Person, code: str) -> None:
    """One row for each member; the first of each board is its head."""
    _open(office, code, "cac-ban")
    for board, seats in SEATS.items():
        for place, (name, seat) in enumerate(seats):
            if place:
                add_row(office, board)
            row = office.main.locator(f"#{board} fieldset").nth(place)
            shown = row.get_by_label("Tài khoản").locator("option", has_text=name).first
            row.get_by_label("Tài khoản").select_option(value=shown.get_attribute("value"))
            row.get_by_label("Chức danh trong ban").fill(seat)
            row.get_by_label("Người đứng đầu").set_checked(place == 0)
    _save(office)


def _basis_and_tasks(office: Person, code: str) -> None:
    _open(office, code, "can-cu")
    office.main.get_by_label("Căn cứ 1").last.fill(BASIS)
    _save(office)
    _open(office, code, "to-chuc")
    office.fill("Bộ phận, đơn vị", "Văn phòng HĐND và UBND")
    office.fill("Nhiệm vụ", "Tiếp nhận, kiểm tra hồ sơ; tổng hợp kết quả.\nTham mưu tổ chức trao giải.")
    office.choose("Hội đồng cấp trên nhận hồ sơ đạt kết quả tốt", "Hội đồng sáng kiến tỉnh")
    office.fill("Nơi nhận", "Thường trực: Đảng ủy, HĐND phường\nCác phòng, trung tâm, đơn vị thuộc phường")
    office.fill("Lưu", "VT, VP")
    _save(office)


def _rules(office: Person, code: str) -> None:
    _defaults(office, code, "quy-tac")


def finish_paper(company: Company, address: str, signer: str = CHAIRMAN, office: str = OFFICE) -> None:
    """From the draft to its number: the office initials and submits, the signer signs, the clerk issues."""
    submit_paper(company[office], address)
    sign_paper(company[signer], address)
    issue_paper(company[CLERK], address)


def submit_paper(office: Person, address: str) -> None:
    """Wait until the paper has been made, initial it and hand it in for signature."""
    office.go(address)
    office.waits_for("Tải bản PDF")
    office.press("document.initial")
    office.press("document.request_signature")
    if office.path != address:
        office.press("document.request_signature")
    office.sees("Trình ký")


def sign_paper(signer: Person, address: str) -> None:
    """Open the paper from the list of what waits, read it, sign with the password."""
    signer.go("/trinh-ky")
    signer.go(address).press("document.sign")
    if signer.field("Mật khẩu").count():
        signer.fill("Mật khẩu", PASSWORD)
    signer.press("document.sign")
    signer.sees("Đã duyệt và ký")


def issue_paper(clerk: Person, address: str) -> None:
    """Give the paper its number and send it out."""
    clerk.go(address).press("document.number")
    clerk.press("document.number")
    clerk.waits_for("Tải bản PDF")  # shown again when number and date stand on it
    clerk.press("document.issue")
    clerk.press("document.issue")
    clerk.sees("Đã phát hành")


def draw(company: Company, code: str, template: str) -> str:
    """The office has a paper of the contest made; returns its address."""
    office = company[OFFICE]
    office.go(f"/cuoc-thi/{code}").press(f"contest.draw_{template}")
    return office.path
