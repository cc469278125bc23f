"""What runs on this machine, read from the kernel: a small machine has no `ps`."""

import time
from contextlib import suppress
from pathlib import Path


def is_gone(words: str, within: float = 10) -> bool:
    """Whether no process has `words` in its command line; one that was just killed has `within` seconds to die."""
    deadline = time.monotonic() + within
    while words in _command_lines():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _command_lines() -> str:
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # ended meanwhile
            lines.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return "\n".join(lines)
