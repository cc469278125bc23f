"""Authors and units fill their entries, have them confirmed, hand them in, complete them and take them back."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from tests.e2e.people import Person


@dataclass(frozen=True)
class Story:
    """What one entry says. Authors are (name, share)."""

    title: str
    field: str
    authors: tuple[tuple[str, str], ...]
    solution: str
    benefit: str


COUNTER = Story(
    title="Quầy hướng dẫn lưu động “Thứ Bảy gần dân” tại nhà văn hóa tổ dân phố",
    field="Dịch vụ công trực tuyến toàn trình",
    authors=(("Bùi Thị Hà Giang", "60"), ("Nguyễn Thị Kim Oanh", "40")),
    solution="Mỗi sáng thứ Bảy một nhóm hai người mang máy tính và máy quét đến một nhà văn hóa, giúp người cao tuổi "
    "nộp hồ sơ trực tuyến ngay tại chỗ.",
    benefit="Sau ba tháng, 214 hồ sơ được nộp tại 11 tổ dân phố; thời gian đi lại của người dân giảm 40 phút mỗi lượt.",
)
PERMITS = Story(
    title="Bảng theo dõi hạn trả kết quả cấp phép xây dựng bằng màu",
    field="Cải cách thủ tục hành chính",
    authors=(("Nguyễn Đăng Khoa", "100"),),
    solution="Một bảng chung cho ba cán bộ, mỗi hồ sơ một thẻ đổi màu khi còn ba ngày, một ngày và khi quá hạn.",
    benefit="Hồ sơ quá hạn giảm từ 9 xuống 1 trong quý III năm 2026.",
)
RADIO = Story(
    title="Bản tin cải cách hành chính ba phút trên hệ thống truyền thanh",
    field="Tuyên truyền cải cách hành chính",
    authors=(("Phan Thị Hoài Thương", "33,34"), ("Trần Văn Bình", "33,33"), ("Lê Thị Nhàn", "33,33")),
    solution="Mỗi ngày một thủ tục, kể bằng chuyện của một gia đình, phát trước bản tin thời tiết.",
    benefit="Tỷ lệ hồ sơ trực tuyến tăng từ 61 % lên 78 % sau hai tháng phát.",
)
LEAFLET = Story(
    title="Tờ rơi giới thiệu trụ sở mới",
    field="Tuyên truyền cải cách hành chính",
    authors=(("Bùi Thị Hà Giang", "100"),),
    solution="In tờ rơi ghi địa chỉ trụ sở mới, phát tại các tổ dân phố.",
    benefit="Người dân biết địa chỉ trụ sở mới.",
)


def picture(words: str) -> bytes:
    """A small photograph-like evidence file."""
    image = Image.new("RGB", (600, 400), (236, 240, 244))
    ImageDraw.Draw(image).text((40, 40), words, fill=(20, 30, 40))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def start(author: Person) -> str:
    """A new draft; returns its code."""
    author.go("/ho-so-cua-toi")
    author.go("/nop")
    author.main.get_by_label("Cá nhân hoặc nhóm tác giả").check()
    author.press("entry.create")
    return author.path.rsplit("/", 1)[1]


def fill(author: Person, code: str, story: Story, evidence: bool = True) -> None:
    """Every part of the author's, one after the other as the product leads from part to part."""
    author.go(f"/ho-so/{code}").follow("Tác giả và đơn vị")
    _authors(author, story)
    author.fill("Tên sáng kiến, giải pháp", story.title)
    author.choose("Lĩnh vực", story.field)
    _next(author)
    author.fill("Tình trạng giải pháp đã biết", "Người dân phải đến trụ sở, chờ lâu và đi lại nhiều lần.")
    author.fill("Nội dung giải pháp", story.solution)
    author.fill("Khả năng áp dụng", "Đang áp dụng tại phường; phường khác áp dụng được ngay.")
    _next(author)
    author.fill("Hiệu quả, lợi ích thu được hoặc dự kiến", story.benefit)
    _next(author)
    if evidence:
        attach(author, f"minh-chung-{code}.png", story.title)


def _authors(author: Person, story: Story) -> None:
    for place, (name, share) in enumerate(story.authors):
        if place:
            author.click(author.main.locator('[name="them_authors"]'))
        author.fill("Họ và tên", name, place)
        author.fill("Nơi công tác (hoặc nơi thường trú)", "Phường Bắc Hồng Lĩnh", place)
        author.fill("Tỷ lệ đóng góp (%)", share, place)
    _next(author)


def _next(author: Person) -> None:
    author.push("Lưu và tiếp tục")


def attach(author: Person, name: str, words: str) -> None:
    """Upload one file on the page of evidence."""
    file = {"name": name, "mimeType": "image/png", "buffer": picture(words)}
    author.field("Chọn tệp minh chứng").set_input_files(file)
    author.push("Tải tệp lên")
    author.sees(name)


def confirm(unit: Person, code: str) -> None:
    """The unit's contact reads the entry and confirms it."""
    unit.go("/viec-cua-toi")
    unit.go(f"/ho-so/{code}/phan/xac-nhan").press("entry.confirm")
    unit.press("entry.confirm")
    unit.sees("Đã xác nhận")


def submit(author: Person, code: str) -> None:
    """Check the answers, pledge, hand in: the page with the code comes."""
    author.go(f"/ho-so/{code}/kiem-tra")
    author.main.get_by_label("xin cam đoan").check()
    author.press("entry.submit")
    author.go(f"/ho-so/{code}/da-nop")
    author.sees(code)


def hand_in(author: Person, unit: Person, story: Story) -> str:
    """From an empty form to the receipt; returns the code."""
    code = start(author)
    fill(author, code, story)
    confirm(unit, code)
    submit(author, code)
    return code


def withdraw(author: Person, code: str, why: str) -> None:
    """Take an entry back with a reason."""
    author.go(f"/ho-so/{code}").press("entry.withdraw")
    author.fill("Lý do", why)
    author.press("entry.withdraw")
    author.sees("Đã rút")


def complete(author: Person, unit: Person, code: str, benefit: str) -> None:
    """Answer the office's request: only the named part and the confirmation reopen; then hand in again."""
    author.go(f"/ho-so/{code}")
    locked = f"/ho-so/{code}/phan/mo-ta"
    author.page.goto(locked)
    assert author.path == f"/ho-so/{code}", "a part that was not named must stay closed"
    author.go(f"/ho-so/{code}/phan/hieu-qua")
    author.fill("Hiệu quả, lợi ích thu được hoặc dự kiến", benefit)
    _next(author)
    confirm(unit, code)
    author.go(f"/ho-so/{code}/kiem-tra")
    author.main.get_by_label("xin cam đoan").check()
    author.press("entry.resubmit")
    author.sees(code)
