"""Starting and saving entries: what is kept, what is refused, what the trail says."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import flow
from app.accounts.models import User
from app.audit.models import AuditEvent
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.entries import authors, parts, services
from app.entries.authors import AuthorRow
from app.entries.models import Entry, EntrySearch
from tests.factories import entries as made
from tests.factories.people import actor_of, make_user
from workflows.spec import Role

TITLE = parts.part_named("ten-linh-vuc")


@pytest.fixture
def season(app):
    """An open contest."""
    return made.make_season()


def save(entry, values, by, part=TITLE, version=None, now=made.NOW):
    """Save a part."""
    return services.save_part(entry, part, values, actor_of(by), now=now, version=version)


def last_event():
    """The newest event."""
    return db.session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first()


# --- starting -----------------------------------------------------------------------------------------------------
def test_a_new_entry_has_the_next_code_and_its_author(season):
    first, second = made.start(season), made.start(season)
    assert [first.code, second.code] == ["SK-2026-0001", "SK-2026-0002"]
    assert (first.state, first.created_by_id, first.submitted_at) == ("draft", season.author.id, None)
    assert [(a.full_name, a.share, a.user_id) for a in first.authors] == [
        ("Nguyễn Thị Đào", Decimal(100), season.author.id)
    ]
    assert last_event().action == "entry.create"


def test_a_unit_contact_starts_for_others_and_is_no_author(season):
    entry = made.start(season, season.contact)
    assert entry.authors == []
    assert last_event().actor_role == "unit"


def test_starting_leaves_the_page_of_the_contest_fresh(season):
    before = season.contest.version
    made.start(season)
    db.session.refresh(season.contest)
    assert (season.contest.version, season.contest.next_entry_number) == (before, 2)


def test_the_same_key_starts_once(season):
    actor = actor_of(season.author)
    first = services.start_entry(season.contest, season.unit.id, actor, now=made.NOW, key="k1")
    again = services.start_entry(season.contest, season.unit.id, actor, now=made.NOW, key="k1")
    other = services.start_entry(season.contest, season.unit.id, actor_of(season.contact), now=made.NOW, key="k2")
    assert (again.id, other.id == first.id) == (first.id, False)
    assert db.session.query(Entry).count() == 2


@pytest.mark.parametrize(("seconds", "allowed"), [(-1, True), (0, True), (1, False)])
def test_entries_start_until_the_last_second(season, seconds, allowed):
    now = season.contest.closes_at + timedelta(seconds=seconds)
    if allowed:
        assert made.start(season, now=now).state == "draft"
        return
    with pytest.raises(Refused) as refused:
        made.start(season, now=now)
    assert refused.value.refusal.code == "deadline_passed"


def test_nobody_starts_for_a_unit_that_is_not_theirs(season):
    stranger = make_user("nguoila", at=season.upper)
    for by, unit in ((season.author, season.other_unit), (stranger, season.unit), (season.author, season.upper)):
        with pytest.raises(Invalid) as invalid:
            services.start_entry(season.contest, unit.id, actor_of(by), now=made.NOW)
        assert list(invalid.value.errors) == ["unit_id"]


def test_the_office_takes_an_entry_on_paper_for_any_unit(season):
    assert made.start(season, season.office, unit=season.other_unit).unit_id == season.other_unit.id


# --- saving -------------------------------------------------------------------------------------------------------
def test_a_save_keeps_before_and_after_and_the_search_text(season):
    entry = made.start(season)
    assert save(entry, {"title": "  Sổ  tay\u200b điện tử ", "first_applied_on": date(2026, 3, 2)}, season.author)
    event = last_event()
    assert event.action == "entry.edit"
    assert json.loads(event.changes) == {
        "title": ["", "Sổ tay điện tử"],
        "first_applied_on": [None, "2026-03-02"],
    }
    assert db.session.get(EntrySearch, entry.id).folded == (
        "so tay dien tu sk 2026 0001 nguyen thi dao bo phan van phong van phong"
    )


def test_a_save_without_a_change_leaves_no_event_and_no_new_version(season):
    entry = made.start(season)
    save(entry, {"title": "Một tên"}, season.author)
    seq, version = last_event().seq, entry.version
    assert save(entry, {"title": "Một tên "}, season.author, version=version) is False
    assert (last_event().seq, entry.version) == (seq, version)


def test_decomposed_text_is_stored_composed(season):
    entry = made.start(season)
    save(entry, {"title": "Quye\u0302\u0301t đi\u0323nh"}, season.author)
    assert entry.title == "Quyết định"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ 7*7 }}", "=cmd|' /C calc'!A0", "'; DROP TABLE entry;--", "%(n)s %s"]
)
def test_hostile_text_is_kept_as_typed(season, text):
    entry = made.start(season)
    save(entry, {"title": text}, season.author)
    assert entry.title == text


def test_wrong_values_are_named_at_their_fields_and_change_nothing(season):
    entry = made.start(season)
    other = made.make_season("xa", prefix="XA")
    values = {
        "title": "x" * 501,
        "field_id": other.contest.fields[0].id,
        "kind": "nhóm",
        "first_applied_on": date(2026, 11, 21),
    }
    with pytest.raises(Invalid) as invalid:
        save(entry, values, season.author)
    assert sorted(invalid.value.errors) == ["field_id", "first_applied_on", "kind", "title"]
    assert (entry.title, entry.field_id) == ("", None)


def test_a_long_text_has_a_limit(season):
    entry = made.start(season)
    part = parts.part_named("mo-ta")
    save(entry, {"solution": "a" * services.LONGEST_TEXT}, season.author, part)
    with pytest.raises(Invalid):
        save(entry, {"solution": "a" * (services.LONGEST_TEXT + 1)}, season.author, part)


def test_of_two_pages_the_older_one_is_refused(season):
    entry = made.start(season)
    shown = entry.version
    save(entry, {"title": "Tên thứ nhất"}, season.author, version=shown)
    with pytest.raises(Conflict):
        save(entry, {"title": "Tên thứ hai"}, season.contact, version=shown)
    assert entry.title == "Tên thứ nhất"


def test_only_the_authors_side_saves_and_only_while_it_is_open(season):
    entry = made.make_submitted(season)
    with pytest.raises(NotAllowed):
        save(entry, {"title": "Tên khác"}, season.office)
    with pytest.raises(Refused) as refused:
        save(entry, {"title": "Tên khác"}, season.author)
    assert refused.value.refusal.code == "not_editable"


def test_of_a_returned_entry_only_the_named_parts_change(season):
    entry = made.make_submitted(season)
    made.put_state(entry, "returned", returned_parts="mo-ta minh-chung", return_reason="Thiếu số liệu")
    save(entry, {"solution": "Nội dung đã bổ sung"}, season.author, parts.part_named("mo-ta"))
    with pytest.raises(Refused) as refused:
        save(entry, {"title": "Tên khác"}, season.author)
    assert refused.value.refusal.code == "part_closed"
    with pytest.raises(Refused):
        services.save_authors(entry, [], actor_of(season.author), now=made.NOW, version=None, unit_id=None)


def test_an_edit_voids_the_units_confirmation(season):
    entry = made.confirm(season, made.fill(season, made.start(season)))
    assert (entry.confirmed_by, entry.confirmed_at) == ("Lê Văn Đức", made.NOW)
    save(entry, {"title": "Tên mới"}, season.author)
    assert (entry.confirmed_by, entry.confirmed_at) == ("", None)
    assert json.loads(last_event().changes)["confirmed_at"] == [made.NOW.isoformat(), None]
    assert [part.name for part in parts.missing(entry)] == ["xac-nhan"]


def test_only_the_unit_confirms(season):
    entry = made.fill(season, made.start(season))
    with pytest.raises(NotAllowed):
        flow.fire(entry, "confirm", actor_of(season.author), now=made.NOW)


# --- authors ------------------------------------------------------------------------------------------------------
def put_authors(season, entry, *shares, names=None):
    """Save authors with these shares."""
    names = names or [f"Tác Giả {n}" for n in range(len(shares))]
    rows = [AuthorRow(name, Decimal(share), workplace="Phường") for name, share in zip(names, shares, strict=True)]
    services.save_authors(entry, rows, actor_of(season.author), now=made.NOW, version=None, unit_id=None)


@pytest.mark.parametrize("shares", [["100"], ["60", "40"], ["33.34", "33.33", "33.33"], ["0.01", "99.99"]])
def test_shares_that_make_a_whole_are_kept(season, shares):
    entry = made.start(season)
    put_authors(season, entry, *shares)
    assert [a.share for a in entry.authors] == [Decimal(s) for s in shares]
    assert [a.position for a in entry.authors] == list(range(1, len(shares) + 1))


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ([], "ít nhất một"),
        (["99.99"], "99,99"),
        (["60", "41"], "101"),
        (["100", "0"], "lớn hơn 0"),
        (["150", "-50"], "lớn hơn 0"),
        (["20", "20", "20", "20", "10", "10"], "Nhiều nhất 5"),
    ],
)
def test_other_shares_are_refused_in_words(season, shares, says):
    entry = made.start(season)
    with pytest.raises(Invalid) as invalid:
        put_authors(season, entry, *shares)
    assert says in invalid.value.errors["authors"]
    assert [a.full_name for a in entry.authors] == ["Nguyễn Thị Đào"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(min_value="0.01", max_value=100, places=2), min_size=1, max_size=5))
def test_shares_are_taken_exactly_when_they_make_100(shares):
    rows = [AuthorRow(f"Người {n}", share) for n, share in enumerate(shares)]
    if sum(shares) == 100:
        authors.check(rows, most=5)
    else:
        with pytest.raises(Invalid):
            authors.check(rows, most=5)


def test_a_coauthor_with_an_account_in_the_unit_is_linked_and_a_shared_name_is_not(season):
    mate = make_user("dongtacgia", home=season.unit, full_name="Hà Thị Đông")
    for name in ("trung1", "trung2"):
        make_user(name, home=season.unit, full_name="Ngô Văn Hai")
    entry = made.start(season)
    put_authors(season, entry, "50", "30", "20", names=["Nguyễn Thị Đào", "hà thị đông", "Ngô Văn Hai"])
    assert [a.user_id for a in entry.authors] == [season.author.id, mate.id, None]
    assert last_event().action == "entry.edit"


# --- files --------------------------------------------------------------------------------------------------------
def test_a_file_is_kept_once_and_hidden_when_removed(season):
    entry = made.start(season)
    file = made.add_evidence(entry, season.author)
    assert made.add_evidence(entry, season.author).id == file.id
    assert [f.name for f in entry.files] == ["ảnh minh chứng.png"]
    services.remove_file(entry, file, actor_of(season.author), now=made.NOW, version=None)
    assert (entry.files, file.removed_at) == ([], made.NOW)
    assert json.loads(last_event().changes) == {"files": [f"ảnh minh chứng.png ({file.sha256[:16]})", None]}


def test_files_are_limited_in_number(season, monkeypatch):
    monkeypatch.setattr(services, "MAX_FILES", 1)
    entry = made.start(season)
    made.add_evidence(entry, season.author)
    with pytest.raises(Invalid):
        made.add_evidence(entry, season.author, name="tệp khác.png")


# --- submitting ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "allowed"), [(-1, True), (0, True), (1, False)])
def test_an_entry_is_submitted_until_the_last_second(season, seconds, allowed):
    entry = made.confirm(season, made.fill(season, made.start(season)))
    now = season.contest.closes_at + timedelta(seconds=seconds)
    if allowed:
        made.submit(season, entry, now=now)
        assert (entry.state, entry.submitted_at) == ("submitted", now)
        return
    with pytest.raises(Refused) as refused:
        made.submit(season, entry, now=now)
    assert refused.value.refusal.code == "deadline_passed"
    assert (entry.state, entry.submitted_at) == ("draft", None)


def test_submitting_names_what_is_missing(season):
    entry = made.start(season)
    with pytest.raises(Refused) as refused:
        made.submit(season, entry)
    assert refused.value.refusal.params["parts"] == [
        "Tên và lĩnh vực",
        "Mô tả giải pháp",
        "Hiệu quả",
        "Tệp minh chứng",
        "Xác nhận của đơn vị",
    ]


def test_a_completion_clears_what_was_asked_and_keeps_the_first_moment(season):
    entry = made.make_submitted(season)
    due = made.NOW + timedelta(days=3)
    made.put_state(entry, "returned", returned_parts="mo-ta", return_reason="Thiếu", completion_due_at=due)
    flow.fire(entry, "resubmit", actor_of(season.author), now=due, data={"pledge": True})
    assert (entry.state, entry.submitted_at) == ("submitted", made.NOW)
    assert (entry.returned_parts, entry.return_reason, entry.completion_due_at) == ("", "", None)


def test_one_key_submits_once(season):
    entry = made.confirm(season, made.fill(season, made.start(season)))
    actor = actor_of(season.author)
    first = flow.fire(entry, "submit", actor, now=made.NOW, key="nop-1", version=entry.version)
    again = flow.fire(entry, "submit", actor, now=made.NOW, key="nop-1", version=1)
    assert first == again


# --- roles --------------------------------------------------------------------------------------------------------
def roles_of(entry, user):
    """Roles as names."""
    from app.entries import policy

    return {role.value for role in policy.roles(entry, actor_of(user))}


def test_a_draft_is_known_to_its_authors_and_unit_only(season):
    entry = made.start(season)
    people = {u.username: roles_of(entry, u) for u in db.session.query(User)}
    assert people == {
        "phuong-tacgia": {"author"},
        "phuong-donvi": {"unit"},
        "phuong-donvi2": set(),
        "phuong-vanphong": set(),
        "phuong-captren": set(),
    }


def test_the_body_above_sees_an_entry_from_the_handover_on(season):
    entry = made.make_submitted(season)
    for state, held in (("ranked", set()), ("forwarded_to_town", {"upper_clerk"}), ("recognised", {"upper_clerk"})):
        made.put_state(entry, state)
        assert roles_of(entry, season.upper_clerk) == held
    assert roles_of(entry, season.office) == {"office"}


def test_nobody_acts_for_the_office_on_an_entry_of_their_own(season):
    from app.entries import policy

    entry = made.start(season)
    put_authors(season, entry, "60", "40", names=["Nguyễn Thị Đào", "PHẠM VĂN CƯỜNG"])
    made.put_state(entry, "submitted")
    assert roles_of(entry, season.office) == set()
    assert policy.may_see(entry, actor_of(season.office)) is True
    assert services.is_author(entry, season.office.id, season.office.full_name) is True
    judge = make_user("giamkhao", Role.SECRETARY, at=season.host, full_name="Đỗ Văn Ba")
    assert roles_of(entry, judge) == {"secretary"}
