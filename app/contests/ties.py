"""The ordered rules that part entries with equal scores, as a contest stores them. Pure.

Stored as one line: `criterion:novelty,criterion:effect,earlier_submission`. A rule is `earlier_submission`,
`fewer_authors`, or `criterion:` with the key of a criterion of the rubric, whose higher mean goes first.
"""

from collections.abc import Collection, Iterable

from workflows.spec import N_

PREFIX = "criterion:"
LABELS = {
    "earlier_submission": N_("Nộp hồ sơ sớm hơn"),
    "fewer_authors": N_("Ít tác giả hơn"),
}


def parse(stored: str) -> list[str]:
    """The rules in their order."""
    return [rule for rule in stored.split(",") if rule]


def criterion_of(rule: str) -> str:
    """The key of the criterion that a rule compares, "" for another rule."""
    return rule.removeprefix(PREFIX) if rule.startswith(PREFIX) else ""


def stored(rules: Iterable[str]) -> str:
    """The rules as the column holds them; a rule named twice counts once."""
    return ",".join(dict.fromkeys(rules))


def known(rule: str, criteria: Collection[str]) -> bool:
    """Whether the rule means something for a rubric with these keys."""
    return rule in LABELS or criterion_of(rule) in criteria


def fitting(text: str, criteria: Collection[str]) -> str:
    """The stored rules without those about criteria that the rubric no longer has."""
    return stored(rule for rule in parse(text) if known(rule, criteria))
