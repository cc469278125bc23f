"""A look at a zip archive that trusts none of its figures, before anything else opens it.

Refused: more members or bytes than any office document has, ratios of bombs, overlapping members, sizes and
names that the two headers of a member tell differently, names that leave the folder, links, encryption, unknown
compression, and bytes before or after the archive. Every member is unpacked once, counted and let go.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from app.adapters.storage.errors import BadUpload

MAX_MEMBERS = 2000
MAX_UNPACKED = 100 * 2**20
MAX_RATIO = 200
RATIO_FROM = 2**20
_MAX_DIRECTORY = 2**20
_CHUNK = 64 * 1024

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800

Watcher = Callable[[str, bytes], None]


def guard(path: Path, watch: Watcher) -> list[str]:
    """Names of the members after the whole archive was unpacked and found harmless.

    `watch(name, chunk)` sees the unpacked bytes of every member, in order, in pieces of at most 64 KiB; an empty
    piece ends a member. Raises BadUpload with code `broken`, `encrypted` or `unpacks_too_large`.
    """
    with path.open("rb") as file:
        directory_start = _check_end(file)
        members = _members(file)
        spans = _spans(file, members, directory_start)
        left = MAX_UNPACKED
        for member, start in zip(members, spans, strict=True):
            left -= _unpack(file, member, start, left, watch)
    return [member.filename for member in members]


def _check_end(file: BinaryIO) -> int:
    """Read the last record and return where the directory starts. It must fill the file to its last byte."""
    size = file.seek(0, 2)
    if size < _END.size:
        raise BadUpload("broken")
    file.seek(size - _END.size)
    signature, disk, first_disk, here, total, length, start, comment = _END.unpack(file.read(_END.size))
    if signature != b"PK\x05\x06" or comment or disk or first_disk or here != total:
        raise BadUpload("broken")
    if total > MAX_MEMBERS or length > _MAX_DIRECTORY:
        raise BadUpload("unpacks_too_large")
    if start + length != size - _END.size:
        raise BadUpload("broken")
    return start


def _members(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """The directory, in the order of the bytes in the file, each member checked by itself."""
    try:
        members = sorted(zipfile.ZipFile(file).infolist(), key=lambda member: member.header_offset)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise BadUpload("broken") from None
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise BadUpload("unpacks_too_large")
    names = [member.filename.casefold() for member in members]
    if len(set(names)) != len(names):
        raise BadUpload("broken")
    for member in members:
        _check_member(member)
    return members


def _check_member(member: zipfile.ZipInfo) -> None:
    """Name, kind and compression of one member, as the directory tells them."""
    if member.flag_bits & _ENCRYPTED:
        raise BadUpload("encrypted")
    kind = stat.S_IFMT(member.external_attr >> 16)
    packed_well = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or not packed_well or not _is_inside(member.orig_filename):
        raise BadUpload("broken")


def _is_inside(name: str) -> bool:
    """True for a plain relative name that stays in its folder on every system."""
    parts = name.removesuffix("/").split("/")
    return not (set(parts) & {"", ".", ".."} or any(c in "\\:" or ord(c) < 32 or ord(c) == 127 for c in name))


def _spans(file: BinaryIO, members: list[zipfile.ZipInfo], directory_start: int) -> list[int]:
    """Where the data of each member starts. No byte may belong to two members or to the directory as well."""
    starts: list[int] = []
    free_from = 0
    for member in members:
        if member.header_offset < free_from or (not starts and member.header_offset):
            raise BadUpload("broken")
        start = _data_start(file, member)
        free_from = start + member.compress_size
        if free_from > directory_start:
            raise BadUpload("broken")
        starts.append(start)
    return starts


def _data_start(file: BinaryIO, member: zipfile.ZipInfo) -> int:
    """End of the member's own header, which must name the member as the directory does."""
    file.seek(member.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        raise BadUpload("broken")
    fields = _LOCAL.unpack(header)
    signature, flags, method, name_length, extra_length = fields[0], fields[2], fields[3], *fields[9:]
    name = file.read(name_length).decode("utf-8" if flags & _UTF8_NAME else "cp437", "replace")
    if signature != b"PK\x03\x04" or method != member.compress_type or name != member.orig_filename:
        raise BadUpload("broken")
    if flags & _ENCRYPTED:
        raise BadUpload("encrypted")
    return member.header_offset + _LOCAL.size + name_length + extra_length


def _unpack(file: BinaryIO, member: zipfile.ZipInfo, start: int, left: int, watch: Watcher) -> int:
    """Unpack one member, show it to `watch`, and return how many bytes it really has."""
    size = crc = 0
    for chunk in _pieces(file, member, start):
        size += len(chunk)
        if size > left or (size > RATIO_FROM and size > MAX_RATIO * member.compress_size):
            raise BadUpload("unpacks_too_large")
        crc = zlib.crc32(chunk, crc)
        watch(member.filename, chunk)
    if size != member.file_size or crc != member.CRC:
        raise BadUpload("broken")
    watch(member.filename, b"")
    return size


def _pieces(file: BinaryIO, member: zipfile.ZipInfo, start: int) -> Iterator[bytes]:
    """The unpacked bytes of a member in small pieces, however much one packed byte grows into."""
    file.seek(start)
    rest = member.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while rest:
        packed = file.read(min(_CHUNK, rest))
        if not packed:
            raise BadUpload("broken")
        rest -= len(packed)
        if inflate is None:
            yield packed
        else:
            yield from _inflated(inflate, packed)
    if inflate is not None and (not inflate.eof or inflate.unused_data):
        raise BadUpload("broken")


def _inflated(inflate: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    """What comes out of one packed piece, never empty (an empty piece tells `watch` of an end)."""
    try:
        while packed and not inflate.eof:
            piece = inflate.decompress(packed, _CHUNK)
            packed = inflate.unconsumed_tail
            if piece:
                yield piece
    except zlib.error:
        raise BadUpload("broken") from None
