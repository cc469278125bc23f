"""Locking and reopening: what is kept, who may, and what the head may choose."""

from datetime import timedelta

import pytest

from app import flow
from app.audit.models import AuditEvent
from app.contests.models import Prize
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.documents.models import Document
from app.entries.models import EntryAuthor
from app.flow.registry import Facts
from app.jobs import run_all
from app.ranking import acts, queries
from tests.conftest import NOW
from tests.factories.entries import put_state
from tests.factories.people import actor_of
from tests.factories.ranking import by_rank, lock, make_locked, make_scored
from tests.factories.scoring import add_entry
from workflows.spec import Role

FIVE = (("28", "28", "30"), ("20", "20", "30"), ("20", "20", "30"), ("10", "10", "20"), ("25", "25", "36"))


def prize_ids(jury) -> list[int]:
    return [prize.id for prize in db.session.query(Prize).filter_by(contest_id=jury.contest.id).order_by("position")]


def row(entry, prize_id) -> dict:
    return {"entry": entry.code, "prize": str(prize_id or "")}


def test_a_lock_keeps_rank_prize_and_tie_note_with_each_entry(app):
    jury = make_scored(*FIVE)
    first, second, third = prize_ids(jury)
    one, two, three, _four, five = jury.entries
    rows = [row(one, first), row(five, second), row(two, second), row(three, third)]
    lock(jury, prizes=rows, reason="Hồ sơ thứ hai có tài liệu đầy đủ hơn")
    assert jury.contest.state == "ranked"
    shared = "Đồng hạng: các quy tắc không phân được"
    parted = "Bằng điểm, xét theo: Tính mới"
    assert [(e.code[-1], e.state, e.rank, e.prize_id, e.tie_note) for e in by_rank(jury)] == [
        ("1", "ranked", 1, first, parted),
        ("5", "ranked", 2, second, parted),
        ("2", "ranked", 3, second, shared),
        ("3", "ranked", 3, third, shared),
        ("4", "ranked", 5, None, ""),
    ]


def test_equal_submissions_share_a_rank_and_need_a_decision(app):
    """All entries of the factory were submitted at one moment, so the last rule cannot part equal scores."""
    jury = make_scored(("20", "20", "30"), ("20", "20", "30"))
    with pytest.raises(Invalid) as refused:
        flow.fire(
            jury.contest,
            "lock_ranking",
            actor_of(jury.head),
            now=NOW,
            data={"prizes": [row(jury.entries[0], prize_ids(jury)[0]), row(jury.entries[1], prize_ids(jury)[1])]},
        )
    assert refused.value.errors == {
        "reason": "Nhập lý do quyết định giải cho các hồ sơ đồng hạng: SK-2026-0001, SK-2026-0002"
    }
    db.session.rollback()
    lock(
        jury,
        reason="Hồ sơ thứ nhất đã áp dụng ở hai đơn vị",
        prizes=[row(jury.entries[0], prize_ids(jury)[0]), row(jury.entries[1], prize_ids(jury)[1])],
    )
    assert [(e.rank, e.prize_id) for e in by_rank(jury)] == [(1, prize_ids(jury)[0]), (1, prize_ids(jury)[1])]


def test_the_trail_holds_each_rank_and_where_the_head_chose_otherwise(app):
    jury = make_scored(("28", "28", "30"), ("20", "20", "30"))
    first, second, _third = prize_ids(jury)
    best, other = jury.entries
    lock(jury, reason="Giải Nhất để trống", prizes=[row(best, second), row(other, second)])
    events = db.session.query(AuditEvent).filter(AuditEvent.action.in_(["contest.lock_ranking", "entry.rank"]))
    found = [(e.action, e.subject_code, e.actor_name, e.reason) for e in events.order_by(AuditEvent.seq)]
    assert found == [
        ("contest.lock_ranking", jury.contest.code, "Võ Minh Đức", "Giải Nhất để trống"),
        ("entry.rank", best.code, "Võ Minh Đức", ""),
        ("entry.rank", other.code, "Võ Minh Đức", ""),
    ]
    assert f"Giải Nhất: {best.code}; Giải Nhì: {other.code}" in events.order_by(AuditEvent.seq).first().changes
    assert first not in {e.prize_id for e in by_rank(jury)}


def test_choices_outside_the_rules_are_refused(app):
    jury = make_scored(("28", "28", "30"), ("20", "20", "30"), ("10", "10", "10"))
    first, second, third = prize_ids(jury)
    best, middle, low = jury.entries
    cases = {
        "Quá số lượng của giải: Giải Nhất": [row(best, first), row(middle, first)],
        f"Không đủ điều kiện xét giải: {low.code}": [row(best, first), row(low, third)],
        "Chọn giải trong danh sách": [row(best, 10**6)],
        "Danh sách giải không khớp với bảng xếp hạng. Mở lại trang.": [row(best, first), row(best, second)],
    }
    for text, rows in cases.items():
        with pytest.raises(Invalid) as refused:
            flow.fire(jury.contest, "lock_ranking", actor_of(jury.head), now=NOW, reason="x", data={"prizes": rows})
        assert refused.value.errors == {"prizes": text}
        db.session.rollback()
    with pytest.raises(Invalid) as refused:
        flow.fire(
            jury.contest,
            "lock_ranking",
            actor_of(jury.head),
            now=NOW,
            data={"prizes": [row(best, second), row(middle, first)]},
        )
    assert refused.value.errors == {
        "reason": f"Nhập lý do: hồ sơ {middle.code} xếp dưới nhưng được giải cao hơn hồ sơ {best.code}"
    }
    db.session.rollback()
    assert {e.state for e in jury.entries} == {"scored"}


def test_more_money_than_the_budget_is_refused_by_the_guard(app):
    jury = make_scored(("28", "28", "30"), budget=1_999_999)
    with pytest.raises(Refused) as refused:
        lock(jury)
    assert refused.value.refusal.code == "over_budget"


def test_a_ranking_that_changed_since_the_page_was_opened_is_not_locked(app):
    jury = make_scored(("28", "28", "30"), ("20", "20", "30"))
    basis = acts.basis_of(queries.all_places(jury.contest))
    db.session.execute(db.text("UPDATE entry SET score_mean = 10000 WHERE id = :id"), {"id": jury.entries[0].id})
    db.session.expire_all()
    with pytest.raises(Conflict):
        lock(jury, basis=basis)


def test_only_the_head_locks_and_not_with_an_own_entry(app):
    jury = make_scored(("28", "28", "30"))
    for user in (jury.secretary, jury.season.office, jury.judges[0]):
        with pytest.raises(NotAllowed):
            flow.fire(jury.contest, "lock_ranking", actor_of(user), now=NOW)
        db.session.rollback()
    author = db.session.query(EntryAuthor).filter_by(entry_id=jury.entries[0].id).one()
    author.user_id, author.full_name = None, "VÕ MINH ĐỨC"
    db.session.commit()
    with pytest.raises(Refused) as refused:
        lock(jury)
    assert refused.value.refusal.code == "head_is_author"
    assert refused.value.refusal.params == {"codes": jury.entries[0].code}
    db.session.rollback()
    assert (jury.contest.state, jury.entries[0].state) == ("judging", "scored")


def test_an_entry_not_scored_yet_keeps_the_ranking_open(app):
    jury = make_scored(("28", "28", "30"))
    put_state(jury.contest, "open")
    add_entry(jury)
    put_state(jury.contest, "judging")
    db.session.commit()
    with pytest.raises(Refused) as refused:
        lock(jury)
    assert refused.value.refusal.code == "entries_unsettled"


def test_locking_twice_with_one_key_locks_once(app):
    jury = make_scored(("28", "28", "30"))
    once = flow.fire(jury.contest, "lock_ranking", actor_of(jury.head), now=NOW, key="k1")
    assert flow.fire(jury.contest, "lock_ranking", actor_of(jury.head), now=NOW, key="k1") == once
    assert db.session.query(AuditEvent).filter_by(action="entry.rank").count() == 1


@pytest.mark.usefixtures("without_pdf")
def test_reopening_takes_ranks_back_and_withdraws_unsigned_papers(app):
    jury = make_locked(("28", "28", "30"), ("20", "20", "30"))
    run_all(NOW)
    drawn = {d.template_code: d.state for d in db.session.query(Document).filter(Document.entry_id.is_(None))}
    assert set(drawn) == {"minutes", "score_summary"}
    minutes = db.session.query(Document).filter_by(template_code="minutes").one()
    assert minutes.state == "draft"
    later = NOW + timedelta(hours=1)
    flow.fire(jury.contest, "reopen_ranking", actor_of(jury.head), now=later, reason="Chấm sót một tiêu chí")
    db.session.commit()
    db.session.expire_all()
    assert jury.contest.state == "judging"
    assert [(e.state, e.rank, e.prize_id, e.tie_note) for e in jury.entries] == [("scored", None, None, "")] * 2
    assert minutes.state == "revoked"
    lock(jury, now=later)
    run_all(later)
    assert {d.state for d in db.session.query(Document).filter_by(template_code="minutes")} == {"revoked", "draft"}


@pytest.mark.usefixtures("without_pdf")
def test_minutes_on_their_way_to_the_signer_cannot_be_signed_after_reopening(app):
    jury = make_locked(("28", "28", "30"))
    run_all(NOW)
    minutes = db.session.query(Document).filter_by(template_code="minutes").one()
    if minutes.render_state != "ready":
        pytest.skip("needs the template engine")
    flow.fire(minutes, "initial", actor_of(jury.secretary), now=NOW)
    flow.fire(minutes, "request_signature", actor_of(jury.secretary), now=NOW)
    flow.fire(jury.contest, "reopen_ranking", actor_of(jury.head), now=NOW, reason="Chấm sót")
    db.session.commit()
    run_all(NOW)
    assert (minutes.state, bool(Facts(minutes).stale_facts(NOW))) == ("awaiting_signature", True)


def test_facts_of_money_before_and_after_the_lock(app):
    jury = make_scored(("28", "28", "30"), ("20", "20", "30"))
    assert (Facts(jury.contest).prize_total, Facts(jury.contest).budget) == (3_000_000, 5_000_000)
    best, _other = jury.entries
    lock(jury, reason="Chỉ trao một giải", prizes=[row(best, prize_ids(jury)[0])])
    assert Facts(jury.contest).prize_total == 2_000_000
    assert (Facts(jury.contest).result_signed, Facts(jury.contest).result_issued) == (False, False)


def test_the_order_of_the_pages_is_the_order_of_the_rules(app):
    """What scoring keeps for sorting, and what ranking computes, agree."""
    jury = make_scored(
        ("28", "28", "30"), ("28", "28", "30"), ("20", "30", "20"), ("30", "20", "20"), ("30", "0", "40")
    )
    places = queries.all_places(jury.contest)
    lines = queries.page(jury.contest, queries.top_places(jury.contest)).lines
    assert [(line.code, line.rank, line.prize_id) for line in lines] == [(p.code, p.rank, p.prize_id) for p in places]
    assert [p.obstacle for p in places].count("zero_criterion") == 1
    assert Role.HEAD_OF_JURY in queries.READERS
