"""The parts in which a contest is set up, and what each still lacks. Pure: reads a contest, asks nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.contests.models import BoardMember, Contest
from workflows.spec import N_

Gaps = Callable[[Contest], Iterable[str]]


@dataclass(frozen=True)
class Part:
    """One part: its name in the address, its label, the names it edits, and its gaps as message ids."""

    name: str
    label: str
    holds: tuple[str, ...]
    gaps: Gaps


def _blank(contest: Contest, **labels: str) -> list[str]:
    """Labels of the columns and lists that hold nothing."""
    return [label for name, label in labels.items() if not getattr(contest, name)]


def _plan_gaps(contest: Contest) -> list[str]:
    return _blank(
        contest,
        title=N_("tên cuộc thi"),
        intro=N_("phần mở đầu của kế hoạch"),
        purposes=N_("mục đích"),
        requirements=N_("yêu cầu"),
        eligible_collective=N_("đối tượng dự thi là tập thể"),
        eligible_individual=N_("đối tượng dự thi là cá nhân"),
        content=N_("nội dung dự thi"),
        closing=N_("phần kết của kế hoạch"),
    )


def _date_gaps(contest: Contest) -> list[str]:
    return _blank(
        contest,
        opens_at=N_("thời điểm mở nhận hồ sơ"),
        closes_at=N_("hạn nộp hồ sơ"),
        screening_due_at=N_("hạn kiểm tra hồ sơ"),
        judging_due_at=N_("hạn chấm điểm"),
        novelty_cutoff_on=N_("mốc xét tính mới"),
    )


def _field_gaps(contest: Contest) -> list[str]:
    return _blank(contest, fields=N_("lĩnh vực"))


def _rubric_gaps(contest: Contest) -> list[str]:
    return _blank(contest, criteria=N_("tiêu chí chấm"))


def _prize_gaps(contest: Contest) -> list[str]:
    return _blank(contest, budget_text=N_("nguồn kinh phí"), prizes=N_("cơ cấu giải thưởng"))


def _board_gaps(contest: Contest) -> list[str]:
    """Seats count for the jury and the secretariat only when somebody can sign in for them."""
    gaps = [] if seats(contest, "organising") else [N_("Ban Tổ chức")]
    jury = [member for member in seats(contest, "jury") if member.user_id is not None]
    if not any(member.is_head for member in jury):
        gaps.append(N_("Trưởng Ban giám khảo"))
    if sum(not member.is_head for member in jury) < contest.min_judges:
        gaps.append(N_("đủ số giám khảo tối thiểu"))
    if not any(member.user_id is not None for member in seats(contest, "secretariat")):
        gaps.append(N_("Tổ Thư ký"))
    return gaps


def seats(contest: Contest, board: str) -> list[BoardMember]:
    """Members of one board in their order."""
    return sorted((m for m in contest.members if m.board == board), key=lambda member: member.position)


def _legal_gaps(contest: Contest) -> list[str]:
    return _blank(contest, legal_bases=N_("căn cứ pháp lý"))


def _task_gaps(contest: Contest) -> list[str]:
    return _blank(
        contest,
        tasks=N_("phân công tổ chức thực hiện"),
        recipients=N_("nơi nhận"),
        archive_line=N_("nơi lưu"),
        receiver_id=N_("hội đồng cấp trên nhận hồ sơ"),
    )


def _checklist_gaps(contest: Contest) -> list[str]:
    return _blank(contest, checklist=N_("danh mục kiểm tra"))


def _rule_gaps(contest: Contest) -> list[str]:
    return _blank(contest, tie_rules=N_("thứ tự phân định khi bằng điểm"))


PARTS = (
    Part(
        "ke-hoach",
        N_("Thông tin kế hoạch"),
        (
            "title",
            "year",
            "intro",
            "purposes",
            "requirements",
            "eligible_collective",
            "eligible_individual",
            "content",
            "closing",
            "contact",
        ),
        _plan_gaps,
    ),
    Part(
        "thoi-han",
        N_("Thời hạn"),
        ("novelty_cutoff_on", "opens_at", "closes_at", "screening_due_at", "judging_due_at", "award_on"),
        _date_gaps,
    ),
    Part("linh-vuc", N_("Lĩnh vực"), ("fields",), _field_gaps),
    Part("tieu-chi", N_("Tiêu chí chấm"), ("criteria",), _rubric_gaps),
    Part("giai-thuong", N_("Giải thưởng và kinh phí"), ("budget_text", "budget", "prizes"), _prize_gaps),
    Part("cac-ban", N_("Các ban"), ("members",), _board_gaps),
    Part("can-cu", N_("Căn cứ pháp lý"), ("legal_bases",), _legal_gaps),
    Part(
        "to-chuc",
        N_("Tổ chức thực hiện và nơi nhận"),
        ("tasks", "recipients", "archive_line", "receiver_id"),
        _task_gaps,
    ),
    Part("danh-muc", N_("Danh mục kiểm tra"), ("checklist",), _checklist_gaps),
    Part(
        "quy-tac",
        N_("Quy tắc chấm"),
        (
            "max_authors",
            "combination",
            "score_step",
            "deviation_percent",
            "threshold",
            "zero_fails",
            "min_judges",
            "same_unit_conflicts",
            "blind",
            "tie_rules",
        ),
        _rule_gaps,
    ),
)
NAMES = frozenset(name for part in PARTS for name in part.holds)


def part_named(name: str) -> Part | None:
    """The part with this name in the address."""
    return next((part for part in PARTS if part.name == name), None)


def gaps(contest: Contest) -> list[str]:
    """Everything that is still missing, as message ids in the order of the parts."""
    return [gap for part in PARTS for gap in part.gaps(contest)]
