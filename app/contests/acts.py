"""Extra fields on the pages of a contest's acts, and the words of its trail."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.audit import sentences
from app.contests.inputs import Moment
from app.contests.models import Contest
from app.core.vietnamese import moment_text
from app.flow import forms
from workflows.spec import N_


class ExtendForm(FlaskForm):
    """The new deadline."""

    closes_at = Moment(_l("Hạn nộp mới"))

    def prepare(self, subject: Contest) -> None:
        """Say what the deadline is now and what moves with it."""
        now_due = moment_text(subject.closes_at, _)
        self.closes_at.description = _(
            "Hạn hiện tại: %(old)s. Ví dụ 17:00 15/12/2026. "
            "Hạn kiểm tra, hạn chấm và ngày trao giải lùi theo cùng số ngày.",
            old=now_due,
        )


forms.register("extend_deadline", ExtendForm)

sentences.declare(
    **{
        "contest.copy": N_("chép cuộc thi từ mùa trước"),
        "earlier_initiative.create": N_("thêm sáng kiến đã áp dụng"),
    }
)
sentences.name_columns(
    year=N_("năm"),
    intro=N_("phần mở đầu"),
    purposes=N_("mục đích"),
    requirements=N_("yêu cầu"),
    eligible_collective=N_("đối tượng là tập thể"),
    eligible_individual=N_("đối tượng là cá nhân"),
    content=N_("nội dung dự thi"),
    closing=N_("phần kết"),
    contact=N_("nơi giải đáp"),
    novelty_cutoff_on=N_("mốc xét tính mới"),
    screening_due_at=N_("hạn kiểm tra"),
    judging_due_at=N_("hạn chấm điểm"),
    award_on=N_("ngày trao giải"),
    fields=N_("lĩnh vực"),
    criteria=N_("tiêu chí chấm"),
    budget=N_("kinh phí"),
    budget_text=N_("nguồn kinh phí"),
    prizes=N_("giải thưởng"),
    members=N_("các ban"),
    legal_bases=N_("căn cứ pháp lý"),
    tasks=N_("tổ chức thực hiện"),
    archive_line=N_("nơi lưu"),
    receiver_id=N_("hội đồng cấp trên"),
    checklist=N_("danh mục kiểm tra"),
    max_authors=N_("số tác giả tối đa"),
    combination=N_("cách tính điểm"),
    score_step=N_("bước điểm"),
    deviation_percent=N_("giới hạn chênh lệch"),
    threshold=N_("điểm tối thiểu"),
    zero_fails=N_("quy tắc điểm 0"),
    min_judges=N_("số giám khảo tối thiểu"),
    same_unit_conflicts=N_("quy tắc cùng đơn vị"),
    blind=N_("giấu tên tác giả"),
    tie_rules=N_("quy tắc khi bằng điểm"),
)
