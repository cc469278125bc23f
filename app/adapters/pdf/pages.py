"""Counts and pictures of the pages of a PDF."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2

from app.adapters.storage.pdf_file import PDFIUM_LOCK


def page_count(pdf: bytes) -> int:
    """Number of pages. Raises pypdfium2.PdfiumError when it is no PDF."""
    with _opened(pdf) as document:
        return len(document)


def page_image(pdf: bytes, number: int, dpi: int) -> bytes:
    """Page `number` (from 1) as a PNG at `dpi` dots per inch. Raises IndexError when there is no such page."""
    with _opened(pdf) as document:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        out = io.BytesIO()
        document[number - 1].render(scale=dpi / 72).to_pil().save(out, "PNG")
        return out.getvalue()


def page_images(pdf: bytes, dpi: int = 110) -> Iterator[bytes]:
    """Each page as a PNG at `dpi` dots per inch, in order."""
    for number in range(1, page_count(pdf) + 1):
        yield page_image(pdf, number, dpi)


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with PDFIUM_LOCK:
        document = pypdfium2.PdfDocument(pdf)
        try:
            document.init_forms()  # visible signatures are parts of a form
            yield document
        finally:
            document.close()
