"""The parts of a dossier: what an author fills in, in which columns it is kept, and when it is complete.

The one table of parts: the task list, what may be edited, what is missing and what an office can ask for read it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.entries.models import Entry
from workflows.spec import N_

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Part:
    """One task. `name` is part of addresses and of `Entry.returned_parts`; `fields` are columns of `Entry`.

    `required` are the columns without which the part is not complete, with what to say when one is empty.
    """

    name: str
    label: str
    hint: str
    is_complete: Callable[[Entry], bool]
    fields: tuple[str, ...] = ()
    required: tuple[tuple[str, str], ...] = ()


FIELD_LABELS = {
    "unit_id": N_("Đơn vị"),
    "authors": N_("Tác giả"),
    "title": N_("Tên sáng kiến, giải pháp"),
    "field_id": N_("Lĩnh vực"),
    "kind": N_("Hình thức dự thi"),
    "first_applied_on": N_("Ngày áp dụng lần đầu"),
    "current_state": N_("Tình trạng giải pháp đã biết"),
    "solution": N_("Nội dung giải pháp"),
    "applicability": N_("Khả năng áp dụng"),
    "conditions": N_("Điều kiện cần thiết để áp dụng"),
    "benefit": N_("Hiệu quả, lợi ích thu được"),
    "confidential": N_("Thông tin cần được bảo mật"),
    "files": N_("Tệp minh chứng"),
    "confirmed_at": N_("Xác nhận của đơn vị"),
}
"""What each column is called, in the words of the forms of Thông tư 18/2013/TT-BKHCN."""


def _authors_complete(entry: Entry) -> bool:
    authors = entry.authors
    named = all(author.full_name and author.workplace for author in authors)
    return bool(authors) and named and sum(author.share for author in authors) == WHOLE


_TITLE_REQUIRED = (("title", N_("Nhập tên sáng kiến")), ("field_id", N_("Chọn lĩnh vực")))
_DESCRIPTION_REQUIRED = (
    ("current_state", N_("Mô tả tình trạng trước khi có giải pháp")),
    ("solution", N_("Mô tả nội dung giải pháp")),
    ("applicability", N_("Mô tả khả năng áp dụng")),
)
_BENEFIT_REQUIRED = (("benefit", N_("Mô tả hiệu quả, lợi ích thu được")),)


def _filled(required: tuple[tuple[str, str], ...]) -> Callable[[Entry], bool]:
    return lambda entry: all(getattr(entry, name) for name, _text in required)


PARTS: tuple[Part, ...] = (
    Part(
        "tac-gia",
        N_("Tác giả và đơn vị"),
        N_("Họ tên, nơi công tác và tỷ lệ đóng góp, tổng đúng 100 %"),
        _authors_complete,
        fields=("unit_id", "authors"),
    ),
    Part(
        "ten-linh-vuc",
        N_("Tên và lĩnh vực"),
        N_("Tên sáng kiến, lĩnh vực, ngày áp dụng lần đầu"),
        _filled(_TITLE_REQUIRED),
        fields=("title", "field_id", "kind", "first_applied_on"),
        required=_TITLE_REQUIRED,
    ),
    Part(
        "mo-ta",
        N_("Mô tả giải pháp"),
        N_("Tình trạng trước đó, nội dung giải pháp, khả năng áp dụng"),
        _filled(_DESCRIPTION_REQUIRED),
        fields=("current_state", "solution", "applicability", "conditions"),
        required=_DESCRIPTION_REQUIRED,
    ),
    Part(
        "hieu-qua",
        N_("Hiệu quả"),
        N_("Lợi ích thu được, có số liệu so sánh"),
        _filled(_BENEFIT_REQUIRED),
        fields=("benefit", "confidential"),
        required=_BENEFIT_REQUIRED,
    ),
    Part(
        "minh-chung",
        N_("Tệp minh chứng"),
        N_("Ít nhất một tệp PDF, DOCX, XLSX, JPG hoặc PNG"),
        lambda entry: bool(entry.files),
        fields=("files",),
    ),
    Part(
        "xac-nhan",
        N_("Xác nhận của đơn vị"),
        N_("Đầu mối đơn vị xác nhận nội dung hồ sơ là đúng"),
        lambda entry: entry.confirmed_at is not None,
        fields=("confirmed_at",),
    ),
)
NAMES = tuple(part.name for part in PARTS)


def part_named(name: str) -> Part | None:
    """The part of this name, or None."""
    return next((part for part in PARTS if part.name == name), None)


def is_open(entry: Entry, part: Part) -> bool:
    """Whether the part may change in the present state: of a returned entry only what was asked for."""
    return entry.state != "returned" or part.name in entry.returned_parts.split()


def part_of(column: str) -> Part:
    """The part that a column belongs to; raises KeyError for a column of none."""
    return next((part for part in PARTS if column in part.fields), None) or _unknown(column)


def _unknown(column: str) -> Part:
    raise KeyError(column)


def missing(entry: Entry) -> list[Part]:
    """The parts that are not complete, in their order."""
    return [part for part in PARTS if not part.is_complete(entry)]
