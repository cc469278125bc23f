"""A package carries its entries up and down again, all or none, and each answer lands on its entry."""

from datetime import date, timedelta

import pytest

from app import flow
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.entries.models import Entry
from app.flow.registry import Facts, binding_of
from app.handover import services
from app.handover.models import Package
from tests.factories import handover as factory
from tests.factories.people import actor_of, make_user
from workflows.spec import Role

DECISION = {"decision": "12/QĐ-HĐSK", "decided_on": date(2026, 11, 19)}


@pytest.fixture
def season(app):
    return factory.make_decided_season()


def do(subject, action, user, now, **more):
    flow.fire(subject, action, actor_of(user), now=now, **more)
    db.session.commit()


def states(package):
    db.session.expire_all()
    return [db.session.get(Entry, item.entry_id).state for item in package.items]


def refusal(call):
    with pytest.raises(Refused) as refused:
        call()
    db.session.rollback()
    return refused.value.refusal.code


# --- preparing ----------------------------------------------------------------------------------------------------
def test_a_package_keeps_the_entries_in_their_rank(season, now):
    first, second, third = factory.ranked(season)
    package = services.prepare(season.contest, [third.id, first.id], actor_of(season.office), now=now)
    assert [item.entry_id for item in package.items] == [first.id, third.id]
    assert (package.state, package.receiver_id, package.sent_at) == ("prepared", season.upper.id, None)
    assert states(package) == ["ranked", "ranked"]
    assert second.id not in [item.entry_id for item in package.items]


def test_the_same_key_makes_one_package(season, now):
    chosen = [entry.id for entry in factory.ranked(season)]
    office = actor_of(season.office)
    one = services.prepare(season.contest, chosen, office, now=now, key="k" * 40)
    two = services.prepare(season.contest, chosen, office, now=now, key="k" * 40)
    assert one is two
    assert db.session.query(Package).count() == 1


@pytest.mark.parametrize("who", ["author", "contact", "upper_clerk"])
def test_only_the_office_prepares(season, now, who):
    with pytest.raises(NotAllowed):
        services.prepare(season.contest, [1], actor_of(getattr(season, who)), now=now)


def test_nothing_goes_up_before_the_results_are_published(season, now):
    entries = factory.ranked(season)
    factory.put_state(season.contest, "ranked")
    chosen, office = [entries[0].id], actor_of(season.office)
    assert refusal(lambda: services.prepare(season.contest, chosen, office, now=now)) == "results_not_published"


def test_a_contest_without_a_receiver_sends_nothing(season, now):
    season.contest.receiver_id = None
    db.session.commit()
    entry_id = factory.ranked(season)[0].id
    code = refusal(lambda: services.prepare(season.contest, [entry_id], actor_of(season.office), now=now))
    assert code == "no_receiver"


def test_an_entry_is_in_one_package_at_a_time(season, now):
    first = factory.ranked(season)[0]
    factory.make_package(season, [first])
    with pytest.raises(Invalid) as refused:
        factory.make_package(season, [first])
    assert list(refused.value.errors) == ["entries"]


def test_entries_of_another_contest_or_state_are_refused(season, now):
    other = factory.make_decided_season("khac", prefix="SK-KHAC")
    foreign = factory.ranked(other)[0]
    scored = factory.ranked(season)[2]
    factory.put_state(scored, "scored")
    for chosen in ([foreign], [scored], []):
        with pytest.raises(Invalid):
            factory.make_package(season, chosen)


def test_an_author_in_the_office_sends_no_entry_of_the_own(season, now):
    first, second, _third = factory.ranked(season)
    first.authors[0].user_id, first.authors[0].full_name = None, "Phạm Văn  CƯỜNG"
    db.session.commit()
    with pytest.raises(Invalid, match=first.code):
        factory.make_package(season, [first, second])
    colleague = make_user("vanphong2", Role.OFFICE, at=season.host)
    package = services.prepare(season.contest, [first.id], actor_of(colleague), now=now)
    factory.issue_forwarding(package)
    assert binding_of(package).roles(package, actor_of(season.office)) == frozenset()
    with pytest.raises(NotAllowed):
        flow.fire(package, "send", actor_of(season.office), now=now)
    do(package, "send", colleague, now)
    assert states(package) == ["forwarded_to_town"]


# --- changing -----------------------------------------------------------------------------------------------------
def test_the_list_can_change_until_the_paper_is_signed(season, now):
    first, _second, third = factory.ranked(season)
    package = factory.make_package(season)
    office = actor_of(season.office)
    assert services.choose(package, season.contest, [first.id, third.id], office, now=now, version=package.version)
    assert [item.entry_id for item in package.items] == [first.id, third.id]
    factory.issue_forwarding(package, state="signed")
    assert refusal(lambda: services.choose(package, season.contest, [first.id], office, now=now, version=None)) == (
        "paper_signed"
    )


def test_the_same_list_again_is_no_change(season, now):
    package = factory.make_package(season)
    chosen = [item.entry_id for item in package.items]
    before = package.version
    assert not services.choose(package, season.contest, chosen, actor_of(season.office), now=now, version=before)
    assert package.version == before


def test_a_stale_page_changes_nothing(season, now):
    first, _second, third = factory.ranked(season)
    package = factory.make_package(season)
    stale, office = package.version, actor_of(season.office)
    services.choose(package, season.contest, [first.id], office, now=now, version=stale)
    with pytest.raises(Conflict):
        services.choose(package, season.contest, [third.id], office, now=now, version=stale)


def test_a_sent_package_does_not_change(season, now):
    package = factory.make_sent(season)
    chosen = [factory.ranked(season)[2].id]
    code = refusal(
        lambda: services.choose(package, season.contest, chosen, actor_of(season.office), now=now, version=None)
    )
    assert code == "package_sent"


# --- sending ------------------------------------------------------------------------------------------------------
def test_sending_needs_the_issued_paper(season, now):
    package = factory.make_package(season)
    db.session.commit()
    assert refusal(lambda: do(package, "send", season.office, now)) == "forwarding_not_issued"
    factory.issue_forwarding(package, state="signed")
    db.session.commit()
    assert refusal(lambda: do(package, "send", season.office, now)) == "forwarding_not_issued"


def test_the_paper_of_another_package_does_not_count(season, now):
    first, second, _third = factory.ranked(season)
    one, two = factory.make_package(season, [first]), factory.make_package(season, [second])
    factory.issue_forwarding(one)
    db.session.commit()
    assert refusal(lambda: do(two, "send", season.office, now)) == "forwarding_not_issued"


def test_sending_takes_every_entry_along(season, now):
    package = factory.make_sent(season)
    assert (package.state, package.sent_at) == ("sent", now)
    assert states(package) == ["forwarded_to_town"] * 2
    assert factory.ranked(season)[2].state == "ranked"


def test_one_entry_that_cannot_go_keeps_all_back(season, now):
    package = factory.make_package(season)
    factory.issue_forwarding(package)
    factory.put_state(factory.ranked(season)[1], "scored")
    db.session.commit()
    with pytest.raises(Conflict):
        flow.fire(package, "send", actor_of(season.office), now=now)
    db.session.rollback()
    assert package.state == "prepared"
    assert states(package) == ["ranked", "scored"]


def test_sending_twice_sends_once(season, now):
    package = factory.make_package(season)
    factory.issue_forwarding(package)
    office, version = actor_of(season.office), package.version
    one = flow.fire(package, "send", office, now=now, version=version, key="same")
    two = flow.fire(package, "send", office, now=now, version=version, key="same")
    assert one == two
    with pytest.raises(Conflict):
        flow.fire(package, "send", office, now=now, version=version, key="other")


# --- coming back --------------------------------------------------------------------------------------------------
def test_recall_brings_the_entries_home_and_they_can_go_again(season, now):
    package = factory.make_sent(season)
    do(package, "recall", season.office, now, reason="Sai danh sách")
    assert package.state == "recalled"
    assert states(package) == ["ranked", "ranked"]
    assert factory.make_sent(season).state == "sent"


def test_recall_before_sending_moves_no_entry(season, now):
    package = factory.make_package(season)
    do(package, "recall", season.office, now, reason="Không gửi nữa")
    assert (package.state, states(package)) == ("recalled", ["ranked", "ranked"])
    assert factory.make_package(season).id != package.id


def test_a_received_package_cannot_be_recalled(season, now):
    package = factory.make_acknowledged(season)
    with pytest.raises(Conflict):
        do(package, "recall", season.office, now, reason="Muộn")


def test_refusal_brings_the_entries_home(season, now):
    package = factory.make_sent(season)
    do(package, "refuse", season.upper_clerk, now, reason="Không đúng đợt xét")
    assert (package.state, states(package)) == ("refused", ["ranked", "ranked"])


def test_receipt_receives_every_entry(season, now):
    package = factory.make_acknowledged(season)
    assert (package.state, package.acknowledged_at) == ("acknowledged", now)
    assert states(package) == ["received", "received"]


# --- answers ------------------------------------------------------------------------------------------------------
def test_every_answer_in_decides_the_package(season, now):
    package = factory.make_acknowledged(season)
    first, second, _third = factory.ranked(season)
    do(first, "recognise", season.upper_clerk, now, data=DECISION)
    assert package.state == "acknowledged"
    do(second, "decline", season.upper_clerk, now, reason="Chưa đủ minh chứng", data={})
    assert package.state == "decided"
    assert (first.upper_decision, first.upper_reason) == ("Quyết định số 12/QĐ-HĐSK ngày 19/11/2026", "")
    assert (second.upper_decision, second.upper_reason) == ("", "Chưa đủ minh chứng")


def test_everything_handed_back_returns_the_package(season, now):
    package = factory.make_acknowledged(season)
    for entry in factory.ranked(season)[:2]:
        do(entry, "hand_back", season.upper_clerk, now, reason="Thiếu biên bản")
    assert (package.state, states(package)) == ("returned", ["ranked", "ranked"])


def test_an_entry_that_went_up_again_counts_as_answered_in_the_first_package(season, now):
    package = factory.make_acknowledged(season)
    first, second, _third = factory.ranked(season)
    do(first, "hand_back", season.upper_clerk, now, reason="Thiếu biên bản")
    again = factory.make_acknowledged(season, [first])
    assert first.upper_reason == ""
    do(second, "recognise", season.upper_clerk, now, data=DECISION)
    assert package.state == "decided"
    assert again.state == "acknowledged"
    do(first, "recognise", season.upper_clerk, now, data=DECISION)
    assert (package.state, again.state) == ("decided", "decided")


def test_an_older_package_that_takes_the_entry_later_holds_it(season, now):
    first, second, third = factory.ranked(season)
    older = factory.make_package(season, [third])
    package = factory.make_acknowledged(season, [first, second])
    do(first, "hand_back", season.upper_clerk, now, reason="Thiếu biên bản")
    office = actor_of(season.office)
    services.choose(older, season.contest, [first.id, third.id], office, now=now, version=None)
    factory.issue_forwarding(older)
    do(older, "send", season.office, now)
    do(older, "acknowledge", season.upper_clerk, now)
    do(second, "recognise", season.upper_clerk, now, data=DECISION)
    assert (package.state, older.state) == ("decided", "acknowledged")


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, {"decision", "decided_on"}),
        ({"decision": "12/QĐ"}, {"decided_on"}),
        ({"decided_on": date(2026, 11, 1)}, {"decision"}),
        ({"decision": "12/QĐ", "decided_on": date(2026, 11, 21)}, {"decided_on"}),
        ({"decision": "x" * 151, "decided_on": date(2026, 11, 1)}, {"decision"}),
    ],
)
def test_recognition_names_its_decision(season, now, data, wrong):
    factory.make_acknowledged(season)
    entry = factory.ranked(season)[0]
    with pytest.raises(Invalid) as refused:
        do(entry, "recognise", season.upper_clerk, now, data=data)
    assert set(refused.value.errors) == wrong
    db.session.rollback()
    assert entry.state == "received"


def test_the_clerk_who_is_an_author_answers_the_others_only(season, now):
    package = factory.make_acknowledged(season)
    first, second, _third = factory.ranked(season)
    first.authors[0].user_id = season.upper_clerk.id
    db.session.commit()
    with pytest.raises(NotAllowed):
        do(first, "recognise", season.upper_clerk, now, data=DECISION)
    db.session.rollback()
    colleague = make_user("captren2", Role.UPPER_CLERK, at=season.upper)
    do(first, "recognise", colleague, now, data=DECISION)
    do(second, "recognise", season.upper_clerk, now, data=DECISION)
    assert package.state == "decided"


# --- roles and facts ----------------------------------------------------------------------------------------------
def test_the_council_knows_nothing_before_the_package_is_sent(season, now):
    package = factory.make_package(season)
    clerk = actor_of(season.upper_clerk)
    people = binding_of(package).people
    assert binding_of(package).roles(package, clerk) == frozenset()
    assert list(people(package, Role.UPPER_CLERK)) == []
    sent = factory.make_sent(season, [factory.ranked(season)[2]])
    assert binding_of(sent).roles(sent, clerk) == {Role.UPPER_CLERK}
    assert list(people(sent, Role.UPPER_CLERK)) == [season.upper_clerk.id]
    assert list(people(sent, Role.OFFICE)) == [season.office.id]


@pytest.mark.parametrize("action", ["acknowledge", "refuse"])
def test_another_council_and_the_sender_do_not_receive(season, now, action):
    package = factory.make_sent(season)
    other = factory.make_decided_season("khac", prefix="SK-KHAC")
    for user in (other.upper_clerk, season.office, season.author):
        with pytest.raises(NotAllowed):
            flow.fire(package, action, actor_of(user), now=now, reason="x")


def test_a_contest_ends_when_no_package_waits(season, now):
    assert Facts(season.contest).handovers_open == 0
    package = factory.make_sent(season)
    assert Facts(season.contest).handovers_open == 1
    assert refusal(lambda: flow.fire(season.contest, "finish", actor_of(season.office), now=now)) == "handovers_open"
    do(package, "acknowledge", season.upper_clerk, now)
    assert Facts(season.contest).handovers_open == 1
    for entry in factory.ranked(season)[:2]:
        do(entry, "recognise", season.upper_clerk, now + timedelta(days=1), data=DECISION)
    do(season.contest, "finish", season.office, now)
    assert season.contest.state == "closed"
