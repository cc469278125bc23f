"""The check at the door: an upload is what its content says, and only if its name says the same.

Kinds are told apart by their first bytes, then each is looked through by its own module. Names are for people:
they are cleaned here and never become a path.
"""

from dataclasses import dataclass
from pathlib import Path

from app.adapters.storage.errors import BadUpload
from app.adapters.storage.image_file import check_image
from app.adapters.storage.office import check_office
from app.adapters.storage.pdf_file import check_pdf
from app.core.vietnamese import clean_line, is_windows_device

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
}
_SAME = {"jpeg": "jpg"}

_FIRST_BYTES = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "jpg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
}

# An office file with a password is not a zip archive but a compound file with this entry in its directory.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_ENTRY = "EncryptedPackage".encode("utf-16-le")

_NAME_CHARS = 150
_NAME_BYTES = 240
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys('<>:"|?*', "-"))


@dataclass(frozen=True)
class Inspected:
    """A file that may be kept: its media type and its extension without the dot, both from its content."""

    media_type: str
    extension: str


def inspect(path: Path, filename: str) -> Inspected:
    """Look through the file at `path` that came under the name `filename`.

    Raises BadUpload with code `type`, `empty`, `mismatch`, `encrypted`, `broken`, `unpacks_too_large`, `macros`,
    `embedded`, `external`, `active` or `image_too_large`; texts in `MESSAGES`.
    """
    extension = _extension(filename)
    if extension not in MEDIA_TYPES:
        raise BadUpload("type")
    _check_first_bytes(path, extension)
    if extension == "pdf":
        check_pdf(path)
    elif extension in ("docx", "xlsx"):
        check_office(path, extension)
    else:
        check_image(path, extension)
    return Inspected(MEDIA_TYPES[extension], extension)


def _extension(filename: str) -> str:
    """What follows the last dot, in small letters; `jpeg` counts as `jpg`."""
    _, dot, extension = safe_name(filename).rpartition(".")
    extension = extension.lower() if dot else ""
    return _SAME.get(extension, extension)


def _check_first_bytes(path: Path, extension: str) -> None:
    """Tell an empty file, a protected office file and a file of another kind from the kind that is promised."""
    with path.open("rb") as file:
        head = file.read(8)
        if not head:
            raise BadUpload("empty")
        if head.startswith(_FIRST_BYTES[extension]):
            return
        if extension in ("docx", "xlsx") and head == _COMPOUND and _ENCRYPTED_ENTRY in file.read():
            raise BadUpload("encrypted")
    raise BadUpload("mismatch", extension=extension.upper())


def safe_name(filename: str) -> str:
    """The name of an upload as it is shown and sent back: base name, composed, visible characters only.

    At most 150 characters and 240 bytes, the extension kept; no character or device name that Windows refuses,
    no leading dot or hyphen. Vietnamese letters stay. Never empty.
    """
    base = clean_line(filename.replace("\\", "/").rpartition("/")[2]).translate(_FORBIDDEN_IN_NAMES)
    base = base.lstrip(" .-").rstrip(" .")
    stem, dot, extension = base.rpartition(".")
    if not dot:
        stem, extension = base, ""
    suffix = f".{extension}" if 0 < len(extension) <= 10 else ""
    stem = _shortened(stem if suffix or not dot else base, _NAME_CHARS - len(suffix), _NAME_BYTES - len(suffix) * 4)
    if is_windows_device(stem.partition(".")[0]):
        stem = f"tep-{stem}"
    return f"{stem or 'tep'}{suffix}"


def _shortened(text: str, characters: int, size: int) -> str:
    """The start of the text, at most so many characters and UTF-8 bytes, without a broken letter at the end."""
    return text[:characters].encode()[:size].decode("utf-8", "ignore").rstrip(" .")
