"""Conditions shared by the life cycles. Each reads facts that its slice gathered, and the time; none asks a database.

A guard's name states the fact that must hold. Its docstring is printed in the generated documentation.
"""

from datetime import datetime
from typing import Any

from workflows.spec import N_, Refusal


def _unless(holds: bool, code: str, message: str, **params: Any) -> Refusal | None:
    return None if holds else Refusal(code, message, params)


# --- intake -------------------------------------------------------------------------------------------------------
def intake_open(facts, now: datetime) -> Refusal | None:
    """Hồ sơ được nộp trong thời gian nhận bài."""
    if facts.contest_state == "preparing":
        return Refusal("intake_not_open", N_("Cuộc thi chưa mở nhận hồ sơ."))
    return _unless(
        facts.contest_state == "open" and now <= facts.closes_at,
        "deadline_passed",
        N_("Đã hết hạn nộp lúc %(deadline)s. Liên hệ văn phòng để được hướng dẫn."),
        deadline=facts.closes_at,
    )


def parts_complete(facts, now: datetime) -> Refusal | None:
    """Mọi phần của hồ sơ đã đủ."""
    return _unless(
        not facts.missing_parts,
        "parts_missing",
        N_("Hồ sơ còn thiếu: %(parts)s."),
        parts=facts.missing_parts,
    )


def completion_open(facts, now: datetime) -> Refusal | None:
    """Còn trong thời hạn bổ sung."""
    return _unless(
        facts.completion_due_at is not None and now <= facts.completion_due_at,
        "completion_overdue",
        N_("Đã hết hạn bổ sung lúc %(deadline)s. Liên hệ văn phòng để xin gia hạn."),
        deadline=facts.completion_due_at,
    )


def completion_not_awaited(facts, now: datetime) -> Refusal | None:
    """Không còn chờ tác giả bổ sung trong hạn."""
    return _unless(
        facts.completion_due_at is None or now > facts.completion_due_at,
        "completion_awaited",
        N_("Tác giả còn thời hạn bổ sung đến %(deadline)s."),
        deadline=facts.completion_due_at,
    )


def scoring_not_begun(facts, now: datetime) -> Refusal | None:
    """Chưa có giám khảo nào bắt đầu chấm hồ sơ."""
    return _unless(
        not facts.sheets_begun,
        "scoring_begun",
        N_("Đã có giám khảo bắt đầu chấm hồ sơ này."),
    )


# --- screening ----------------------------------------------------------------------------------------------------
def checklist_passed(facts, now: datetime) -> Refusal | None:
    """Mọi mục trong danh mục kiểm tra đều đạt."""
    return _unless(
        facts.checks_total > 0 and facts.checks_passed == facts.checks_total,
        "checklist_open",
        N_("Còn %(open)d mục kiểm tra chưa đạt."),
        open=facts.checks_total - facts.checks_passed,
    )


# --- scoring ------------------------------------------------------------------------------------------------------
def enough_sheets_in(facts, now: datetime) -> Refusal | None:
    """Mọi phiếu được phân công đã gửi và đủ số giám khảo tối thiểu."""
    if facts.sheets_open:
        return Refusal("sheets_open", N_("Còn %(n)d phiếu chưa gửi."), {"n": facts.sheets_open})
    return _unless(
        facts.sheets_submitted >= facts.min_judges,
        "too_few_sheets",
        N_("Mới có %(n)d phiếu, cần ít nhất %(least)d giám khảo."),
        n=facts.sheets_submitted,
        least=facts.min_judges,
    )


def spread_within_limit(facts, now: datetime) -> Refusal | None:
    """Chênh lệch giữa các phiếu không vượt giới hạn."""
    return _unless(
        not facts.spread_over_limit,
        "spread_over_limit",
        N_("Chênh lệch giữa các phiếu vượt giới hạn, cần Trưởng Ban giám khảo xử lý."),
    )


def spread_over_limit(facts, now: datetime) -> Refusal | None:
    """Có chênh lệch vượt giới hạn cần xử lý."""
    return _unless(facts.spread_over_limit, "no_spread", N_("Hồ sơ không có chênh lệch vượt giới hạn."))


def judging_open(facts, now: datetime) -> Refusal | None:
    """Cuộc thi đang ở giai đoạn chấm điểm."""
    return _unless(
        facts.contest_state == "judging",
        "judging_closed",
        N_("Cuộc thi không ở giai đoạn chấm điểm."),
    )


def entry_in_judging(facts, now: datetime) -> Refusal | None:
    """Hồ sơ đang ở vòng chấm."""
    return _unless(
        facts.entry_state == "screened",
        "entry_not_in_judging",
        N_("Hồ sơ không còn ở vòng chấm."),
    )


def every_criterion_scored(facts, now: datetime) -> Refusal | None:
    """Mọi tiêu chí đã có điểm."""
    return _unless(
        not facts.criteria_open,
        "criteria_open",
        N_("Còn %(n)d tiêu chí chưa có điểm."),
        n=facts.criteria_open,
    )


# --- the contest --------------------------------------------------------------------------------------------------
def setup_complete(facts, now: datetime) -> Refusal | None:
    """Kế hoạch đã đủ lĩnh vực, tiêu chí, giải thưởng, các ban và thời hạn."""
    return _unless(
        not facts.setup_gaps,
        "setup_incomplete",
        N_("Cuộc thi còn thiếu: %(gaps)s."),
        gaps=facts.setup_gaps,
    )


def plan_issued(facts, now: datetime) -> Refusal | None:
    """Kế hoạch đã phát hành."""
    return _unless(facts.plan_issued, "plan_not_issued", N_("Kế hoạch chưa được phát hành."))


def boards_issued(facts, now: datetime) -> Refusal | None:
    """Quyết định thành lập các ban đã phát hành."""
    return _unless(
        facts.boards_issued,
        "boards_not_issued",
        N_("Quyết định thành lập Ban tổ chức, Ban giám khảo, Tổ thư ký chưa được phát hành."),
    )


def judges_assigned(facts, now: datetime) -> Refusal | None:
    """Mỗi hồ sơ hợp lệ có đủ giám khảo."""
    if not facts.entries_in_judging:
        return Refusal("nothing_to_judge", N_("Chưa có hồ sơ hợp lệ nào."))
    return _unless(
        not facts.entries_short_of_judges,
        "judges_missing",
        N_("Còn %(n)d hồ sơ chưa đủ giám khảo."),
        n=facts.entries_short_of_judges,
    )


def every_entry_settled(facts, now: datetime) -> Refusal | None:
    """Không còn hồ sơ chờ kiểm tra, chờ bổ sung hoặc chưa chấm xong."""
    return _unless(
        not facts.entries_unsettled,
        "entries_unsettled",
        N_("Còn %(n)d hồ sơ chưa kiểm tra hoặc chưa chấm xong."),
        n=facts.entries_unsettled,
    )


def something_scored(facts, now: datetime) -> Refusal | None:
    """Có ít nhất một hồ sơ đã chấm."""
    return _unless(facts.entries_scored > 0, "nothing_scored", N_("Chưa có hồ sơ nào chấm xong."))


def prizes_within_budget(facts, now: datetime) -> Refusal | None:
    """Tổng tiền thưởng không vượt kinh phí."""
    return _unless(
        facts.prize_total <= facts.budget,
        "over_budget",
        N_("Tổng tiền thưởng %(total)s vượt kinh phí %(budget)s."),
        total=facts.prize_total,
        budget=facts.budget,
    )


def result_not_signed(facts, now: datetime) -> Refusal | None:
    """Quyết định kết quả chưa ký."""
    return _unless(
        not facts.result_signed,
        "result_signed",
        N_("Quyết định công nhận kết quả đã ký, không thể mở lại xếp hạng."),
    )


def result_issued(facts, now: datetime) -> Refusal | None:
    """Quyết định công nhận kết quả đã phát hành."""
    return _unless(
        facts.result_issued,
        "result_not_issued",
        N_("Quyết định công nhận kết quả chưa được phát hành."),
    )


def handovers_settled(facts, now: datetime) -> Refusal | None:
    """Không còn gói hồ sơ chờ cấp trên trả lời."""
    return _unless(
        not facts.handovers_open,
        "handovers_open",
        N_("Còn %(n)d gói hồ sơ chờ cấp trên trả lời."),
        n=facts.handovers_open,
    )


# --- papers -------------------------------------------------------------------------------------------------------
def paper_ready(facts, now: datetime) -> Refusal | None:
    """Văn bản đã được tạo xong."""
    return _unless(facts.paper_ready, "paper_not_ready", N_("Văn bản đang được tạo hoặc tạo bị lỗi."))


def paper_needs_signature(facts, now: datetime) -> Refusal | None:
    """Loại văn bản này phải qua ký duyệt."""
    return _unless(facts.needs_signature, "no_signature_needed", N_("Loại văn bản này không phải ký duyệt."))


def paper_needs_no_signature(facts, now: datetime) -> Refusal | None:
    """Loại văn bản này không phải ký duyệt."""
    return _unless(not facts.needs_signature, "signature_needed", N_("Văn bản này phải được ký trước khi phát hành."))


def paper_current(facts, now: datetime) -> Refusal | None:
    """Dữ liệu trong văn bản còn đúng với hiện tại."""
    changed = facts.stale_facts(now)
    return _unless(
        not changed,
        "paper_stale",
        N_("Dữ liệu đã thay đổi sau khi soạn: %(facts)s. Soạn lại văn bản."),
        facts=changed,
    )


def paper_signed_digitally(facts, now: datetime) -> Refusal | None:
    """Văn bản được ký số."""
    return _unless(facts.signed_digitally, "signed_on_paper", N_("Văn bản này được ký và đóng dấu trên giấy."))


def seal_complete(facts, now: datetime) -> Refusal | None:
    """Văn bản ký số đã có chữ ký số của cơ quan."""
    return _unless(
        facts.seal_complete,
        "seal_missing",
        N_("Văn bản ký số chưa có chữ ký số của cơ quan. Đóng dấu số trước khi phát hành."),
    )


PAPER_CHANGED = Refusal("paper_changed", N_("Văn bản đã thay đổi sau khi mở xem. Xem lại trước khi ký."))
"""Said by the act of signing itself, which alone knows the hash of what the signer was shown."""


# --- handover -----------------------------------------------------------------------------------------------------
def has_entries(facts, now: datetime) -> Refusal | None:
    """Gói có ít nhất một hồ sơ."""
    return _unless(facts.entries > 0, "package_empty", N_("Gói chưa có hồ sơ nào."))


def forwarding_paper_issued(facts, now: datetime) -> Refusal | None:
    """Tờ trình gửi cấp trên đã phát hành."""
    return _unless(
        facts.paper_issued,
        "forwarding_not_issued",
        N_("Tờ trình gửi cấp trên chưa được phát hành."),
    )


def results_published(facts, now: datetime) -> Refusal | None:
    """Kết quả cuộc thi đã công bố."""
    return _unless(
        facts.contest_state in ("decided", "closed"),
        "results_not_published",
        N_("Kết quả cuộc thi chưa được công bố."),
    )
