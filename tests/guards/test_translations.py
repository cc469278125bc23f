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
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
VIETNAMESE = re.compile(r"[ăâđêôơưÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂĐĨŨƠƯĩũạ-ỹẠ-Ỹ]")


@pytest.fixture(scope="module")
def texts():
    """Every marked text of the code and the templates."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: {"silent": "false"} for mapping in mappings}
    keywords = DEFAULT_KEYWORDS | parse_keywords(["N_", "lazy_gettext", "_l"])
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


def forms(text):
    """The forms of a text: one, or singular and plural."""
    return [text] if isinstance(text, str) else list(text)


def test_every_text_is_translated(texts, catalogue):
    translated = [message for message in catalogue if all(forms(message.string)) and not message.fuzzy]
    done = {form for message in translated for form in forms(message.id)}
    assert sorted(texts - done - {""}) == []


def test_translations_keep_the_placeholders(catalogue):
    def placeholders(text):
        return sorted(PLACEHOLDER.findall(text))

    pairs = [(source, text) for m in catalogue if m.id for source in forms(m.id) for text in forms(m.string) if text]
    assert [pair for pair in pairs if placeholders(pair[0]) != placeholders(pair[1])] == []


def test_translations_are_composed_unicode(catalogue):
    written = [text for message in catalogue if message.id for text in forms(message.string)]
    assert [text for text in written if unicodedata.normalize("NFC", text) != text] == []


def test_english_texts_hold_vietnamese_only_in_quotes():
    with (ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        written = [text for message in read_po(file) if message.id for text in forms(message.string)]
    assert [text for text in written if VIETNAMESE.search(re.sub(r"“[^”]*”", "", text))] == []
