"""Markers of points, clauses and annexes in official papers (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from collections.abc import Iterator

# Điểm are lettered by the Vietnamese alphabet, without the letters that carry a mark of their own except đ.
_CLAUSE_ALPHABET = "abcdđeghiklmnopqrstuvxy"

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def clause_letters() -> Iterator[str]:
    """a, b, c, d, đ, e, g, h, i, k, l, m … y, then aa, ab …: never runs out, so no point is lost."""
    yield from _CLAUSE_ALPHABET
    for prefix in clause_letters():
        for letter in _CLAUSE_ALPHABET:
            yield prefix + letter


def roman(number: int) -> str:
    """Roman numeral of 1 to 3999, for Phần, Chương and Phụ lục. Raises ValueError outside."""
    if not 1 <= number <= 3999:
        raise ValueError(f"no Roman numeral for {number}")
    digits = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        digits += sign * count
    return digits
