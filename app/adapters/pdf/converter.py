"""What every converter promises, and how it fails."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from workflows.spec import N_

MISSING = N_("Chưa có LibreOffice nên không tạo được PDF. Cài đặt: apt-get install %(packages)s")
PACKAGES = "libreoffice-writer-nogui fonts-liberation2"
FAILED = N_("Không chuyển được văn bản sang PDF.")
TOO_LONG = N_("Chuyển văn bản sang PDF quá lâu nên đã bị dừng.")


class ConverterError(Exception):
    """No PDF came out. `message` is a Vietnamese msgid, `params` fill it, `detail` is for the log."""

    message = FAILED

    def __init__(self, detail: str = "", **params: str):
        self.params = params
        self.detail = detail
        super().__init__(self.message % params if params else self.message)


class ConverterTimeout(ConverterError):
    """The converter hung, or the queue before it was too long."""

    message = TOO_LONG


class ConverterMissing(ConverterError):
    """No converter on this machine; says what to install."""

    message = MISSING

    def __init__(self) -> None:
        super().__init__(packages=PACKAGES)


class Converter(Protocol):
    """Anything that turns a .docx into a PDF."""

    def convert(self, docx: bytes) -> bytes:
        """The PDF of a .docx. Raises ConverterError."""
        ...

    def convert_many(self, docxs: Sequence[bytes]) -> Iterator[tuple[int, bytes | ConverterError]]:
        """The position of each .docx with its PDF, or why there is none, as they come. Ending the iteration early ends
        the work. Raises ConverterMissing."""
        ...
