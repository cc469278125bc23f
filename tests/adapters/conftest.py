"""A place of one's own, and converters that are shell scripts."""

import pytest

from app.adapters.pdf import LibreOffice


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A place for temporary files that nobody else writes to."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


@pytest.fixture
def stub(tmp_path):
    """Makes a converter of a shell script; `$OUT` is the file it should write."""

    def make(script, **options):
        path = tmp_path / "soffice"
        path.write_text(f'#!/bin/sh\nOUT="$PWD/out/0.pdf"; mkdir -p "$PWD/out"\n{script}\n')
        path.chmod(0o755)
        return LibreOffice(path, lock_folder=tmp_path / "locks", **{"timeout": 20, **options})

    return make
