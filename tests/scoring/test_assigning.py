"""Who is given which entry, and who never."""

import json

import pytest
import sqlalchemy as sa

from app import flow
from app.accounts.models import User
from app.audit.models import AuditEvent
from app.audit.verify import verify
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.entries.models import EntryAuthor
from app.jobs.models import Job
from app.scoring import services
from app.scoring.models import ScoreSheet
from tests.factories.entries import put_state
from tests.factories.people import actor_of, make_user
from tests.factories.scoring import accept, make_jury, marks, send, sheet_of
from workflows.spec import Role


def pairs():
    rows = db.session.execute(sa.select(ScoreSheet.entry_id, ScoreSheet.judge_id).order_by(ScoreSheet.id)).all()
    return {tuple(row) for row in rows}


def test_everybody_gets_everything(app):
    jury = make_jury(entries=2)
    assert pairs() == {(entry.id, judge.id) for entry in jury.entries for judge in jury.judges}
    assert [entry.sheets_open for entry in jury.entries] == [3, 3]
    assert services.assign_all(actor_of(jury.secretary), jury.contest, now=jury.contest.opens_at) == 0


def test_a_number_of_judges_is_shared_evenly(app, now):
    jury = make_jury(entries=6, judges=4, assigned=False)
    assert services.assign_all(actor_of(jury.secretary), jury.contest, now=now, per_entry=2) == 12
    loads = [sum(judge_id == judge.id for _entry, judge_id in pairs()) for judge in jury.judges]
    assert loads == [3, 3, 3, 3]


def test_an_author_is_refused_by_account_and_by_name(app, now):
    jury = make_jury(assigned=False)
    entry = jury.entries[0]
    db.session.execute(
        sa.update(EntryAuthor)
        .where(EntryAuthor.entry_id == entry.id)
        .values(full_name="PHAN THỊ  HẠNH 1", user_id=None)
    )
    db.session.expire_all()
    with pytest.raises(Refused) as refused:
        services.assign_judge(actor_of(jury.secretary), entry, jury.judges[0].id, now)
    assert refused.value.refusal.params["why"] == "là tác giả của hồ sơ"
    db.session.execute(sa.update(EntryAuthor).values(user_id=jury.judges[1].id))
    db.session.expire_all()
    with pytest.raises(Refused) as refused:
        services.assign_judge(actor_of(jury.secretary), entry, jury.judges[1].id, now)
    assert refused.value.refusal.code == "conflict_of_interest"
    assert services.assign_all(actor_of(jury.secretary), jury.contest, now=now) == 2


@pytest.mark.parametrize("counts", [True, False])
def test_the_same_unit_is_a_conflict_by_the_contests_rule(app, now, counts):
    jury = make_jury(assigned=False, same_unit_conflicts=counts)
    judge, unit = jury.judges[0], jury.season.unit
    db.session.execute(sa.update(User).where(User.id == judge.id).values(organisation_id=unit.id))
    db.session.expire_all()
    plan = services.plan(jury.contest, None, now=now)
    assert [(one.judge.id, one.why) for one in plan.conflicts] == (
        [(judge.id, "cùng đơn vị với tác giả")] if counts else []
    )
    assert len(plan.pairs) == (2 if counts else 3)
    assert [entry.code for entry in plan.short] == ([jury.entries[0].code] if counts else [])


def test_a_conflict_that_arises_later_closes_the_sheet(app, now):
    jury = make_jury()
    judge = jury.judges[0]
    sheet = accept(sheet_of(jury.entries[0], judge), judge)
    db.session.execute(sa.update(EntryAuthor).values(user_id=judge.id))
    db.session.expire_all()
    assert flow.offers(sheet, actor_of(judge), now) == []
    with pytest.raises(NotAllowed):
        flow.fire(sheet, "submit", actor_of(judge), now=now)


def test_assignment_is_on_the_trail_with_the_judges_name(app, now):
    jury = make_jury(assigned=False)
    services.assign_judge(actor_of(jury.secretary), jury.entries[0], jury.judges[0].id, now)
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.action, event.actor_role) == ("scorecard.assign", "secretary")
    assert event.subject_code == f"{jury.entries[0].code}-GK1"
    assert json.loads(event.changes) == {"judge": [None, "Phan Thị Hạnh 1"]}


def test_a_judge_is_taken_off_only_before_beginning(app, now):
    jury = make_jury()
    first, second = (sheet_of(jury.entries[0], judge) for judge in jury.judges[:2])
    accept(first, jury.judges[0])
    with pytest.raises(Refused) as refused:
        services.unassign(actor_of(jury.secretary), first, now=now, version=None)
    assert refused.value.refusal.code == "sheet_begun"
    services.unassign(actor_of(jury.secretary), second, now=now, version=None)
    assert jury.entries[0].sheets_open == 2
    assert (jury.entries[0].id, jury.judges[1].id) not in pairs()


def test_the_trail_agrees_with_the_rows_after_a_judge_was_taken_off(app, now):
    jury = make_jury()
    services.unassign(actor_of(jury.secretary), sheet_of(jury.entries[0], jury.judges[2]), now=now, version=None)
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.action, event.from_state, event.to_state) == ("scorecard.unassign", "pending", "")
    put_state(jury.contest, "preparing")  # as the trail has it: the factory moved both past the engine
    put_state(jury.entries[0], "submitted")
    assert verify().problem == ""
    db.session.execute(sa.delete(ScoreSheet).where(ScoreSheet.judge_id == jury.judges[1].id))
    assert "Mất scorecard" in verify().problem


def test_a_judge_who_stepped_back_with_scores_and_was_asked_again_is_not_taken_off(app, now):
    jury = make_jury()
    sheet, judge = sheet_of(jury.entries[0], jury.judges[0]), actor_of(jury.judges[0])
    accept(sheet, jury.judges[0])
    services.save_sheet(sheet, marks(sheet, "20", "20", "30"), "", judge, now=now, version=None)
    flow.fire(sheet, "recuse", judge, now=now, reason="Có họ hàng với tác giả")
    flow.fire(sheet, "reinstate", actor_of(jury.secretary), now=now, reason="Nhầm tên")
    with pytest.raises(Refused) as refused:
        services.unassign(actor_of(jury.secretary), sheet, now=now, version=None)
    assert refused.value.refusal.code == "sheet_begun"
    assert (sheet.state, len(sheet.lines)) == ("pending", 3)


def test_taking_off_the_last_open_judge_completes_the_entry(app, now):
    jury = make_jury(judges=4)
    for judge in jury.judges[:3]:
        send(jury.entries[0], judge, "20", "20", "30")
    services.unassign(actor_of(jury.secretary), sheet_of(jury.entries[0], jury.judges[3]), now=now, version=None)
    assert jury.entries[0].state == "scored"


def test_refusals_of_assignment(app, now):
    jury = make_jury()
    entry, secretary = jury.entries[0], actor_of(jury.secretary)
    stranger = make_user("nguoila", at=jury.season.host)
    for who, code in ((stranger, "no_judge"), (jury.judges[0], "already_assigned")):
        with pytest.raises(Refused) as refused:
            services.assign_judge(secretary, entry, who.id, now)
        assert refused.value.refusal.code == code
    for person in (jury.judges[0], jury.season.office, jury.season.author):
        with pytest.raises(NotAllowed):
            services.assign_judge(actor_of(person), entry, jury.judges[0].id, now)
    put_state(jury.contest, "decided")
    with pytest.raises(Refused) as refused:
        services.assign_judge(secretary, entry, jury.judges[0].id, now)
    assert refused.value.refusal.code == "contest_closed"


def test_a_secretary_of_another_ward_assigns_nothing_here(app, now):
    jury = make_jury(assigned=False)
    stranger = make_user("thuky2", Role.SECRETARY, at=jury.season.unit)
    with pytest.raises(NotAllowed):
        services.assign_all(actor_of(stranger), jury.contest, now=now)
    assert pairs() == set()


def test_a_secretary_who_is_an_author_keeps_off_the_own_entry(app, now):
    jury = make_jury(assigned=False)
    db.session.execute(sa.update(EntryAuthor).values(user_id=jury.secretary.id))
    db.session.expire_all()
    with pytest.raises(NotAllowed):
        services.assign_judge(actor_of(jury.secretary), jury.entries[0], jury.judges[0].id, now)


def test_reminders_go_once_to_each_judge_with_open_sheets(app, now):
    jury = make_jury(entries=2)
    for entry in jury.entries:
        send(entry, jury.judges[0], "20", "20", "30")
    db.session.execute(sa.delete(Job))
    assert services.remind(jury.contest, actor_of(jury.secretary), now=now) == 2
    assert db.session.scalars(sa.select(Job.kind)).all() == ["notifications.tell"] * 2
    with pytest.raises(NotAllowed):
        services.remind(jury.contest, actor_of(jury.judges[0]), now=now)


def test_facts_of_the_contest(app, now):
    from app.flow.registry import Facts

    jury = make_jury(entries=2, judges=3, assigned=False)
    assert Facts(jury.contest).entries_in_judging == 2
    assert Facts(jury.contest).entries_short_of_judges == 2
    for judge in jury.judges:
        services.assign_judge(actor_of(jury.secretary), jury.entries[0], judge.id, now)
    assert Facts(jury.contest).entries_short_of_judges == 1
