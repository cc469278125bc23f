"""Cleaning at the door, search keys, sort keys, file names and list markers."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.vietnamese import (
    clause_letters,
    clean_line,
    clean_text,
    file_slug,
    fold,
    is_windows_device,
    name_sort_key,
    nfc,
    roman,
    sort_key,
    upper,
)

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
words = st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " -1"), max_size=12)


# --- Cleaning -------------------------------------------------------------------------------------


def test_decomposed_input_becomes_the_one_stored_form():
    name = "Nguyễn Công Lộc"
    typed_on_a_mac = unicodedata.normalize("NFD", name)
    assert typed_on_a_mac != name
    assert nfc(typed_on_a_mac) == clean_line(typed_on_a_mac) == clean_text(typed_on_a_mac) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Một   cửa\t điện\u00a0tử \n", "Một cửa điện tử"),
        ("Một\ncửa", "Một cửa"),
        ("Một\r\ncửa", "Một cửa"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("dịch\u200b vụ\u200d\ufeff", "dịch vụ"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u2067đổi\u2069 chiều", "đổi chiều"),
        ("hồ\u00adsơ", "hồsơ"),
        ("a\u200b\u0301", "á"),
        ("\u3164\u2800\u115f", ""),
        ("\ud800abc", "abc"),
        ("\ue000abc", "abc"),
        ("\u00d0oàn \u0189ội", "Đoàn Đội"),
        ("K'Brông – H'Hen 5 m²", "K'Brông – H'Hen 5 m²"),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(typed, stored):
    assert clean_line(typed) == stored


def test_a_text_keeps_its_lines():
    assert clean_text("\r\n Dòng  một \r\rDòng\u200b hai\u2028ba\x0b\n\n") == "Dòng một\n\nDòng hai\nba"


@given(st.text())
def test_cleaning_leaves_nothing_unseen_and_is_done_once(text):
    once = clean_line(text)
    assert clean_line(once) == once
    assert clean_text(clean_text(text)) == clean_text(text)
    assert unicodedata.is_normalized("NFC", once)
    assert not {unicodedata.category(c) for c in once} & {"Cc", "Cf", "Cs", "Co"}
    assert once == once.strip()
    assert "  " not in once
    once.encode("utf-8")


# --- Search key -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đặng Thị Hòa", "dang thi hoa"),
        ("ĐẶNG THỊ HOÀ", "dang thi hoa"),
        ("uỷ ban  nhân dân", "uy ban nhan dan"),
        ("Ủy Ban Nhân Dân", "uy ban nhan dan"),
        ("quyền ưu tiên", "quyen uu tien"),
        ("Ｓáng kiến", "sang kien"),
        ("sáng k\u0456\u0435\u0301n", "sang kien"),
        ("Straße ﬁle", "strasse file"),
        ("", ""),
    ],
)
def test_search_key(text, key):
    assert fold(text) == key
    assert fold(unicodedata.normalize("NFD", text)) == key


@given(st.text())
def test_search_key_is_stable_whatever_the_form(text):
    key = fold(text)
    assert fold(key) == key
    assert fold(unicodedata.normalize("NFD", text)) == key
    assert fold(f" {text}\u200b ") == key


@given(words)
def test_search_key_of_vietnamese_is_plain_ascii(text):
    assert fold(text).isascii()
    assert fold(text.upper()) == fold(text)


def test_capitals():
    assert upper(unicodedata.normalize("NFD", "Đặng Thị Ưng")) == "ĐẶNG THỊ ƯNG"
    assert upper("K'Brông") == "K'BRÔNG"


# --- Sort keys ------------------------------------------------------------------------------------

ALPHABET_LINE = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
TONE_LINE = ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mâ"]
NAMES_IN_ORDER = [
    "Lê An",
    "Nguyễn Thị An",
    "Bùi Ánh",
    "Trần Ân",
    "Đỗ Ẩn",
    "Vũ Thị Bình",
    "Cao Dũng",
    "Âu Đức",
]


def is_rising(line, key):
    """True if each text has a strictly greater key than the one before it."""
    keys = [key(text) for text in line]
    return keys == sorted(set(keys))


@pytest.mark.parametrize("line", [ALPHABET_LINE, TONE_LINE], ids=["alphabet", "tones"])
def test_order_of_letters_and_tones(line):
    assert is_rising(line, sort_key)


@pytest.mark.parametrize(
    "line",
    [
        ["Đặng", "Đỗ", "Trần"],
        ["an", "An", "AN", "án"],
        ["an bình", "anh"],
        ["ca", "cá", "cá nhân", "can"],
        ["má a", "ma b"],
        ["hòa", "hoạ"],
        ["Phường 1", "Phường 2", "Phường Ba"],
        ["-", "1", "a", "z", "я"],
        ["cong", "công", "cơng"],
        ["xa", "ya", "za"],
    ],
    ids=lambda line: line[0],
)
def test_order_of_words(line):
    assert is_rising(line, sort_key)


def test_both_places_of_the_tone_mark_sort_alike():
    assert sort_key("Hoà Bình") == sort_key("Hòa Bình")
    assert sort_key("uỷ ban") == sort_key("ủy ban")


def test_persons_sort_by_given_name_then_family():
    assert is_rising(NAMES_IN_ORDER, name_sort_key)


def test_capitals_never_part_the_bearers_of_one_name():
    people = ["Đỗ An", "LÊ AN", "Ngô An", "Trần AN"]
    assert is_rising(people, name_sort_key)


def test_a_name_of_one_word_comes_before_longer_ones():
    people = ["An", "Lê An", "Án", "Anh"]
    assert is_rising(people, name_sort_key)


def slow_order(text: str) -> tuple:
    """The order written a second way: index in tables, compared as tuples, for Vietnamese syllables only."""
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
    primary, tones, cases = [], [], []
    for word in text.split():
        tone = 0
        for char in word:
            row = VIETNAMESE.index(char.lower())
            bare = char.lower() if char.lower() in letters else ""
            if not bare:
                tone = next(n for n in range(1, 6) if VIETNAMESE[row - n] in letters)
                bare = VIETNAMESE[row - tone]
            primary.append(letters.index(bare) + 1)
            cases.append(char.isupper())
        primary.append(0)
        tones.append(tone)
    return primary[:-1], tones, cases


syllables = st.lists(
    st.builds(
        lambda start, vowel, end: start + vowel + end,
        st.sampled_from(["", "b", "d", "đ", "D", "tr", "Th"]),
        st.sampled_from("aàáạăắâấoôơợeêệiuưữỵÂỘ"),
        st.sampled_from(["", "n", "ng", "NH"]),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@given(syllables, syllables)
def test_sort_key_orders_as_the_rule_does(left, right):
    keys = sort_key(left), sort_key(right)
    rule = slow_order(left), slow_order(right)
    assert (keys[0] < keys[1]) == (rule[0] < rule[1])
    assert (keys[0] == keys[1]) == (rule[0] == rule[1])


@given(st.text(max_size=30))
def test_keys_are_hexadecimal_so_that_every_collation_agrees(text):
    assert set(sort_key(text) + name_sort_key(text)) <= set("0123456789abcdef")
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)


# --- File names and list markers ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Quyết định số 15/QĐ-UBND", "Quyet-dinh-so-15-QD-UBND"),
        ("  Tờ trình: “chấm điểm” 50%  ", "To-trinh-cham-diem-50"),
        ("15-QĐ-UBND_2024-06-05", "15-QD-UBND_2024-06-05"),
        ("../../etc/passwd", "etc-passwd"),
        ("--help", "help"),
        ("CON", "tep-CON"),
        ("lpt1", "tep-lpt1"),
        ("中文", "tep"),
        ("", "tep"),
        ("a" * 300, "a" * 100),
    ],
)
def test_file_slug(text, slug):
    assert file_slug(text) == slug


@given(st.text())
def test_file_slug_is_always_a_safe_name(text):
    slug = file_slug(text)
    assert slug
    assert len(slug) <= 104
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert not slug.startswith("-")
    assert not is_windows_device(slug)


def test_clause_letters_follow_the_decree_and_never_run_out():
    letters = list(itertools.islice(clause_letters(), 26))
    assert letters[:23] == list("abcdđeghiklmnopqrstuvxy")
    assert letters[23:] == ["aa", "ab", "ac"]


def test_roman_numerals():
    assert [roman(n) for n in (1, 3, 4, 9, 14, 40, 90, 400, 1994, 3999)] == [
        "I", "III", "IV", "IX", "XIV", "XL", "XC", "CD", "MCMXCIV", "MMMCMXCIX",
    ]  # fmt: skip
    for outside in (0, -1, 4000):
        with pytest.raises(ValueError, match="no Roman numeral"):
            roman(outside)
