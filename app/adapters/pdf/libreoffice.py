"""LibreOffice, one cold start per document: slower than a warm server, and nothing to supervise or to leak.

It reports success when it failed, mixes up documents when two calls share a profile, and fetches what a document
links to. So every call has a folder and a profile of its own that blocks links and macros, takes nothing but
Word's own format, has its result checked, and is killed with all its children when it takes too long.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pypdfium2

from app.adapters.pdf.converter import ConverterError, ConverterMissing, ConverterTimeout
from app.adapters.pdf.pages import page_count
from app.adapters.pdf.slots import default_folder, one_slot

# PDF/A-2b, tagged: readable for as long as the archive keeps it, and by a screen reader.
_EXPORT = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
_FILTER = "MS Word 2007 XML"
_BLOCKS = 512
_SAID = 1000
_MAX_OUTPUT = 200 * 1024 * 1024
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)
_PLACES = ("/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice")


def find_soffice() -> str | None:
    """The program, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if os.access(place, os.X_OK)), None)


class LibreOffice:
    """The converter at path `soffice`; `timeout` seconds for one document, as long again for a free place."""

    def __init__(
        self,
        soffice: str | Path | None,
        timeout: float = 90,
        slots: int | None = None,
        lock_folder: Path | None = None,
    ):
        self.soffice = str(soffice) if soffice else ""
        self.timeout = timeout
        self.slots = slots or os.cpu_count() or 1
        self.lock_folder = lock_folder or default_folder()

    def convert(self, docx: bytes) -> bytes:
        """The PDF. Raises ConverterMissing, ConverterTimeout or ConverterError; leaves nothing behind."""
        if not os.access(self.soffice, os.X_OK):
            raise ConverterMissing
        if not docx.startswith(b"PK"):  # of nothing at all the program makes an empty page
            raise ConverterError("no zip archive")
        try:
            with one_slot(self.lock_folder, self.slots, self.timeout), _folder() as place:
                return self._convert(docx, Path(place))
        except TimeoutError:
            raise ConverterTimeout("no free place") from None

    def _convert(self, docx: bytes, place: Path) -> bytes:
        source, result = place / "paper.docx", place / "out" / "paper.pdf"
        source.write_bytes(docx)
        _write_profile(place / "profile")
        said = self._run(place, source)
        pdf = result.read_bytes() if result.is_file() else b""
        if not pdf.startswith(b"%PDF") or not _has_pages(pdf):
            raise ConverterError(said)
        return pdf

    def _run(self, place: Path, source: Path) -> str:
        # The shell sets the largest file it may write, and then is the converter.
        limited = ["/bin/sh", "-c", f'ulimit -f {_MAX_OUTPUT // _BLOCKS}; exec "$@"', "sh"]
        with (place / "said").open("w+b") as said:
            process = subprocess.Popen(
                [*limited, *self._command(place, source)],
                cwd=place,
                env={"PATH": os.defpath, "HOME": str(place), "TMPDIR": str(place), "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                raise ConverterTimeout(f"{self.timeout} s") from None
            finally:
                _kill_group(process)
            said.seek(0)
            return said.read(_SAID).decode(errors="replace")

    def _command(self, place: Path, source: Path) -> list[str]:
        return [
            self.soffice,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation={(place / 'profile').as_uri()}",
            f"--infilter={_FILTER}",
            "--convert-to",
            _EXPORT,
            "--outdir",
            str(place / "out"),
            str(source),
        ]


def _folder() -> tempfile.TemporaryDirectory:
    # What a killed converter still writes while the folder goes must not hide the real error.
    return tempfile.TemporaryDirectory(prefix="sang-kien-pdf-", ignore_cleanup_errors=True)


def _kill_group(process: subprocess.Popen) -> None:
    """End what is left of the call: the program starts further ones, which outlive it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _has_pages(pdf: bytes) -> bool:
    try:
        return page_count(pdf) >= 1
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
