"""Papers of 2024 print the ward, the town and the province as they were, those of 2026 as they are: every kind of
paper, with the organisations and signers of the demonstration."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from app.admin.demo import files, world
from app.core.db import db
from app.core.vietnamese import to_local
from app.documents import contexts
from app.documents.templating import store as templates_store
from app.organisations import queries
from tests.documents.conftest import CODES
from tests.factories.people import make_user

THEN, NOW = datetime(2024, 10, 28, 2, 0, tzinfo=UTC), datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WARDS = {
    THEN: ("phuong_trung_luong", "PHƯỜNG TRUNG LƯƠNG", "Trung Lương", "thi_xa_hong_linh"),
    NOW: ("phuong_bac_hong_linh", "PHƯỜNG BẮC HỒNG LĨNH", "Bắc Hồng Lĩnh", "tinh_ha_tinh"),
}
OFFICES = {"collective": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], "head": ["CHỦ TỊCH"]}


@pytest.fixture
def tree(app):
    """The dated tree of the demonstration with those who sign."""
    story = SimpleNamespace(organisation_ids={}, user_ids={}, now=world.BEGIN)
    world._organisations(story)
    for signer in files.signers():
        name = next(one["full_name"] for one in files.people() if one["key"] == signer["person"])
        if signer["person"] not in story.user_ids:
            story.user_ids[signer["person"]] = make_user(signer["person"], full_name=name).id
        world._signer(story, signer)
    db.session.flush()


def frame(code, at):
    ward = queries.by_key(WARDS[at][0])
    signatory = queries.signatory(ward.id, "chairman", to_local(at).date())
    return contexts.frame(code, ward, now=at, signatory=signatory, recipients="Như trên"), signatory


@pytest.mark.parametrize("at", WARDS, ids=["2024", "2026"])
def test_each_paper_has_the_names_of_its_day(tree, at):
    _key, name, place, _above = WARDS[at]
    for code in CODES:
        printed, signatory = frame(code, at)
        if "head" in printed:
            assert printed["head"]["agency_lines"] == ["ỦY BAN NHÂN DÂN", name]
        if "place_date" in printed:
            assert printed["place_date"].startswith(f"{place}, ngày ")
        authority = templates_store.load(code).manifest.authority
        if "authority_line" in printed:
            office = "CHỦ TỊCH " if authority == "head" else ""
            assert printed["authority_line"] == f"{office}ỦY BAN NHÂN DÂN {name}"
        if authority in OFFICES:
            assert printed["signature"] == {"capacity_lines": OFFICES[authority], "name": signatory.full_name}


def test_another_person_signed_then(tree):
    assert frame("plan", THEN)[1].full_name == "Nguyễn Công Lộc"
    assert frame("plan", THEN)[1].full_name != frame("plan", NOW)[1].full_name


@pytest.mark.parametrize("at", WARDS, ids=["2024", "2026"])
def test_the_body_above_is_that_of_the_day(tree, at):
    key, _name, _place, above = WARDS[at]
    parent = queries.get(queries.by_key(key).parent_id)
    assert parent.key == above
    assert parent in queries.valid_on(to_local(at).date())


def test_a_deputy_signs_for_the_head_in_both_kinds_of_papers(tree):
    ward = queries.by_key(WARDS[NOW][0])
    (deputy,) = queries.delegates(ward.id, "chairman", date(2026, 11, 20))
    assert contexts.signature(deputy, "plan")["capacity_lines"] == [
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    ]
    assert contexts.signature(deputy, "result_decision")["capacity_lines"] == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    line = contexts.authority_line(ward, deputy)
    assert line == "CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG BẮC HỒNG LĨNH"
