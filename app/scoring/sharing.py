"""Who scores what: an even and repeatable share-out of judges. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """An entry with the number of its working sheets, and the judges who cannot or need not be given it."""

    entry_id: int
    has: int
    barred: Collection[int]


def share_out(
    needs: Sequence[Need], judges: Sequence[int], load: Mapping[int, int], per_entry: int | None
) -> list[tuple[int, int]]:
    """Pairs (entry, judge) that are to be added, in the order of the entries.

    With `per_entry` None every judge gets every entry; else each entry is filled up to that number, each time from
    the judges with the least load, those of equal load in an order that turns from entry to entry. The same input
    always gives the same pairs.
    """
    carried = {judge: load.get(judge, 0) for judge in judges}
    pairs = []
    for turn, need in enumerate(needs):
        free = [judge for judge in _turned(judges, turn) if judge not in need.barred]
        if per_entry is not None:
            free = sorted(free, key=carried.__getitem__)[: max(0, per_entry - need.has)]
        for judge in sorted(free, key=judges.index):
            carried[judge] += 1
            pairs.append((need.entry_id, judge))
    return pairs


def _turned(judges: Sequence[int], turn: int) -> list[int]:
    start = turn % len(judges) if judges else 0
    return [*judges[start:], *judges[:start]]
