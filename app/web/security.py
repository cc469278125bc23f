"""Security headers on every answer (OWASP ASVS 5.0, 3.4 and 14.3).

No script or style may stand in a page, nothing is fetched from elsewhere, nobody may frame us, and pages of
signed-in people are kept by no cache.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Add the headers to each response of ``app``."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Set the headers; a view may only replace the content policy (downloads add a sandbox)."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.update(HEADERS)
    if _is_https(current_app.config.get("SETTINGS")):
        response.headers["Strict-Transport-Security"] = HSTS
    if request.endpoint != "web.static":
        _forbid_caching(response)
    return response


def _forbid_caching(response: Response) -> None:
    actor = g.get("actor")
    if actor is None or not actor.is_authenticated:
        response.headers.setdefault("Cache-Control", "no-cache")
        return
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Cookie")


def _is_https(settings: object | None) -> bool:
    return str(getattr(settings, "base_url", "")).startswith("https://")
