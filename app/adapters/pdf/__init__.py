"""From a Word document to a PDF, behind an interface; and looking into a PDF.

`LibreOffice` is the one real converter. What is stored and when is not known here.
"""

from app.adapters.pdf.converter import Converter, ConverterError, ConverterMissing, ConverterTimeout
from app.adapters.pdf.health import Health, converter_health
from app.adapters.pdf.libreoffice import LibreOffice, find_soffice
from app.adapters.pdf.pages import page_count, page_image, page_images

__all__ = [
    "Converter",
    "ConverterError",
    "ConverterMissing",
    "ConverterTimeout",
    "Health",
    "LibreOffice",
    "converter_health",
    "find_soffice",
    "page_count",
    "page_image",
    "page_images",
]
