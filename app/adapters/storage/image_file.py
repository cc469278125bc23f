"""Pictures: the header is read, no pixel is unpacked, so that a small file cannot fill the memory."""

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from app.adapters.storage.errors import BadUpload

MAX_PIXELS = 50_000_000
"""A double page scanned at 600 dpi has 35 million."""

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_FORMATS = {"jpg": "JPEG", "png": "PNG"}


def check_image(path: Path, extension: str) -> None:
    """Raises BadUpload with code `image_too_large` or `broken`."""
    try:
        with Image.open(path, formats=(_FORMATS[extension],)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise BadUpload("image_too_large")
            image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadUpload("image_too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise BadUpload("broken") from None
