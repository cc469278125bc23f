"""What the parts of an address may be: numbers that fit a key, text without control characters. All else is 404."""

from flask import Flask
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

LARGEST_KEY = 2**31 - 1


class Key(IntegerConverter):
    """A whole number that a key column of either database can hold."""

    def __init__(self, map, **options):  # the name of the parameter is Werkzeug's
        super().__init__(map, max=LARGEST_KEY, **options)


class Word(UnicodeConverter):
    """Text without a slash and without control characters, which PostgreSQL takes for a failure."""

    def to_python(self, value: str) -> str:
        """The text. Raises ValidationError, which means that the address does not exist."""
        if not value.isprintable():
            raise ValidationError
        return value


def init_app(app: Flask) -> None:
    """Use them in every rule that is added from here on."""
    app.url_map.converters.update(int=Key, default=Word, string=Word)
