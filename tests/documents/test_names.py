"""Names that would be something else than a name elsewhere: in the .docx and in the PDF they are what was typed.

The rows of the annex of a decision hold a name each, so that few papers hold many.
"""

import io
import random
import re
import unicodedata

import pypdfium2
import pytest
from docx import Document

from app.adapters.pdf import find_soffice
from app.core.vietnamese import clean_line
from app.documents.templating.rendering import render_many
from app.documents.templating.store import load
from tests.documents.conftest import converted

SEED, IN_ONE_PAPER, LONGEST = 20260, 100, 250
SYLLABLES = re.findall(
    r"\w+",
    "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Thị Văn Hữu Quốc Thúy Ánh Tuyết Nhung Hường "
    "Khuê Thủy Ngữ Quỳnh Uyên Đức Lộc Thạch Sĩ Ẩn Ỷ Lan Kỳ Ông Ễ Ương",
)
TRAPS = (
    *("<", "&", ">", '"', "'", "&amp;", "&#60;", "<b>", "</w:t>", "</w:t></w:r></w:p><w:p><w:r><w:t>", "]]>", "<!--"),
    *("{{ head }}", "{{", "}}", "{% if x %}", "{% endif %}", "{%tr for x in rows %}", "{{r title }}", "{# x #}", "{_{"),
    *("\u202e", "\u202d", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u200d", "\u2060", "\ufeff"),
    *("\u00ad", "\x0b", "\x00", "\t", "\n", "\u00a0", "\u2028", "%s", "${x}", "\\n", "=1+1", "“”", "’", "–", "·", "§"),
)
CODE = re.compile(r"\[(\d+)\](.*?)\[/\1\]", re.DOTALL)

pytestmark = pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")


def names(count):
    """Names of syllables and of what means something to XML, to the template's language or to the screen."""
    chance = random.Random(SEED)
    return [name_of(chance) for _ in range(count)]


def name_of(chance):
    wanted = LONGEST if chance.random() < 0.02 else chance.randint(1, 60)
    parts = [chance.choice(SYLLABLES)]
    while sum(map(len, parts)) < wanted:
        parts.append(chance.choice(TRAPS if chance.random() < 0.4 else SYLLABLES))
    text = chance.choice(("", " ")).join(parts)
    return unicodedata.normalize("NFD", text) if chance.random() < 0.3 else text


def papers_of(typed):
    """Decisions whose rows hold the names as the forms keep them, each between two marks with its number."""
    template, rows = load("result_decision"), load("result_decision").sample()["rows"]
    filled = [rows[0] | {"code": f"[{n}]", "authors": clean_line(name), "unit": f"[/{n}]"} for n, name in typed]
    portions = [filled[at : at + IN_ONE_PAPER] for at in range(0, len(filled), IN_ONE_PAPER)]
    return render_many(template, [template.sample() | {"rows": portion} for portion in portions])


def said_in_paper(docx):
    """The names of the rows of the annex, exactly."""
    rows = [row for table in Document(io.BytesIO(docx)).tables for row in table.rows]
    found = {row.cells[1].text: row.cells[2].text for row in rows if len(row.cells) == 8}
    return {int(code.strip("[]")): name for code, name in found.items() if code.startswith("[")}


def said_in_pdf(pdf):
    """The same as a reader takes them out of the PDF, without the spaces, which cannot be told from ends of lines."""
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return {int(code): bare(name) for code, name in CODE.findall(text)}


def bare(text):
    """Without spaces; a hyphen at the end of a line comes out as a character of its own."""
    return "".join(text.replace("\ufffe", "-").replace("\x02", "-").split())


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_name_is_what_was_typed(count):
    typed = list(enumerate(names(count), 1))
    kept = {n: clean_line(name) for n, name in typed}
    papers = list(papers_of(typed))
    in_papers = {n: name for paper in papers for n, name in said_in_paper(paper).items()}
    assert in_papers == kept
    in_pdfs = {n: name for pdf in converted(papers) for n, name in said_in_pdf(pdf).items()}
    assert in_pdfs == {n: bare(name) for n, name in kept.items()}
