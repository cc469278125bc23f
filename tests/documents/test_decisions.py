"""Whole decisions as a reader gets them out of the PDF, against texts that were read by a person.

The texts are in `tests/documents/decisions/`. After a wanted change write them anew with
`DECISIONS_REWRITE=1 pytest -m slow tests/documents/test_decisions.py` and read the difference.
"""

import os
import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from app.adapters.pdf import find_soffice
from app.documents.templating.rendering import render_many
from app.documents.templating.store import load
from tests.documents.conftest import converted
from tests.documents.decision_cases import CASES, data_of

TEXTS = Path(__file__).parent / "decisions"
FEW = ("result_deputy", "revoked_plan_deputy", "corrected_result")

pytestmark = pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")


def text_of(pdf):
    """The text of all pages, line by line; a page begins with a line of its own."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    text = "\n".join(f"--- {number}\n{page}" for number, page in enumerate(pages, 1))
    return "\n".join(line.strip() for line in text.replace("\ufffe", "-").splitlines()) + "\n"


def papers_of(names):
    """The .docx of each case, made in the order of the names, kind by kind."""
    said = {name: data_of(CASES[name], name) for name in names}
    made = {}
    for code in sorted({CASES[name].template for name in names}):
        of_kind = [name for name in names if CASES[name].template == code]
        made |= dict(zip(of_kind, render_many(load(code), [said[name] for name in of_kind]), strict=True))
    return made


def compare(names):
    made = papers_of(names)
    for name, pdf in zip(made, converted(made.values()), strict=True):
        path, text = TEXTS / f"{name}.txt", text_of(pdf)
        if os.environ.get("DECISIONS_REWRITE"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), name
        assert text == unicodedata.normalize("NFC", text)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("names", [FEW, pytest.param(tuple(CASES), marks=pytest.mark.slow)], ids=["few", "all"])
def test_decisions_read_as_reviewed(names):
    compare(names)


def test_every_reviewed_text_has_its_case():
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(CASES)
    assert len(CASES) == 20
