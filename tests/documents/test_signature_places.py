"""In each paper as it is made there is room for the digital signature of everybody who signs it, apart from the others
and beside the code; and which papers are signed by hand is reviewed."""

import itertools
from datetime import date

import pytest

from app.adapters import signing
from app.core.errors import Invalid
from app.documents import contexts
from app.documents.signing import places
from app.documents.templating.store import load
from tests.documents.conftest import CODES

NOT_DIGITAL = ["description", "intake_book", "payment_list", "receipt", "registration", "score_sheet"]
BESIDE = ["minutes", "score_summary", "screening_record"]


def drafted(code):
    """The sample as it is before number and day."""
    data = load(code).sample()
    room = {"number_text": f"Số: {contexts.BLANK}/XX-UBND", "book_number": f"{contexts.BLANK}/XX-UBND"}
    room["place_date"] = f"Trung Lương, ngày{contexts.BLANK[1:]} tháng 11 năm 2024"
    return data | {name: text for name, text in room.items() if name in data}


def test_papers_without_digital_signatures_are_those_of_others_and_those_signed_by_hand():
    assert [code for code in CODES if not places.is_signed_digitally(code)] == NOT_DIGITAL
    for code in NOT_DIGITAL:
        assert places.words_of(code, drafted(code)) is None


def test_papers_with_two_signers_are_reviewed():
    words = {code: places.words_of(code, drafted(code)) for code in CODES if code not in NOT_DIGITAL}
    assert [code for code, found in words.items() if list(found.signers) == ["writer", "person"]] == BESIDE
    assert {code for code, found in words.items() if found.number is None} == {"score_summary"}
    assert {code for code, found in words.items() if found.date is None} == {"minutes", "screening_record"}


def test_a_numbered_paper_gets_no_room_again():
    for code in CODES:
        numbered = contexts.numbered(code, drafted(code), "01/XX-UBND", "XX-UBND", "Trung Lương", date(2024, 11, 20))
        assert places.words_of(code, numbered) is None


def test_everybody_who_signs_has_a_place_of_the_own(code, pdf):
    if code in NOT_DIGITAL:
        assert places.with_fields(code, "{}", pdf) == pdf
        return
    signers = places.words_of(code, drafted(code)).signers
    found = signing.find(pdf, signing.Words(signers, None, None))
    assert set(found) == {*signers, "seal"}
    for one, other in itertools.combinations(found, 2):
        left, right = sorted((found[one], found[other]), key=lambda place: place.box[0])
        assert left.page == right.page
        if {one, other} != {"person", "seal"}:
            assert left.box[2] <= right.box[0], (code, one, other)


def test_the_day_must_be_of_the_printed_month(app):
    data = '{"place_date": "Trung Lương, ngày      tháng 11 năm 2024"}'
    places.check_month(data, date(2024, 11, 30))
    with pytest.raises(Invalid):
        places.check_month(data, date(2024, 12, 1))
