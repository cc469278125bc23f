"""Đơn yêu cầu công nhận sáng kiến (Thông tư 18/2013/TT-BKHCN, Phụ lục I): a person's paper, no agency at its head."""

from .forms import country
from .paper import Paper
from .tables import Column

AUTHORS = (
    Column("Số TT", 10, "{{ r.stt }}", "TableCentre"),
    Column("Họ và tên", 28, "{{ r.name }}"),
    Column("Ngày tháng năm sinh", 21, "{{ r.born_text }}", "TableCentre"),
    Column("Nơi công tác (hoặc nơi thường trú)", 31, "{{ r.workplace }}"),
    Column("Chức danh", 21, "{{ r.job_title }}"),
    Column("Trình độ chuyên môn", 21, "{{ r.qualification }}"),
    Column(
        "Tỷ lệ (%) đóng góp vào việc tạo ra sáng kiến (ghi rõ đối với từng đồng tác giả, nếu có)",
        28,
        "{{ r.share }}",
        "TableCentre",
    ),
)


def lay_out() -> Paper:
    """The template of `registration`."""
    paper = Paper()
    country(paper)
    paper.text("{{ title }}", "FormTitle")
    paper.addressees()
    paper.text("Tôi (chúng tôi) ghi tên dưới đây:")
    paper.listing(AUTHORS, "authors")
    paper.text("Là tác giả (nhóm tác giả) đề nghị xét công nhận sáng kiến: {{ entry_title|closed('.') }}")
    with paper.when("investor"):
        paper.text(
            "- Chủ đầu tư tạo ra sáng kiến (trường hợp tác giả không đồng thời là chủ đầu tư tạo ra sáng kiến): "
            "{{ investor|closed('.') }}"
        )
    paper.text("- Lĩnh vực áp dụng sáng kiến: {{ field_name|closed('.') }}")
    paper.text(
        "- Ngày sáng kiến được áp dụng lần đầu hoặc áp dụng thử (ghi ngày nào sớm hơn): "
        "{{ first_applied_text|closed('.') }}"
    )
    _answer(paper, "Mô tả bản chất của sáng kiến", "essence")
    paper.text("- Những thông tin cần được bảo mật (nếu có): {{ confidential|closed('.') }}")
    _answer(paper, "Các điều kiện cần thiết để áp dụng sáng kiến", "conditions")
    benefit = "Đánh giá lợi ích thu được hoặc dự kiến có thể thu được do áp dụng sáng kiến theo ý kiến của"
    _answer(paper, f"{benefit} tác giả", "benefit")
    with paper.when("benefit_of_users"):
        users = "tổ chức, cá nhân đã tham gia áp dụng sáng kiến lần đầu, kể cả áp dụng thử (nếu có)"
        _answer(paper, f"{benefit} {users}", "benefit_of_users")
    paper.text(
        "Tôi (chúng tôi) xin cam đoan mọi thông tin nêu trong đơn là trung thực, đúng sự thật và hoàn toàn chịu "
        "trách nhiệm trước pháp luật.",
        "BodyLast",
    )
    paper.sign_with_date()
    return paper


def _answer(paper: Paper, question: str, answer: str) -> None:
    paper.text(f"- {question}:").paragraph_format.keep_with_next = True
    with paper.each("line", answer):
        paper.text("{{ line|closed('.') }}")
