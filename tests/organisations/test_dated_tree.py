"""The dated tree: who existed, under whom, and who signs, on a day."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.actor import SYSTEM
from app.audit.models import AuditEvent
from app.core.db import db
from app.core.errors import Invalid
from app.organisations import queries, services
from app.organisations.models import Organisation
from tests.conftest import NOW
from tests.factories.people import actor_of, make_organisation, make_user
from workflows.spec import Role

JULY = date(2025, 7, 1)
JUNE = date(2025, 6, 30)


@pytest.fixture
def merged(app):
    """A town and two wards that became one on 1 July 2025."""
    town = make_organisation("thixa", name="Thị xã", valid_to=JUNE)
    new = make_organisation("moi", name="Phường mới", valid_from=JULY)
    old = make_organisation("cu", name="Phường cũ", parent=town, valid_to=JUNE, successor_id=new.id)
    return town, old, new


def test_each_day_has_its_own_organisations(merged):
    town, old, new = merged
    assert queries.valid_on(JUNE) == [old, town]
    assert queries.valid_on(JULY) == [new]
    assert queries.children(town.id, "authority", JUNE) == [old]
    assert queries.children(town.id, "authority", JULY) == []
    assert queries.children(town.id, "unit", JUNE) == []


def test_successors_are_followed_to_the_end(merged):
    _town, old, new = merged
    last = make_organisation("sau", name="Phường sau")
    new.successor_id, new.valid_to = last.id, date(2030, 1, 1)
    db.session.flush()
    assert queries.successors(old.id) == [new, last]
    assert queries.successors(last.id) == []


def test_a_circle_of_successors_or_parents_ends(merged):
    town, old, new = merged
    new.successor_id = old.id
    town.parent_id = old.id
    db.session.flush()
    assert queries.successors(old.id) == [new]
    assert list(queries.ancestors(old)) == [town]


def test_a_unit_uses_the_head_of_the_body_above(app):
    ward = make_organisation("phuong", superior_line="ỦY BAN NHÂN DÂN THỊ XÃ")
    unit = make_organisation("vp", "unit", parent=ward, letterhead="", symbol="")
    head = queries.Letterhead("ỦY BAN NHÂN DÂN THỊ XÃ", ("ỦY BAN NHÂN DÂN", "PHƯỜNG THỬ NGHIỆM"), "UBND", "Thử Nghiệm")
    assert queries.letterhead(unit) == queries.letterhead(ward) == head


def add_signer(ward, first, last=None, name="Nguyễn Văn A", role="chairman"):
    values = {
        "role": role,
        "full_name": name,
        "title": "Chủ tịch",
        "capacity": "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
        "personal": "CHỦ TỊCH",
        "valid_from": first,
        "valid_to": last,
    }
    return services.create_signatory(SYSTEM, ward, values, now=NOW)


def test_the_signer_of_the_day(app):
    ward = make_organisation()
    former = add_signer(ward, date(2020, 1, 1), JUNE)
    present = add_signer(ward, JULY, name="Trần Thị B")
    assert queries.signatory(ward.id, "chairman", date(2019, 12, 31)) is None
    assert queries.signatory(ward.id, "chairman", JUNE) is former
    assert queries.signatory(ward.id, "chairman", JULY) is present
    assert queries.signatory(ward.id, "head_of_jury", JULY) is None


def test_two_signers_at_once_are_refused(app):
    ward = make_organisation()
    add_signer(ward, date(2020, 1, 1))
    with pytest.raises(Invalid) as error:
        add_signer(ward, JULY)
    assert list(error.value.errors) == ["valid_from"]


days = st.dates(date(2020, 1, 1), date(2020, 12, 31))


@given(spans=st.lists(st.tuples(days, st.none() | days), max_size=4), day=days)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exactly_the_accepted_span_answers(app, spans, day):
    ward = make_organisation(f"p{len(queries.tree())}")
    accepted = []
    for number, (first, last) in enumerate(spans):
        try:
            accepted.append(add_signer(ward, first, last, f"Người {number}"))
        except Invalid:
            db.session.expunge_all()
            ward = queries.get(ward.id)
    names = [s.full_name for s in accepted if s.valid_from <= day <= (s.valid_to or date.max)]
    assert len(names) <= 1
    found = queries.signatory(ward.id, "chairman", day)
    assert [found.full_name] * bool(found) == names if found else names == []


def values(**more):
    return {"kind": "unit", "name": "Văn phòng", "short_name": "Văn phòng", "valid_from": JULY, **more}


def test_creation_makes_a_key_and_a_trail(app):
    ward = make_organisation()
    admin = actor_of(make_user("quantri", Role.ADMIN, at=ward))
    first = services.create_organisation(admin, values(parent_id=ward.id), now=NOW)
    second = services.create_organisation(admin, values(), now=NOW)
    assert (first.key, second.key) == ("van_phong", "van_phong_2")
    event = db.session.query(AuditEvent).filter_by(subject_id=first.id).one()
    assert (event.action, event.actor_name, event.actor_role) == ("organisation.create", admin.name, "admin")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_to": JUNE}, "valid_to"),
        ({"parent": "self"}, "parent_id"),
        ({"parent": "child"}, "parent_id"),
        ({"successor_open": True}, "valid_to"),
        ({"successor_self": True}, "successor_id"),
    ],
)
def test_impossible_trees_are_refused(app, wrong, field):
    ward = services.create_organisation(SYSTEM, values(kind="authority"), now=NOW)
    child = services.create_organisation(SYSTEM, values(parent_id=ward.id), now=NOW)
    change = {name: value for name, value in wrong.items() if name == "valid_to"}
    if "parent" in wrong:
        change["parent_id"] = ward.id if wrong["parent"] == "self" else child.id
    if "successor_open" in wrong:
        change["successor_id"] = child.id
    if "successor_self" in wrong:
        change |= {"successor_id": ward.id, "valid_to": JULY}
    with pytest.raises(Invalid) as error:
        services.edit_organisation(SYSTEM, ward, change, now=NOW)
    assert list(error.value.errors) == [field]


def test_an_edit_records_what_changed_and_only_that(app):
    ward = services.create_organisation(SYSTEM, values(), now=NOW)
    services.edit_organisation(SYSTEM, ward, values(name="Văn phòng UBND", valid_to=date(2030, 1, 1)), now=NOW)
    services.edit_organisation(SYSTEM, ward, values(name="Văn phòng UBND"), now=NOW)
    edits = db.session.query(AuditEvent).filter_by(action="organisation.edit").all()
    assert [event.changes for event in edits] == [
        '{"name":["Văn phòng","Văn phòng UBND"],"valid_to":[null,"01/01/2030"]}'
    ]


def test_tree_shows_each_body_once_under_its_parent(merged):
    town, old, new = merged
    assert queries.tree() == [(0, new), (0, town), (1, old)]
    assert queries.names([old.id, new.id]) == {old.id: "UBND phường cu", new.id: "UBND phường moi"}
    assert db.session.query(Organisation).count() == 3


def add_deputy(ward, head, **other):
    user = make_user("phochutich")
    values = {
        "role": "chairman",
        "kind": "deputy",
        "principal_id": head.id,
        "user_id": user.id,
        "basis": "Thông báo số 03/TB-UBND",
        "full_name": "Trần Thị B",
        "title": "Phó Chủ tịch",
        "capacity": "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        "personal": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        "valid_from": JULY,
    } | other
    return services.create_signatory(SYSTEM, ward, values, now=NOW)


def test_a_deputy_stands_beside_the_head_in_the_days_of_the_power(app):
    ward = make_organisation()
    head = add_signer(ward, date(2020, 1, 1))
    deputy = add_deputy(ward, head, valid_to=date(JULY.year, 7, 31))
    assert queries.signatory(ward.id, "chairman", JULY) is head
    assert queries.delegates(ward.id, "chairman", JULY) == [deputy]
    assert queries.delegates(ward.id, "chairman", JUNE) == []
    assert queries.delegates(ward.id, "chairman", date(JULY.year, 8, 1)) == []


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"principal_id": None}, "principal_id"),
        ({"user_id": None}, "user_id"),
        ({"basis": " "}, "basis"),
        ({"kind": "authorised", "capacity": "TUQ. CHỦ TỊCH", "personal": "TUQ. CHỦ TỊCH"}, "valid_to"),
        ({"capacity": "CHỦ TỊCH"}, "capacity"),
        ({"kind": "order", "capacity": "TL. CHỦ TỊCH"}, "personal"),
    ],
)
def test_power_without_source_holder_or_form_is_refused(app, other, field):
    ward = make_organisation()
    head = add_signer(ward, date(2020, 1, 1))
    with pytest.raises(Invalid) as error:
        add_deputy(ward, head, **other)
    assert list(error.value.errors) == [field]
