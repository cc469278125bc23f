"""Sáng Kiến: carries a yearly contest for initiatives in administrative reform. The factory and the list of slices."""

import os
from collections.abc import Mapping

from dotenv import load_dotenv
from flask import Flask, g, request
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    accounts,
    admin,
    audit,
    config,
    contests,
    documents,
    entries,
    flow,
    handover,
    health,
    inbox,
    jobs,
    notifications,
    organisations,
    public,
    ranking,
    reports,
    scoring,
    screening,
    web,
)
from app.adapters import mail, pdf, storage
from app.core import db as database
from app.core import i18n, ids

SLICES = (
    audit,
    jobs,
    organisations,
    accounts,
    flow,
    notifications,
    documents,
    contests,
    entries,
    screening,
    scoring,
    ranking,
    handover,
    inbox,
    reports,
    public,
    admin,
    health,
)

csrf = CSRFProtect()
migrate = Migrate(directory=str(config.ROOT / "migrations"), render_as_batch=True)


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Build the application from the environment (`.env` read unless `environ` is given)."""
    if environ is None:
        load_dotenv(config.ROOT / ".env")
        environ = os.environ
    settings = config.load(environ)
    app = Flask(__name__, static_folder=None, instance_path=str(settings.data_dir))
    app.config.from_mapping(config.flask_config(settings))
    _set_up_requests(app)
    _set_up_database(app)
    _set_up_adapters(app)
    i18n.init_app(app)
    csrf.init_app(app)
    web.init_app(app)
    for piece in SLICES:
        piece.init_app(app)
    return app


def _set_up_requests(app: Flask) -> None:
    """Give each request an id, trust as many proxies as configured, and begin unsafe requests as writers."""
    proxies = app.config["SETTINGS"].trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)

    @app.before_request
    def begin() -> None:
        g.request_id = ids.random_code(12)
        if request.method in ("GET", "HEAD", "OPTIONS"):
            database.begin_reading()
        else:
            database.begin_writing()


def _set_up_database(app: Flask) -> None:
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = database.engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    database.db.init_app(app)
    migrate.init_app(app, database.db)
    with app.app_context():
        database.listen(database.db.engine)


def _set_up_adapters(app: Flask) -> None:
    """The outside world behind protocols; slices read them from `app.extensions`."""
    settings = app.config["SETTINGS"]
    app.extensions["storage"] = storage.LocalStorage(settings.data_dir / "files")
    app.extensions["mailer"] = mail.SmtpMailer(settings) if settings.mail_enabled else None
    app.extensions["converter"] = pdf.LibreOffice(settings.soffice) if settings.soffice else None
