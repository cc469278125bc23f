"""The end of a paper keeps company: no total, sum in words, signature or Nơi nhận begins a page alone.

Each kind is made with 1 to 60 rows or lines of its list, so that its end comes to stand at every height of a page.
"""

import pypdfium2
import pytest
from docx.oxml.ns import qn

from app.adapters.pdf import find_soffice
from app.documents.templating.rendering import render_many
from app.documents.templating.store import load
from tests.documents.conftest import CODES, converted
from tests.documents.word_files import opened

POINTS_PER_MM = 72 / 25.4
MARGIN = 19.0
COMPANY, LEAST = 2, 8
LISTS = {
    "board_decision": "members",
    "closing_report": "by_field",
    "correction": "rows",
    "description": "solution",
    "forwarding": "rows",
    "intake_book": "rows",
    "invitation": "guests",
    "launch": "fields",
    "minutes": "results",
    "payment_list": "rows",
    "plan": "content",
    "receipt": "items",
    "registration": "authors",
    "result_decision": "rows",
    "result_notice": "winners",
    "revocation": "legal_bases",
    "rules": "legal_bases",
    "score_sheet": "criteria",
    "score_summary": "rows",
    "screening_record": "results",
    "submission": "winners",
}
AT_THE_EDGE = {"payment_list": (12, 30), "minutes": (1, 14), "invitation": (44,)}
"""Where the end does not fit on the page: after a list on its first and its second page, after a text, exactly."""
ENDS = ("Tổng cộng", "Tổng điểm")
OF_A_PERSON = ("registration", "description")

pytestmark = pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")


def stretched(code, count):
    """The sample with `count` items in its list."""
    data = load(code).sample()
    holder, name = (data["bodies"][-1], "members") if code == "board_decision" else (data, LISTS[code])
    items = [holder[name][n % len(holder[name])] for n in range(count)]
    holder[name] = [{**item, "stt": str(n)} if "stt" in item else item for n, item in enumerate(items, 1)]
    return data


def lines(page):
    """The text between the top and the bottom margin, line by line from above."""
    text, height = page.get_textpage(), page.get_height() / POINTS_PER_MM
    rows = {}
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        middle = (bottom + top) / 2 / POINTS_PER_MM
        if MARGIN < middle < height - MARGIN:
            rows.setdefault(round(middle / 2.5), []).append(text.get_text_bounded(left, bottom, right, top).strip())
    return [" ".join(filter(None, rows[at])) for at in sorted(rows, reverse=True)]


def headings(code):
    """The words of the headings of this kind's tables, which stand again on every page."""
    words = set()
    for table in opened(load(code).read_bytes()).tables:
        if table.rows[0]._tr.trPr is not None and table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None:
            words |= {word for cell in table.rows[0].cells for word in cell.text.split()}
    return words | {f"GK{n}" for n in range(1, 6)}


def ends(code):
    """What the end of this kind of paper may begin with."""
    data = load(code).sample()
    blocks = [data.get(name, {}) for name in ("left_signature", "signature")]
    signed = [data["place_date"]] if code in OF_A_PERSON else []
    return [*ENDS, *signed, *(line for block in blocks for line in block.get("capacity_lines", []))]


def starts_end(line, marks):
    return line.startswith(("(Bằng chữ: ", "Nơi nhận:")) or any(mark in line for mark in marks)


def faults(code, count, pdf):
    """Pages that begin with the end of something, with what stands before it."""
    pages = [lines(page) for page in pypdfium2.PdfDocument(pdf)]
    marks, words = ends(code), headings(code)
    found = [(count, number, "empty") for number, page in enumerate(pages, 1) if not page]
    if len(pages) > 1 and len(pages[0]) < LEAST:
        found.append((count, 1, "nearly empty"))
    for number, page in enumerate(pages[1:], 2):
        end = next((at for at, line in enumerate(page) if starts_end(line, marks)), len(page))
        before = [line for line in page[:end] if not set(line.split()) <= words]
        if len(before) < COMPANY:
            found.append((count, number, page[: end + 1]))
    return found


def made(code, counts):
    template = load(code)
    return converted(render_many(template, [stretched(code, count) for count in counts]))


@pytest.mark.parametrize("code", AT_THE_EDGE)
def test_no_end_begins_a_page_alone(code):
    counts = AT_THE_EDGE[code]
    for count, pdf in zip(counts, made(code, counts), strict=True):
        assert faults(code, count, pdf) == []


@pytest.mark.slow
@pytest.mark.parametrize("code", LISTS)
def test_no_end_begins_a_page_alone_whatever_its_height(code):
    counts = range(1, 61)
    pdfs = made(code, counts)
    assert [fault for count, pdf in zip(counts, pdfs, strict=True) for fault in faults(code, count, pdf)] == []


def test_every_kind_but_the_certificate_is_tried():
    """A certificate is one page and has no list."""
    assert {*LISTS, "certificate"} == set(CODES)
