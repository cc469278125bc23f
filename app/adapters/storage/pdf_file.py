"""What may not stand in a PDF file: scripts, programs to start, files inside, a password.

The file is searched twice: as it is, and as PDFium writes it anew. The second form has no packed objects and no
names in disguise (`/J#61vaScript`), so what a reader would find is found here as well.
"""

import io
import re
import threading
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from app.adapters.storage.errors import BadUpload

PDFIUM_LOCK = threading.Lock()
"""PDFium must not be entered by two threads at once; whoever else uses it takes this lock too."""

_FORBIDDEN = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "ImportData", "XFA", "JS")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.S)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def _names(*names: str) -> re.Pattern[bytes]:
    """Any of the names as a whole PDF name."""
    return re.compile(rb"/(?:" + "|".join(names).encode() + rb")(?=[\s/<>\[\](){}%]|$)")


# In raw bytes a packed picture may show a name of two or three letters by chance, never a long one.
_IN_RAW_BYTES = _names(*(name for name in _FORBIDDEN if len(name) > 5))
_IN_OBJECTS = _names(*_FORBIDDEN)
_ENCRYPT = _names("Encrypt")


def _plain(content: bytes) -> bytes:
    """Names without their disguise as hexadecimal."""
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), content)


def check_pdf(path: Path) -> None:
    """Raises BadUpload with code `broken`, `encrypted` or `active`."""
    written_anew = _written_anew(path)
    raw = _plain(path.read_bytes())
    objects = _STREAM.sub(b"stream", written_anew)
    if _IN_RAW_BYTES.search(raw) or _IN_OBJECTS.search(_plain(objects)):
        raise BadUpload("active")


def _written_anew(path: Path) -> bytes:
    """The whole file as PDFium understands it, each object unpacked. It must open and have a page."""
    with PDFIUM_LOCK:
        document = _opened(path)
        try:
            if pdfium_raw.FPDF_GetSecurityHandlerRevision(document) != -1:
                raise BadUpload("encrypted")
            if len(document) < 1:
                raise BadUpload("broken")
            buffer = io.BytesIO()
            document.save(buffer, flags=pdfium_raw.FPDF_NO_INCREMENTAL)
            return buffer.getvalue()
        finally:
            document.close()


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        code = "encrypted" if getattr(error, "err_code", None) == pdfium_raw.FPDF_ERR_PASSWORD else "broken"
        raise BadUpload(code) from None
