import pytest

from tests.web.face import build_app


@pytest.fixture
def app():
    """The small application that wears the face."""
    return build_app()


@pytest.fixture
def client(app):
    """A client that checks each page it fetches."""
    return app.test_client()
