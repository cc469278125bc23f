"""Files kept by the hash of their content, and the check that every upload passes before it is kept.

Slices keep keys, never paths. `receive` is the door for what people send; `Storage.put` alone is for files that
the product made itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from app.adapters.storage.errors import (
    MESSAGES,
    BadUpload,
    MissingFile,
    StorageError,
    StorageFull,
    TooLarge,
)
from app.adapters.storage.inspect import Inspected, inspect, safe_name
from app.adapters.storage.local import LocalStorage, Stored


class Storage(Protocol):
    """Where files are kept. A key is the SHA-256 of the content in hexadecimal; equal content has one key."""

    def put(self, stream: BinaryIO, *, limit: int, check: Callable[[Path], object] | None = None) -> Stored:
        """Keep the stream durably; `limit` in bytes. `check` sees the complete file before it has a key.

        Raises TooLarge, StorageFull, and whatever `check` raises; in each case nothing is kept.
        """

    def open(self, key: str) -> BinaryIO:
        """The content for reading. Raises MissingFile."""

    def exists(self, key: str) -> bool:
        """Whether the key is held."""

    def is_intact(self, key: str) -> bool:
        """Whether the content still has the hash that is its key. Raises MissingFile."""

    def delete(self, key: str) -> None:
        """Forget the content; no error if it is gone. The caller knows that nobody else holds the key."""

    def path(self, key: str) -> Path:
        """A file to hand to a program that needs one; never to be written to."""


@dataclass(frozen=True)
class Received:
    """An upload that passed the check and is kept. `size` in bytes; `name` is safe to show and to send."""

    key: str
    size: int
    name: str
    media_type: str
    extension: str


def receive(storage: Storage, stream: BinaryIO, filename: str, *, limit: int) -> Received:
    """Check an upload by its content and keep it. `limit` in bytes.

    Raises TooLarge, BadUpload or StorageFull; in each case nothing is kept.
    """
    found: list[Inspected] = []
    stored = storage.put(stream, limit=limit, check=lambda path: found.append(inspect(path, filename)))
    return Received(stored.key, stored.size, safe_name(filename), found[0].media_type, found[0].extension)


__all__ = [
    "MESSAGES",
    "BadUpload",
    "Inspected",
    "LocalStorage",
    "MissingFile",
    "Received",
    "Storage",
    "StorageError",
    "StorageFull",
    "Stored",
    "TooLarge",
    "receive",
    "safe_name",
]
