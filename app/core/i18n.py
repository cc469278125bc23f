"""Language: Vietnamese is the source, English a catalogue. The choice lives in a cookie, never in the address."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

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
    compile_catalogues(Path(app.root_path) / "translations")
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


def compile_catalogues(folder: Path) -> None:
    """Compile each catalogue whose compiled form is missing or older, so that a plain `flask run` speaks English too.

    In a folder that cannot be written everything stays as it is; a text that is not found shows in Vietnamese.
    """
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            with suppress(PermissionError):
                _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    """Put the compiled catalogue in place in one step: other processes may be starting too."""
    from babel.messages.mofile import write_mo  # only the rare start with a changed catalogue pays for these
    from babel.messages.pofile import read_po

    unfinished = compiled.with_suffix(f".{os.getpid()}.tmp")
    with source.open("rb") as texts, unfinished.open("wb") as file:
        write_mo(file, read_po(texts))
    unfinished.replace(compiled)


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
