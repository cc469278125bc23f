"""Sort keys in the order of the Vietnamese alphabet, as strings that a database column can hold.

A key uses only `0`–`9` and `a`–`f`, so that byte order, SQLite's BINARY and PostgreSQL's collations of any
locale agree on it. It has three levels, as in the Unicode collation algorithm: letters, tones, case.
"""

import unicodedata

from app.core.vietnamese.text import clean_line

# The 29 letters of the alphabet, with f j w z where Vietnamese dictionaries place them.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

_LETTER = {letter: str(20 + place) for place, letter in enumerate(ALPHABET)}
_TONE = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}  # huyền hỏi ngã sắc nặng
_NO_TONE = "1"  # ngang
_LETTER_MARKS = {"\u0302", "\u0306", "\u031b"}  # of â ê ô, of ă, of ơ ư


def _letters(text: str) -> list[tuple[str, str, str]]:
    """Each base letter of the text as (letter in lower case, its tone digit, its case digit)."""
    found: list[tuple[str, str, str]] = []
    for char in unicodedata.normalize("NFD", text):
        if char in _LETTER_MARKS and found:
            letter, tone, case = found[-1]
            composed = unicodedata.normalize("NFC", letter + char)
            found[-1] = (composed if composed in _LETTER else letter, tone, case)
        elif char in _TONE and found:
            found[-1] = (found[-1][0], _TONE[char], found[-1][2])
        elif unicodedata.category(char) != "Mn":
            found += [(small, _NO_TONE, "2" if char != small else "1") for small in char.lower()]
    return found


def _weight(letter: str) -> str:
    """Place of one character: space, then signs, then digits, then the alphabet, then other scripts."""
    if letter in _LETTER:
        return _LETTER[letter]
    if letter == " ":
        return "01"
    if letter in "0123456789":
        return f"1{letter}"
    return ("90" if letter.isalnum() else "02") + f"{ord(letter):06x}"


def _tone_of_word(word: list[tuple[str, str, str]]) -> str:
    """A syllable carries one tone, wherever it is written: `hòa` and `hoà` are one word."""
    return next((tone for _, tone, _ in word if tone != _NO_TONE), _NO_TONE)


def _levels(text: str) -> tuple[str, str, str]:
    """The three parts of a key; ends that say nothing (level tone, small letter) are left off."""
    letters = _letters(clean_line(text))
    words: list[list[tuple[str, str, str]]] = [[]]
    for item in letters:
        if item[0] == " ":
            words.append([])
        else:
            words[-1].append(item)
    first = "".join(_weight(letter) for letter, _, _ in letters)
    second = "".join(_tone_of_word(word) for word in words).rstrip(_NO_TONE)
    third = "".join(case for _, _, case in letters).rstrip("1")
    return first, second, third


def sort_key(text: str) -> str:
    """Key of any text: a ă â b c d đ …, then ngang huyền hỏi ngã sắc nặng, then small before capital.

    `ma mà mả mã má mạ mă mâ` is in order. A key is two to eight times as long as its text.
    """
    first, second, third = _levels(text)
    return f"{first}00{second}0{third}"


def name_sort_key(full_name: str) -> str:
    """Key of a person: the given name, which is the last word, then family and middle names.

    Order: An (Lê), An (Nguyễn Thị), Ánh, Ân, Ẩn, Bình, Dũng, Đức. Capitals never part bearers of one name.
    """
    rest, _, given = clean_line(full_name).rpartition(" ")
    given_first, given_second, given_third = _levels(given)
    rest_first, rest_second, rest_third = _levels(rest)
    return f"{given_first}00{given_second}0{rest_first}00{rest_second}0{given_third}0{rest_third}"
