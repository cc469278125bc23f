"""The process in which templates are filled. It gets everything by its standard input and can reach nothing.

Run by path with `python -I`, with an empty environment and in the root folder. It imports what it needs, reads
the whole job, and then gives up the network (an empty namespace of its own, where the kernel allows that), the
rights of root, the right to gain others, new processes, every further open file or socket (a limit of zero
descriptors), and all calls into the kernel but those that reckoning needs. Only then the template is parsed. Memory,
processor time and the size of the output are limited by the kernel, the wall clock by the parent.

What holds where: the limits hold everywhere; user `nobody` where the worker runs as root; the empty network where it
does or where the kernel lets users have namespaces; the filter of calls on Linux on x86-64 and arm64, as any user.
Without namespaces the limit of descriptors and the filter each keep it from the network by themselves.
"""

import base64
import codecs
import contextlib
import ctypes
import importlib
import json
import os
import re
import resource
import struct
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))

from doc_templates.engine.inspecting import inspect
from doc_templates.engine.package import PackageTooBig, Properties
from doc_templates.engine.pictures import Picture
from doc_templates.engine.prepared import Prepared
from doc_templates.engine.walls import only_reckoning

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_NOBODY = 65534
_LIBC = ctypes.CDLL(None)


def main() -> None:
    """Frames in: the job, the template, one context each. Frames out: `D` and a .docx, or `E` and the reason.

    A job with a `contract` only has the template looked through: one frame `I` with what was found. One with `walls`
    is only asked which of the walls stand.
    """
    frames = list(_frames(sys.stdin.buffer.read()))
    job = json.loads(frames[0])
    walls = _lock(job["limits"])
    if "walls" in job:
        _send(b"I", json.dumps(walls).encode())
        return
    if "contract" in job:
        _send(b"I", json.dumps(_inspected(frames[1], job["contract"])).encode())
        return
    try:
        prepared = Prepared(frames[1])
    except Exception as error:
        _send(b"E", json.dumps(_reason(error, {})).encode())
        return
    for frame in frames[2:]:
        _send(*_one(prepared, json.loads(frame), job["limits"]["paper"]))


def _inspected(data: bytes, contract: list[dict]) -> dict:
    try:
        return inspect(data, contract)
    except Exception as error:
        return {"error": _reason(error, {})}


def _one(prepared: Prepared, item: dict, most: int) -> tuple[bytes, bytes]:
    try:
        pictures = [Picture(**one | {"png": base64.b64decode(one["png"])}) for one in item["pictures"]]
        made = prepared.render(item["context"], Properties(**item["properties"]), pictures)
    except Exception as error:
        return b"E", json.dumps(_reason(error, prepared.sources)).encode()
    return (b"D", made) if len(made) <= most else (b"E", json.dumps(_reason(PackageTooBig(), {})).encode())


def _frames(data: bytes) -> Iterator[bytes]:
    position = 0
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        yield data[position + 4 : position + 4 + length]
        position += 4 + length


def _send(kind: bytes, payload: bytes) -> None:
    sys.stdout.buffer.write(kind + struct.pack(">I", len(payload)) + payload)
    sys.stdout.buffer.flush()


def _lock(limits: dict[str, int]) -> dict[str, bool]:
    """Put up the walls; which of them stand here."""
    _load_the_late()
    alone = _unshare(_CLONE_NEWNET)
    for name, value in (("CORE", 0), ("CPU", limits["cpu"]), ("AS", limits["memory"]), ("FSIZE", limits["output"])):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    with contextlib.suppress(PermissionError):  # only root may; nobody else needs to
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    alone = alone or _unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    for name in ("NPROC", "NOFILE"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    unprivileged = _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and os.getuid() != 0
    return {"no_root": unprivileged, "no_network": alone, "no_calls": only_reckoning()}


def _load_the_late() -> None:
    """What is otherwise imported on first use, when no file can be opened any more."""
    importlib.import_module("jinja2.debug")
    for name in ("ascii", "cp437", "latin-1", "unicode_escape", "utf-16"):  # of zip, Jinja's strings, XML parts
        codecs.lookup(name)


def _unshare(flags: int) -> bool:
    return _LIBC.unshare(flags) == 0


def _reason(error: Exception, sources: dict[str, str]) -> dict[str, str]:
    """What went wrong, in words for the program, and the text of the paragraph concerned."""
    return {"kind": type(error).__name__, "detail": str(error)[:300], "near": _near(error, sources)}


def _near(error: Exception, sources: dict[str, str]) -> str:
    line = getattr(error, "lineno", None)
    source = getattr(error, "source", None)
    if line is None:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
        line = frames[-1].lineno if frames else None
        source = next(iter(sources.values()), None)
    if not line or not source:
        return ""
    lines = source.splitlines()[line - 1 : line]
    return re.sub(r"<[^>]+>", " ", "".join(lines)).strip()[:160]


if __name__ == "__main__":
    main()
