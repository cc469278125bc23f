"""A template read, patched and compiled once, then filled any number of times.

What docxtpl does to the XML is left to docxtpl (tags split by Word, rows, paragraphs, line breaks, grids);
only the order of work differs, because docxtpl patches and compiles again for each paper, which is slow.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template
from lxml import etree

from .environment import PaperEnvironment
from .fitting import fit
from .package import CORE, Properties, core_xml, read_parts, write_parts
from .pictures import Picture, added_parts, placed

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_PARAGRAPH = re.compile(r"<w:p([ >])")
_MARKED_PARAGRAPH = re.compile(r"\n<w:p([ >])")


class Prepared:
    """Raises what zipfile, lxml and Jinja raise for an archive, part or tag that is wrong."""

    def __init__(self, data: bytes):
        self._parts = read_parts(data)
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

    def render(self, context: Mapping[str, Any], properties: Properties, pictures: Sequence[Picture] = ()) -> bytes:
        """The filled .docx; the fields that have a picture print it."""
        context = placed(context, pictures)
        filled = {name: self.render_xml(name, context) for name in self._compiled}
        parts = {self._body_name: self._document(filled.pop(self._body_name))}
        parts |= {name: _serialised(etree.fromstring(xml)) for name, xml in filled.items()}
        parts |= added_parts(self._parts, parts, pictures)
        if CORE in self._parts:
            parts[CORE] = core_xml(properties)
        return write_parts(self._parts | parts)

    def render_xml(self, name: str, context: Mapping[str, Any]) -> str:
        """One part as docxtpl would leave it: the body element for the document, the whole part otherwise."""
        xml = _MARKED_PARAGRAPH.sub(r"<w:p\1", self._compiled[name].render(context))
        return self._word.resolve_listing(xml) if "\n" in xml or "\t" in xml else xml

    def _document(self, xml: str) -> bytes:
        etree.fromstring(xml)  # docxtpl repairs broken XML silently; a broken paper is an error here
        body = self._word.fix_tables(xml)
        self._word.docx_ids_index = 1000
        self._word.fix_docpr_ids(body)
        fit(body)
        self._word.map_tree(body)
        return _serialised(self._word.docx.element)

    def _tagged_parts(self) -> Iterator[tuple[str, str]]:
        document = self._word.docx.part
        yield str(document.partname).lstrip("/"), self._word.get_xml()
        for uri in (self._word.HEADER_URI, self._word.FOOTER_URI):
            for _, part in self._word.get_headers_footers(uri):
                yield str(part.partname).lstrip("/"), self._word.get_part_xml(part)
        for part in document.package.parts:
            if part.content_type == _FOOTNOTES:
                yield str(part.partname).lstrip("/"), self._word.get_part_xml(part)


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", standalone=True)
