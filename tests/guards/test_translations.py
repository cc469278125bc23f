"""Every text that people see has its translation, with the same placeholders, in each catalogue there is."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import DEFAULT_KEYWORDS, parse_keywords
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "app" / "translations").glob("*/LC_MESSAGES/messages.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def texts():
    """Every marked text of the code and the templates."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: {"silent": "false"} for mapping in mappings}
    keywords = DEFAULT_KEYWORDS | parse_keywords(["N_", "lazy_gettext"])
    found = set()
    for _file, _line, message, _comments, _context in extract_from_dir(ROOT, methods, options, keywords):
        found.update([message] if isinstance(message, str) else message)
    return found


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def catalogue(request):
    with request.param.open("rb") as file:
        return read_po(file)


def test_texts_are_composed_unicode(texts):
    assert [text for text in texts if unicodedata.normalize("NFC", text) != text] == []


def test_every_text_is_translated(texts, catalogue):
    done = {message.id for message in catalogue if message.string and not message.fuzzy}
    assert sorted(texts - done - {""}) == []


def test_translations_keep_the_placeholders(catalogue):
    def placeholders(text):
        return sorted(PLACEHOLDER.findall(text))

    pairs = [(message.id, message.string) for message in catalogue if message.id and isinstance(message.id, str)]
    assert [pair for pair in pairs if pair[1] and placeholders(pair[0]) != placeholders(pair[1])] == []
