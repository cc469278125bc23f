"""What every page must be, checked on its HTML: the test client of each slice runs this on all it fetches."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

ENGLISH = re.compile(
    r"\b(Submit|Save|Cancel|Delete|Edit|Error|Not Found|Loading|Back|Next|Log ?in|Sign in|Password|Search|Required"
    r"|Invalid|None|True|False|undefined|NaN|Choose|Upload|Download|This field is required|Not a valid \w+)\b"
)
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


def check_page(text: str, *, but: Collection[str] = ()) -> None:
    """Fail with the list of everything wrong on the page. ``but`` names checks to leave out, with good reason."""
    problems = [f"{name}: {problem}" for name, problem in page_problems(text) if name not in but]
    assert not problems, "\n".join(problems)


def page_problems(text: str) -> list[tuple[str, str]]:
    """(name of the check, what is wrong) for everything found."""
    page = html.document_fromstring(text)
    return [(check.__name__, problem) for check in CHECKS for problem in check(page, text)]


class CheckedClient(FlaskClient):
    """A test client that checks each full page it gets; ``app.test_client_class = CheckedClient``."""

    unchecked: Collection[str] = ()

    def open(self, *args, **kwargs):
        """Send the request, read the whole answer, then check the page that came back."""
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and b"<!doctype html>" in response.data[:100].lower():
            check_page(response.get_data(as_text=True), but=self.unchecked)
        return response


def heading(page: HtmlElement, _text: str) -> Iterator[str]:
    h1 = page.xpath("//h1")
    if len(h1) != 1:
        yield f"{len(h1)} h1 on the page"
        return
    title = _words(page.findtext(".//title") or "")
    words = _words(h1[0].text_content())
    if not words or not title.removeprefix("Lỗi: ").removeprefix("Error: ").startswith(words):
        yield f"title {title!r} does not start with the heading {words!r}"
    levels = [int(node.tag[1]) for node in page.xpath("//h1|//h2|//h3|//h4")]
    yield from (f"h{a} is followed by h{b}" for a, b in pairwise(levels) if b > a + 1)


def language(page: HtmlElement, text: str) -> Iterator[str]:
    if page.get("lang") not in ("vi", "en"):
        yield f"lang is {page.get('lang')!r}"
    if not unicodedata.is_normalized("NFC", text):
        yield "text is not NFC"
    if page.get("lang") == "vi":
        found = {match.group() for words in _visible(page) for match in ENGLISH.finditer(words)}
        yield from (f"English word {word!r}" for word in sorted(found))


def labels(page: HtmlElement, _text: str) -> Iterator[str]:
    named = {label.get("for") for label in page.xpath("//label") if _words(label.text_content())}
    for control in page.xpath("//input|//select|//textarea"):
        if control.get("type", "text") in UNLABELLED or control.get("aria-label"):
            continue
        if control.get("id") not in named and not control.xpath("ancestor::label"):
            yield f"no label for {control.get('name')!r}"
    for button in page.xpath("//button"):
        if not _words(button.text_content()) and not button.get("aria-label"):
            yield f"a button without words: {html.tostring(button)[:80]!r}"


def tokens(page: HtmlElement, _text: str) -> Iterator[str]:
    for form in page.xpath("//form[translate(@method,'POST','post')='post']"):
        if not form.xpath(".//input[@name='csrf_token'][string-length(@value)>8]"):
            yield f"form to {form.get('action')!r} has no token"


def inline_code(page: HtmlElement, _text: str) -> Iterator[str]:
    for node in page.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag == "style" or (node.tag == "script" and (not node.get("src") or node.text)):
            yield f"inline <{node.tag}>"
        for name, value in node.attrib.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{name}={value[:40]!r} on <{node.tag}>"


def references(page: HtmlElement, _text: str) -> Iterator[str]:
    ids = Counter(page.xpath("//@id"))
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    wanted = [name for ref in REFERENCES for value in page.xpath(f"//@{ref}") for name in value.split()]
    wanted += [href[1:] for href in page.xpath("//a/@href") if href.startswith("#") and len(href) > 1]
    yield from (f"nothing has the id {name!r}" for name in wanted if name not in ids)


REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


def images(page: HtmlElement, _text: str) -> Iterator[str]:
    yield from (f"no alt on {image.get('src')!r}" for image in page.xpath("//img[not(@alt)]"))


def leftovers(page: HtmlElement, text: str) -> Iterator[str]:
    """What a template forgot to fill in; in `<code>` it is meant to be read."""
    marks = ("{{", "{%", "&lt;built-in", "object at 0x")
    text = re.sub(r"<code>.*?</code>", "", text, flags=re.DOTALL)
    yield from (f"template code {mark!r} on the page" for mark in marks if mark in text)


def links(page: HtmlElement, _text: str) -> Iterator[str]:
    goals: dict[str, set[str]] = {}
    for link in page.xpath("//a[@href]"):
        name = link.get("aria-label") or _words(link.text_content()) or "".join(link.xpath(".//img/@alt"))
        if not name:
            yield f"a link without words to {link.get('href')!r}"
        goals.setdefault(name, set()).add(link.get("href"))
    yield from (f"{len(to)} links say {name!r}: {sorted(to)}" for name, to in goals.items() if len(to) > 1)


def one_main_button(page: HtmlElement, _text: str) -> Iterator[str]:
    filled = [_words(b.text_content()) for b in page.xpath("//*[contains(concat(' ',@class,' '),' btn--primary ')]")]
    if len(filled) > 1:
        yield f"{len(filled)} filled buttons: {filled}"


CHECKS: tuple[Callable[[HtmlElement, str], Iterator[str]], ...] = (
    heading,
    language,
    labels,
    tokens,
    inline_code,
    references,
    images,
    leftovers,
    links,
    one_main_button,
)


def _words(text: str) -> str:
    return " ".join(text.split())


def _visible(page: HtmlElement) -> Iterator[str]:
    for node in page.iter():
        if not isinstance(node.tag, str) or node.tag in ("script", "style", "textarea", "code"):
            continue
        if any(up.get("lang") == "en" for up in (node, *node.iterancestors())):
            continue
        yield node.text or ""
        yield from (child.tail or "" for child in node)
