"""Pictures of pages for previews that every browser shows, and how large they are."""

from app.adapters.pdf import page_image as page_picture

PREVIEW_DPI, SMALL_DPI = 110, 40
__all__ = ["PREVIEW_DPI", "SMALL_DPI", "page_picture"]
