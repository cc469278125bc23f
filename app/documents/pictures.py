"""One page of a PDF as a picture, for previews that every browser shows."""

import io
import threading

import pypdfium2

PREVIEW_DPI, SMALL_DPI = 110, 40
_one_at_a_time = threading.Lock()  # PDFium may not be called from two threads at once


def page_picture(pdf: bytes, number: int, dpi: int) -> bytes:
    """Page `number` (from 1) as a PNG at `dpi` dots per inch. Raises IndexError when there is no such page."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(document):
                raise IndexError(number)
            out = io.BytesIO()
            document[number - 1].render(scale=dpi / 72).to_pil().save(out, "PNG")
            return out.getvalue()
        finally:
            document.close()
