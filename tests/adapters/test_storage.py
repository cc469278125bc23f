"""Keeping files: by content, complete and durable or not at all, and nothing left behind when it fails."""

import errno
import hashlib
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.storage import LocalStorage, MissingFile, StorageFull, Stored, TooLarge, receive
from app.adapters.storage.errors import BadUpload

ROOT = Path(__file__).parents[2]
LIMIT = 2**20
CONTENT = "Sáng kiến số hoá hồ sơ\n".encode() * 20_000
KEY = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path / "files")


def files_under(storage):
    """Every file below the root, relative to it."""
    return sorted(str(path.relative_to(storage.root)) for path in storage.root.rglob("*") if path.is_file())


# --- Keeping ------------------------------------------------------------------------------------------


def test_a_file_is_kept_under_the_hash_of_its_content(storage):
    assert storage.put(io.BytesIO(CONTENT), limit=LIMIT) == Stored(KEY, len(CONTENT))
    assert files_under(storage) == [f"{KEY[:2]}/{KEY}"]
    with storage.open(KEY) as file:
        assert file.read() == CONTENT
    assert storage.path(KEY).read_bytes() == CONTENT
    assert storage.exists(KEY)
    assert storage.is_intact(KEY)


def test_only_the_owner_may_read(storage):
    storage.put(io.BytesIO(b"x"), limit=LIMIT)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in storage.root.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in storage.root.rglob("*") if path.is_dir()}
    assert (modes, folders, stat.S_IMODE(storage.root.stat().st_mode)) == ({0o600}, {0o700}, 0o700)


def test_equal_content_is_kept_once_and_heals_a_damaged_copy(storage):
    first = storage.put(io.BytesIO(CONTENT), limit=LIMIT)
    storage.path(KEY).write_bytes(b"changed behind our back")
    assert not storage.is_intact(KEY)
    assert storage.put(io.BytesIO(CONTENT), limit=LIMIT) == first
    assert storage.is_intact(KEY)
    assert len(files_under(storage)) == 1


@settings(deadline=None)
@given(content=st.binary(max_size=300), cuts=st.lists(st.integers(0, 50), max_size=5))
def test_what_is_put_in_small_pieces_comes_out_whole(tmp_path_factory, content, cuts):
    class Dripping(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, cuts.pop() + 1) if cuts else size)

    storage = LocalStorage(tmp_path_factory.mktemp("drip"))
    stored = storage.put(Dripping(content), limit=300)
    assert stored == Stored(hashlib.sha256(content).hexdigest(), len(content))
    assert storage.path(stored.key).read_bytes() == content


def test_delete_is_final_and_may_be_repeated(storage):
    storage.put(io.BytesIO(CONTENT), limit=LIMIT)
    storage.delete(KEY)
    storage.delete(KEY)
    assert not storage.exists(KEY)
    assert files_under(storage) == []
    for read in (storage.open, storage.is_intact):
        with pytest.raises(MissingFile):
            read(KEY)


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", "/etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "é" * 64]
)
def test_no_key_leads_out_of_the_store(storage, key):
    for use in (storage.open, storage.exists, storage.delete, storage.path, storage.is_intact):
        with pytest.raises(MissingFile):
            use(key)


# --- Refusing -----------------------------------------------------------------------------------------


def test_the_limit_is_exact_and_nothing_is_left_when_it_is_passed(storage):
    assert storage.put(io.BytesIO(b"12345"), limit=5).size == 5
    with pytest.raises(TooLarge) as refused:
        storage.put(io.BytesIO(b"123456"), limit=5)
    assert refused.value.limit == 5
    assert len(files_under(storage)) == 1


def test_the_rest_of_an_endless_upload_is_never_read(storage):
    class Endless(io.RawIOBase):
        given_out = 0

        def read(self, size=-1):
            self.given_out += size
            return b"0" * size

    stream = Endless()
    with pytest.raises(TooLarge) as refused:
        storage.put(stream, limit=20 * 2**20)
    assert stream.given_out <= 21 * 2**20
    assert str(refused.value) == "Tệp phải nhỏ hơn 20 MB"


def test_a_check_that_refuses_leaves_nothing(storage):
    seen = []

    def check(path):
        seen.append(path.read_bytes())
        raise BadUpload("empty")

    with pytest.raises(BadUpload):
        storage.put(io.BytesIO(CONTENT), limit=LIMIT, check=check)
    assert seen == [CONTENT]
    assert files_under(storage) == []


def test_an_upload_that_breaks_off_leaves_nothing(storage):
    class BreaksOff(io.BytesIO):
        def read(self, size=-1):
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        storage.put(BreaksOff(CONTENT), limit=LIMIT)
    assert files_under(storage) == []


def test_receive_refuses_by_content_and_keeps_nothing(storage):
    with pytest.raises(BadUpload) as refused:
        receive(storage, io.BytesIO(b"<html>"), "đơn.pdf", limit=LIMIT)
    assert refused.value.code == "mismatch"
    assert str(refused.value) == "Nội dung tệp không phải là PDF. Lưu lại đúng loại rồi tải lên"
    assert files_under(storage) == []


def test_leftovers_of_killed_processes_go_but_uploads_under_way_stay(storage):
    old, young = storage.root / "incoming" / "tmpold", storage.root / "incoming" / "tmpyoung"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    LocalStorage(storage.root)
    assert files_under(storage) == ["incoming/tmpyoung"]


# --- A full disk --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_is_named_and_nothing_is_left(storage, monkeypatch, call, number):
    def full(*arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(StorageFull) as refused:
        storage.put(io.BytesIO(CONTENT), limit=LIMIT)
    assert refused.value.code == "storage_full"
    assert files_under(storage) == []


def test_other_errors_of_the_disk_are_not_called_full(storage, monkeypatch):
    def broken(*arguments):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(OSError, match="Input/output"):
        storage.put(io.BytesIO(CONTENT), limit=LIMIT)
    assert files_under(storage) == []


def test_a_write_that_takes_only_part_is_continued(storage, monkeypatch):
    whole_write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: whole_write(descriptor, data[:1000]))
    storage.put(io.BytesIO(CONTENT), limit=LIMIT)
    assert storage.is_intact(KEY)


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 1 MB, where the machine lets one be mounted; see the test above for everywhere else."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not mount or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk; the full disk is also tested without one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk):
    storage = LocalStorage(small_disk / "files")
    kept = storage.put(io.BytesIO(CONTENT), limit=LIMIT)
    with pytest.raises(StorageFull):
        storage.put(io.BytesIO(os.urandom(2**20)), limit=2**21)
    assert storage.is_intact(kept.key)
    assert files_under(storage) == [f"{kept.key[:2]}/{kept.key}"]
    assert storage.put(io.BytesIO(b"there is room again"), limit=LIMIT).size == 19


# --- Durable before it is acknowledged ----------------------------------------------------------------


def calls_recorded(root, monkeypatch):
    """The calls of one `put`, recorded around the functions of `os`; each with what it works on."""
    calls = []

    def recorded(name, real):
        def call(target, *arguments):
            path = os.readlink(f"/proc/self/fd/{target}") if isinstance(target, int) else str(target)
            calls.append((name, path))
            return real(target, *arguments)

        return call

    storage = LocalStorage(root)
    for name in ("write", "fsync", "replace"):
        monkeypatch.setattr(os, name, recorded(name, getattr(os, name)))
    storage.put(io.BytesIO(b"x"), limit=1)
    monkeypatch.undo()
    return calls


def calls_traced(root, monkeypatch):
    """The same, seen from outside by strace."""
    program = textwrap.dedent(f"""
        import io, sys
        from pathlib import Path
        from app.adapters.storage.local import LocalStorage
        LocalStorage(Path({str(root)!r})).put(io.BytesIO(b"x"), limit=1)
    """)
    command = ["strace", "-f", "-y", "-qq", "-e", "trace=write,fsync,rename,renameat,renameat2", sys.executable]
    done = subprocess.run([*command, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    calls = []
    for line in done.stderr.splitlines():
        found = re.search(r"\b(write|fsync|rename)\w*\((?:\d+<([^>]+)>|(?:AT_FDCWD[^,]*, )?\"([^\"]+)\")", line)
        if found and str(root) in (found[2] or found[3]):
            calls.append((found[1].replace("rename", "replace"), found[2] or found[3]))
    return calls


def may_trace():
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-qq", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("watch", [calls_recorded, *([calls_traced] if may_trace() else [])])
def test_content_is_flushed_before_its_name_and_the_name_before_the_answer(tmp_path, monkeypatch, watch):
    root = tmp_path / "files"
    folder = root / hashlib.sha256(b"x").hexdigest()[:2]
    calls = watch(root, monkeypatch)
    assert [name for name, _ in calls] == ["write", "fsync", "fsync", "replace", "fsync"]
    paths = [Path(path) for _, path in calls]
    assert paths[0] == paths[1] == paths[3]
    assert paths[0].parent == root / "incoming"
    assert (paths[2], paths[4]) == (root, folder)


def test_a_killed_process_leaves_no_file_under_a_key(tmp_path):
    program = textwrap.dedent(f"""
        import io, os, signal
        from pathlib import Path
        from app.adapters.storage.local import LocalStorage
        storage = LocalStorage(Path({str(tmp_path)!r}))
        storage.put(io.BytesIO(b"kept"), limit=10)
        storage.put(io.BytesIO(b"lost"), limit=10, check=lambda path: os.kill(os.getpid(), signal.SIGKILL))
    """)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    storage = LocalStorage(tmp_path)
    assert done.returncode == -9
    assert storage.is_intact(hashlib.sha256(b"kept").hexdigest())
    assert not storage.exists(hashlib.sha256(b"lost").hexdigest())
