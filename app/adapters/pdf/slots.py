"""At most so many conversions at once on this machine, whichever processes ask for them."""

import fcntl
import os
import shutil
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
def one_slot(folder: Path, slots: int, wait: float) -> Iterator[Path]:
    """Hold one of `slots` places: an empty folder to work in, gone afterwards. Raises TimeoutError after `wait`
    seconds without one, PermissionError when the folder is somebody else's.

    A lock ends with the process that holds it, so a killed process leaves no place taken, and the next one that
    takes its place removes what it left.
    """
    _make_own(folder)
    deadline = time.monotonic() + wait
    while True:
        for number in range(slots):
            handle = os.open(folder / f"{number}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            if _taken(handle):
                try:
                    with _emptied(folder / str(number)) as place:
                        yield place
                finally:
                    os.close(handle)
                return
            os.close(handle)
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(_PAUSE)


def _make_own(folder: Path) -> None:
    """Anybody may make a folder where temporary files lie; papers go only into one of ours."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} is not ours")


@contextmanager
def _emptied(room: Path) -> Iterator[Path]:
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700, exist_ok=True)
    # A new name each time: a converter that outlived its process still writes to the folder it knows.
    # What a killed one writes while the folder goes must not hide the real error.
    with tempfile.TemporaryDirectory(dir=room, ignore_cleanup_errors=True) as place:
        yield Path(place)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
