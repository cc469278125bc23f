"""Which places of a signed PDF show more than before: that number and day are really there to be read."""

from collections.abc import Mapping

import pypdfium2
from PIL import Image, ImageChops

from app.adapters.signing.errors import SigningError
from app.adapters.signing.places import Place
from app.adapters.storage.pdf_file import PDFIUM_LOCK

SCALE = 2.0
REACH = 4.0
"""How far beside its place a tool may have put the text, in points."""


def filled(before: bytes, after: bytes, places: Mapping[str, Place]) -> frozenset[str]:
    """The slots whose place looks different in `after`. Raises SigningError (`bad_file`)."""
    found = set()
    for slot, place in places.items():
        pictures = [_crop(pdf, place) for pdf in (before, after)]
        if ImageChops.difference(*pictures).getbbox() is not None:
            found.add(slot)
    return frozenset(found)


def _crop(pdf: bytes, place: Place) -> Image.Image:
    """The picture of one place, with visible signatures."""
    with PDFIUM_LOCK:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise SigningError("bad_file", str(error)) from error
        try:
            document.init_forms()
            page = document[place.page]
            height = page.get_height()
            picture = page.render(scale=SCALE).to_pil().convert("L")
        finally:
            document.close()
    left, bottom, right, top = place.box
    sides = (left - REACH, height - top - REACH, right + REACH, height - bottom + REACH)
    return picture.crop(tuple(round(side * SCALE) for side in sides))
