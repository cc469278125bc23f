"""Papers are made once for all tests that only look at them."""

from functools import cache

import pytest

from app.adapters.pdf import LibreOffice, find_soffice
from app.documents.templating import rendering
from app.documents.templating import store as templates_store

CODES = [template.code for template in templates_store.all_templates()]


@cache
def sample_paper(code):
    template = templates_store.load(code)
    return rendering.render(template, template.sample())


@cache
def sample_pdfs():
    """The PDFs of all samples by code."""
    return dict(zip(CODES, converted(map(sample_paper, CODES)), strict=True))


def converted(papers):
    """The PDFs of .docx papers in their order, made by as few calls of the converter as there are cores."""
    made = dict(LibreOffice(find_soffice()).convert_many(list(papers)))
    assert not [error for error in made.values() if isinstance(error, Exception)]
    return [made[position] for position in sorted(made)]


@pytest.fixture(params=CODES)
def code(request):
    """Each template in turn."""
    return request.param


@pytest.fixture
def paper(code):
    """The .docx made from the sample of each template in turn."""
    return sample_paper(code)


@pytest.fixture
def pdf(code):
    """The PDF of it; skipped on a machine without LibreOffice."""
    if find_soffice() is None:
        pytest.skip("LibreOffice is not installed")
    return sample_pdfs()[code]


@pytest.fixture
def template():
    """One template for the tests that any would serve."""
    return templates_store.load("submission")
