"""One application for each test process, a fresh copy of the migrated database for each test.

On SQLite the copy is a file; with FLASK_DATABASE_URL pointing to a PostgreSQL server it is a database made from a
template database there.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import hypothesis
import pytest

from app import create_app
from app.core.db import begin_writing, db
from tests.databases import PostgresDatabase, SqliteDatabase
from tests.visitor import Visitor

hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

LONGEST = ("e2e/test_whole_job.py", "test_routes.py", "e2e/test_macros_page.py", "flow/test_life_cycle.py")
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items):
    """The files that take longest come first, so that at the end no test process waits for the other."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def database(tmp_path_factory, worker_id):
    """Where this process keeps its databases."""
    server = os.environ.get("FLASK_DATABASE_URL", "")
    if server.startswith("postgresql"):
        database = PostgresDatabase(server, worker_id)
    else:
        database = SqliteDatabase(tmp_path_factory.mktemp("db"))
    yield database
    database.drop()


@pytest.fixture(scope="session")
def shared_app(database, tmp_path_factory):
    """The application of this process, its database migrated once."""
    data_dir = tmp_path_factory.mktemp("data")
    app = create_app(
        {
            "FLASK_DATA_DIR": str(data_dir),
            "FLASK_DATABASE_URL": database.url,
            "FLASK_BASE_URL": "http://localhost",
            "FLASK_SOFFICE": os.environ.get("FLASK_SOFFICE", shutil.which("soffice") or ""),
        }
    )
    app.testing = True
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    database.keep_as_template()
    return app


@pytest.fixture
def app(shared_app, database):
    """The application in its context, with an empty migrated database and no files, ready to write."""
    with shared_app.app_context():
        db.session.remove()
        db.engine.dispose()
        database.renew()
        _empty(Path(shared_app.config["SETTINGS"].data_dir) / "files")
        begin_writing()
        yield shared_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def without_pdf(app, monkeypatch):
    """Papers are made as .docx only, as on a machine without LibreOffice: for tests that look at no page."""
    monkeypatch.setitem(app.extensions, "converter", None)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "incoming").mkdir(parents=True)


@pytest.fixture
def now() -> datetime:
    """A fixed moment: Friday, 20 November 2026, 09:00 in Việt Nam."""
    return NOW


@pytest.fixture
def visitor(app):
    """A person with a browser that checks every page; `visitor(user)` is signed in, `visitor()` is not."""
    return lambda user=None: Visitor(app, user)


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """Name of the parallel test process ("master" when there is only one)."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")
