"""Counts and pictures of the pages of a PDF."""

import io
import threading
from collections.abc import Iterator

import pypdfium2

_one_at_a_time = threading.Lock()  # the library must not be entered by two threads


def page_count(pdf: bytes) -> int:
    """Number of pages. Raises pypdfium2.PdfiumError when it is no PDF."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_images(pdf: bytes, dpi: int = 110) -> Iterator[bytes]:
    """Each page as a PNG at `dpi` dots per inch, in order."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            out = io.BytesIO()
            page.render(scale=dpi / 72).to_pil().save(out, "PNG", optimize=True)
            yield out.getvalue()
    finally:
        document.close()
