"""Each guard lets pass what it should, and its refusal carries the code and the words' parameters."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from workflows import guards as g

NOW = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def facts(**values):
    return SimpleNamespace(**values)


def code(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("guard", "given", "expected"),
    [
        (g.intake_open, {"contest_state": "open", "closes_at": NOW}, None),
        (g.intake_open, {"contest_state": "open", "closes_at": NOW - SECOND}, "deadline_passed"),
        (g.intake_open, {"contest_state": "screening", "closes_at": NOW + SECOND}, "deadline_passed"),
        (g.intake_open, {"contest_state": "preparing", "closes_at": NOW + SECOND}, "intake_not_open"),
        (g.parts_complete, {"missing_parts": []}, None),
        (g.parts_complete, {"missing_parts": ["x"]}, "parts_missing"),
        (g.completion_open, {"completion_due_at": NOW}, None),
        (g.completion_open, {"completion_due_at": NOW - SECOND}, "completion_overdue"),
        (g.completion_open, {"completion_due_at": None}, "completion_overdue"),
        (g.completion_not_awaited, {"completion_due_at": None}, None),
        (g.completion_not_awaited, {"completion_due_at": NOW}, "completion_awaited"),
        (g.completion_not_awaited, {"completion_due_at": NOW - SECOND}, None),
        (g.scoring_not_begun, {"sheets_begun": 0}, None),
        (g.scoring_not_begun, {"sheets_begun": 1}, "scoring_begun"),
        (g.checklist_passed, {"checks_total": 5, "checks_passed": 5}, None),
        (g.checklist_passed, {"checks_total": 5, "checks_passed": 4}, "checklist_open"),
        (g.checklist_passed, {"checks_total": 0, "checks_passed": 0}, "checklist_open"),
        (g.enough_sheets_in, {"sheets_open": 0, "sheets_submitted": 3, "min_judges": 3}, None),
        (g.enough_sheets_in, {"sheets_open": 1, "sheets_submitted": 3, "min_judges": 3}, "sheets_open"),
        (g.enough_sheets_in, {"sheets_open": 0, "sheets_submitted": 2, "min_judges": 3}, "too_few_sheets"),
        (g.spread_within_limit, {"spread_over_limit": False}, None),
        (g.spread_within_limit, {"spread_over_limit": True}, "spread_over_limit"),
        (g.spread_over_limit, {"spread_over_limit": True}, None),
        (g.spread_over_limit, {"spread_over_limit": False}, "no_spread"),
        (g.judging_open, {"contest_state": "judging"}, None),
        (g.judging_open, {"contest_state": "ranked"}, "judging_closed"),
        (g.entry_in_judging, {"entry_state": "screened"}, None),
        (g.entry_in_judging, {"entry_state": "scored"}, "entry_not_in_judging"),
        (g.every_criterion_scored, {"criteria_open": 0}, None),
        (g.every_criterion_scored, {"criteria_open": 2}, "criteria_open"),
        (g.setup_complete, {"setup_gaps": []}, None),
        (g.setup_complete, {"setup_gaps": ["x"]}, "setup_incomplete"),
        (g.plan_issued, {"plan_issued": True}, None),
        (g.plan_issued, {"plan_issued": False}, "plan_not_issued"),
        (g.boards_issued, {"boards_issued": True}, None),
        (g.boards_issued, {"boards_issued": False}, "boards_not_issued"),
        (g.judges_assigned, {"entries_in_judging": 2, "entries_short_of_judges": 0}, None),
        (g.judges_assigned, {"entries_in_judging": 2, "entries_short_of_judges": 1}, "judges_missing"),
        (g.judges_assigned, {"entries_in_judging": 0, "entries_short_of_judges": 0}, "nothing_to_judge"),
        (g.every_entry_settled, {"entries_unsettled": 0}, None),
        (g.every_entry_settled, {"entries_unsettled": 1}, "entries_unsettled"),
        (g.something_scored, {"entries_scored": 1}, None),
        (g.something_scored, {"entries_scored": 0}, "nothing_scored"),
        (g.prizes_within_budget, {"prize_total": 5, "budget": 5}, None),
        (g.prizes_within_budget, {"prize_total": 6, "budget": 5}, "over_budget"),
        (g.result_not_signed, {"result_signed": False}, None),
        (g.result_not_signed, {"result_signed": True}, "result_signed"),
        (g.result_issued, {"result_issued": True}, None),
        (g.result_issued, {"result_issued": False}, "result_not_issued"),
        (g.handovers_settled, {"handovers_open": 0}, None),
        (g.handovers_settled, {"handovers_open": 1}, "handovers_open"),
        (g.paper_ready, {"paper_ready": True}, None),
        (g.paper_ready, {"paper_ready": False}, "paper_not_ready"),
        (g.paper_needs_signature, {"needs_signature": True}, None),
        (g.paper_needs_signature, {"needs_signature": False}, "no_signature_needed"),
        (g.paper_needs_no_signature, {"needs_signature": False}, None),
        (g.paper_needs_no_signature, {"needs_signature": True}, "signature_needed"),
        (g.has_entries, {"entries": 1}, None),
        (g.has_entries, {"entries": 0}, "package_empty"),
        (g.forwarding_paper_issued, {"paper_issued": True}, None),
        (g.forwarding_paper_issued, {"paper_issued": False}, "forwarding_not_issued"),
        (g.results_published, {"contest_state": "decided"}, None),
        (g.results_published, {"contest_state": "closed"}, None),
        (g.results_published, {"contest_state": "ranked"}, "results_not_published"),
    ],
)
def test_guard(guard, given, expected):
    assert code(guard(facts(**given), NOW)) == expected


def test_a_refusal_carries_what_its_sentence_needs():
    refusal = g.checklist_passed(facts(checks_total=5, checks_passed=2), NOW)
    assert refusal.message % refusal.params == "Còn 3 mục kiểm tra chưa đạt."
