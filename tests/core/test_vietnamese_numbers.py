"""Numbers and money: in figures, in words, and as typed."""

import itertools
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.vietnamese import (
    BadNumber,
    decimal_text,
    money,
    money_in_words,
    number,
    number_in_words,
    parse_money,
    parse_score,
)

WORDS_FILE = Path(__file__).with_name("money_words.tsv")
WORD_CASES = [
    (int(line.split("\t")[0]), line.split("\t")[1])
    for line in WORDS_FILE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


# --- In words -------------------------------------------------------------------------------------


def test_the_table_of_words_is_large_and_without_repeats():
    assert len(WORD_CASES) >= 200
    assert len({amount for amount, _ in WORD_CASES}) == len(WORD_CASES)


@pytest.mark.parametrize(("amount", "words"), WORD_CASES, ids=[str(amount) for amount, _ in WORD_CASES])
def test_amount_in_words(amount, words):
    assert money_in_words(amount) == words


DIGIT = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
UNITS = {**DIGIT, "mốt": 1, "tư": 4, "lăm": 5, "không": 0}
SCALE = {"nghìn": 10**3, "triệu": 10**6}


def value_of(words: str) -> int:
    """Reads a spoken number back: its own small grammar, nothing in common with the code that writes."""
    total = block = group = 0
    last = 0
    for word in words.split():
        if word in UNITS:
            last = UNITS[word]
            group += last
        elif word == "mười":
            last = 0
            group += 10
        elif word == "linh":
            last = 0
        elif word in {"mươi", "trăm"}:
            group += last * {"mươi": 9, "trăm": 99}[word]
            last = 0
        elif word in SCALE:
            block += group * SCALE[word]
            group = 0
        elif word == "tỷ":
            total += (block + group) * 10**9
            block = group = 0
        else:
            raise AssertionError(f"unknown word {word}")
    return total + block + group


spoken_range = st.one_of(
    st.integers(0, 10**18 - 1),
    st.integers(0, 99_999),
    st.builds(lambda digits, zeros: digits * 10**zeros, st.integers(0, 9999), st.integers(0, 14)),
)


@given(spoken_range)
def test_words_read_back_to_the_number(value):
    assert value_of(number_in_words(value)) == value


@given(spoken_range)
def test_words_keep_the_rules_of_speech(value):
    words = number_in_words(value).split()
    pairs = list(itertools.pairwise(words))
    assert not {("mươi", "một"), ("mươi", "bốn"), ("mươi", "năm"), ("mười", "năm")} & set(pairs)
    assert all(before == "mươi" for before, word in pairs if word in {"mốt", "tư"})
    assert all(before in {"mươi", "mười"} for before, word in pairs if word == "lăm")
    assert all(before == "trăm" for before, word in pairs if word == "linh")
    assert all(after == "trăm" for word, after in pairs if word == "không")
    assert not {"lẻ", "ngàn"} & set(words)
    assert unicodedata.is_normalized("NFC", " ".join(words))


@pytest.mark.parametrize("value", [-1, 10**18, -(10**9)])
def test_no_words_outside_the_range(value):
    with pytest.raises(ValueError, match="no words"):
        money_in_words(value)


def test_the_largest_number_has_words():
    assert value_of(number_in_words(10**18 - 1)) == 10**18 - 1


# --- In figures -----------------------------------------------------------------------------------


def test_money_in_figures():
    assert money(0) == "0 đồng"
    assert money(500) == "500 đồng"
    assert money(1_000_000) == "1.000.000 đồng"
    assert money(1_500_000) == "1.500.000 đồng"
    assert number(1_234_567) == "1.234.567"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("27.5", 2, "27,50"),
        ("27.5", 0, "28"),
        ("1234567.5", 1, "1.234.567,5"),
        ("0.005", 2, "0,01"),
        ("2.675", 2, "2,68"),
        ("1E+2", 1, "100,0"),
        ("-0.001", 2, "0,00"),
        ("7.50", None, "7,5"),
        ("10", None, "10"),
        ("1E+2", None, "100"),
        ("0.0", None, "0"),
        ("0.25", None, "0,25"),
    ],
)
def test_decimal_in_figures(value, places, text):
    assert decimal_text(Decimal(value), places) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_has_no_text(value):
    with pytest.raises(ValueError, match="no text"):
        decimal_text(Decimal(value), 2)


# --- A score as typed -----------------------------------------------------------------------------


def score(text, maximum="10", step="0.25"):
    return parse_score(text, maximum=Decimal(maximum), step=Decimal(step))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("0", "0"),
        ("0,25", "0.25"),
        ("10", "10"),
        ("10,00", "10"),
        (" 9,75\n", "9.75"),
    ],
)
def test_score_is_read_exactly(text, value):
    assert score(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "missing"),
        ("", "missing"),
        (" \u00a0\t", "missing"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e1", "not_a_number"),
        ("1E1", "not_a_number"),
        ("0x5", "not_a_number"),
        ("1_0", "not_a_number"),
        ("-1", "not_a_number"),
        ("-0", "not_a_number"),
        ("\u22120", "not_a_number"),
        ("+5", "not_a_number"),
        ("７,5", "not_a_number"),
        ("７．５", "not_a_number"),
        ("٧", "not_a_number"),
        ("²", "not_a_number"),
        ("½", "not_a_number"),
        ("7 5", "not_a_number"),
        ("7, 5", "not_a_number"),
        ("7\u200b,5", "not_a_number"),
        ("7,", "not_a_number"),
        (",5", "not_a_number"),
        (".5", "not_a_number"),
        ("7,5,0", "not_a_number"),
        ("1.000,5", "not_a_number"),
        ("1.000.000", "not_a_number"),
        ("07", "not_a_number"),
        ("7/10", "not_a_number"),
        ("7điểm", "not_a_number"),
        ("=7", "not_a_number"),
        ("9" * 41, "not_a_number"),
        ("9" * 100_000, "not_a_number"),
        ("1.000", "ambiguous"),
        ("7.500", "ambiguous"),
        ("7,500", "too_many_decimals"),
        ("0.125", "too_many_decimals"),
        ("11", "out_of_range"),
        ("10.01", "out_of_range"),
        ("10,25", "out_of_range"),
        ("9" * 40, "out_of_range"),
        ("7,1", "wrong_step"),
        ("9,99", "wrong_step"),
    ],
)
def test_score_refused(text, code):
    with pytest.raises(BadNumber) as refused:
        score(text)
    assert refused.value.code == code
    assert isinstance(refused.value, ValueError)


def test_refusal_says_the_limit_in_vietnamese():
    with pytest.raises(BadNumber) as refused:
        score("31", maximum="30", step="0.5")
    assert refused.value.message % refused.value.params == "Số phải từ 0 đến 30"
    with pytest.raises(BadNumber) as refused:
        score("7,3", maximum="30", step="0.5")
    assert str(refused.value) == "Số phải là bội của 0,5"


@pytest.mark.parametrize(("step", "text"), [("1", "7,5"), ("1", "7,0"), ("0.5", "7,25"), ("0.50", "7,50")])
def test_a_step_limits_the_decimals(step, text):
    with pytest.raises(BadNumber) as refused:
        score(text, step=step)
    assert refused.value.code == "too_many_decimals"


def test_thousandths_are_unambiguous_with_a_comma_or_below_one():
    assert score("1,125", step="0.001") == Decimal("1.125")
    assert score("0.125", step="0.001") == Decimal("0.125")
    with pytest.raises(BadNumber) as refused:
        score("1.125", step="0.001")
    assert refused.value.code == "ambiguous"


def grammar_accepts(text: str, maximum: Decimal, places: int, step: Decimal) -> bool:
    """The documented grammar again, character by character, over ASCII only."""
    text = text.strip()
    whole, mark, decimals = text, "", ""
    for sign in ",.":
        if text.count(sign) == 1 and not mark:
            whole, mark, decimals = text.partition(sign)
    if not whole or set(whole + decimals) - set("0123456789") or (mark and not decimals):
        return False
    if len(text) > 40 or (len(whole) > 1 and whole[0] == "0"):
        return False
    if mark == "." and len(decimals) == 3 and len(whole) <= 3 and whole != "0":
        return False
    value = Decimal(f"{whole}.{decimals or 0}")
    return len(decimals) <= places and value <= maximum and value % step == 0


near_scores = st.one_of(
    st.text(st.sampled_from("0123456789,.-+eE ١７０_NaIf\u200b"), max_size=7),
    st.text(st.sampled_from("0125,."), max_size=6),
    st.builds(lambda a, s, b: f"{a}{s}{b}", st.integers(0, 120), st.sampled_from(",."), st.integers(0, 1250)),
    st.text(max_size=5),
)


STEPS = [("1", 0), ("0.5", 1), ("0.25", 2), ("0.1", 1), ("0.01", 2), ("0.125", 3)]


@settings(max_examples=5000)
@given(near_scores, st.sampled_from(STEPS))
def test_accepted_set_equals_the_grammar(text, step_and_places):
    step, places = Decimal(step_and_places[0]), step_and_places[1]
    try:
        value = parse_score(text, maximum=Decimal(100), step=step)
    except BadNumber:
        assert not grammar_accepts(text, Decimal(100), places, step)
    else:
        assert grammar_accepts(text, Decimal(100), places, step)
        assert value == Decimal(text.strip().replace(",", "."))
        assert not value.is_signed()


# --- Money as typed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.000.000", 1_000_000),
        ("1000000", 1_000_000),
        ("1 000 000 đồng", 1_000_000),
        ("1\u00a0000\u202f000", 1_000_000),
        ("500.000đ", 500_000),
        ("500.000 VNĐ", 500_000),
        ("500000 vnd", 500_000),
        ("500.000₫", 500_000),
        (unicodedata.normalize("NFD", "2.000 đồng"), 2_000),
        ("0", 0),
        ("1.000", 1_000),
    ],
)
def test_money_is_read(text, amount):
    assert parse_money(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "missing"),
        ("  ", "missing"),
        ("đồng", "not_a_number"),
        ("1.00", "not_a_number"),
        ("1.0000", "not_a_number"),
        ("1.000 000", "not_a_number"),
        ("1,000,000", "not_a_number"),
        ("1.000,5", "not_a_number"),
        ("-1000", "not_a_number"),
        ("1e6", "not_a_number"),
        ("１０００", "not_a_number"),
        ("1 triệu", "not_a_number"),
        ("=1000", "not_a_number"),
        ("9" * 100_000, "not_a_number"),
        ("1000000000000000", "out_of_range"),
    ],
)
def test_money_refused(text, code):
    with pytest.raises(BadNumber) as refused:
        parse_money(text)
    assert refused.value.code == code


@given(st.integers(0, 10**15 - 1))
def test_money_written_is_money_read(amount):
    assert parse_money(money(amount)) == amount


def test_money_has_a_limit_of_its_own():
    with pytest.raises(BadNumber) as refused:
        parse_money("2.000.001", maximum=2_000_000)
    assert str(refused.value) == "Số phải từ 0 đến 2.000.000"
