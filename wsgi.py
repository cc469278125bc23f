"""The application object for servers and for `flask --app wsgi`."""

from app import create_app
from app.core.first_start import make_embedded_database

app = create_app()
make_embedded_database(app)
