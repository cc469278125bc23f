"""The ranking held against a second one, written from the text of the rules alone, and against cases by hand."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ranking import rules
from app.ranking.rules import Candidate, PrizeKind, Rules, place

START = datetime(2026, 11, 1, tzinfo=UTC)
PRIZES = (PrizeKind(1, 1, 300), PrizeKind(2, 2, 200), PrizeKind(3, 3, 100))
RULES = Rules(Decimal(50), True, ("criterion:a", "earlier_submission", "fewer_authors"), PRIZES)


def candidate(code: str, mean: str, *, minutes: int = 0, authors: int = 1, zero: bool = False, **criteria: str):
    return Candidate(
        code,
        Decimal(mean),
        START + timedelta(minutes=minutes),
        authors,
        {key: Decimal(score) for key, score in criteria.items()},
        zero,
    )


# --- the second implementation: pairwise, without sorting ---------------------------------------------------------
def beats(one: Candidate, other: Candidate, tie_rules) -> str:
    """By what `one` stands above `other`: "mean", a tie rule, or "" when it does not."""
    if one.mean != other.mean:
        return "mean" if one.mean > other.mean else ""
    for rule in tie_rules:
        if rule == "earlier_submission":
            mine, theirs = other.submitted_at, one.submitted_at
        elif rule == "fewer_authors":
            mine, theirs = other.authors, one.authors
        else:
            key = rule.split(":")[1]
            mine, theirs = one.criteria.get(key, Decimal(0)), other.criteria.get(key, Decimal(0))
        if mine != theirs:
            return rule if mine > theirs else ""
    return ""


def written_outcome(candidates, laid_down: Rules) -> dict[str, tuple[int, int | None, bool]]:
    """(rank, prize, waits for a decision) of each, read off the rules' text."""
    above = {c.code: [o for o in candidates if beats(o, c, laid_down.tie_rules)] for c in candidates}

    def may(c: Candidate) -> bool:
        return c.mean >= laid_down.threshold and not (laid_down.zero_fails and c.has_zero)

    outcome = {}
    for c in candidates:
        equals = [o for o in candidates if len(above[o.code]) == len(above[c.code]) and may(o)]
        first = len([o for o in above[c.code] if may(o)])
        outcome[c.code] = (
            len(above[c.code]) + 1,
            *(seats_of(first, len(equals), laid_down) if may(c) else (None, False)),
        )
    return outcome


def seats_of(first: int, many: int, laid_down: Rules) -> tuple[int | None, bool]:
    seats = []
    for kind in laid_down.prizes:
        seats.extend([kind.id] * kind.slots)
    theirs = [seats[n] if n < len(seats) else None for n in range(first, first + many)]
    if all(seat is None for seat in theirs):
        return None, False
    return (theirs[0], False) if len(set(theirs)) == 1 else (None, True)


def told(places) -> dict[str, tuple[int, int | None, bool]]:
    return {p.code: (p.rank, p.prize_id, p.is_open) for p in places}


def random_case(rng: random.Random):
    """Few different values, so that equal ones are common."""
    candidates = [
        candidate(
            f"SK-{n:02}",
            str(rng.choice(["49.9999", "50", "70.5", "70.5001", "88.25"])),
            minutes=rng.randrange(2),
            authors=rng.randrange(1, 3),
            zero=rng.random() < 0.2,
            a=rng.choice(["10", "20"]),
            b=rng.choice(["0", "5"]),
        )
        for n in range(rng.randrange(9))
    ]
    tie_rules = ["criterion:a", "criterion:b", "earlier_submission", "fewer_authors"]
    rng.shuffle(tie_rules)
    prizes = tuple(PrizeKind(n, rng.randrange(3), 100 * n) for n in range(1, rng.randrange(2, 5)))
    return candidates, Rules(Decimal(50), rng.random() < 0.5, tuple(tie_rules[: rng.randrange(5)]), prizes)


def test_ten_thousand_random_cases_agree_with_the_written_rules():
    rng = random.Random(20260517)
    for _case in range(10_000):
        candidates, laid_down = random_case(rng)
        assert told(place(candidates, laid_down)) == written_outcome(candidates, laid_down)


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(rng):
    candidates, laid_down = random_case(rng)
    mixed = list(candidates)
    rng.shuffle(mixed)
    assert place(mixed, laid_down) == place(candidates, laid_down)


@given(st.randoms(use_true_random=False))
def test_never_more_prizes_than_slots_and_nobody_barred(rng):
    candidates, laid_down = random_case(rng)
    places = place(candidates, laid_down)
    choices = rules.proposed(places)
    assert rules.overfull(choices, laid_down.prizes) == []
    assert not {p.code for p in places if p.obstacle} & choices.keys()
    assert rules.passed_over(places, {**choices}, laid_down.prizes) is None or any(p.is_open for p in places)
    assert rules.money_of(choices, laid_down.prizes) <= rules.money_needed(places, laid_down.prizes)


# --- by hand ------------------------------------------------------------------------------------------------------
def test_a_tie_is_parted_by_the_first_rule_that_can_and_says_so():
    places = place(
        [candidate("C", "80", a="9", minutes=5), candidate("B", "80", a="9"), candidate("A", "80", a="10")], RULES
    )
    assert [(p.code, p.rank, p.decided_by) for p in places] == [
        ("A", 1, ("criterion:a",)),
        ("B", 2, ("criterion:a", "earlier_submission")),
        ("C", 3, ("earlier_submission",)),
    ]


def test_whom_no_rule_parts_share_a_rank_and_the_next_one_counts_both():
    places = place([candidate("A", "90"), candidate("B", "80"), candidate("C", "80"), candidate("D", "70")], RULES)
    assert [(p.rank, p.is_shared, p.prize_id) for p in places] == [
        (1, False, 1),
        (2, True, 2),
        (2, True, 2),
        (4, False, 3),
    ]


def test_equals_at_the_end_of_a_kind_wait_for_the_head_and_keep_their_seats():
    places = place([candidate("A", "90"), candidate("B", "90"), candidate("C", "80")], RULES)
    assert [(p.code, p.prize_id, p.is_open) for p in places] == [("A", None, True), ("B", None, True), ("C", 2, False)]
    assert rules.money_needed(places, PRIZES) == 300 + 200 + 200


def test_the_threshold_itself_is_enough_and_a_zero_bars():
    places = place([candidate("A", "90", zero=True), candidate("B", "50"), candidate("C", "49.9999")], RULES)
    assert [(p.code, p.rank, p.obstacle, p.prize_id) for p in places] == [
        ("A", 1, "zero_criterion", None),
        ("B", 2, "", 1),
        ("C", 3, "below_threshold", None),
    ]


def test_a_zero_bars_only_where_the_contest_says_so():
    assert place([candidate("A", "90", zero=True)], Rules(Decimal(50), False, (), PRIZES))[0].prize_id == 1


def test_a_page_counts_on_from_those_above_it():
    assert [p.rank for p in place([candidate("A", "90"), candidate("B", "80")], RULES, above=250)] == [251, 252]


@pytest.mark.parametrize("score", [88.5, 88, Decimal("NaN"), Decimal("Infinity"), "88"])
def test_only_exact_decimals_are_ranked(score):
    with pytest.raises(TypeError):
        place([Candidate("A", score, START)], RULES)


def test_nobody_and_no_prizes():
    assert place([], RULES) == []
    assert place([candidate("A", "90")], Rules(Decimal(0), True))[0].prize_id is None


def test_passing_over_is_seen_only_among_those_who_may_get_a_prize():
    places = place([candidate("Z", "99", zero=True), candidate("A", "90"), candidate("B", "80")], RULES)
    assert rules.passed_over(places, {"A": 1, "B": 2}, PRIZES) is None
    assert rules.passed_over(places, {"A": 2, "B": 1}, PRIZES) == ("A", "B")
    assert rules.passed_over(places, {"B": 3}, PRIZES) == ("A", "B")
    assert rules.passed_over(places, {}, PRIZES) is None
