"""Sentences that the decree asks for: letters of points, the paper that is replaced, whose power a decision uses."""

import itertools

import pytest

from app.core.vietnamese import clause_letters
from app.documents.templating.rendering import render
from app.documents.templating.store import load
from doc_templates.engine.environment import letter
from tests.documents.conftest import CODES, sample_paper
from tests.documents.word_files import look, opened, paragraphs

NUMBERED = [code for code in CODES if load(code).manifest.numbered]
FOLLOWING = [code for code in NUMBERED if code not in ("correction", "revocation")]
DECISIONS = [code for code in NUMBERED if load(code).manifest.series == "QĐ"]
EARLIER = "Văn bản này thay thế Quyết định số 12/QĐ-UBND ngày 05 tháng 12 năm 2026 của Ủy ban nhân dân phường"


def lines(docx):
    return [paragraph for paragraph in paragraphs(opened(docx)) if paragraph.text.strip()]


def texts(docx):
    return [paragraph.text for paragraph in lines(docx)]


def test_points_follow_the_alphabet_of_the_language():
    assert [letter(n) for n in range(1, 601)] == list(itertools.islice(clause_letters(), 600))
    assert [letter(n) for n in (1, 5, 23, 24, 28)] == ["a", "đ", "y", "aa", "ađ"]


def test_points_and_clauses_of_the_rules_are_numbered_and_closed():
    said = texts(sample_paper("rules"))
    begin = said.index("1. Sáng kiến, giải pháp thuộc một trong các lĩnh vực sau:")
    points = said[begin + 1 : begin + 11]
    assert [point[:2] for point in points] == [f"{mark})" for mark in "abcdđeghik"]
    assert [point[-1] for point in points] == [*";;;;;;;;;", "."]
    assert said[begin + 11].startswith("2. ")


def test_chapters_stand_on_lines_of_their_own_in_the_middle():
    chapters = [p for p in lines(sample_paper("rules")) if p.style.name in ("Chapter", "ChapterTitle")]
    assert [p.text for p in chapters] == [
        "Chương I",
        "QUY ĐỊNH CHUNG",
        "Chương II",
        "HỒ SƠ VÀ THỜI HẠN",
        "Chương III",
        "CHẤM ĐIỂM VÀ GIẢI THƯỞNG",
    ]
    assert all(look(p)[1] and not look(p)[2] for p in chapters)


@pytest.mark.parametrize("code", FOLLOWING)
def test_a_paper_that_replaces_another_says_so_once_before_its_end(code):
    template = load(code)
    said = texts(render(template, template.sample() | {"relation_line": EARLIER}))
    (place,) = [number for number, text in enumerate(said) if EARLIER in text]
    end = next(number for number, text in enumerate(said) if text.endswith("./.") and number >= place)
    assert not any(text.startswith("Nơi nhận") for text in said[: end + 1])
    if code in DECISIONS:
        assert said[place].startswith("Điều ")
        assert said[place].endswith(f". {EARLIER}./.")
    else:
        assert said[place] == f"{EARLIER}."
    assert not any(EARLIER in text for text in texts(sample_paper(code)))


def test_every_numbered_paper_but_those_that_follow_anyway_can_replace_another():
    for code in FOLLOWING:
        assert "relation_line" in {field.name for field in load(code).manifest.fields}


def test_both_kinds_of_decisions_are_there():
    kinds = {code: load(code).manifest.authority for code in DECISIONS}
    assert kinds == {"board_decision": "head", "result_decision": "head", "revocation": "head", "rules": "collective"}
    for code, authority in kinds.items():
        sample = load(code).sample()
        assert sample["authority_line"].startswith("CHỦ TỊCH ") == (authority == "head")
        assert sample["signature"]["capacity_lines"][0].startswith("TM. ") == (authority == "collective")


def test_a_letter_says_what_it_is_about_under_its_number_and_has_no_title():
    paper = sample_paper("correction")
    cell = opened(paper).tables[0].rows[1].cells[0]
    assert [p.text[:4] for p in cell.paragraphs] == ["Số: ", "V/v "]
    assert cell.paragraphs[1].style.paragraph_format.space_before.pt == 6
    assert load("correction").manifest.symbol == "{number}/{issuer}-VP"
    assert not [p for p in lines(paper) if p.style.name == "DocTitle"]


def test_a_decision_to_revoke_without_a_proposer_ends_its_bases_all_the_same():
    template = load("revocation")
    sample = template.sample()
    del sample["proposer"]
    bases = [p.text for p in lines(render(template, sample)) if p.style.name == "Basis"]
    assert [text[-1] for text in bases] == [*";" * (len(bases) - 1), "."]


def test_the_text_that_is_put_into_force_is_headed_by_its_own_name():
    said = lines(sample_paper("rules"))
    title = next(number for number, p in enumerate(said) if p.text == "THỂ LỆ")
    sample = load("rules").sample()
    assert [p.text for p in said[title : title + 3]] == [
        "THỂ LỆ",
        sample["attached_subject"],
        f"({sample['annex_reference']})",
    ]
    assert look(said[title + 2]) == (14, False, True)
