"""A template read, patched and compiled once, then filled any number of times.

What docxtpl does to the XML is left to docxtpl (tags split by Word, rows, paragraphs, line breaks, grids);
only the order of work differs, because docxtpl patches and compiles again for each paper, which is slow.
"""

import copy
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template
from lxml import etree

from .environment import PaperEnvironment
from .fitting import W, fit
from .keeping import keep
from .package import CORE, Package, Properties, core_xml, read_parts
from .pictures import Picture, added_parts, placed

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_TAG = re.compile(r"\{[{%#]")
_PARAGRAPH = re.compile(r"<w:p([ >])")
_MARKED_PARAGRAPH = re.compile(r"\n<w:p([ >])")


class Prepared:
    """Raises what zipfile, lxml and Jinja raise for an archive, part or tag that is wrong."""

    def __init__(self, data: bytes):
        self._package = Package(read_parts(data))
        self._word = DocxTemplate(io.BytesIO(data))
        self._word.render_init()
        environment = PaperEnvironment()
        self.sources: dict[str, str] = {}
        self._compiled: dict[str, Template] = {}
        for name, xml in self._tagged_parts():
            # One paragraph a line, so that the line of an error tells the paragraph.
            self.sources[name] = _PARAGRAPH.sub(r"\n<w:p\1", self._word.patch_xml(xml))
            self._compiled[name] = environment.from_string(self.sources[name])
        self._body_name = str(self._word.docx.part.partname).lstrip("/")
        self._before, self._after = _around_body(self._word.docx.element)
        self._beside = [name for name in self._compiled if name != self._body_name]
        self._constant = [name for name in self._beside if not _TAG.search(self.sources[name])]

    def render(self, context: Mapping[str, Any], properties: Properties, pictures: Sequence[Picture] = ()) -> bytes:
        """The filled .docx; the fields that have a picture print it."""
        self._settle_constant()
        context = placed(context, pictures)
        parts = {self._body_name: self._document(self.render_xml(self._body_name, context))}
        parts |= {name: self._whole_part(name, context) for name in self._beside}
        parts |= added_parts(self._package.parts, parts, pictures)
        if CORE in self._package.parts:
            parts[CORE] = core_xml(properties)
        return self._package.written(parts)

    def render_xml(self, name: str, context: Mapping[str, Any]) -> str:
        """One part as docxtpl would leave it: the body element for the document, the whole part otherwise."""
        xml = _MARKED_PARAGRAPH.sub(r"<w:p\1", self._compiled[name].render(context))
        return self._word.resolve_listing(xml) if "\n" in xml or "\t" in xml else xml

    def _whole_part(self, name: str, context: Mapping[str, Any]) -> bytes:
        """A header, a footer or the footnotes."""
        return _serialised(etree.fromstring(self.render_xml(name, context)))

    def _settle_constant(self) -> None:
        """Parts without tags are the same in every paper: make them once."""
        for name in self._constant:
            self._package.put(name, self._whole_part(name, {}))
            self._beside.remove(name)
        self._constant = []

    def _document(self, xml: str) -> bytes:
        # docxtpl repairs broken XML silently; a broken paper is an error here
        root = etree.fromstring(self._before + xml[xml.index(">") + 1 :] + self._after)
        body = root.find(f"{W}body")
        if not _grids_fit(body):
            body.getparent().replace(body, body := self._word.fix_tables(xml))
        if "docPr" in xml:
            self._word.docx_ids_index = 1000
            self._word.fix_docpr_ids(body)
        fit(body)
        keep(body)
        return _serialised(root)

    def _tagged_parts(self) -> Iterator[tuple[str, str]]:
        document = self._word.docx.part
        yield str(document.partname).lstrip("/"), self._word.get_xml()
        for uri in (self._word.HEADER_URI, self._word.FOOTER_URI):
            for _, part in self._word.get_headers_footers(uri):
                yield str(part.partname).lstrip("/"), self._word.get_part_xml(part)
        for part in document.package.parts:
            if part.content_type == _FOOTNOTES:
                yield str(part.partname).lstrip("/"), self._word.get_part_xml(part)


def _around_body(root: etree._Element) -> tuple[str, str]:
    """The document's text up to the inside of its body, and after its body."""
    empty = copy.deepcopy(root)
    body = empty.find(f"{W}body")
    body[:] = []
    body.text = None
    before, after = etree.tostring(empty, encoding="unicode").split("<w:body/>")
    return f"{before}<w:body>", after


def _grids_fit(body: etree._Element) -> bool:
    """Whether each table has as many columns as cells, so that docxtpl's repair would change nothing."""
    for table in body.iter(f"{W}tbl"):
        grid = table.find(f"{W}tblGrid")
        if grid is None:
            return False
        columns, widest = len(grid.findall(f"{W}gridCol")), 0
        for row in table.iter(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            if len(cells) > columns:
                return False
            widest = max(widest, sum(map(_span, cells)))
        if widest < columns:
            return False
    return True


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return 1 if span is None else int(span.get(f"{W}val"))


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", standalone=True)
