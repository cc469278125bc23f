"""What the sheets of an entry come to, against a second computation written from the rules."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring import arithmetic
from app.scoring.sharing import Need, share_out

halves = st.integers(0, 200).map(lambda n: Decimal(n) / 2)
totals = st.lists(halves, min_size=1, max_size=9)


def written_mean(values):
    """To four places, halves up, by whole numbers only."""
    exact = sum((Fraction(value) for value in values), Fraction(0)) / len(values)
    tenths = (exact * 100_000).__floor__()
    return Decimal((tenths + 5) // 10) / Decimal(10_000)


@given(totals)
def test_mean_is_the_written_one(values):
    assert arithmetic.mean(values) == written_mean(values)


@given(totals, st.randoms())
def test_order_of_sheets_changes_nothing(values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    for rule in ("mean", "drop_extremes"):
        assert arithmetic.combined(rule, shuffled) == arithmetic.combined(rule, values)


@given(totals)
def test_extremes_are_dropped_from_three_sheets_on(values):
    kept = list(values)
    if len(kept) >= 3:
        kept.remove(max(kept))
        kept.remove(min(kept))
    assert arithmetic.combined("drop_extremes", values) == written_mean(kept)


@pytest.mark.parametrize(
    ("values", "apart"),
    [(["60", "80"], False), (["60", "80.5"], True), (["60"], False), (["60", "70", "80"], False)],
)
def test_a_spread_that_equals_the_limit_is_within_it(values, apart):
    assert arithmetic.is_too_far_apart([Decimal(v) for v in values], Decimal(100), Decimal(20)) is apart


@dataclass(frozen=True)
class Entrant:
    mean: Decimal
    novelty: Decimal
    effect: Decimal
    submitted_at: datetime
    authors: int


places = st.integers(0, 40).map(lambda n: Decimal(n) / 4)
moments = st.integers(0, 3).map(lambda n: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(microseconds=n))
entrants = st.builds(Entrant, places, places, places, moments, st.integers(1, 3))
RULES = ("criterion:novelty", "criterion:effect", "earlier_submission", "fewer_authors")


def key_of(entrant, rules):
    return arithmetic.rank_key(
        entrant.mean,
        rules,
        {"novelty": entrant.novelty, "effect": entrant.effect},
        entrant.submitted_at,
        entrant.authors,
    )


def is_better(one, other, rules):
    """The written rules: the higher mean first; when equal, the first rule that tells the two apart decides."""
    if one.mean != other.mean:
        return one.mean > other.mean
    for rule in rules:
        if rule == "criterion:novelty" and one.novelty != other.novelty:
            return one.novelty > other.novelty
        if rule == "criterion:effect" and one.effect != other.effect:
            return one.effect > other.effect
        if rule == "earlier_submission" and one.submitted_at != other.submitted_at:
            return one.submitted_at < other.submitted_at
        if rule == "fewer_authors" and one.authors != other.authors:
            return one.authors < other.authors
    return None


@given(entrants, entrants, st.permutations(RULES).flatmap(lambda r: st.integers(0, 4).map(lambda n: r[:n])))
def test_the_key_sorts_by_the_written_rules(one, other, rules):
    better = is_better(one, other, rules)
    first, second = key_of(one, rules), key_of(other, rules)
    assert (first < second) == (better is True)
    assert (first == second) == (better is None)


def test_the_key_is_digits_that_fit_the_column():
    entrant = Entrant(Decimal("99.9999"), Decimal(1000), Decimal(0), datetime(2100, 1, 1, tzinfo=UTC), 99)
    key = key_of(entrant, ["criterion:novelty"] * 14 + ["earlier_submission"])
    assert key.isdigit()
    assert len(key) == 10 + 13 * 8
    assert key_of(entrant, RULES)[:18] == "999900000089999999"


def test_the_key_has_no_room_for_a_negative_value():
    with pytest.raises(ValueError, match="no room"):
        arithmetic.rank_key(Decimal(-1), [], {}, datetime(2026, 1, 1, tzinfo=UTC), 1)


judges = st.integers(1, 7)


@given(st.integers(1, 12), judges, st.integers(1, 5))
def test_a_share_out_is_even_and_repeatable(entries, judge_count, per_entry):
    needs = [Need(n, 0, ()) for n in range(entries)]
    people = list(range(100, 100 + judge_count))
    pairs = share_out(needs, people, {}, per_entry)
    assert pairs == share_out(needs, people, {}, per_entry)
    assert len(set(pairs)) == len(pairs) == entries * min(per_entry, judge_count)
    loads = [sum(judge == one for _entry, judge in pairs) for one in people]
    assert max(loads) - min(loads) <= 1


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(100, 104))))
def test_nobody_is_given_what_is_barred(barred):
    needs = [Need(n, 0, {judge for entry, judge in barred if entry == n}) for n in range(6)]
    pairs = share_out(needs, list(range(100, 105)), {}, None)
    assert set(pairs) == {(n, judge) for n in range(6) for judge in range(100, 105)} - barred


def test_a_share_out_fills_up_what_is_there():
    pairs = share_out([Need(1, 2, {100, 101})], [100, 101, 102, 103], {102: 5}, 3)
    assert pairs == [(1, 103)]
