"""Every stored file is hashed anew: nothing to complain about, and each planted change found."""

import io
import random
from pathlib import Path

import pytest

from app.core.db import db
from app.documents import checking, services
from app.jobs import run_all
from tests.conftest import NOW
from tests.factories.documents import make_world


@pytest.fixture
def files(app, monkeypatch):
    """A paper with 40 stored files beside its own."""
    monkeypatch.setitem(app.extensions, "converter", None)
    world = make_world()
    paper = world.draw()
    run_all(NOW)
    made = []
    for number in range(40):
        stored = app.extensions["storage"].put(io.BytesIO(f"tệp {number}".encode() * 50), limit=10**6)
        made.append({"kind": "docx", "sha256": stored.key, "size": stored.size, "pages": 0})
    services.keep_bytes(paper.row, "issued", made, now=NOW)
    db.session.commit()
    return app.extensions["storage"]


def run(app):
    return app.test_cli_runner().invoke(args=["documents", "check"])


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << place % 8
    path.chmod(0o600)
    path.write_bytes(content)


def test_sound_files_are_said_to_be_so(app, files):
    done = run(app)
    assert (done.exit_code, done.output) == (0, "Đã kiểm tra 41 tệp: 0 tệp sai hoặc mất.\n")


def test_two_hundred_flipped_bytes_are_two_hundred_findings(app, files):
    keys, dice, found = [key for key, _of in checking.stored()], random.Random(7), 0
    for turn in range(200):
        key, place = keys[turn % len(keys)], dice.randrange(10**6)
        flip(files.path(key), place)
        found += [damage.sha256 for damage in checking.damages(checking.stored())] == [key]
        flip(files.path(key), place)
    assert found == 200


def test_changed_and_lost_files_are_named(app, files):
    keys = [key for key, _of in checking.stored()]
    flip(files.path(keys[3]), 10)
    files.path(keys[5]).unlink()
    done = run(app)
    assert done.exit_code == 1
    assert f"issued, docx: nội dung đã thay đổi ({keys[3]})" in done.output
    assert f"issued, docx: không còn tệp ({keys[5]})" in done.output
    assert done.output.endswith("Đã kiểm tra 41 tệp: 2 tệp sai hoặc mất.\n")
