"""One run of LibreOffice over some documents, in a folder and with a profile of its own."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pypdfium2

from app.adapters.pdf.pages import page_count

# PDF/A-2b, tagged: readable for as long as the archive keeps it, and by a screen reader.
_EXPORT = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
_FILTER = "MS Word 2007 XML"
_BLOCKS = 512
_SAID = 1000
_PAUSE = 0.05
_MAX_OUTPUT = 200 * 1024 * 1024
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


class Call:
    """The documents in `docxs` by position, converted in that order into `place`, a folder that is empty.

    `timeout` is how long (seconds) one document may take, and the start. After `made` is through, `missing` holds the
    positions that gave no PDF, `hung` whether the time was over, `said` what the program printed.
    """

    def __init__(self, soffice: str, place: Path, docxs: Mapping[int, bytes], timeout: float):
        self.missing = list(docxs)
        self.hung = False
        self.said = ""
        self._soffice, self._place, self._timeout = soffice, place, timeout
        for position, docx in docxs.items():
            self._source(position).write_bytes(docx)
        _write_profile(place / "profile")

    def made(self, stop: threading.Event) -> Iterator[tuple[int, bytes]]:
        """Each position with its PDF, soon after it is written. Setting `stop` ends the run."""
        with (self._place / "said").open("w+b") as said:
            process = self._start(said)
            try:
                for position in self._written(process, stop):
                    pdf = self._result(position).read_bytes()
                    if _is_paper(pdf):
                        self.missing.remove(position)
                        yield position, pdf
            finally:
                _kill_group(process)
            said.seek(0)
            self.said = said.read(_SAID).decode(errors="replace")

    def _written(self, process: subprocess.Popen, stop: threading.Event) -> Iterator[int]:
        """Positions whose file is complete: the program writes one after the other, the last when it ends."""
        waiting = list(self.missing)
        since = time.monotonic()
        while not self.hung and not stop.is_set():
            ended = process.poll() is not None
            there = [n for n, position in enumerate(waiting) if self._result(position).is_file()]
            complete = there if ended else there[:-1]
            yield from (waiting[n] for n in complete)
            waiting = [position for n, position in enumerate(waiting) if n not in complete]
            if ended:
                return
            since = time.monotonic() if complete else since
            self.hung = time.monotonic() - since > self._timeout
            stop.wait(_PAUSE)

    def _start(self, said) -> subprocess.Popen:
        # The shell sets the largest file it may write, and then is the converter.
        limited = ["/bin/sh", "-c", f'ulimit -f {_MAX_OUTPUT // _BLOCKS}; exec "$@"', "sh"]
        place = str(self._place)
        return subprocess.Popen(
            [*limited, *self._command()],
            cwd=place,
            env={"PATH": os.defpath, "HOME": place, "TMPDIR": place, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _command(self) -> list[str]:
        return [
            self._soffice,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation={(self._place / 'profile').as_uri()}",
            f"--infilter={_FILTER}",
            "--convert-to",
            _EXPORT,
            "--outdir",
            str(self._place / "out"),
            *(str(self._source(position)) for position in self.missing),
        ]

    def _source(self, position: int) -> Path:
        return self._place / f"{position}.docx"

    def _result(self, position: int) -> Path:
        return self._place / "out" / f"{position}.pdf"


def _kill_group(process: subprocess.Popen) -> None:
    """End what is left of the call: the program starts further ones, which outlive it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _is_paper(pdf: bytes) -> bool:
    try:
        return pdf.startswith(b"%PDF") and page_count(pdf) >= 1
    except pypdfium2.PdfiumError:
        return False


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )
