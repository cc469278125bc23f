"""Why a signature could not be made, as a Vietnamese msgid."""

from workflows.spec import N_

MESSAGES = {
    "no_place": N_("Văn bản không chừa chỗ cho %(part)s nên không ký số được. Ký trên giấy hoặc sửa mẫu văn bản."),
    "bad_file": N_("Không mở được tệp PDF để ký."),
    "no_key": N_("Không mở được khóa ký tại máy chủ. Quản trị viên kiểm tra tệp khóa và mật khẩu của khóa."),
    "wrong_pin": N_(
        "Mã PIN của thiết bị ký không đúng. Quản trị viên sửa lại trước khi ký tiếp, nếu không thiết bị tự khóa."
    ),
    "no_token": N_("Không thấy thiết bị ký tại máy chủ. Quản trị viên kiểm tra thiết bị và trình điều khiển."),
    "other_key": N_("Khóa tại máy chủ không thuộc chứng thư số đã đăng ký."),
    "bad_certificate": N_("Không đọc được chứng thư số."),
    "bad_signature": N_("Chữ ký gửi về không khớp với nội dung cần ký hoặc với chứng thư số đã đăng ký."),
    "no_fonts": N_("Chưa có phông chữ thay Times New Roman trên máy chủ. Cài đặt: apt-get install fonts-liberation2"),
}

PARTS = {"person": N_("chữ ký"), "number": N_("số văn bản"), "date": N_("ngày văn bản"), "seal": N_("dấu")}


class SigningError(Exception):
    """No signature came out: `code` names why, `message` is a msgid, `params` fill it. `detail` is for the log."""

    def __init__(self, code: str, detail: str = "", **params: str):
        self.code = code
        self.message = MESSAGES[code]
        self.params = params
        self.detail = detail
        super().__init__(self.message % params if params else self.message)
