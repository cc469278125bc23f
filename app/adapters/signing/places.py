"""Where on a page signatures, number, date and seal belong, found by the words around their places.

Nghị định 30/2020/NĐ-CP, Phụ lục I: a person's signature stands between title and name, the seal covers the left
third of it, the number stands after "Số:", the day in the line of place and date. Lengths in points.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pypdfium2

from app.adapters.signing.errors import PARTS, SigningError
from app.adapters.storage.pdf_file import PDFIUM_LOCK

SIGNATURE_WIDTH = 130.0
SIGNATURE_HEIGHT = 64.0
SEAL = 102.0
"""Across a round ward seal of 36 mm."""
LINE = 16.0
NARROWEST, WIDEST = 9.0, 60.0
MARGIN = 2.0


@dataclass(frozen=True)
class Words:
    """The words around the places of one paper. `signers` holds by slot the lines over and under each person's
    signature: `person` of who has the power to sign, `writer` of who drew the paper up and signs beside, where there is
    one. `number` and `date` are the words before and after the room on their line, None where the paper has none."""

    signers: Mapping[str, tuple[str, str]]
    number: tuple[str, str] | None
    date: tuple[str, str] | None


@dataclass(frozen=True)
class Place:
    """A rectangle on a page (counted from 0): left, bottom, right, top from the lower left corner."""

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class _Found:
    page: int
    left: float
    bottom: float
    right: float
    top: float
    base: float
    """Where the first letter stands: letters with tails reach lower."""


def find(pdf: bytes, words: Words) -> dict[str, Place]:
    """The places by slot: of each signer, `seal`, and `number` and `date` where the paper has them.

    Raises SigningError (`no_place`, `bad_file`).
    """
    with PDFIUM_LOCK:
        document = _opened(pdf)
        try:
            places = {slot: _between(document, *lines) for slot, lines in words.signers.items()}
            places["seal"] = _seal(places["person"])
            for slot in ("number", "date"):
                around = getattr(words, slot)
                if around:
                    places[slot] = _gap(document, slot, *around)
            return places
        finally:
            document.close()


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise SigningError("bad_file", str(error)) from error


def _between(document: pypdfium2.PdfDocument, title: str, name: str) -> Place:
    """Room between title and name. The name is looked for from the end: the body may hold it, too."""
    for below in reversed(list(_occurrences(document, name))):
        lines = [found for found in _occurrences(document, title, below.page) if _is_above(found, below)]
        if lines:
            above = min(lines, key=lambda found: found.bottom)
            return _room(above, below)
    raise SigningError("no_place", part=PARTS["person"])


def _is_above(upper: _Found, lower: _Found) -> bool:
    gap = upper.bottom - lower.top
    middle = (lower.left + lower.right) / 2
    return NARROWEST * 2 < gap < 200 and abs((upper.left + upper.right) / 2 - middle) < SIGNATURE_WIDTH


def _room(above: _Found, below: _Found) -> Place:
    middle = (below.left + below.right) / 2
    height = min(above.bottom - below.top - 2 * MARGIN, SIGNATURE_HEIGHT)
    centre = (above.bottom + below.top) / 2
    left = middle - SIGNATURE_WIDTH / 2
    return Place(below.page, _rounded(left, centre - height / 2, left + SIGNATURE_WIDTH, centre + height / 2))


def _seal(person: Place) -> Place:
    """Over the left third of the person's signature, as high as the middle of it."""
    left, bottom, right, top = person.box
    edge = left + (right - left) / 3
    middle = (bottom + top) / 2
    return Place(person.page, _rounded(edge - SEAL, middle - SEAL / 2, edge, middle + SEAL / 2))


def _gap(document: pypdfium2.PdfDocument, slot: str, before: str, after: str) -> Place:
    """The empty room between two words on one line; the first such line of the paper. Dates and numbers of other
    papers, which the text may cite before, leave no room."""
    for first in _occurrences(document, before):
        for second in _occurrences(document, after, first.page):
            same_line = abs(first.bottom - second.bottom) < LINE / 2
            if same_line and NARROWEST < second.left - first.right < WIDEST:
                place = Place(first.page, _rounded(first.right + 1, first.base, second.left - 1, first.base + LINE))
                if _is_empty(document, place):
                    return place
    raise SigningError("no_place", part=PARTS[slot])


def _is_empty(document: pypdfium2.PdfDocument, place: Place) -> bool:
    """Whether no letter stands there."""
    sheet = document[place.page]
    lines = sheet.get_textpage()
    text = lines.get_text_bounded(*place.box)
    lines.close()
    sheet.close()
    return not text.strip()


def _occurrences(document: pypdfium2.PdfDocument, text: str, page: int | None = None) -> Iterator[_Found]:
    numbers = range(len(document)) if page is None else (page,)
    for number in numbers:
        sheet = document[number]
        lines = sheet.get_textpage()
        searcher = lines.search(text, match_case=True)
        while hit := searcher.get_next():
            boxes = [lines.get_charbox(n) for n in range(hit[0], hit[0] + hit[1])]
            yield _Found(
                number,
                min(box[0] for box in boxes),
                min(box[1] for box in boxes),
                max(box[2] for box in boxes),
                max(box[3] for box in boxes),
                boxes[0][1],
            )
        searcher.close()
        lines.close()
        sheet.close()


def _rounded(*box: float) -> tuple[float, float, float, float]:
    return tuple(round(side, 2) for side in box)
