"""Sample content for the page of all macros: long Vietnamese texts that show where a layout breaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

from wtforms import fields as wtf
from wtforms.form import Form
from wtforms.validators import InputRequired, Length, Optional

from workflows.spec import Role, Transition

NOW = datetime(2026, 11, 22, 2, 41, tzinfo=UTC)
LONG = (
    "Ứng dụng mã QR để niêm yết và hướng dẫn thủ tục hành chính tại Bộ phận tiếp nhận và trả kết quả, "
    "giúp người cao tuổi tự tra cứu thành phần hồ sơ trước khi đến trụ sở"
)


class Author(Form):
    """One row of the list of authors."""

    full_name = wtf.StringField("Họ và tên", [InputRequired("Nhập họ và tên")])
    share = wtf.DecimalField("Tỷ lệ đóng góp (%)", [Optional()])


class Sample(Form):
    """One field of each kind."""

    title = wtf.StringField("Tên sáng kiến", [Length(max=200)], description="Nêu rõ giải pháp và nơi áp dụng.")
    problem = wtf.TextAreaField("Tình trạng trước khi áp dụng", [Length(max=2000)])
    field_of_work = wtf.SelectField(
        "Lĩnh vực", choices={"": "Chọn lĩnh vực", "one_stop": "Cải cách thủ tục hành chính"}
    )
    kind = wtf.RadioField("Người nộp", choices={"individual": "Cá nhân", "collective": "Tập thể từ hai người trở lên"})
    channels = wtf.SelectMultipleField(
        "Cách nhận thông báo", [Optional()], choices={"app": "Trong hệ thống", "mail": "Thư điện tử"}
    )
    applied_on = wtf.DateField("Ngày áp dụng lần đầu", format=["%d/%m/%Y"], description="Ví dụ 30/11/2026")
    score = wtf.DecimalField("Tính mới, tính sáng tạo", description="Từ 0 đến 30, bước 0,5")
    evidence = wtf.FileField("Tệp minh chứng", description="PDF, DOCX, XLSX, JPG hoặc PNG, nhỏ hơn 20 MB")
    password = wtf.PasswordField("Mật khẩu")
    authors = wtf.FieldList(wtf.FormField(Author), label="Tác giả", min_entries=2)
    pledge = wtf.BooleanField("Tôi cam đoan nội dung trên là đúng sự thật", [InputRequired("Đánh dấu vào ô cam đoan")])


class Confirm(Form):
    """What a confirm page asks for."""

    reason = wtf.TextAreaField("Lý do", [Length(max=2000)], description="Tác giả sẽ đọc được lý do này.")


class Sheet(Form):
    """A score sheet of five criteria."""

    novelty = wtf.DecimalField("Tính mới, tính sáng tạo")
    effect = wtf.DecimalField("Hiệu quả áp dụng")
    reach = wtf.DecimalField("Phạm vi áp dụng và khả năng nhân rộng")
    feasible = wtf.DecimalField("Tính khả thi")
    form = wtf.DecimalField("Hình thức trình bày")


BANDS = ("Từ 25 đến 30: hoàn toàn mới", "Từ 15 đến 24,5: cải tiến đáng kể", "Dưới 15: cải tiến một phần")


@dataclass(frozen=True)
class SampleOffer:
    """Looks like an offer of the flow engine."""

    action: str
    label: str
    tone: str = "secondary"
    refusal: object = None
    direct: bool = False
    workflow: str = "entry"
    url: str = "/_macros"
    version: int = 3
    key: str = "mau"


def specimen() -> dict[str, object]:
    """Everything the page of macros shows, as template variables."""
    return {
        "sample": _form(),
        "offers": _offers(),
        "transition": _transition(),
        "confirm": Confirm(),
        "sheet": _sheet(),
        "maxima": (30, 30, 25, 5, 10),
        "bands": BANDS,
        "tasks": _tasks(),
        "rows": _rows(),
        "events": _events(),
        "matrix_columns": [
            {"label": name} for name in ("Nguyễn Thị Hà", "Trần Văn Bình", "Lê Quỳnh Như", "Đặng Hữu Phước")
        ],
        "matrix_rows": _matrix_rows(),
        "long": LONG,
        "now": NOW,
        "dues": [NOW + timedelta(days=n) for n in (8, 2, 0, -2)],
        "tags": TAGS,
    }


TAGS = (
    ("neutral", "Bản nháp"),
    ("info", "Đã nộp, chờ kiểm tra"),
    ("warn", "Cần bổ sung trước 05/12/2026"),
    ("violet", "Đang chấm"),
    ("success", "Được công nhận"),
    ("danger", "Không hợp lệ"),
)


def _form() -> Sample:
    form = Sample(data={"title": LONG, "kind": "collective", "authors": [{"full_name": "Nguyễn Thị Thùy Dương"}]})
    form.title.errors = ["Nhập tên sáng kiến không quá 200 ký tự"]
    form.kind.errors = ["Chọn người nộp"]
    form.applied_on.errors = ["Ngày viết theo dạng ngày/tháng/năm, ví dụ 30/11/2026"]
    form.authors[1].form.full_name.errors = ["Nhập họ và tên"]
    return form


def _sheet() -> Sheet:
    sheet = Sheet(data={"novelty": Decimal("27.5"), "effect": Decimal("24")})
    sheet.reach.errors = ["Điểm viết theo bước 0,5, ví dụ 22,5"]
    return sheet


def _offers() -> list[SampleOffer]:
    reason = SimpleNamespace(message="Còn 2 mục kiểm tra chưa ghi kết quả: đúng lĩnh vực, không trùng lặp.")
    return [
        SampleOffer("screen", "Tiếp nhận, chuyển chấm điểm", "primary", direct=True),
        SampleOffer("return", "Yêu cầu bổ sung hồ sơ"),
        SampleOffer("reject", "Không tiếp nhận", "danger"),
        SampleOffer("rank", "Đưa vào bảng xếp hạng", "primary", refusal=reason),
    ]


def _transition() -> Transition:
    return Transition(
        "reject",
        ("submitted",),
        "rejected",
        frozenset({Role.OFFICE}),
        "Không tiếp nhận",
        "Không được tiếp nhận",
        tone="danger",
    )


def _tasks() -> list[dict[str, str]]:
    return [
        {"label": "Tác giả và đơn vị", "url": "/_macros?phan=1", "status": "done"},
        {
            "label": "Mô tả giải pháp",
            "url": "/_macros?phan=2",
            "status": "todo",
            "hint": "Khoảng 15 phút, lưu được giữa chừng",
        },
        {"label": "Tệp minh chứng", "url": "/_macros?phan=3", "status": "error"},
        {
            "label": "Xác nhận của đơn vị",
            "url": "",
            "status": "locked",
            "reason": "Mở sau khi năm phần trên đã xong.",
        },
    ]


def _rows() -> list[dict[str, object]]:
    return [
        {
            "label": "Tên sáng kiến",
            "value": LONG,
            "change_url": "/_macros?sua=1",
            "change_what": "tên sáng kiến",
        },
        {
            "label": "Tác giả",
            "value": ["Nguyễn Thị Thùy Dương (60 %)", "Hoàng Ưng Ỷ (40 %)"],
            "change_url": "/_macros?sua=2",
            "change_what": "tác giả",
        },
        {
            "label": "Tệp minh chứng",
            "value": "",
            "change_url": "/_macros?sua=3",
            "change_what": "tệp minh chứng",
        },
    ]


def _events() -> list[dict[str, str]]:
    return [
        {
            "text": "Yêu cầu bổ sung hồ sơ",
            "who": "Trần Thị Mai, cán bộ văn phòng",
            "when": "09:40 20/11/2026",
            "iso": "2026-11-20T02:40:00Z",
            "note": "Bổ sung xác nhận của đơn vị và ảnh chụp bảng niêm yết trước, sau khi áp dụng.",
            "tone": "warn",
        },
        {
            "text": "Nộp hồ sơ",
            "who": "Nguyễn Thị Thùy Dương, tác giả",
            "when": "16:05 18/11/2026",
            "iso": "2026-11-18T09:05:00Z",
        },
        {
            "text": "Bắt đầu soạn hồ sơ",
            "who": "Nguyễn Thị Thùy Dương, tác giả",
            "when": "08:12 15/11/2026",
            "iso": "2026-11-15T01:12:00Z",
        },
    ]


def _matrix_rows() -> list[dict[str, object]]:
    def cell(text: str, tone: str = "", url: str = "") -> dict[str, str]:
        return {"text": text, "tone": tone, "url": url, "title": f"{text}, mở phiếu"}

    return [
        {
            "label": "SK-2026-0024",
            "url": "/_macros?ma=24",
            "cells": [
                cell("82,5", "done", "/_macros?o=1"),
                cell("nháp", "draft"),
                cell("–"),
                cell("không chấm", "out"),
            ],
            "total": "1/3",
        },
        {
            "label": "SK-2026-0037",
            "url": "/_macros?ma=37",
            "cells": [
                cell("76,0", "done", "/_macros?o=2"),
                cell("78,5", "done", "/_macros?o=3"),
                cell("–"),
                cell("nháp", "draft"),
            ],
            "total": "2/4",
        },
    ]
