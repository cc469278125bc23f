"""The guides, one for each role: what to do, in the order in which it comes. Texts are message ids."""

from dataclasses import dataclass

from workflows.spec import N_


@dataclass(frozen=True)
class Guide:
    """One page: its name in the address, for whom it is, what it is about, and its steps."""

    name: str
    title: str
    lead: str
    steps: tuple[str, ...]
    notes: tuple[str, ...] = ()


GUIDES = (
    Guide(
        "tac-gia",
        N_("Tác giả"),
        N_("Từ khi viết sáng kiến đến khi biết kết quả."),
        (
            N_("Đăng nhập, bấm «Nộp sáng kiến», chọn đơn vị. Hồ sơ nháp được tạo với một mã riêng."),
            N_("Điền từng phần: tác giả, tên và lĩnh vực, mô tả giải pháp, hiệu quả, tệp minh chứng. Mỗi phần tự lưu."),
            N_("Nhờ đầu mối đơn vị xác nhận hồ sơ. Sửa hồ sơ sau khi xác nhận thì phải xác nhận lại."),
            N_("Mở «Kiểm tra trước khi nộp», đọc lại, đánh dấu cam đoan rồi bấm «Nộp hồ sơ» trước hạn."),
            N_("Giữ giấy tiếp nhận. Mã trên giấy dùng để tra cứu mà không cần đăng nhập."),
            N_("Khi hồ sơ ở trạng thái «Cần bổ sung», mở hồ sơ, sửa đúng phần được yêu cầu rồi nộp lại trong hạn."),
            N_("Kết quả hiện ở trang hồ sơ và trang «Kết quả» khi cuộc thi công bố."),
        ),
        (N_("Tổng tỷ lệ đóng góp của các tác giả phải đúng 100%."),),
    ),
    Guide(
        "dau-moi",
        N_("Đầu mối đơn vị"),
        N_("Theo dõi và xác nhận hồ sơ của đơn vị mình."),
        (
            N_("Mở «Việc của tôi» để xem hồ sơ chờ xác nhận."),
            N_("Đọc hồ sơ, đối chiếu tác giả và hiệu quả, rồi bấm «Xác nhận của đơn vị»."),
            N_("Có thể nhập hồ sơ thay cho tác giả của đơn vị."),
        ),
    ),
    Guide(
        "van-phong",
        N_("Cán bộ văn phòng"),
        N_("Lập cuộc thi, kiểm tra hồ sơ, soạn văn bản, công bố và gửi cấp trên."),
        (
            N_("Lập cuộc thi: thời hạn, lĩnh vực, tiêu chí, giải thưởng, các ban. Trang cuộc thi nêu phần còn thiếu."),
            N_("Tạo kế hoạch và quyết định thành lập các ban, ký nháy rồi trình ký."),
            N_("Khi có hồ sơ nộp, mở «Kiểm tra hồ sơ», ghi kết quả từng mục: nhận, yêu cầu bổ sung hoặc không nhận."),
            N_("Sau khi xếp hạng được khóa, mở «Xếp hạng», tạo tờ trình, quyết định và giấy chứng nhận."),
            N_("Khi quyết định đã phát hành, bấm «Công bố kết quả»."),
            N_("Lập gói hồ sơ gửi cấp trên và theo dõi trả lời."),
        ),
    ),
    Guide(
        "thu-ky",
        N_("Tổ thư ký"),
        N_("Phân công, nhắc chấm và tổng hợp điểm."),
        (
            N_("Phân công giám khảo; cặp có xung đột lợi ích bị loại kèm lý do."),
            N_("Mở chấm điểm khi mỗi hồ sơ có đủ giám khảo."),
            N_("Theo dõi ma trận chấm điểm và nhắc người chưa gửi phiếu."),
            N_("Mở lại phiếu khi cần, kèm lý do. Giám khảo được báo."),
        ),
    ),
    Guide(
        "giam-khao",
        N_("Giám khảo"),
        N_("Chấm từng hồ sơ theo tiêu chí."),
        (
            N_("Mở «Chấm điểm», nhận phiếu hoặc từ chối nếu có xung đột lợi ích."),
            N_("Đọc hồ sơ, nhập điểm từng tiêu chí. Điểm viết với dấu phẩy, ví dụ 27,5. Điểm tự lưu."),
            N_("Bấm «Gửi phiếu và sang hồ sơ sau». Phiếu đã gửi chỉ sửa được khi Tổ thư ký mở lại."),
        ),
        (N_("Không ai thấy điểm của giám khảo khác trước khi gửi phiếu của mình."),),
    ),
    Guide(
        "truong-ban",
        N_("Trưởng Ban giám khảo"),
        N_("Xử lý chênh lệch, khóa xếp hạng, ký biên bản."),
        (
            N_("Xem hồ sơ có chênh lệch vượt giới hạn: giữ kết quả, mở lại phiếu hoặc mời thêm giám khảo."),
            N_("Mở «Xếp hạng»: hạng theo điểm trung bình và quy tắc của kế hoạch, giải đề xuất trong kinh phí."),
            N_("Khóa xếp hạng. Giải khác đề xuất, hoặc quyết định giữa các hồ sơ đồng hạng, phải có lý do."),
            N_("Ký biên bản họp Ban giám khảo."),
        ),
    ),
    Guide(
        "chu-tich",
        N_("Chủ tịch"),
        N_("Xem trước và ký văn bản."),
        (
            N_("Mở «Chờ ký», xem trước từng văn bản."),
            N_("Đánh dấu các văn bản đồng ý, bấm «Duyệt và ký», nhập lại mật khẩu."),
            N_("Văn bản chưa đạt thì trả lại kèm lý do."),
        ),
    ),
    Guide(
        "van-thu",
        N_("Văn thư"),
        N_("Cấp số, ghi ngày và phát hành văn bản."),
        (
            N_("Mở «Văn bản», chọn văn bản đã ký."),
            N_("Bấm «Cấp số và phát hành». Số nối tiếp trong sổ của từng loại và từng năm."),
            N_("Sổ đăng ký văn bản tải về được dạng Excel."),
        ),
    ),
    Guide(
        "cap-tren",
        N_("Cán bộ cấp trên"),
        N_("Tiếp nhận gói hồ sơ và ghi kết quả."),
        (
            N_("Mở gói hồ sơ được gửi đến, bấm «Tiếp nhận» hoặc «Từ chối» kèm lý do."),
            N_("Ghi kết quả từng hồ sơ: công nhận, không công nhận hoặc trả lại."),
        ),
    ),
)
