"""What may not stand in a template beside tags: fields that fetch, embedded content, tracked changes, comments.

Word and LibreOffice act on these when a paper is opened or converted; a paper of an office needs none of them.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from .tags import NEAR, W

COUNTING = ("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "SEQ", "LISTNUM")
POINTING = ("PAGEREF", "REF", "NOTEREF", "TOC", "TC", "STYLEREF", "HYPERLINK")
DRAWING = ("SYMBOL", "ADVANCE", "EQ")
FIELDS = frozenset({*COUNTING, *POINTING, *DRAWING})
"""Fields of Word that only count or point within the paper."""

_FETCHING = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|DATABASE|RD|AUTOTEXT|MACROBUTTON|EMBED)\b", re.I
)
_ELEMENTS = {
    "altChunk": "embedded",
    "subDoc": "embedded",
    "object": "embedded",
    "control": "embedded",
    "movie": "embedded",
    "attachedTemplate": "attached",
    "mailMerge": "mail_merge",
    "ins": "tracked",
    "del": "tracked",
    "moveFrom": "tracked",
    "moveTo": "tracked",
    "comment": "comments",
    "commentReference": "comments",
}
_SCHEMES = ("http", "https", "mailto", "tel")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

Finding = tuple[str, dict[str, Any]]


def in_part(root: etree._Element) -> Iterator[Finding]:
    """What a part holds that it may not: a kind, and facts about it; each kind of element once."""
    seen: set[str] = set()
    for element in root.iter(*(f"{W}{name}" for name in _ELEMENTS)):
        kind = _ELEMENTS[etree.QName(element).localname]
        if kind not in seen:
            seen.add(kind)
            yield kind, {"near": _near(element)}
    for name, near in _fields(root):
        yield "field", {"name": name, "near": near}


def in_relationships(root: etree._Element) -> Iterator[Finding]:
    """Targets outside the file: only a link to the web, to mail or to a telephone, which a person has to press."""
    for relationship in root.iter(_RELATIONSHIP):
        if relationship.get("TargetMode", "").strip().lower() == "external":
            target, kind = relationship.get("Target", ""), relationship.get("Type", "").lower()
            if not kind.endswith("/hyperlink") or urlsplit(target.strip()).scheme.lower() not in _SCHEMES:
                yield "external", {"name": target[:NEAR]}


def _fields(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Names of fields that are not allowed, with the text around."""
    said = set()
    for text, element in _instructions(root):
        fetching = _FETCHING.search(text)
        name = (fetching[0] if fetching else (text.split() or [""])[0]).upper()
        if name and name not in said and (fetching or name not in FIELDS):
            said.add(name)
            yield name, _near(element)


def _instructions(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The instruction of each field, put together from its runs, and all of them in one, should fields be nested."""
    open_ones: list[list[str]] = []
    everything: list[str] = []
    for element in root.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText"):
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr", ""), element
        elif element.tag == f"{W}instrText":
            everything.append(element.text or "")
            if open_ones:
                open_ones[-1].append(element.text or "")
        elif element.get(f"{W}fldCharType") == "begin":
            open_ones.append([])
        elif element.get(f"{W}fldCharType") == "end" and open_ones:
            yield "".join(open_ones.pop()).strip(), element
    for rest in open_ones:
        yield "".join(rest).strip(), root
    if _FETCHING.search("".join(everything)):
        yield "".join(everything), root


def _near(element: etree._Element) -> str:
    paragraph = element if element.tag == f"{W}p" else next(element.iterancestors(f"{W}p"), None)
    text = "".join(paragraph.itertext(f"{W}t")) if paragraph is not None else ""
    return " ".join(text.split())[:NEAR]
