"""A package as files: the list as a workbook, and everything in one archive with the hashes of its files."""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO

import xlsxwriter
from flask_babel import gettext as _

from app.adapters.storage import Storage
from app.core.vietnamese import file_slug, short_date, to_local, upper
from app.entries.models import Entry
from app.entries.services import sections
from app.handover import listing
from app.handover.listing import COLUMNS, Line

_FONT = {"font_name": "Times New Roman", "font_size": 12}
_WIDTHS = (6, 40, 30, 30, 22, 14, 34, 9, 18)
_FIRST_ROW = 5
_IN_MEMORY = 16 * 1024 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Head:
    """What the list says above its columns."""

    code: str
    sender: str
    receiver: str
    contest: str
    paper: str = ""
    at: datetime | None = None


@dataclass
class Archive:
    """An archive being written, and what its manifest will say."""

    zip: zipfile.ZipFile
    files: list[dict] = field(default_factory=list)

    def add(self, path: str, content: BinaryIO, about: Mapping[str, str] = MappingProxyType({})) -> None:
        """Copy one file in, piece by piece, counting and hashing what really went in; `about` goes to the manifest."""
        digest, size = hashlib.sha256(), 0
        with self.zip.open(path, "w", force_zip64=True) as target:
            while piece := content.read(_CHUNK):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.files.append({"path": path, "size": size, "sha256": digest.hexdigest()} | dict(about))


# --- the list -----------------------------------------------------------------------------------------------------
def list_file(head: Head, entries: Sequence[Entry]) -> bytes:
    """The workbook: a sheet to print and a plain one for machines. No text is taken for a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    lines = listing.lines(entries)
    _write_printed(book, head, lines)
    _write_plain(book, lines)
    book.close()
    return out.getvalue()


def _write_printed(book, head: Head, lines: Sequence[Line]) -> None:
    sheet = book.add_worksheet(_("Danh sách"))
    _set_up_page(sheet)
    bold = book.add_format(_FONT | {"bold": True, "align": "center"})
    last = len(COLUMNS) - 1
    about = [
        upper(head.sender),
        "",
        upper(_("Danh sách sáng kiến, giải pháp đề nghị xét, công nhận")),
        _reference(head),
    ]
    for row, text in enumerate(about):
        sheet.merge_range(row, 0, row, last, "", bold)
        sheet.write_string(row, 0, text, bold)
    boxed = _FONT | {"text_wrap": True, "valign": "top", "border": 1}
    head_format = book.add_format(boxed | {"bold": True, "align": "center", "valign": "vcenter"})
    for column, (label, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(_FIRST_ROW - 1, column, _(label), head_format)
    cell, score = book.add_format(boxed), book.add_format(boxed | {"num_format": "0.00"})
    for row, line in enumerate(lines, _FIRST_ROW):
        _write_line(sheet, row, line, cell, score)


def _write_line(sheet, row: int, line: Line, cell, score) -> None:
    texts = (line.title, line.authors, line.unit, line.field, line.first_applied, line.scope)
    sheet.write_number(row, 0, line.number, cell)
    for column, text in enumerate(texts, 1):
        sheet.write_string(row, column, text, cell)
    if line.score is None:
        sheet.write_string(row, 7, line.score_text, cell)
    else:
        sheet.write_number(row, 7, float(line.score), score)
    sheet.write_string(row, 8, listing.PROPOSAL, cell)


def _write_plain(book, lines: Sequence[Line]) -> None:
    sheet = book.add_worksheet("DuLieu")
    names = ("stt", "ma_ho_so", "ten", "tac_gia", "don_vi", "linh_vuc", "ap_dung_lan_dau", "pham_vi", "diem")
    for column, name in enumerate(names):
        sheet.write_string(0, column, name)
    for row, line in enumerate(lines, 1):
        texts = (line.code, line.title, line.authors, line.unit, line.field, line.first_applied, line.scope)
        sheet.write_number(row, 0, line.number)
        for column, text in enumerate(texts, 1):
            sheet.write_string(row, column, text)
        if line.score is not None:
            sheet.write_number(row, len(names) - 1, float(line.score))


def _reference(head: Head) -> str:
    parts = [head.paper, _("Gói %(code)s gửi %(receiver)s", code=head.code, receiver=head.receiver)]
    return ". ".join(part for part in parts if part)


def _set_up_page(sheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    sheet.repeat_rows(_FIRST_ROW - 1)
    sheet.freeze_panes(_FIRST_ROW, 2)
    sheet.set_footer("&C&P/&N")


# --- the archive --------------------------------------------------------------------------------------------------
def archive_file(head: Head, entries: Sequence[Entry], papers: Sequence[tuple[str, str]], storage: Storage) -> BinaryIO:
    """The whole package, ready to be read from its beginning. `papers` are (name, key) of the issued paper's files.

    Paths inside are made here from codes and plain letters, never from what people typed; the manifest has the
    names as they were. Raises MissingFile when the storage has lost a file.
    """
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer that sends it closes it
    try:
        _write_archive(out, head, entries, papers, storage)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _write_archive(out: BinaryIO, head: Head, entries: Sequence[Entry], papers, storage: Storage) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        archive = Archive(target)
        archive.add("danh-sach.xlsx", io.BytesIO(list_file(head, entries)))
        for path, key in papers:
            with storage.open(key) as content:
                archive.add(path, content)
        for entry in entries:
            _add_entry(archive, entry, storage)
        target.writestr("manifest.json", _manifest(head, entries, archive.files))


def _add_entry(archive: Archive, entry: Entry, storage: Storage) -> None:
    folder = f"ho-so/{file_slug(entry.code)}"
    text = "\n".join(_description(entry))
    archive.add(f"{folder}/mo-ta.txt", io.BytesIO(text.encode("utf-8")), {"entry": entry.code})
    for number, file in enumerate(entry.files, 1):
        stem, _dot, extension = file.name.rpartition(".")
        path = f"{folder}/{number:02}-{file_slug(stem or file.name, limit=60)}.{file_slug(extension, limit=8).lower()}"
        with storage.open(file.sha256) as content:
            archive.add(path, content, {"entry": entry.code, "name": file.name})


def _description(entry: Entry) -> Iterator[str]:
    """The dossier as plain text: every part with its answers."""
    yield f"{entry.code}: {entry.title}"
    for section in sections(entry):
        yield f"\n{section.heading}"
        for answer in section.answers:
            value = answer.value if isinstance(answer.value, str) else "; ".join(answer.value)
            yield f"{answer.label}: {value or listing.UNKNOWN}"


def _manifest(head: Head, entries: Sequence[Entry], files: list[dict]) -> str:
    about = {
        "package": head.code,
        "sender": head.sender,
        "receiver": head.receiver,
        "contest": head.contest,
        "paper": head.paper,
        "sent_on": short_date(to_local(head.at).date()) if head.at else "",
        "entries": [{"code": entry.code, "title": entry.title} for entry in entries],
        "files": files,
    }
    return json.dumps(about, ensure_ascii=False, indent=2)
