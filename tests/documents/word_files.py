"""Reading and making .docx files in tests: effective looks of paragraphs, text, hostile templates."""

import io
import zipfile
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph


def opened(data):
    return Document(io.BytesIO(data))


def paragraphs(document):
    """Every paragraph of the body, those in tables included, in reading order."""
    return [Paragraph(p, document) for p in document.element.body.iter(qn("w:p"))]


def text_of(data):
    """All visible text, one paragraph a line."""
    return "\n".join(p.text for p in paragraphs(opened(data)))


def tables(document):
    """Every table of the body, those inside tables included: what closes a list stands in a row of it."""
    return [Table(table, document) for table in document.element.body.iter(qn("w:tbl"))]


def find(document, text):
    """The first paragraph with exactly this text."""
    for paragraph in paragraphs(document):
        if paragraph.text == text:
            return paragraph
    raise AssertionError(f"no paragraph {text!r}")


def look(paragraph):
    """(size in points, bold, italic) of its first run with text, as Word would show it."""
    run = next(run for run in paragraph.runs if run.text)
    return tuple(effective(run.font, paragraph, name) for name in ("size", "bold", "italic"))


def effective(font, paragraph, name):
    value, style = getattr(font, name), paragraph.style
    while value is None and style is not None:
        value, style = getattr(style.font, name), style.base_style
    return value.pt if name == "size" else bool(value)


def shape(paragraph, name):
    """A paragraph property such as `alignment`, looked up through its styles."""
    value, style = getattr(paragraph.paragraph_format, name), paragraph.style
    while value is None and style is not None:
        value, style = getattr(style.paragraph_format, name), style.base_style
    return value


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(data, name, change):
    """The package with one part changed by a function of its text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for key, value in parts(data).items():
            archive.writestr(key, change(value.decode()).encode() if key == name else value)
    return out.getvalue()


def with_text(data, text):
    """A template whose motto line reads `text` (tags in it work)."""
    line = "Độc lập - Tự do - Hạnh phúc"
    changed = with_part(data, "word/document.xml", lambda xml: xml.replace(line, escape(text)))
    assert changed != data
    return changed
