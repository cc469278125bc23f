"""Who stands where, by the written rules of the contest. Pure: no database, no clock, decimals only.

1. The higher mean of the score sheets stands first.
2. Equal means are parted by the contest's tie rules in their order: the higher mean of a named criterion, the earlier
   submission, or the fewer authors.
3. Whom no rule parts share a rank; the next rank counts everybody above (1, 2, 2, 4).
4. An entry below the threshold gets no prize; nor does one with a criterion at 0, where the contest says so.
5. Prizes are proposed from the first kind to the last, as many as there are slots, along the ranks of those who may
   get one. Where the slots of one kind end inside a shared rank, nobody of that rank is given anything: the seats are
   kept for them and the head of the jury decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

BELOW_THRESHOLD = "below_threshold"
ZERO_CRITERION = "zero_criterion"
CRITERION = "criterion:"
NO_MEANS: Mapping[str, Decimal] = MappingProxyType({})


class Candidate(NamedTuple):
    """One scored entry. `mean` and the means in `criteria` (by the criterion's key) are rounded to four places;
    `has_zero`: some criterion has the mean 0."""

    code: str
    mean: Decimal
    submitted_at: datetime
    authors: int = 1
    criteria: Mapping[str, Decimal] = NO_MEANS
    has_zero: bool = False


@dataclass(frozen=True)
class PrizeKind:
    """A kind of prize, how many of it there are, and the money of each in đồng."""

    id: int
    slots: int
    amount: int


@dataclass(frozen=True)
class Rules:
    """What a contest lays down; `tie_rules` and `prizes` in their order."""

    threshold: Decimal
    zero_fails: bool
    tie_rules: tuple[str, ...] = ()
    prizes: tuple[PrizeKind, ...] = ()


class Place(NamedTuple):
    """Where an entry stands. `decided_by`: tie rules that parted it from neighbours with the same mean. `obstacle`:
    why it gets no prize, or "". `is_open`: seats are kept for its shared rank, the head of the jury decides."""

    candidate: Candidate
    rank: int
    decided_by: tuple[str, ...]
    is_shared: bool
    obstacle: str
    prize_id: int | None = None
    is_open: bool = False

    @property
    def code(self) -> str:
        """The entry's code."""
        return self.candidate.code


def place(candidates: Sequence[Candidate], rules: Rules, *, above: int = 0) -> list[Place]:
    """Everybody's place, best first; `above` is how many stand above all the given ones.

    Raises TypeError for a score that is not a decimal.
    """
    groups = _groups(candidates, rules.tie_rules)
    seats = [prize.id for prize in rules.prizes for _slot in range(prize.slots)]
    places: list[Place] = []
    for number, group in enumerate(groups):
        neighbours = [other[0] for other in groups[max(0, number - 1) : number + 2] if other is not group]
        equal = [other for other in neighbours if other.mean == group[0].mean]
        decided = _deciding(group[0], equal, rules.tie_rules) if equal else ()
        obstacles = [obstacle(candidate, rules) for candidate in group]
        eligible = obstacles.count("")
        taken, seats = seats[:eligible], seats[eligible:]
        prize_id = taken[0] if len(taken) == eligible and len(set(taken)) == 1 else None
        rank = above + len(places) + 1
        for candidate, barred in zip(group, obstacles, strict=True):
            given = (None, False) if barred else (prize_id, bool(taken) and prize_id is None)
            places.append(Place(candidate, rank, decided, len(group) > 1, barred, *given))
    return places


def obstacle(candidate: Candidate, rules: Rules) -> str:
    """Why the entry gets no prize: `BELOW_THRESHOLD`, `ZERO_CRITERION` or ""."""
    if candidate.mean < rules.threshold:
        return BELOW_THRESHOLD
    return ZERO_CRITERION if rules.zero_fails and candidate.has_zero else ""


def _groups(candidates: Sequence[Candidate], tie_rules: tuple[str, ...]) -> list[list[Candidate]]:
    """Those who share a rank together, the best first; inside a group the code gives a stable order."""

    def key(candidate: Candidate) -> tuple:
        return (-_exact(candidate.mean), *(_tie_value(candidate, rule) for rule in tie_rules))

    ordered = sorted((key(candidate), candidate.code, number) for number, candidate in enumerate(candidates))
    return [[candidates[one[2]] for one in group] for _key, group in groupby(ordered, key=itemgetter(0))]


def _tie_value(candidate: Candidate, rule: str) -> Decimal | datetime | int:
    """What a rule compares; the smaller value stands first."""
    if rule.startswith(CRITERION):
        return -_exact(candidate.criteria.get(rule.removeprefix(CRITERION), Decimal(0)))
    return candidate.submitted_at if rule == "earlier_submission" else candidate.authors


def _exact(score: Decimal) -> Decimal:
    if not isinstance(score, Decimal) or not score.is_finite():
        raise TypeError(f"{score!r} is no exact score")
    return score


def _deciding(candidate: Candidate, equal: Sequence[Candidate], tie_rules: tuple[str, ...]) -> tuple[str, ...]:
    """The rules that part a candidate from neighbours with the same mean, in the contest's order."""
    found = {
        next(rule for rule in tie_rules if _tie_value(candidate, rule) != _tie_value(other, rule)) for other in equal
    }
    return tuple(rule for rule in tie_rules if rule in found)


# --- prizes -------------------------------------------------------------------------------------------------------
def proposed(places: Sequence[Place]) -> dict[str, int]:
    """Kinds of prize by the code of the entry that the rules give them to."""
    return {p.code: p.prize_id for p in places if p.prize_id is not None}


def money_needed(places: Sequence[Place], prizes: Sequence[PrizeKind]) -> int:
    """Đồng for all seats that the proposal takes or keeps for a decision."""
    seats = [prize.amount for prize in prizes for _slot in range(prize.slots)]
    return sum(seats[: sum(1 for p in places if not p.obstacle)])


def money_of(choices: Mapping[str, int], prizes: Sequence[PrizeKind]) -> int:
    """Đồng for the prizes chosen."""
    amounts = {prize.id: prize.amount for prize in prizes}
    return sum(amounts[prize_id] for prize_id in choices.values())


def overfull(choices: Mapping[str, int], prizes: Sequence[PrizeKind]) -> list[PrizeKind]:
    """Kinds that are given more often than they have slots."""
    given = list(choices.values())
    return [prize for prize in prizes if given.count(prize.id) > prize.slots]


def passed_over(
    places: Sequence[Place], choices: Mapping[str, int], prizes: Sequence[PrizeKind]
) -> tuple[str, str] | None:
    """The first pair (who gets less, who gets more) against the order among those who may get a prize, or None."""
    worth = {prize.id: -number for number, prize in enumerate(prizes)}
    worst: tuple[int, str] | None = None
    for _rank, same in groupby((p for p in places if not p.obstacle), key=lambda p: p.rank):
        values = [(worth.get(choices.get(p.code), -len(prizes)), p.code) for p in same]
        best = max(values)
        if worst is not None and best[0] > worst[0]:
            return worst[1], best[1]
        worst = min(values) if worst is None else min(worst, *values)
    return None
