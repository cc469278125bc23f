"""Makes a paper from a template and a context: checks the data, then has it filled in a locked process.

The process (`render_child.py`) gets the bytes of template and data and nothing else: no environment, no secrets,
no files, no network; its memory, time and output are limited. It answers with the .docx or with a reason.
"""

import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from app.documents.templating import qr, store
from app.documents.templating.fields import DocumentError, fill
from app.documents.templating.store import Template
from workflows.spec import N_

_CHILD = Path(__file__).with_name("render_child.py")
_MIB = 1024 * 1024
ANY_TEMPLATE = "receipt"
"""Only started with it; nothing of it is read."""
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Limits:
    """What one run may use: `memory` and `output` in bytes, `cpu` and `wall` in seconds, `paper` bytes of one."""

    memory: int = 512 * _MIB
    cpu: int = 20
    wall: float = 30
    output: int = 64 * _MIB
    paper: int = 16 * _MIB

    def for_papers(self, count: int) -> "Limits":
        """The same limits with room for a batch."""
        return Limits(
            self.memory, self.cpu + count // 10, self.wall + count / 5, self.output + count * _MIB // 4, self.paper
        )


class RenderError(DocumentError):
    """The template cannot be filled. `template` is its code, `tag` what it stumbled over (may be empty)."""

    def __init__(self, message: str, template: str, tag: str = "", near: str = ""):
        super().__init__(message, template=template, tag=tag, near=near)
        self.template = template
        self.tag = tag


NO_SUCH_VALUE = N_("Mẫu “%(template)s”: thẻ dùng dữ liệu không có (%(tag)s), ở chỗ “%(near)s”.")
WRONG_TAG = N_("Mẫu “%(template)s”: thẻ viết sai (%(tag)s), ở chỗ “%(near)s”.")
FORBIDDEN = N_("Mẫu “%(template)s”: thẻ làm việc không được phép (%(tag)s), ở chỗ “%(near)s”.")
NOT_WORD = N_("Mẫu “%(template)s” không phải tệp Word (.docx) đọc được (%(tag)s).")
TOO_BIG = N_("Mẫu “%(template)s” tạo ra văn bản quá lớn.")
TOO_MUCH = N_("Mẫu “%(template)s” dùng quá nhiều bộ nhớ hoặc thời gian nên đã bị dừng.")
BROKEN = N_("Mẫu “%(template)s” không tạo được văn bản (%(tag)s), ở chỗ “%(near)s”.")

_MESSAGES = {
    "UndefinedError": NO_SUCH_VALUE,
    "TemplateSyntaxError": WRONG_TAG,
    "TemplateAssertionError": WRONG_TAG,
    "SecurityError": FORBIDDEN,
    "BadZipFile": NOT_WORD,
    "KeyError": NOT_WORD,
    "PackageNotFoundError": NOT_WORD,
    "XMLSyntaxError": NOT_WORD,
    "PackageTooBig": TOO_BIG,
    "MemoryError": TOO_MUCH,
}


def render(
    template: Template,
    context: Mapping[str, Any],
    made_at: datetime | None = None,
    limits: Limits | None = None,
) -> bytes:
    """The filled .docx. Equal template, context and `made_at` give equal bytes.

    `made_at` (UTC) becomes the file's date of creation and change. Raises FieldError when the context does not
    fit the manifest, RenderError when the template cannot be filled.
    """
    return next(render_many(template, [context], made_at, limits))


def render_many(
    template: Template,
    contexts: Sequence[Mapping[str, Any]],
    made_at: datetime | None = None,
    limits: Limits | None = None,
) -> Iterator[bytes]:
    """The filled .docx of each context, in order, from one process with the template compiled once.

    Every context is checked before the first paper is made. Raises as `render` does, at the paper concerned.
    """
    items = [_item(template, context, made_at or _UNDATED) for context in contexts]
    limits = (limits or Limits()).for_papers(len(items))
    return _answers(template, len(items), _run(template, items, limits))


def inspect(template: Template, limits: Limits | None = None) -> dict[str, Any]:
    """What is wrong with an uploaded template and which fields it prints, found in the locked process without filling
    anything (`doc_templates/engine/inspecting.py`). Raises RenderError when it cannot be read at all."""
    found = _told(template, limits, contract=[asdict(field) for field in template.manifest.fields])
    if "error" in found:
        raise _refusal(template.code, found["error"])
    return found


def walls() -> dict[str, bool]:
    """Which walls stand around the locked process on this machine: `no_root`, `no_network`, `no_calls`; none of them
    where it cannot be started. The limits of memory, time, output and descriptors stand on every machine."""
    try:
        return _told(store.load(ANY_TEMPLATE), None, walls=True)
    except (RenderError, OSError):
        return dict.fromkeys(("no_root", "no_network", "no_calls"), False)


def is_locked(stand: Mapping[str, bool]) -> bool:
    """Whether these walls are enough for a template that somebody sent in: not root, and one that holds everything
    off, the network of its own or the filter of calls."""
    return stand["no_root"] and (stand["no_network"] or stand["no_calls"])


def _told(template: Template, limits: Limits | None, **job: Any) -> dict[str, Any]:
    answer = _run(template, [], limits or Limits(), **job)
    if answer[:1] != b"I" or int.from_bytes(answer[1:5]) != len(answer) - 5:
        raise RenderError(TOO_MUCH, template.code)
    return json.loads(answer[5:])


def _item(template: Template, context: Mapping[str, Any], made_at: datetime) -> bytes:
    filled = fill(template.code, template.manifest.fields, context)
    title = " ".join(filter(None, (filled.get("title"), filled.get("subject")))) or template.manifest.title
    agency = filled.get("head", {}).get("agency_lines", [])
    properties = {
        "title": title,
        "creator": " ".join(agency),
        "modified": made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    pictures = qr.pictures(template.code, template.manifest.fields, filled)
    item = {"context": filled, "properties": properties, "pictures": pictures}
    return json.dumps(item, ensure_ascii=False).encode()


def _run(template: Template, items: Sequence[bytes], limits: Limits, **more: Any) -> bytes:
    """Start the process, wait, kill its whole group when it takes too long; what it wrote."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        job = json.dumps({"limits": vars(limits)} | more).encode()
        for frame in (job, template.read_bytes(), *items):
            given.write(struct.pack(">I", len(frame)) + frame)
        given.seek(0)
        process = _start(given, answer)
        errors = _finish(template, process, limits.wall)
        if process.returncode > 0:
            raise RenderError(BROKEN, template.code, errors)
        answer.seek(0)
        return answer.read()


def _start(given: IO[bytes], answer: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", str(_CHILD)],
        stdin=given,
        stdout=answer,
        stderr=subprocess.PIPE,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        start_new_session=True,
    )


def _finish(template: Template, process: subprocess.Popen[bytes], wall: float) -> str:
    """Wait for the end; the last line of its complaints."""
    try:
        _, errors = process.communicate(timeout=wall)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise RenderError(TOO_MUCH, template.code) from None
    return (errors.decode(errors="replace").strip().splitlines() or [""])[-1][:300]


def _answers(template: Template, count: int, data: bytes) -> Iterator[bytes]:
    position = 0
    for _ in range(count):
        length = int.from_bytes(data[position + 1 : position + 5])
        kind, payload = data[position : position + 1], data[position + 5 : position + 5 + length]
        position += 5 + length
        if not kind or len(payload) != length:  # it was stopped by a limit while it worked
            raise RenderError(TOO_MUCH, template.code)
        if kind != b"D" or not payload.startswith(b"PK"):
            raise _refusal(template.code, json.loads(payload))
        yield payload


def _refusal(code: str, reason: Mapping[str, str]) -> RenderError:
    message = _MESSAGES.get(reason["kind"], BROKEN)
    return RenderError(message, code, reason["detail"], reason["near"])
