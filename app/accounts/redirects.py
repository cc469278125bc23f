"""Where a person goes after signing in: only to a page of this application."""

from urllib.parse import urlsplit

from flask import current_app, request

from app.core.vietnamese import clean_line


def local_target(wanted: str | None, default: str) -> str:
    """The wanted path when it is one of our own pages that can be opened, else `default`.

    Browsers take `\\` for `/` and drop tabs and line ends inside addresses, so anything but plain path characters
    is refused; what remains must match a route.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return default
    if "\\" in wanted or not wanted.isprintable() or clean_line(wanted) != wanted:
        return default
    opens = current_app.create_url_adapter(request).test(urlsplit(wanted).path, method="GET")
    return wanted if opens else default
