"""The arithmetic of scores, exact and pure: means, the spread, and the text that sorts entries best first."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

FOUR_PLACES = Decimal("0.0001")
MEAN_DIGITS = 10
CRITERION_DIGITS = 8
TIME_DIGITS = 16
AUTHORS_DIGITS = 3
KEY_LIMIT = 120
FEWEST_FOR_EXTREMES = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mean(values: Sequence[Decimal]) -> Decimal:
    """Arithmetic mean to four places, halves up. Raises ZeroDivisionError for no values."""
    return (sum(values, Decimal(0)) / len(values)).quantize(FOUR_PLACES, ROUND_HALF_UP)


def combined(combination: str, totals: Sequence[Decimal]) -> Decimal:
    """One score of several sheets: their mean, or with `drop_extremes` the mean without one highest and one lowest
    total. Fewer than three sheets have no extremes to drop."""
    if combination == "drop_extremes" and len(totals) >= FEWEST_FOR_EXTREMES:
        return mean(sorted(totals)[1:-1])
    return mean(totals)


def spread_limit(scale: Decimal, percent: Decimal) -> Decimal:
    """How far apart the highest and the lowest total may lie: a part of the whole scale."""
    return scale * percent / 100


def is_too_far_apart(totals: Sequence[Decimal], scale: Decimal, percent: Decimal) -> bool:
    """Whether two sheets differ by more than the limit. A difference that equals the limit is within it."""
    return len(totals) > 1 and max(totals) - min(totals) > spread_limit(scale, percent)


def rank_key(
    mean_score: Decimal,
    rules: Sequence[str],
    criterion_means: Mapping[str, Decimal],
    submitted_at: datetime,
    authors: int,
) -> str:
    """Text that sorts entries best first, digits only, so that every database and language sorts it alike.

    Fields of fixed width stand one after the other: the mean (10 digits), then one for each tie rule in its order:
    `criterion:<key>` the mean of that criterion over all sheets (8), `earlier_submission` the microseconds since
    1970 (16), `fewer_authors` their number (3). Where more is better the field holds the distance from the largest
    number of its width. Rules that no longer fit 120 characters are left out whole; two entries with the same text
    are equal by the rules.
    """
    key = _descending(mean_score, MEAN_DIGITS)
    for rule in rules:
        field = _field(rule, criterion_means, submitted_at, authors)
        if len(key) + len(field) > KEY_LIMIT:
            break
        key += field
    return key


def _field(rule: str, criterion_means: Mapping[str, Decimal], submitted_at: datetime, authors: int) -> str:
    if rule == "earlier_submission":
        return _ascending((submitted_at - _EPOCH) // timedelta(microseconds=1), TIME_DIGITS)
    if rule == "fewer_authors":
        return _ascending(authors, AUTHORS_DIGITS)
    return _descending(criterion_means.get(rule.removeprefix("criterion:"), Decimal(0)), CRITERION_DIGITS)


def _descending(value: Decimal, digits: int) -> str:
    return _ascending(10**digits - 1 - int(value.scaleb(4)), digits)


def _ascending(number: int, digits: int) -> str:
    if not 0 <= number < 10**digits:
        raise ValueError(f"{number} has no room in {digits} digits")
    return f"{number:0{digits}}"
