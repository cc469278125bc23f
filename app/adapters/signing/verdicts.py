"""What can be said of a signed PDF, in the reader's words. Each verdict has a code and a Vietnamese msgid."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.spec import N_

VERDICTS = {
    "valid": N_("Chữ ký số hợp lệ, nội dung còn nguyên vẹn."),
    "none": N_("Tệp không có chữ ký số nào mới."),
    "unreadable": N_("Không đọc được tệp PDF hoặc chữ ký số trong tệp."),
    "other_file": N_("Tệp này không phải là bản đã tải từ đây: phần đầu tệp khác với văn bản đã trình ký."),
    "broken": N_("Nội dung đã bị thay đổi sau khi ký: mã băm không khớp với chữ ký số."),
    "forged": N_("Chữ ký số không khớp với chứng thư số đi kèm."),
    "partial": N_("Chữ ký số không bao trùm toàn bộ nội dung của tệp."),
    "appended": N_("Có dữ liệu thêm vào sau chữ ký số cuối cùng."),
    "changed": N_("Nội dung đã bị sửa hoặc thêm sau khi ký (lớp ẩn, chú thích, trang hoặc chữ)."),
    "extra": N_("Ngoài chữ ký số, tệp còn bị thêm hoặc sửa nội dung so với văn bản đã trình ký."),
    "covers": N_("Hình chữ ký số quá lớn hoặc đặt ngoài trang, che nội dung văn bản."),
    "other_signer": N_("Chứng thư số là của %(subject)s, không phải chứng thư đã đăng ký cho người ký văn bản này."),
    "other_organisation": N_("Chứng thư số là của %(subject)s, không phải chứng thư đã đăng ký cho cơ quan."),
    "untrusted": N_("Chứng thư số của %(subject)s không do nơi cấp được cơ quan tin cậy cấp."),
    "expired": N_("Chứng thư số của %(subject)s đã hết hạn khi ký."),
    "not_yet": N_("Chứng thư số của %(subject)s chưa có hiệu lực khi ký."),
    "revoked": N_("Chứng thư số của %(subject)s đã bị thu hồi trước khi ký."),
    "wrong_use": N_("Chứng thư số của %(subject)s không được dùng để ký văn bản."),
    "weak": N_("Chữ ký số dùng thuật toán không còn an toàn."),
    "order": N_("Số, ngày hoặc dấu có trước chữ ký của người có thẩm quyền."),
    "signers_order": N_("Chữ ký của người có thẩm quyền có trước chữ ký của người lập văn bản."),
    "writer_missing": N_("Chưa có chữ ký số của người lập văn bản."),
    "person_missing": N_("Chưa có chữ ký số của người có thẩm quyền."),
    "seal_missing": N_("Chưa có chữ ký số của cơ quan."),
    "number_missing": N_("Không thấy %(number)s ở chỗ ghi số của văn bản."),
    "date_missing": N_("Không thấy ngày %(day)s ở dòng địa danh và ngày của văn bản."),
}


@dataclass(frozen=True)
class Verdict:
    """`code` is a key of VERDICTS, `params` fill its sentence."""

    code: str
    params: dict[str, Any]

    @property
    def message(self) -> str:
        """The sentence as a msgid."""
        return VERDICTS[self.code]

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return self.code == "valid"


def verdict(code: str, **params: Any) -> Verdict:
    """A verdict by its code; KeyError for a code that is not declared."""
    VERDICTS[code]
    return Verdict(code, params)


VALID = verdict("valid")


@dataclass(frozen=True)
class Found:
    """One signature in a file. `field` is its name, `claimed_at` the moment that the signer's machine wrote."""

    field: str
    subject: str
    fingerprint: str
    claimed_at: datetime | None
    verdict: Verdict


@dataclass(frozen=True)
class Report:
    """All signatures of a file in their order, and the verdict of the whole."""

    verdict: Verdict
    signatures: tuple[Found, ...] = ()
