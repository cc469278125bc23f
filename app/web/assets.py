"""Static files with one address per content, so that a browser may keep them for ever.

Our own files carry their hash in the query (``app.css?v=…``). Vendored files carry version and hash in their
name, because the style sheet refers to them by name.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

FOLDER = Path(__file__).parent / "static"
ONE_YEAR = 31_536_000  # seconds
HASH_IN_NAME = re.compile(r"\.[0-9a-f]{8}\.")


def init_app(app: Flask) -> None:
    """Offer ``static_url(name)`` to templates."""
    app.jinja_env.globals["static_url"] = static_url


def static_url(name: str) -> str:
    """Address of a file under ``static/`` that changes when its content changes."""
    if HASH_IN_NAME.search(name):
        return url_for("web.static", filename=name)
    return url_for("web.static", filename=name, v=content_hash(name))


def content_hash(name: str) -> str:
    """First twelve hex digits of the file's SHA-256.

    Raises FileNotFoundError for a name that is not there: a wrong name in a template must be seen.
    """
    return _hash_of(name, (FOLDER / name).stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _hash_of(name: str, _changed_ns: int) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def send_static(filename: str) -> Response:
    """Send a static file; for ever when asked by its content's address, else to be asked for again."""
    response = send_from_directory(FOLDER, filename, max_age=0)
    if _is_permanent(filename):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = ONE_YEAR
        response.cache_control.immutable = True
    return response


def _is_permanent(filename: str) -> bool:
    if HASH_IN_NAME.search(filename):
        return True
    return request.args.get("v") == content_hash(filename)
