"""Where the tags of a template stand: every part in reading order, each paragraph with its place, each tag whole.

Word breaks one tag over several runs; here a paragraph's text is put together first, so a tag is what a person sees.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NEAR = 60
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HALF = re.compile(r"\{\{|\}\}|\{%|%\}")
_WORDS = re.compile(r"(\{[{%#])(tr|tc|p|r)?(?=\s|-)(.*?)(?:[}%#]\})$", re.DOTALL)
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


@dataclass(frozen=True)
class Place:
    """Where a paragraph is, for a person: numbers count from 1; `table` 0 is outside tables."""

    part: str
    table: int
    row: int
    near: str

    def as_dict(self) -> dict[str, Any]:
        """For the report."""
        return {"part": self.part, "table": self.table, "row": self.row, "near": self.near}


@dataclass(frozen=True, eq=False)
class Paragraph:
    """One paragraph with the text that it shows."""

    element: etree._Element
    place: Place
    text: str

    def container(self, prefix: str) -> etree._Element | None:
        """What a tag with this prefix repeats within: the table of a row, the row of a cell, else the cell or page."""
        above = {"tr": f"{W}tbl", "tc": f"{W}tr"}.get(prefix)
        return next(self.element.iterancestors(above), None) if above else self.element.getparent()

    def loses(self, prefix: str, tag: str) -> bool:
        """Whether filling would drop text beside the tag: a tag `{%p`, `{%tr` or `{%tc` goes with its whole
        paragraph, row or cell."""
        name = {"p": f"{W}p", "tr": f"{W}tr", "tc": f"{W}tc"}.get(prefix)
        gone = self.element if prefix == "p" else next(self.element.iterancestors(name), None) if name else None
        return gone is not None and bool(_shown(gone).replace(tag, "", 1).strip())


@dataclass(frozen=True, eq=False)
class Tag:
    """One tag: `kind` is what it begins with (`{{`, `{%`), `inner` what stands inside, quotes made straight."""

    text: str
    kind: str
    prefix: str
    inner: str
    paragraph: Paragraph


@dataclass
class Part:
    """The tags of one part, and the places of brackets that do not close."""

    tags: list[Tag] = field(default_factory=list)
    halves: list[Place] = field(default_factory=list)


def read_part(name: str, root: etree._Element) -> Part:
    """All tags of a part. `name` is what the place calls it: `body`, `header`, `footer`, `footnotes`."""
    found = Part()
    for paragraph in _paragraphs(name, root):
        for match in _TAG.finditer(paragraph.text):
            words = _WORDS.match(match[0])
            kind, prefix, inner = words.groups() if words else (match[0][:2], "", match[0][2:-2])
            if kind != "{#":
                inner = " ".join(inner.translate(_STRAIGHT).strip().strip("-").split())
                found.tags.append(Tag(match[0], kind, prefix or "", inner, paragraph))
        if _HALF.search(_TAG.sub("", paragraph.text)):
            found.halves.append(paragraph.place)
    return found


def _paragraphs(name: str, root: etree._Element) -> Iterator[Paragraph]:
    tables: dict[etree._Element, int] = {}
    for element in root.iter(f"{W}tbl", f"{W}p"):
        if element.tag == f"{W}tbl":
            tables[element] = len(tables) + 1
        else:
            yield _paragraph(name, element, tables)


def _paragraph(name: str, element: etree._Element, tables: dict[etree._Element, int]) -> Paragraph:
    text = _own_text(element)
    row = next(element.iterancestors(f"{W}tr"), None)
    table = next(row.iterancestors(f"{W}tbl"), None) if row is not None else None
    number = 1 + sum(1 for _ in row.itersiblings(f"{W}tr", preceding=True)) if row is not None else 0
    near = " ".join(_TAG.sub("", text).split()) or " ".join(text.split())
    return Paragraph(element, Place(name, tables.get(table, 0), number, near[:NEAR]), text)


def _own_text(paragraph: etree._Element) -> str:
    """Its text without that of paragraphs inside it, such as those of a text box."""
    texts = paragraph.iter(f"{W}t")
    return "".join(t.text or "" for t in texts if next(t.iterancestors(f"{W}p")) is paragraph)


def _shown(element: etree._Element) -> str:
    return "".join(element.itertext(f"{W}t"))
