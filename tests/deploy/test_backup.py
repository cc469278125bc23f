"""A copy made while people work is whole, private and can be read back."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pysqlite3
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir(tmp_path):
    folder = tmp_path / "data"
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / "abcd").write_bytes(b"evidence \x00\xff")
    return folder


@pytest.fixture
def database(data_dir):
    """An open write-ahead database whose last commit is still in the log."""
    connection = pysqlite3.connect(data_dir / "sangkien.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE note (words TEXT)")
    connection.execute("INSERT INTO note VALUES ('Nộp hồ sơ')")
    connection.commit()
    yield connection
    connection.close()


def run_backup(data_dir, target):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    environment["FLASK_DATA_DIR"] = str(data_dir)
    command = [sys.executable, "-m", "deploy.backup", str(target)]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def words(path):
    connection = pysqlite3.connect(path)
    try:
        return connection.execute("SELECT words FROM note").fetchall()
    finally:
        connection.close()


def test_a_copy_holds_what_is_committed_and_every_file(data_dir, database, tmp_path):
    database.execute("INSERT INTO note VALUES ('chưa lưu')")
    result = run_backup(data_dir, tmp_path / "copies")
    assert result.stderr == ""
    (copy,) = (tmp_path / "copies").iterdir()
    assert result.stdout == f"{copy}\n"
    assert copy.stat().st_mode & 0o777 == 0o600
    with tarfile.open(copy) as archive:
        assert sorted(archive.getnames()) == ["files", "files/ab", "files/ab/abcd", "sangkien.db", "secret_key"]
    (tmp_path / "back").mkdir()
    subprocess.run(["tar", "-xf", copy, "-C", tmp_path / "back"], check=True)
    assert words(tmp_path / "back" / "sangkien.db") == [("Nộp hồ sơ",)]
    assert (tmp_path / "back" / "files" / "ab" / "abcd").read_bytes() == b"evidence \x00\xff"


def test_a_broken_database_is_told_and_leaves_nothing(data_dir, tmp_path):
    (data_dir / "sangkien.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    result = run_backup(data_dir, tmp_path / "copies")
    assert result.returncode == 1
    assert result.stderr.startswith("! ")
    assert list((tmp_path / "copies").iterdir()) == []


def test_no_database_is_told(data_dir, tmp_path):
    result = run_backup(data_dir, tmp_path / "copies")
    assert (result.returncode, result.stderr) == (
        1,
        f"! Không thấy cơ sở dữ liệu {data_dir / 'sangkien.db'}\n",
    )


def test_a_place_that_takes_nothing_is_told(data_dir, database, tmp_path):
    (tmp_path / "copies").write_text("a file where the folder should be")
    result = run_backup(data_dir, tmp_path / "copies")
    assert result.returncode == 1
    assert result.stderr.startswith("! ")
