"""Files in a folder of this machine, outside everything a web server serves.

A file appears under its key complete and durable or not at all: written beside, flushed, renamed, and the folder
flushed. So an acknowledged upload survives a power cut, and a killed process leaves only a temporary file.
"""

import errno
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.adapters.storage.errors import MissingFile, StorageFull, TooLarge

_CHUNK = 256 * 1024
_KEY = re.compile(r"[0-9a-f]{64}")
_LEFTOVER_SECONDS = 24 * 3600
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Stored:
    """What was kept: its key (SHA-256 in hexadecimal) and size in bytes."""

    key: str
    size: int


class LocalStorage:
    """`Storage` in the folder `root`: `<root>/<first two digits>/<key>`, folders 0700, files 0600."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._incoming = self.root / "incoming"
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._incoming.mkdir(mode=0o700, exist_ok=True)
        self._remove_leftovers(time.time() - _LEFTOVER_SECONDS)

    def put(self, stream: BinaryIO, *, limit: int, check: Callable[[Path], object] | None = None) -> Stored:
        """Keep the stream, at most `limit` bytes. See `Storage.put`."""
        with _full_disk_named(), self._temporary_file() as (descriptor, temporary):
            stored = _copy(stream, descriptor, limit)
            if check:
                check(temporary)
            os.fsync(descriptor)
            self._publish(temporary, self.path(stored.key))
        return stored

    def open(self, key: str) -> BinaryIO:
        """The content for reading. Raises MissingFile."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError:
            raise MissingFile(key) from None

    def exists(self, key: str) -> bool:
        """Whether the key is held."""
        return self.path(key).is_file()

    def is_intact(self, key: str) -> bool:
        """Whether the content still has the hash that is its key. Raises MissingFile."""
        with self.open(key) as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == key

    def delete(self, key: str) -> None:
        """Forget the content; no error if it is gone."""
        self.path(key).unlink(missing_ok=True)

    def path(self, key: str) -> Path:
        """Where the key is or would be. Raises MissingFile for what cannot be a key, so no path escapes."""
        if not _KEY.fullmatch(key):
            raise MissingFile(key)
        return self.root / key[:2] / key

    @contextmanager
    def _temporary_file(self) -> Iterator[tuple[int, Path]]:
        """An open file that only its owner may read; whatever is left of it afterwards is removed."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        try:
            yield descriptor, Path(name)
        finally:
            os.close(descriptor)
            Path(name).unlink(missing_ok=True)

    def _publish(self, temporary: Path, target: Path) -> None:
        """Give the flushed file its name, durably. Equal content is replaced: that also heals a damaged copy."""
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _flush_folder(self.root)
        os.replace(temporary, target)
        _flush_folder(target.parent)

    def _remove_leftovers(self, before: float) -> None:
        """Temporary files of processes that were killed; younger ones may belong to an upload under way."""
        for leftover in self._incoming.iterdir():
            try:
                if leftover.stat().st_mtime < before:
                    leftover.unlink()
            except FileNotFoundError:
                continue


def _copy(stream: BinaryIO, descriptor: int, limit: int) -> Stored:
    """Write the stream to the open file. Raises TooLarge as soon as there is one byte too many."""
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        _write_all(descriptor, chunk)
    return Stored(digest.hexdigest(), size)


def _write_all(descriptor: int, chunk: bytes) -> None:
    """A single write may take only part of what it is given, as it does just before a disk is full."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _flush_folder(folder: Path) -> None:
    """Make a new name in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _full_disk_named() -> Iterator[None]:
    """Turn the system's word for a full disk or quota into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull from error
        raise
