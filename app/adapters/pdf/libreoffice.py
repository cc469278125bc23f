"""LibreOffice, one cold start per call: slower than a warm server, and nothing to supervise or to leak.

It reports success when it failed, mixes up documents when two calls share a profile, and fetches what a document
links to. So every call has a folder and a profile of its own that blocks links and macros, takes nothing but
Word's own format, has its result checked, and is killed with all its children when it takes too long.
Of many documents one call makes many, as the start is dearer than a page; see `call.py`.
"""

import os
import queue
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.adapters.pdf.call import Call
from app.adapters.pdf.converter import ConverterError, ConverterMissing, ConverterTimeout
from app.adapters.pdf.slots import default_folder, one_slot

Answer = Callable[[tuple[int, bytes | ConverterError]], None]
_NO_ARCHIVE = ConverterError("no zip archive")
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
        self._check_program()
        if not _is_archive(docx):
            raise _NO_ARCHIVE
        return dict(self._call({0: docx}, threading.Event()))[0]

    def convert_many(self, docxs: Sequence[bytes]) -> Iterator[tuple[int, bytes | ConverterError]]:
        """The position of each .docx with its PDF, or why there is none, as they come; one call for each place.

        Ending the iteration early ends the calls. Raises ConverterMissing.
        """
        self._check_program()
        good = {position: docx for position, docx in enumerate(docxs) if _is_archive(docx)}
        yield from ((position, _NO_ARCHIVE) for position in range(len(docxs)) if position not in good)
        answers: queue.SimpleQueue = queue.SimpleQueue()
        stop = threading.Event()
        threads = [
            threading.Thread(target=self._work, args=(part, answers.put, stop), daemon=True)
            for part in _shared_out(good, self.slots)
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in good:
                yield answers.get()
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _work(self, waiting: dict[int, bytes], answer: Answer, stop: threading.Event) -> None:
        """Answer for each document of `waiting`. The first that a call does not make is tried alone; when twice
        running nothing comes out at all, the fault lies elsewhere and the rest is given up."""
        error, fruitless = ConverterError(), 0
        while waiting and fruitless < 2 and not stop.is_set():
            before = len(waiting)
            error = self._round(waiting, answer, stop)
            if waiting and before > 1:
                first = next(iter(waiting))
                alone = {first: waiting.pop(first)}
                error = self._round(alone, answer, stop)
                before -= len(alone)
                for position in alone:
                    answer((position, error))
            fruitless = fruitless + 1 if len(waiting) == before else 0
        for position in waiting:
            answer((position, error))

    def _round(self, waiting: dict[int, bytes], answer: Answer, stop: threading.Event) -> ConverterError:
        """One call: what comes out is answered and taken from `waiting`. Says why the rest did not come out."""
        try:
            for position, pdf in self._call(dict(waiting), stop):
                del waiting[position]
                answer((position, pdf))
        except ConverterError as error:
            return error
        except OSError as error:  # such as no room for the documents
            return ConverterError(str(error))
        return ConverterError()

    def _call(self, docxs: dict[int, bytes], stop: threading.Event) -> Iterator[tuple[int, bytes]]:
        """The PDFs of one call as they come. Raises ConverterError at the end when some did not."""
        try:
            with one_slot(self.lock_folder, self.slots, self.timeout) as place:
                call = Call(self.soffice, place, docxs, self.timeout)
                yield from call.made(stop)
        except TimeoutError:
            raise ConverterTimeout("no free place") from None
        except PermissionError as error:
            raise ConverterError(str(error)) from None
        if call.missing:
            raise ConverterTimeout(f"{self.timeout} s") if call.hung else ConverterError(call.said)

    def _check_program(self) -> None:
        if not os.access(self.soffice, os.X_OK):
            raise ConverterMissing


def _is_archive(docx: bytes) -> bool:
    return docx.startswith(b"PK")  # of nothing at all the program makes an empty page


def _shared_out(docxs: dict[int, bytes], places: int) -> list[dict[int, bytes]]:
    positions = list(docxs)
    parts = [positions[first::places] for first in range(places)]
    return [{position: docxs[position] for position in part} for part in parts if part]
