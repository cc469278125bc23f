"""Writes one file with everything this installation knows: `python -m deploy.backup FOLDER`.

The database is copied while people work (SQLite's backup call, or pg_dump), then every file of the data
folder. Files are stored before the row that names them and are never changed, so a copy made in this order
has them all. Keys for signing with their passphrases, roots and pictures are among them; files and folders
come back with the modes they had, since a key that others can read is refused.
"""

import contextlib
import os
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3
from dotenv import load_dotenv
from sqlalchemy.engine import make_url

from app.config import load

ROOT = Path(__file__).resolve().parent.parent


class BackupError(RuntimeError):
    """The copy could not be made or is not sound; nothing was left behind."""


def copy_sqlite(source, target):
    """A copy of a database in use. Raises `BackupError` when it does not pass SQLite's own check."""
    if not source.is_file():
        raise BackupError(f"Không thấy cơ sở dữ liệu {source}")
    reading, writing = pysqlite3.connect(source), pysqlite3.connect(target)
    try:
        reading.backup(writing)
        verdict = writing.execute("PRAGMA integrity_check").fetchone()[0]
    except pysqlite3.DatabaseError as error:
        raise BackupError(f"Không sao được cơ sở dữ liệu: {error}") from error
    finally:
        reading.close()
        writing.close()
    if verdict != "ok":
        raise BackupError(f"Bản sao cơ sở dữ liệu hỏng: {verdict}")


def copy_postgres(url, target):
    """A dump that pg_restore reads. Raises `BackupError` with pg_dump's own words."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = ["pg_dump", "--format=custom", f"--file={target}", f"--dbname={address}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BackupError(result.stderr.strip())


def write_copy(url, data_dir, part):
    """Database first, then the files beside it, into the archive `part`."""
    with tempfile.TemporaryDirectory(dir=part.parent) as folder:
        if url.get_backend_name() == "sqlite":
            database = Path(url.database)
            copy = Path(folder) / database.name
            copy_sqlite(database, copy)
            left_out = {database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))}
        else:
            copy, left_out = Path(folder) / "database.dump", set()
            copy_postgres(url, copy)
        with tarfile.open(part, "w") as archive:
            archive.add(copy, copy.name)
            for path in sorted(data_dir.rglob("*")):
                if path not in left_out:
                    with contextlib.suppress(FileNotFoundError):  # an upload that was finished or given up
                        archive.add(path, path.relative_to(data_dir), recursive=False)
    with part.open("rb") as written:
        os.fsync(written.fileno())


def back_up(settings, folder, now):
    """Makes the copy in `folder` and returns its path. A file under its final name is always whole."""
    path = folder.resolve() / f"sangkien-{now:%Y%m%dT%H%M%SZ}.tar"
    part = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_copy(make_url(settings.database_url), settings.data_dir, part)
        part.rename(path)
    except Exception:
        part.unlink(missing_ok=True)
        raise
    return path


def main(arguments):
    """Prints the path of the copy, or why there is none."""
    if len(arguments) != 1:
        return "python -m deploy.backup THƯ_MỤC"
    os.umask(0o077)
    load_dotenv(ROOT / ".env")
    try:
        print(back_up(load(os.environ), Path(arguments[0]), datetime.now(UTC)))
    except (BackupError, OSError) as error:
        return f"! {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
