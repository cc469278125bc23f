"""Looks through an uploaded template without filling it: every problem at once, each with its place.

Runs in the locked process, as filling does. What is found is told in kinds and facts; the application has the words.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from . import dangers
from .measuring import measure
from .names import Names, Shape, shapes
from .package import read_parts
from .tags import Part, Place, Tag, read_part

MOST = 60
LONGEST = 400
"""Problems that are told, and characters of a tag."""

_FILLED = {
    "word/document.xml": "body",
    "word/header": "header",
    "word/footer": "footer",
    "word/footnotes.xml": "footnotes",
}
_UNFILLED = {"word/endnotes.xml": "endnotes", "word/comments": "comments", "docProps/": "properties"}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_TYPES = "[Content_Types].xml"
_HAS_TAG = re.compile(r"\{\{|\{%")
_OPENERS = ("for", "if")


def inspect(data: bytes, contract: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """`problems` (each with `kind`, its place and facts), the paths that are `printed` and `used`, and how the file is
    `measured` against the decree.

    `contract` is the list of fields as mappings with name, type and fields. Raises what zipfile and lxml raise.
    """
    parts = read_parts(data)
    if _TYPES not in parts or "word/document.xml" not in parts:
        return {"problems": [{"kind": "not_word"}], "printed": [], "used": [], "measured": []}
    known, problems = shapes(contract), []
    printed, used = set(), set()
    roots = {}
    for name, xml in sorted(parts.items(), key=lambda item: (item[0] != "word/document.xml", item[0])):
        if name.endswith((".xml", ".rels")):
            roots[name] = etree.fromstring(xml, _PARSER)
            found = _Inspection(name, roots[name], known)
            problems += found.problems
            printed |= found.names.printed
            used |= found.names.used
    measured = measure(roots)
    return {"problems": problems[:MOST], "printed": sorted(printed), "used": sorted(used), "measured": measured}


def _called(name: str, kinds: Mapping[str, str]) -> str:
    return next((word for start, word in kinds.items() if name.startswith(start)), "")


class _Inspection:
    """One part: what must not stand in it, then its tags in their order."""

    def __init__(self, name: str, root: etree._Element, known: Mapping[str, Shape]):
        self.problems: list[dict[str, Any]] = []
        self._tag: Tag | None = None
        self._open: list[Tag] = []
        self.names = Names(known, self._note)
        self._dangers(name, root)
        part = _called(name, _FILLED)
        if part:
            self._read(read_part(part, root))
        elif unfilled := _called(name, _UNFILLED):
            text = "".join(root.itertext())
            if _HAS_TAG.search(text):
                self._add("unfilled", Place(unfilled, 0, 0, ""))

    def _dangers(self, name: str, root: etree._Element) -> None:
        rels = name.endswith(".rels")
        for kind, facts in dangers.in_relationships(root) if rels else dangers.in_part(root):
            place = Place(_called(name, _FILLED | _UNFILLED), 0, 0, facts.pop("near", ""))
            self._add(kind, place, **facts)

    def _read(self, part: Part) -> None:
        for place in part.halves:
            self._add("half", place)
        for tag in part.tags:
            self._tag = tag
            if len(tag.text) > LONGEST:  # nobody writes that, and one could be nested without end
                self._note("too_long")
            else:
                self._one(tag)
        for tag in self._open:
            self._tag = tag
            self._note("not_closed")

    def _one(self, tag: Tag) -> None:
        if tag.paragraph.loses(tag.prefix, tag.text):
            self._note("loses_text", name=tag.prefix)
        if tag.kind == "{{":
            if tag.prefix:
                self._note("prefix", name=tag.prefix)
            self.names.output(tag.inner)
        elif not tag.inner:
            self._note("syntax", detail="")
        else:
            word, _space, rest = tag.inner.partition(" ")
            self._statement(tag, word, rest)

    def _statement(self, tag: Tag, word: str, rest: str) -> None:
        if word in _OPENERS:
            self._open.append(tag)
            self.names.open_loop(rest) if word == "for" else self.names.condition(rest)
        elif word in ("else", "elif"):
            if not self._open:
                self._note("not_opened", name=word)
            if word == "elif":
                self.names.condition(rest)
        elif word in ("endfor", "endif"):
            self._close(tag, word.removeprefix("end"))
        elif word == "set":
            self.names.assign(tag.inner)
        else:
            self._note("prefix" if word in ("p", "tr", "tc", "r") else "statement", name=word)

    def _close(self, tag: Tag, word: str) -> None:
        opener = self._open.pop() if self._open else None
        opened = opener.inner.partition(" ")[0] if opener else ""
        if opened == "for":
            self.names.close_loop()
        if opened != word:
            self._note("not_opened", name=f"end{word}")
        elif opener.prefix != tag.prefix or opener.paragraph.container(tag.prefix) is not tag.paragraph.container(
            tag.prefix
        ):
            self._note("apart", name=opener.text)

    def _note(self, kind: str, **facts: Any) -> None:
        """A problem of the tag that is being read."""
        self._add(kind, self._tag.paragraph.place, tag=" ".join(self._tag.text.split())[:LONGEST], **facts)

    def _add(self, kind: str, place: Place, **facts: Any) -> None:
        problem = {"kind": kind, "place": place.as_dict()} | facts
        if problem not in self.problems:
            self.problems.append(problem)
