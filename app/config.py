"""Typed settings from the environment (prefix FLASK_, `.env` read). A wrong value stops the start with the whole list.

Nothing secret is shipped: the signing key is made at the first start and kept in the data folder with mode 0600.
"""

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

MIN_SECRET = 32
ROOT = Path(__file__).resolve().parent.parent


class ConfigError(RuntimeError):
    """The environment holds wrong values; the message lists them all."""


@dataclass(frozen=True)
class Settings:
    """Every setting of the application, already checked."""

    secret_key: str
    database_url: str
    data_dir: Path
    demo: bool
    base_url: str
    mail_host: str
    mail_port: int
    mail_username: str
    mail_password: str
    mail_from: str
    mail_tls: bool
    trusted_proxies: int
    session_cookie_secure: bool
    max_upload_mb: int
    soffice: str

    @property
    def mail_enabled(self) -> bool:
        """Whether messages also leave by SMTP."""
        return bool(self.mail_host)


def load(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings. Raises `ConfigError` with one line per wrong value."""
    reader = _Reader(environ)
    data_dir = Path(reader.text("DATA_DIR", str(ROOT / "instance"))).resolve()
    settings = Settings(
        secret_key=reader.text("SECRET_KEY", "") or _kept_secret(data_dir),
        database_url=reader.database("DATABASE_URL", f"sqlite:///{data_dir / 'sangkien.db'}"),
        data_dir=data_dir,
        demo=reader.flag("DEMO", False),
        base_url=reader.url("BASE_URL", "http://localhost:8000"),
        mail_host=reader.text("MAIL_HOST", ""),
        mail_port=reader.number("MAIL_PORT", 587, 1, 65535),
        mail_username=reader.text("MAIL_USERNAME", ""),
        mail_password=reader.text("MAIL_PASSWORD", ""),
        mail_from=reader.text("MAIL_FROM", ""),
        mail_tls=reader.flag("MAIL_TLS", True),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, 0, 5),
        session_cookie_secure=reader.flag("SESSION_COOKIE_SECURE", False),
        max_upload_mb=reader.number("MAX_UPLOAD_MB", 20, 1, 200),
        soffice=reader.text("SOFFICE", shutil.which("soffice") or shutil.which("libreoffice") or ""),
    )
    reader.check(len(settings.secret_key) >= MIN_SECRET, "FLASK_SECRET_KEY", f"ít nhất {MIN_SECRET} ký tự")
    reader.check(not settings.mail_host or "@" in settings.mail_from, "FLASK_MAIL_FROM", "cần một địa chỉ thư")
    reader.raise_if_wrong()
    return settings


def flask_config(settings: Settings) -> dict:
    """The settings as Flask and its extensions expect them."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # The prefix makes browsers refuse a cookie planted over plain HTTP or by a sister host.
        "SESSION_COOKIE_NAME": "__Host-sk_session" if settings.session_cookie_secure else "sk_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.session_cookie_secure,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": (settings.max_upload_mb + 1) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "SETTINGS": settings,
    }


class _Reader:
    def __init__(self, environ: Mapping[str, str]):
        self.environ = environ
        self.wrong: list[str] = []

    def text(self, name: str, default: str) -> str:
        path = self.environ.get(f"FLASK_{name}_FILE")
        if path:
            return Path(path).read_text(encoding="utf-8").strip()
        return self.environ.get(f"FLASK_{name}", default).strip()

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        self.check(value in ("0", "1", "true", "false"), f"FLASK_{name}", "0 hoặc 1")
        return value in ("1", "true")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        right = value.isdecimal() and least <= int(value) <= most
        self.check(right, f"FLASK_{name}", f"số nguyên từ {least} đến {most}")
        return int(value) if right else default

    def url(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        self.check(parts.scheme in ("http", "https") and bool(parts.netloc), f"FLASK_{name}", "địa chỉ http(s)://…")
        return value

    def database(self, name: str, default: str) -> str:
        value = self.text(name, default).replace("postgres://", "postgresql://", 1)
        if value.startswith("postgresql://"):
            value = value.replace("postgresql://", "postgresql+psycopg://", 1)
        try:
            right = make_url(value).get_backend_name() in ("sqlite", "postgresql")
        except ArgumentError:
            right = False
        self.check(right, f"FLASK_{name}", "sqlite:///… hoặc postgresql://…")
        return value

    def check(self, right: bool, name: str, wanted: str) -> None:
        if not right:
            self.wrong.append(f"{name}: {wanted}")

    def raise_if_wrong(self) -> None:
        if self.wrong:
            raise ConfigError("Cấu hình sai:\n  " + "\n  ".join(self.wrong))


def _kept_secret(data_dir: Path) -> str:
    """The key in the data folder, made on first use. Two processes starting at once end up with the same one."""
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = data_dir / f"secret_key.{os.getpid()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    if path.stat().st_mode & 0o077:
        raise ConfigError(f"{path}: quyền đọc phải là 0600")
    return path.read_text(encoding="utf-8").strip()
