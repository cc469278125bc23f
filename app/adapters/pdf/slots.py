"""At most so many conversions at once on this machine, whichever processes ask for them."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE = 0.05


def default_folder() -> Path:
    """Where the locks of this user's processes lie."""
    return Path(tempfile.gettempdir()) / f"sang-kien-converter-{os.getuid()}"


@contextmanager
def one_slot(folder: Path, slots: int, wait: float) -> Iterator[int]:
    """Hold one of `slots` places. Raises TimeoutError after `wait` seconds without one.

    A lock ends with the process that holds it, so a killed process leaves no place taken.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    while True:
        for number in range(slots):
            handle = os.open(folder / f"{number}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            if _taken(handle):
                try:
                    yield number
                finally:
                    os.close(handle)
                return
            os.close(handle)
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(_PAUSE)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
