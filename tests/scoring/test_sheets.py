"""Sheets through the services: saving, sending, figures of the entry, and who may not."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import flow
from app.audit.models import AuditEvent
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.entries.models import Entry
from app.scoring import queries, services
from app.scoring.models import ScoreLine, ScoreSheet
from app.scoring.services import Mark
from tests.factories.entries import put_state
from tests.factories.people import actor_of, make_user
from tests.factories.scoring import accept, make_jury, marks, send, sheet_of
from workflows.spec import Role


@pytest.fixture
def jury(app):
    return make_jury()


def last_event(action):
    db.session.flush()
    return db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq.desc())
    ).first()


def figures(entry):
    db.session.expire(entry)
    return (entry.state, entry.sheets_open, entry.sheets_submitted, entry.score_mean, entry.spread_over_limit)


def save(sheet, judge, now, *scores, comment="", version=None):
    return services.save_sheet(sheet, marks(sheet, *scores), comment, actor_of(judge), now=now, version=version)


def test_saving_keeps_scores_with_what_was_before(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    assert save(sheet, judge, now, "27.5", "20", "30", comment="Có số liệu") is True
    first = json.loads(last_event("scorecard.save").changes)
    assert first == {
        "novelty": [None, "27.5"],
        "effect": [None, "20"],
        "reach": [None, "30"],
        "comment": ["", "Có số liệu"],
    }
    assert save(sheet, judge, now, "27.5", "20", "30", comment="Có số liệu") is False
    assert save(sheet, judge, now, "28", "20", "30", comment="Có số liệu") is True
    assert json.loads(last_event("scorecard.save").changes) == {"novelty": ["27.5", "28"]}
    assert [line.score for line in queries.lines_of(sheet)] == [Decimal(28), Decimal(20), Decimal(30)]


def test_a_box_that_is_emptied_is_no_score(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    save(sheet, judge, now, "1", "2", "3")
    first, *others = queries.lines_of(sheet)
    services.save_sheet(sheet, {first.id: Mark(None)}, "", actor_of(judge), now=now, version=None)
    assert [line.score for line in queries.lines_of(sheet)] == [None, Decimal(2), Decimal(3)]
    assert sheet.state == "draft"
    assert others


@pytest.mark.parametrize(
    ("scores", "text"),
    [
        (("30.5", "1", "1"), "Điểm từ 0 đến 30"),
        (("-0.5", "1", "1"), "Điểm từ 0 đến 30"),
        (("27.3", "1", "1"), "Điểm viết theo bước 0,5, ví dụ 27,5"),
        (("NaN", "1", "1"), "Điểm từ 0 đến 30"),
        (("Infinity", "1", "1"), "Điểm từ 0 đến 30"),
    ],
)
def test_services_check_scores_again(jury, now, scores, text):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    with pytest.raises(Invalid) as problem:
        save(sheet, judge, now, *scores)
    assert list(problem.value.errors.values()) == [text]


def test_a_note_needs_its_score_and_limits_hold(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    one = queries.lines_of(sheet)[0].id
    for mark, field in ((Mark(None, "Hay"), f"score_{one}"), (Mark(Decimal(1), "a" * 1001), f"note_{one}")):
        with pytest.raises(Invalid) as problem:
            services.save_sheet(sheet, {one: mark}, "", actor_of(judge), now=now, version=None)
        assert list(problem.value.errors) == [field]
    with pytest.raises(Invalid):
        services.save_sheet(sheet, {999_999: Mark(Decimal(1))}, "", actor_of(judge), now=now, version=None)


def test_a_stale_page_saves_nothing(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    shown = sheet.version
    save(sheet, judge, now, "1", "2", "3", version=shown)
    with pytest.raises(Conflict):
        save(sheet, judge, now, "9", "9", "9", version=shown)


def test_the_last_sheet_makes_the_entry_scored(jury, now):
    entry = jury.entries[0]
    send(entry, jury.judges[0], "27.5", "20", "30")
    send(entry, jury.judges[1], "25", "22", "31")
    assert figures(entry) == ("screened", 1, 2, Decimal("77.75"), False)
    version = entry.version
    send(entry, jury.judges[2], "20", "22.5", "30.5")
    assert figures(entry) == ("scored", 0, 3, Decimal("76.1667"), False)
    assert (entry.score_min, entry.score_max) == (Decimal(73), Decimal(78))
    assert entry.version == version + 1
    assert last_event("entry.complete_scoring").actor_role == "system"


def test_sending_is_one_event_with_scores_and_total(jury, now):
    sheet = send(jury.entries[0], jury.judges[0], "27.5", "20", "30")
    assert json.loads(last_event("scorecard.submit").changes) == {
        "novelty": [None, "27.5"],
        "effect": [None, "20"],
        "reach": [None, "30"],
        "total": [None, "77.50"],
    }
    assert last_event("scorecard.save") is None
    assert (sheet.total, sheet.submitted_at) == (Decimal("77.5"), now)


def test_an_incomplete_sheet_is_not_sent(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    given_marks = dict(list(marks(sheet, "1", "2", "3").items())[:2])
    with pytest.raises(Refused) as refused:
        services.submit_sheet(sheet, given_marks, "", actor_of(judge), now=now, version=None)
    assert refused.value.refusal.code == "criteria_open"


def test_the_same_key_sends_once(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    shown = sheet.version
    given_marks = marks(sheet, "1", "2", "3")
    first = services.submit_sheet(sheet, given_marks, "", actor_of(judge), now=now, version=shown, key="k")
    again = services.submit_sheet(sheet, given_marks, "", actor_of(judge), now=now, version=shown, key="k")
    assert first == again
    with pytest.raises(Conflict):
        services.submit_sheet(sheet, given_marks, "", actor_of(judge), now=now, version=shown, key="other")


def test_a_spread_over_the_limit_waits_for_the_head(jury, now):
    entry = jury.entries[0]
    for judge, scores in zip(jury.judges, (("30", "30", "30"), ("30", "30", "10"), ("10", "25", "30")), strict=True):
        send(entry, judge, *scores)
    assert figures(entry) == ("screened", 0, 3, Decimal(75), True)
    with pytest.raises(NotAllowed):
        flow.fire(entry, "settle_spread", actor_of(jury.secretary), now=now, reason="Giữ")
    flow.fire(entry, "settle_spread", actor_of(jury.head), now=now, reason="Hai phiếu đều có lý do")
    assert entry.state == "scored"


def test_another_judge_may_settle_a_spread(app, now):
    jury = make_jury(judges=2, min_judges=2)
    entry = jury.entries[0]
    send(entry, jury.judges[0], "30", "30", "30")
    send(entry, jury.judges[1], "10", "30", "30")
    assert figures(entry) == ("scored", 0, 2, Decimal(80), False)
    third = make_user("thứ ba", Role.JUDGE, at=jury.season.host, full_name="Đỗ Thị Ba")
    with pytest.raises(Refused) as refused:
        services.assign_judge(actor_of(jury.head), entry, third.id, now)
    assert refused.value.refusal.code == "entry_not_in_judging"


def test_a_third_judge_opens_the_entry_again(app, now):
    jury = make_jury(judges=2, min_judges=2)
    entry = jury.entries[0]
    send(entry, jury.judges[0], "30", "30", "40")
    send(entry, jury.judges[1], "10", "20", "30")
    assert figures(entry) == ("screened", 0, 2, Decimal(80), True)
    third = make_user("thuba", Role.JUDGE, at=jury.season.host, full_name="Đỗ Thị Ba")
    sheet = services.assign_judge(actor_of(jury.head), entry, third.id, now)
    assert sheet.code == f"{entry.code}-GK3"
    assert figures(entry)[:3] == ("screened", 1, 2)
    send(entry, third, "20", "20", "30")
    assert figures(entry) == ("screened", 0, 3, Decimal("76.6667"), True)


def test_reopening_takes_a_scored_entry_back(jury, now):
    entry = jury.entries[0]
    sheets = [send(entry, judge, "20", "20", "30") for judge in jury.judges]
    assert entry.state == "scored"
    flow.fire(sheets[0], "reopen", actor_of(jury.head), now=now, reason="Cộng nhầm")
    assert figures(entry) == ("screened", 1, 2, Decimal(70), False)
    assert (sheets[0].total, sheets[0].submitted_at) == (None, None)
    send(entry, jury.judges[0], "25", "20", "30")
    assert figures(entry) == ("scored", 0, 3, Decimal("71.6667"), False)


def test_recusal_can_complete_an_entry(app, now):
    jury = make_jury(judges=4)
    entry = jury.entries[0]
    for judge in jury.judges[:3]:
        send(entry, judge, "20", "20", "30")
    assert entry.state == "screened"
    last = sheet_of(entry, jury.judges[3])
    flow.fire(last, "recuse", actor_of(jury.judges[3]), now=now, reason="Người thân là tác giả")
    assert figures(entry) == ("scored", 0, 3, Decimal(70), False)


def test_recusal_below_the_least_number_completes_nothing(jury, now):
    entry = jury.entries[0]
    for judge in jury.judges[:2]:
        send(entry, judge, "20", "20", "30")
    last = sheet_of(entry, jury.judges[2])
    flow.fire(last, "abstain", actor_of(jury.judges[2]), now=now, reason="Đi công tác")
    assert figures(entry)[:3] == ("screened", 0, 2)
    flow.fire(last, "reinstate", actor_of(jury.secretary), now=now, reason="Đã về")
    assert figures(entry)[:3] == ("screened", 1, 2)


def test_nobody_scores_after_judging_closed(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    put_state(jury.contest, "ranked")
    with pytest.raises(Refused) as refused:
        save(sheet, judge, now, "1", "2", "3")
    assert refused.value.refusal.code == "judging_closed"


def test_only_its_judge_writes_on_a_sheet(jury, now):
    first, second = jury.judges[:2]
    sheet = accept(sheet_of(jury.entries[0], first), first)
    for other in (second, jury.secretary, jury.head, jury.season.office):
        with pytest.raises(NotAllowed):
            save(sheet, other, now, "1", "2", "3")
    with pytest.raises(Refused):
        save(sheet_of(jury.entries[0], second), second, now, "1", "2", "3")


def test_a_role_that_ended_ends_the_sheet(jury, now):
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    actor = replace(actor_of(judge), grants=())
    with pytest.raises(NotAllowed):
        services.save_sheet(sheet, marks(sheet, "1", "2", "3"), "", actor, now=now, version=None)


def test_sent_lines_are_kept_by_the_database(jury, now):
    sheet = send(jury.entries[0], jury.judges[0], "20", "20", "30")
    db.session.flush()
    with pytest.raises(sa.exc.IntegrityError, match="not open"):
        db.session.execute(sa.update(ScoreLine).where(ScoreLine.sheet_id == sheet.id).values(score=Decimal(1)))


def test_locking_the_ranking_locks_every_sent_sheet(jury, now):
    entry = jury.entries[0]
    for judge in jury.judges:
        send(entry, judge, "20", "20", "30")
    from app.scoring import acts

    acts.lock_sheets(jury.contest, {}, actor=actor_of(jury.head), now=now, reason="")
    states = set(db.session.scalars(sa.select(ScoreSheet.state)))
    assert states == {"locked"}
    assert figures(entry) == ("scored", 0, 3, Decimal(70), False)
    acts.unlock_sheets(jury.contest, {}, actor=actor_of(jury.head), now=now, reason="")
    assert set(db.session.scalars(sa.select(ScoreSheet.state))) == {"submitted"}


def test_a_withdrawn_entry_leaves_the_lists(jury, now):
    judge = jury.judges[0]
    assert [row.entry_code for row in queries.list_own(actor_of(judge), jury.contest.id)] == [jury.entries[0].code]
    flow.fire(jury.entries[0], "withdraw", actor_of(jury.season.author), now=now, reason="Không tham gia nữa")
    assert queries.list_own(actor_of(judge), jury.contest.id) == []


def test_begun_scoring_keeps_the_entry(jury, now):
    accept(sheet_of(jury.entries[0], jury.judges[0]), jury.judges[0])
    with pytest.raises(Refused) as refused:
        flow.fire(jury.entries[0], "withdraw", actor_of(jury.season.author), now=now, reason="Không tham gia nữa")
    assert refused.value.refusal.code == "scoring_begun"


halves = st.integers(0, 60).map(lambda n: str(Decimal(n) / 2))
three = st.tuples(halves, halves, st.integers(0, 80).map(lambda n: str(Decimal(n) / 2)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(three, min_size=3, max_size=3))
def test_figures_equal_an_independent_sum(jury, now, given_scores):
    """Decimals and rows of the tables alone, in another order of judges."""
    entry = jury.entries[0]
    for judge, scores in reversed(list(zip(jury.judges, given_scores, strict=True))):
        sheet = sheet_of(entry, judge)
        if sheet.state == "submitted":
            flow.fire(sheet, "reopen", actor_of(jury.secretary), now=now, reason="Chấm lại")
        send(entry, judge, *scores)
    if entry.state == "screened":
        flow.fire(entry, "settle_spread", actor_of(jury.head), now=now, reason="Giữ")
    totals = sorted(sum(int(Decimal(s) * 100) for s in scores) for scores in given_scores)
    stored = db.session.execute(sa.text("SELECT score_mean, score_min, score_max, spread_over_limit FROM entry")).one()
    exact, rest = divmod(sum(totals) * 100, 3)
    assert stored.score_mean == exact + (1 if rest * 2 >= 3 else 0)
    assert (stored.score_min, stored.score_max) == (totals[0], totals[-1])
    assert bool(stored.spread_over_limit) is (totals[-1] - totals[0] > 2000)
    assert db.session.scalar(sa.select(Entry.rank_key)).isdigit()
