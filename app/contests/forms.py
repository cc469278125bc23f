"""Forms of the parts of a contest. They read values; what values may be, `checks` says."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectChoice
from wtforms import fields as wtf
from wtforms.validators import Optional

from app.contests import queries, rows, ties
from app.contests.checks import SCORE_STEPS
from app.contests.inputs import Day, Moment, Money, Points, Whole, key_or_none, many_lines, one_line
from app.contests.models import Contest
from app.contests.part_form import PartForm
from app.core.vietnamese import decimal_text


def _line(label, **options) -> wtf.StringField:
    return wtf.StringField(label, filters=[one_line], **options)


def _text(label, height: int = 4, **options) -> wtf.TextAreaField:
    return wtf.TextAreaField(label, filters=[many_lines], render_kw={"rows": height}, **options)


class PlanForm(PartForm):
    """Part `ke-hoach`."""

    title = _text(_l("Tên cuộc thi"), 2, description=_l("Ghi như sẽ in trong văn bản, ví dụ: Cuộc thi “…”."))
    year = Whole(_l("Năm"))
    intro = _text(_l("Phần mở đầu"), description=_l("Các căn cứ pháp lý được in trước phần này."))
    purposes = _text(_l("Mục đích"), 6, description=_l("Mỗi dòng một ý."))
    requirements = _text(_l("Yêu cầu"), 6, description=_l("Mỗi dòng một ý."))
    eligible_collective = _text(_l("Đối tượng dự thi là tập thể"), 3)
    eligible_individual = _text(_l("Đối tượng dự thi là cá nhân"), 3)
    content = _text(_l("Nội dung dự thi"), 6, description=_l("Mỗi dòng một ý."))
    closing = _text(_l("Phần kết của kế hoạch"), description=_l("Mỗi dòng một đoạn."))
    contact = _line(_l("Nơi giải đáp thắc mắc"), validators=[Optional()], description=_l("Bộ phận và số điện thoại."))


class DatesForm(PartForm):
    """Part `thoi-han`."""

    opens_at = Moment(_l("Mở nhận hồ sơ lúc"), description=_l("Ví dụ 08:00 01/11/2026"))
    closes_at = Moment(_l("Hạn nộp hồ sơ"), description=_l("Ví dụ 17:00 30/11/2026"))
    screening_due_at = Moment(_l("Kiểm tra hồ sơ xong trước"), description=_l("Ví dụ 17:00 15/12/2026"))
    judging_due_at = Moment(_l("Chấm điểm xong trước"), description=_l("Ví dụ 17:00 05/01/2027"))
    award_on = Day(_l("Ngày tổng kết, trao giải"), [Optional()], description=_l("Ví dụ 20/01/2027"))
    novelty_cutoff_on = Day(
        _l("Mốc xét tính mới"),
        description=_l("Không trùng với sáng kiến đã áp dụng đến hết ngày này. Ví dụ 30/9/2026"),
    )


class FieldRow(Form):
    """A field of the contest."""

    name = _line(_l("Lĩnh vực"))


class FieldsForm(PartForm):
    """Part `linh-vuc`."""

    lists = {"fields": "name"}
    fields = wtf.FieldList(wtf.FormField(FieldRow), _l("Lĩnh vực"))


class CriterionRow(Form):
    """A line of the rubric."""

    key = wtf.HiddenField()
    name = _line(_l("Tên tiêu chí"))
    max_score = Points(_l("Điểm tối đa"))
    bands = _text(
        _l("Thang điểm"), 5, validators=[Optional()], description=_l("Mỗi dòng một mức, giám khảo thấy khi chấm.")
    )


class RubricForm(PartForm):
    """Part `tieu-chi`."""

    lists = {"criteria": "name"}
    quiet = ("key",)
    criteria = wtf.FieldList(wtf.FormField(CriterionRow), _l("Tiêu chí"))
    known_keys: frozenset[str] = frozenset()

    def fill(self, contest: Contest) -> None:
        """Keys that the contest knows; others that were sent count for nothing."""
        self.known_keys = frozenset(criterion.key for criterion in contest.criteria)

    def values(self) -> dict[str, Any]:
        """Rows with keys of this contest only."""
        return {
            "criteria": [
                row | {"key": row["key"] if row["key"] in self.known_keys else ""} for row in self.criteria.data
            ]
        }


class PrizeRow(Form):
    """A kind of prize."""

    name = _line(_l("Tên giải"))
    slots = Whole(_l("Số lượng"))
    amount = Money(_l("Tiền thưởng mỗi giải (đồng)"), render_kw={"inputmode": "numeric"})


class PrizesForm(PartForm):
    """Part `giai-thuong`."""

    lists = {"prizes": "name"}
    budget_text = _text(_l("Nguồn kinh phí"), 3, description=_l("Ghi như sẽ in trong kế hoạch."))
    budget = Money(_l("Tổng kinh phí trao giải (đồng)"), render_kw={"inputmode": "numeric"})
    prizes = wtf.FieldList(wtf.FormField(PrizeRow), _l("Giải"))


class SeatRow(Form):
    """A seat of a board."""

    user_id = wtf.SelectField(_l("Tài khoản"), coerce=key_or_none, validate_choice=False)
    honorific = wtf.SelectField(
        _l("Cách xưng hô"),
        choices=[SelectChoice("Ông", _l("Ông")), SelectChoice("Bà", _l("Bà"))],
        validate_choice=False,
        filters=[one_line],
    )
    full_name = _line(_l("Họ và tên"), description=_l("Để trống để lấy theo tài khoản."))
    job_title = _line(_l("Chức vụ, đơn vị công tác"))
    seat = _line(_l("Chức danh trong ban"))
    is_head = wtf.BooleanField(_l("Người đứng đầu"))


class BoardsForm(PartForm):
    """Part `cac-ban`: one list for each board, sent to the service as one."""

    lists = {"organising": "full_name", "jury": "full_name", "secretariat": "full_name"}
    quiet = ("honorific", "is_head")
    organising = wtf.FieldList(wtf.FormField(SeatRow), _l("Thành viên Ban Tổ chức"))
    jury = wtf.FieldList(wtf.FormField(SeatRow), _l("Thành viên Ban Giám khảo"))
    secretariat = wtf.FieldList(wtf.FormField(SeatRow), _l("Thành viên Tổ Thư ký"))

    @classmethod
    def stored(cls, contest: Contest) -> dict[str, Any]:
        """The seats of each board."""
        members = rows.as_rows(contest, "members")
        return {board: [row for row in members if row["board"] == board] or [{}] for board in cls.lists}

    def fill(self, contest: Contest) -> None:
        """Offer the people of the host and its units, and whoever sits there already."""
        self.people = {row.id: row for row in queries.seat_candidates(contest)}
        choices = [SelectChoice("", _("Không có tài khoản"))]
        choices += [
            (str(p.id), ", ".join(filter(None, (p.full_name, p.job_title, p.organisation))))
            for p in self.people.values()
        ]
        for board in self.lists:
            for entry in self[board].entries:
                entry.form.user_id.choices = choices

    def values(self) -> dict[str, Any]:
        """All seats; what is empty is taken from the account."""
        return {"members": [self._seat(board, row) for board in self.lists for row in self[board].data]}

    def _seat(self, board: str, row: Mapping[str, Any]) -> dict[str, Any]:
        person = self.people.get(row["user_id"])
        taken = {"full_name": person.full_name, "job_title": person.job_title} if person else {}
        return {"board": board, **row} | {name: row[name] or value for name, value in taken.items()}

    def field_name(self, name: str) -> str:
        """`members-4-seat` of the service is `jury-2-seat` here."""
        _list, _dash, rest = name.partition("-")
        place, _dash, column = rest.partition("-")
        left = int(place) if place else -1
        for board in self.lists:
            if 0 <= left < len(self[board].entries):
                return f"{board}-{left}-{'user_id' if column == 'board' else column}"
            left -= len(self[board].entries)
        return name


class BasisRow(Form):
    """A legal basis."""

    text = _text(_l("Căn cứ"), 2)


class LegalForm(PartForm):
    """Part `can-cu`."""

    lists = {"legal_bases": "text"}
    legal_bases = wtf.FieldList(wtf.FormField(BasisRow), _l("Căn cứ"))


class TaskRow(Form):
    """An office and its tasks."""

    office = _line(_l("Bộ phận, đơn vị"))
    lines = _text(_l("Nhiệm vụ"), 4, description=_l("Mỗi dòng một nhiệm vụ."))


class TasksForm(PartForm):
    """Part `to-chuc`."""

    lists = {"tasks": "office"}
    tasks = wtf.FieldList(wtf.FormField(TaskRow), _l("Bộ phận"))
    receiver_id = wtf.SelectField(
        _l("Hội đồng cấp trên nhận hồ sơ đạt kết quả tốt"), coerce=key_or_none, validate_choice=False
    )
    recipients = _text(_l("Nơi nhận"), 6, description=_l("Mỗi dòng một nơi nhận, không ghi dấu ở đầu và cuối dòng."))
    archive_line = _line(_l("Lưu"), description=_l("Ví dụ VT, VP"))

    def fill(self, contest: Contest) -> None:
        """Offer the councils."""
        found = [SelectChoice(str(row.id), row.short_name) for row in queries.receivers()]
        self.receiver_id.choices = [SelectChoice("", _("Chưa chọn")), *found]


class CheckRow(Form):
    """A question of the checklist."""

    text = _line(_l("Nội dung kiểm tra"))


class ChecklistForm(PartForm):
    """Part `danh-muc`."""

    lists = {"checklist": "text"}
    checklist = wtf.FieldList(wtf.FormField(CheckRow), _l("Mục kiểm tra"))


class RulesForm(PartForm):
    """Part `quy-tac`; the tie rules are chosen in order of their weight."""

    combination = wtf.RadioField(
        _l("Cách tính điểm của hồ sơ"),
        choices=[
            SelectChoice("mean", _l("Trung bình cộng các phiếu")),
            SelectChoice("drop_extremes", _l("Bỏ phiếu cao nhất và thấp nhất rồi lấy trung bình")),
        ],
        validate_choice=False,
    )
    score_step = wtf.SelectField(_l("Bước điểm"), validate_choice=False)
    min_judges = Whole(_l("Số giám khảo tối thiểu cho mỗi hồ sơ"))
    max_authors = Whole(_l("Số tác giả tối đa của một hồ sơ"))
    deviation_percent = Points(
        _l("Giới hạn chênh lệch giữa các phiếu (% thang điểm)"),
        description=_l("Vượt giới hạn thì Trưởng Ban giám khảo xử lý."),
    )
    threshold = Points(_l("Điểm tối thiểu để xét giải"))
    zero_fails = wtf.BooleanField(_l("Hồ sơ có tiêu chí 0 điểm thì không xét giải"))
    same_unit_conflicts = wtf.BooleanField(_l("Giám khảo không chấm hồ sơ của đơn vị mình"))
    blind = wtf.BooleanField(_l("Giấu tên tác giả khi chấm"))
    tie_1 = wtf.SelectField(_l("Khi bằng điểm, xét trước hết"), validate_choice=False)
    tie_2 = wtf.SelectField(_l("Nếu vẫn bằng, xét tiếp"), [Optional()], validate_choice=False)
    tie_3 = wtf.SelectField(_l("Sau cùng"), [Optional()], validate_choice=False)
    ties_in_order = ("tie_1", "tie_2", "tie_3")

    @classmethod
    def stored(cls, contest: Contest) -> dict[str, Any]:
        """The rules, the tie rules one by one."""
        chosen = ties.parse(contest.tie_rules)
        return super().stored(contest) | {
            "score_step": str(contest.score_step.normalize()),
            **dict(zip(cls.ties_in_order, chosen, strict=False)),
        }

    def fill(self, contest: Contest) -> None:
        """Offer the steps, and the criteria of the rubric as tie rules."""
        self.steps = {str(step.normalize()): step for step in SCORE_STEPS}
        self.score_step.choices = [SelectChoice(text, decimal_text(step)) for text, step in self.steps.items()]
        choices = [SelectChoice("", _("Không chọn"))]
        choices += [
            (ties.PREFIX + c.key, _("Điểm cao hơn ở tiêu chí “%(name)s”", name=c.name)) for c in contest.criteria
        ]
        choices += [SelectChoice(rule, _(label)) for rule, label in ties.LABELS.items()]
        for name in self.ties_in_order:
            self[name].choices = choices

    def values(self) -> dict[str, Any]:
        """Values of the columns."""
        values = self.extra_data()
        chosen = [values.pop(name) or "" for name in self.ties_in_order]
        step = self.steps.get(self.score_step.data)
        return values | {"score_step": step, "tie_rules": ties.stored(filter(None, chosen))}

    def field_name(self, name: str) -> str:
        """Errors about the order stand at its first choice."""
        return "tie_1" if name == "tie_rules" else name


FORMS: Mapping[str, type[PartForm]] = {
    "ke-hoach": PlanForm,
    "thoi-han": DatesForm,
    "linh-vuc": FieldsForm,
    "tieu-chi": RubricForm,
    "giai-thuong": PrizesForm,
    "cac-ban": BoardsForm,
    "can-cu": LegalForm,
    "to-chuc": TasksForm,
    "danh-muc": ChecklistForm,
    "quy-tac": RulesForm,
}
