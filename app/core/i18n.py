"""Language: Vietnamese is the source, English a catalogue. The choice lives in a cookie, never in the address."""

from datetime import datetime

from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, gettext

from app.core import vietnamese

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "lang"


class QuickDomain(Domain):
    """Finds the texts of a language by the locale itself; the library's own writes it out for every text on a page."""

    def get_translations(self) -> NullTranslations:
        """The texts of the request's language; none outside a request."""
        locale = get_locale()
        found = self.cache.get(locale) if locale else None
        if found is None:
            found = super().get_translations()
            if locale:
                self.cache[locale] = found
        return found


def chosen_language() -> str:
    """`?lang=`, else the cookie, else Vietnamese; outside a request always Vietnamese."""
    if not has_request_context():
        return "vi"
    wanted = request.args.get("lang") or request.cookies.get(COOKIE)
    return wanted if wanted in LANGUAGES else "vi"


def init_app(app: Flask) -> None:
    """Set up translation and keep a language that was chosen in the address."""
    babel = Babel(app, locale_selector=chosen_language, default_timezone=vietnamese.ZONE_NAME)
    babel.domain_instance = QuickDomain()

    @app.before_request
    def remember_language() -> None:
        g.language = chosen_language()

    @app.after_request
    def keep_language(response):
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, g.language, max_age=31_536_000, samesite="Lax", httponly=True)
        return response


def spoken(message: str, params) -> str:
    """A declared text in the reader's language, its parameters written the Vietnamese way.

    Moments become "17 giờ 00, …", lists "a, b, c", whole sums of money and names stay as they are.
    """
    return gettext(message, **{name: _spoken(value) for name, value in dict(params).items()})


def _spoken(value):
    if isinstance(value, datetime):
        return vietnamese.moment_text(value, gettext)
    if isinstance(value, list | tuple):
        return ", ".join(gettext(item) for item in value)
    return value
