"""Why a file was not taken, with the text that tells its owner what to do."""

from workflows.spec import N_

MESSAGES = {
    "type": N_("Tệp phải là PDF, DOCX, XLSX, JPG hoặc PNG"),
    "mismatch": N_("Nội dung tệp không phải là %(extension)s. Lưu lại đúng loại rồi tải lên"),
    "empty": N_("Tệp không có nội dung"),
    "too_large": N_("Tệp phải nhỏ hơn %(limit)s MB"),
    "encrypted": N_("Tệp có mật khẩu. Bỏ mật khẩu rồi tải lại"),
    "broken": N_("Tệp bị hỏng, không mở được. Mở tệp, lưu lại rồi tải lên"),
    "unpacks_too_large": N_("Tệp giải nén ra quá lớn nên không được nhận"),
    "macros": N_("Tệp có macro. Lưu lại thành PDF rồi tải lên"),
    "embedded": N_("Tệp có nhúng tệp khác. Lưu lại thành PDF rồi tải lên"),
    "external": N_("Tệp có liên kết lấy dữ liệu từ bên ngoài. Lưu lại thành PDF rồi tải lên"),
    "active": N_("Tệp PDF có lệnh tự chạy hoặc tệp đính kèm. In lại thành PDF rồi tải lên"),
    "image_too_large": N_("Ảnh phải nhỏ hơn 50 triệu điểm ảnh. Thu nhỏ ảnh rồi tải lên"),
    "storage_full": N_("Máy chủ đã hết chỗ lưu tệp. Tệp chưa được lưu, báo quản trị viên"),
}


class StorageError(Exception):
    """Base of what can go wrong with a file: `code` names why, `message` is a msgid, `params` its values."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.message = MESSAGES[code]
        self.params = params
        super().__init__(self.message % params)


class BadUpload(StorageError):
    """The file is of a kind or in a state that is not taken (422)."""


class TooLarge(StorageError):
    """The file has more bytes than the limit (422; 413 when the whole request is over)."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__("too_large", limit=max(1, limit // 2**20))


class StorageFull(StorageError):
    """There is no room left on the disk or in its quota (507). Nothing was kept."""

    def __init__(self) -> None:
        super().__init__("storage_full")


class MissingFile(LookupError):
    """No file is held under this key."""
