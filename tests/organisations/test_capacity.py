"""The lines above a signature, as Nghị định 30/2020/NĐ-CP, Điều 13 and Phụ lục I, II.7a write them."""

import pytest

from app.accounts.actor import SYSTEM
from app.organisations import services
from app.organisations.capacity import capacity_for, office_at, office_of, printed_title
from tests.conftest import NOW
from tests.factories.people import make_organisation
from tests.organisations.test_dated_tree import JULY, add_deputy, add_signer

HEAD = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
CASES = [
    ("head", "collective", "Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
    ("head", "head", "Chủ tịch", ["CHỦ TỊCH"]),
    ("deputy", "collective", "Phó Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
    ("deputy", "head", "Phó Chủ tịch", ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
    ("order", "collective", "Chánh Văn phòng", ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
    ("order", "head", "Chánh Văn phòng", ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
    ("authorised", "collective", "Trưởng phòng Văn hóa - Xã hội", ["TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI"]),
    ("authorised", "head", "Trưởng phòng Văn hóa - Xã hội", ["TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI"]),
]


@pytest.mark.parametrize(("kind", "authority", "title", "lines"), CASES)
def test_each_power_has_its_lines(kind, authority, title, lines):
    assert capacity_for(kind, authority, HEAD, title) == lines


@pytest.mark.parametrize("title", ["Chủ tịch", "Chủ tịch Ủy ban nhân dân phường", "Chủ tịch UBND phường"])
def test_a_title_names_its_body_once(title):
    body = "Ủy ban nhân dân phường Trung Lương"
    assert office_at(title, body) == "Chủ tịch Ủy ban nhân dân phường Trung Lương"


def test_the_head_of_an_advisory_board_signs_with_the_title_held_in_it():
    assert capacity_for("head", "body", ("TM. BAN TỔ CHỨC", "TRƯỞNG BAN"), "Trưởng ban") == [
        "TM. BAN TỔ CHỨC",
        "TRƯỞNG BAN",
    ]


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Phó Chủ tịch Ủy ban nhân dân phường", "PHÓ CHỦ TỊCH"),
        ("Phó Chủ tịch UBND phường Bắc Hồng Lĩnh", "PHÓ CHỦ TỊCH"),
        ("Chánh Văn phòng", "CHÁNH VĂN PHÒNG"),
        ("Chánh Văn phòng HĐND và UBND phường", "CHÁNH VĂN PHÒNG"),
    ],
)
def test_the_body_named_at_the_head_of_the_paper_is_not_named_again(title, printed):
    assert printed_title(title) == printed


@pytest.mark.parametrize(
    "lines",
    [["CHỦ TỊCH"], ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"], ["TUQ. CHỦ TỊCH", "X"]],
)
def test_whoever_signs_the_decision_is_the_heads(lines):
    assert office_of(lines) == "CHỦ TỊCH"


def test_lines_left_open_are_written_from_those_of_the_head(app):
    ward = make_organisation()
    head = add_signer(ward, JULY)
    deputy = add_deputy(ward, head, title="Phó Chủ tịch Ủy ban nhân dân phường", capacity="", personal=None)
    assert deputy.capacity == "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    assert deputy.personal == "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    services.edit_signatory(SYSTEM, deputy, {"valid_to": JULY}, now=NOW)
    assert deputy.personal == "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
