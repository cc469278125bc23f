"""How alike two texts are, and which passages they share. Pure.

`token_set_ratio` was chosen by trying: over entries and earlier initiatives it gives a retold initiative 90 while the
hundredth part of unrelated pairs lies above 71. `WRatio` and the partial ratios reward short texts, the plain and
the sorted ratio hide a short text inside a long one. Marks are kept: Vietnamese syllables differ by them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from app.core.vietnamese import nfc

LONGEST = 30_000
SHORTEST_PASSAGE = 5
CONTEXT = 6
MOST_PASSAGES = 5
LONGEST_SHOWN = 40
_SYLLABLE = re.compile(r"\w+")

Segment = tuple[str, bool]


def comparable(*texts: str) -> str:
    """The text as compared: composed, small letters, marks kept, of bounded length."""
    return nfc(" ".join(text for text in texts if text)).lower()[:LONGEST]


def percent(one: str, other: str) -> int:
    """0 to 100: how far the words of the shorter of two comparable texts are those of the longer."""
    return round(fuzz.token_set_ratio(one, other)) if one and other else 0


def shared_passages(text: str, other: str) -> list[list[Segment]]:
    """The longest passages of `text` that stand word by word in `other`, at most five, each as (words, is shared)
    segments with a few words around it and no more than its first forty words. Capitals and punctuation do not
    matter."""
    words = list(_SYLLABLE.finditer(text[:LONGEST]))
    runs = sorted(_runs([word[0].lower() for word in words], other), key=lambda run: (run[0] - run[1], run[0]))
    return [_in_context(text, words, *run) for run in sorted(runs[:MOST_PASSAGES])]


def _runs(words: Sequence[str], other: str) -> Iterator[tuple[int, int]]:
    """Spans of words whose every window of `SHORTEST_PASSAGE` also stands in the other text."""
    known = set(_windows([found[0].lower() for found in _SYLLABLE.finditer(other[:LONGEST])]))
    start = end = None
    for place, window in enumerate(_windows(words)):
        if window not in known:
            continue
        if start is None or place >= end:
            if start is not None:
                yield start, end
            start = place
        end = place + SHORTEST_PASSAGE
    if start is not None:
        yield start, end


def _windows(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[n : n + SHORTEST_PASSAGE]) for n in range(len(words) - SHORTEST_PASSAGE + 1))


def _in_context(text: str, words: Sequence[re.Match], start: int, end: int) -> list[Segment]:
    first, last = words[max(0, start - CONTEXT)], words[min(len(words), end + CONTEXT) - 1]
    begin, finish = words[start].start(), words[min(end, start + LONGEST_SHOWN) - 1].end()
    before = ("… " if start > CONTEXT else "") + text[first.start() : begin]
    after = "" if end - start > LONGEST_SHOWN else text[finish : last.end()]
    after += " …" if end + CONTEXT < len(words) or end - start > LONGEST_SHOWN else ""
    return [
        (words_, shared) for words_, shared in ((before, False), (text[begin:finish], True), (after, False)) if words_
    ]
