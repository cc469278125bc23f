"""Contests open and close by themselves, and tell people of it."""

from datetime import timedelta

import pytest

from app import flow
from app.accounts.actor import SYSTEM
from app.contests import policy, queries, services
from app.contests.models import Contest
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.flow import timers
from tests.conftest import NOW
from tests.factories.contests import issue_paper, make_contest, make_open_contest, make_ward, member_row, settle
from tests.factories.people import actor_of, make_user
from workflows.spec import Role

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


def state(contest_id):
    db.session.expire_all()
    return db.session.get(Contest, contest_id).state


@pytest.fixture
def ready():
    """A contest that lacks nothing but the hour."""
    contest = make_contest()
    for template in ("plan", "board_decision"):
        issue_paper(contest, template)
    settle()
    return contest


def test_opening_comes_at_its_second(ready):
    timers.run_due(ready.opens_at - SECOND)
    assert state(ready.id) == "preparing"
    assert timers.run_due(ready.opens_at) == 1
    assert state(ready.id) == "open"


def test_closing_comes_at_its_second(ready):
    timers.run_due(ready.opens_at)
    timers.run_due(ready.closes_at - SECOND)
    assert state(ready.id) == "open"
    assert timers.run_due(ready.closes_at) == 1
    assert state(ready.id) == "screening"


def test_a_second_run_does_nothing(ready):
    timers.run_due(ready.opens_at)
    assert timers.run_due(ready.opens_at) == 0


@pytest.mark.parametrize("template", ["plan", "board_decision"])
def test_nothing_opens_without_its_papers(template):
    contest = make_contest()
    issue_paper(contest, template)
    settle()
    assert timers.run_due(contest.opens_at) == 0
    assert state(contest.id) == "preparing"


@pytest.mark.parametrize("gap", [{"fields": []}, {"prizes": []}, {"members": []}, {"legal_bases": []}])
def test_nothing_opens_with_a_gap(gap):
    contest = make_contest(**gap)
    for template in ("plan", "board_decision"):
        issue_paper(contest, template)
    settle()
    assert timers.run_due(contest.opens_at) == 0


def test_a_revoked_plan_opens_nothing():
    contest = make_contest()
    issue_paper(contest, "plan").template_code = "receipt"
    issue_paper(contest, "board_decision")
    settle()
    assert timers.run_due(contest.opens_at) == 0


def test_nobody_opens_by_hand():
    ward = make_ward()
    contest = make_contest(ward)
    with pytest.raises(NotAllowed):
        flow.fire(contest, "open", ward.office_actor, now=contest.opens_at)
    assert "open" not in [offer.action for offer in flow.offers(contest, ward.office_actor, NOW)]


class TestExtending:
    def extend(self, contest, ward, closes_at, reason="Mưa lũ", now=NOW):
        return flow.fire(
            contest, "extend_deadline", ward.office_actor, now=now, reason=reason, data={"closes_at": closes_at}
        )

    def test_later_dates_move_by_the_same_days(self):
        ward = make_ward()
        contest = make_open_contest(ward)
        before = {
            name: getattr(contest, name) for name in ("closes_at", "screening_due_at", "judging_due_at", "award_on")
        }
        self.extend(contest, ward, contest.closes_at + timedelta(days=7, hours=2))
        assert contest.closes_at - before.pop("closes_at") == timedelta(days=7, hours=2)
        assert {name: getattr(contest, name) - value for name, value in before.items()} == dict.fromkeys(
            before, timedelta(days=7)
        )

    def test_the_timer_follows_the_new_deadline(self):
        ward = make_ward()
        contest = make_open_contest(ward)
        old = contest.closes_at
        self.extend(contest, ward, old + timedelta(days=1))
        settle()
        assert timers.run_due(old) == 0
        assert timers.run_due(old + timedelta(days=1)) == 1

    @pytest.mark.parametrize("delta", [timedelta(0), -SECOND, timedelta(days=-20)])
    def test_only_later(self, delta):
        ward = make_ward()
        contest = make_open_contest(ward)
        with pytest.raises(Invalid) as caught:
            self.extend(contest, ward, contest.closes_at + delta)
        assert list(caught.value.errors) == ["closes_at"]

    def test_never_into_the_past(self):
        ward = make_ward()
        contest = make_open_contest(ward)
        late = contest.closes_at + timedelta(days=3)
        with pytest.raises(Invalid):
            self.extend(contest, ward, contest.closes_at + timedelta(days=2), now=late)

    def test_a_reason_is_needed(self):
        ward = make_ward()
        contest = make_open_contest(ward)
        with pytest.raises(Invalid) as caught:
            self.extend(contest, ward, contest.closes_at + timedelta(days=1), reason=" ")
        assert list(caught.value.errors) == ["reason"]

    def test_other_staff_do_not_extend(self):
        ward = make_ward()
        contest = make_open_contest(ward)
        for user in (ward.chairman, ward.secretary, ward.head, ward.clerk, ward.judges[0]):
            with pytest.raises(NotAllowed):
                flow.fire(contest, "extend_deadline", actor_of(user), now=NOW, reason="x", data={})


class TestPolicy:
    def test_roles_are_those_of_the_host(self):
        ward, other = make_ward("a"), make_ward("b")
        contest = make_contest(ward)
        assert policy.roles(contest, ward.office_actor) == {Role.OFFICE}
        assert policy.roles(contest, other.office_actor) == set()
        assert policy.roles(contest, SYSTEM) == {Role.SYSTEM}

    def test_a_unit_contact_is_told_but_has_no_part(self):
        ward = make_ward()
        contest = make_contest(ward)
        assert policy.roles(contest, actor_of(ward.unit_contact)) == set()
        assert list(policy.people(contest, Role.UNIT)) == [ward.unit_contact.id]

    def test_the_clerk_of_the_receiver(self):
        ward = make_ward()
        contest = make_contest(ward)
        clerk = make_user("captren", Role.UPPER_CLERK, at=ward.council)
        assert policy.roles(contest, actor_of(clerk)) == {Role.UPPER_CLERK}
        assert not policy.may_read(contest, actor_of(clerk))
        assert list(policy.people(contest, Role.UPPER_CLERK)) == [clerk.id]

    def test_closed_accounts_are_told_nothing(self):
        ward = make_ward()
        contest = make_contest(ward)
        ward.unit_contact.disabled_at = NOW
        ward.office.disabled_at = NOW
        db.session.flush()
        assert [list(policy.people(contest, role)) for role in (Role.UNIT, Role.OFFICE)] == [[], []]

    def test_judges_of_the_contest_are_told(self):
        ward = make_ward()
        contest, other = make_contest(ward), make_contest(ward, members=[])
        # Seats count from the real day on which they were given; the tests' moment lies before it or on it.
        assert set(policy.people(contest, Role.JUDGE)) <= {judge.id for judge in ward.judges}
        assert list(policy.people(other, Role.JUDGE)) == []

    def test_upper_slices_say_who_the_authors_are(self, monkeypatch):
        monkeypatch.setattr(policy, "_people", {})
        contest = make_contest()
        assert list(policy.people(contest, Role.AUTHOR)) == []
        services.add_people(Role.AUTHOR, lambda contest: [7, 8])
        assert policy.people(contest, Role.AUTHOR) == [7, 8]

    def test_lists_obey_the_same_rule(self):
        ward, other = make_ward("a"), make_ward("b")
        mine, theirs = make_contest(ward), make_contest(other)
        seat_only = make_contest(ward, members=[member_row("jury", ward.head)])
        assert {row.code for row in queries.list_visible(ward.office_actor)} == {mine.code, seat_only.code}
        judge = actor_of(ward.judges[0])
        assert [row.code for row in queries.list_visible(judge)] == [mine.code]
        for actor in (judge, ward.office_actor, other.office_actor):
            listed = {row.code for row in queries.list_visible(actor)}
            assert listed == {c.code for c in (mine, theirs, seat_only) if policy.may_read(c, actor)}


class TestCurrent:
    def test_a_contest_is_public_from_its_issued_plan_on(self):
        contest = make_contest()
        assert queries.current_contests(NOW) == []
        issue_paper(contest, "plan")
        assert queries.current_contests(NOW) == [contest]
        assert queries.current_contests(contest.opens_at) == []

    def test_open_ones_come_first(self):
        ward = make_ward()
        older = make_open_contest(ward)
        newer = make_contest(ward, year=2027)
        issue_paper(newer, "plan")
        assert queries.current_contests(NOW) == [older, newer]

    def test_the_deadline_in_words(self):
        contest = make_open_contest()
        assert queries.deadline_text(contest, contest.closes_at - timedelta(days=8)).endswith("(còn 8 ngày)")
        contest.closes_at = None
        assert queries.deadline_text(contest, NOW) == ""


def test_a_paper_on_its_way_is_not_drawn_again():
    from app.documents.services import draw_up

    ward = make_ward()
    contest = make_contest(ward)
    issue_paper(contest, "plan")
    with pytest.raises(Refused):
        draw_up("plan", contest, ward.office_actor, now=NOW)
