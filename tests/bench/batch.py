"""Certificates of many winners, from the queue to stored and recorded files, beside what each part does alone:
docxtpl called for each paper, and one call of LibreOffice over the same papers with nothing around it."""

import io
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import flask_migrate
from docxtpl import DocxTemplate
from flask import Flask
from jinja2 import Environment
from sqlalchemy import func, select

from app import create_app
from app.accounts.actor import SYSTEM
from app.adapters.pdf import find_soffice
from app.core.clock import utcnow
from app.core.db import db, write_transaction
from app.documents import services
from app.documents.batches import making
from app.documents.models import Document
from app.documents.services import Drawn
from app.documents.templating import store as templates_store
from app.documents.templating.fields import fill
from app.jobs import run_all
from doc_templates.engine.environment import PaperEnvironment
from tests.bench.papers import clocks, spent
from tests.factories.documents import make_contest
from tests.factories.people import make_organisation

BARE = 40
BARE_PDFS = 200
"""One call of LibreOffice over a thousand files leaves some of them out."""
Spent = tuple[float, float]
"""Seconds for one paper: by the wall clock, and of the processor."""

CODE = "certificate"


def measure(count: int) -> Iterator[str]:
    """Lines to print, for so many certificates."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"FLASK_DATA_DIR": folder})
        with app.app_context():
            flask_migrate.upgrade()
            contexts = _drawn(count)
            yield _line("docx", _without_converter(app, count), "docxtpl", _docxtpl(contexts[:BARE]))
            if app.extensions["converter"] is not None:
                _ask_again()
                docxs = list(making.fill_each(templates_store.load(CODE), contexts[:BARE_PDFS], utcnow()))
                yield _line("PDF", _through_the_queue(count), "one call of LibreOffice", _libreoffice(docxs))


def _line(kind: str, ours: Spent, name: str, bare: Spent) -> str:
    """Rates by the wall clock, and how much faster ours is by it and by processor time."""
    wall, cpu = (bare[n] / ours[n] for n in (0, 1))
    rates = f"{1 / ours[0]:.1f} against {1 / bare[0]:.1f} a second ({name})"
    return f"{kind:5} {rates}: {wall:.1f} times as fast, CPU {cpu:.1f} times; {'đạt' if wall >= 1 else 'chưa đạt'}"


def _drawn(count: int) -> list[Mapping]:
    """The papers drawn up and waiting; their data."""
    sample = templates_store.load(CODE).sample()
    with write_transaction():
        ward = make_organisation(superior_line="")
        contest = make_contest(ward, "CT-2026")
        for number in range(1, count + 1):
            context = sample | {"recipient_name": f"Ông Nguyễn Văn {number}"}
            drawn = Drawn(context, f"Giấy số {number}", contest.id, ward.id, package_id=number)
            services.put_up(CODE, drawn, SYSTEM, now=utcnow())
    return [sample | {"recipient_name": f"Ông Nguyễn Văn {number}"} for number in range(1, count + 1)]


def _ask_again() -> None:
    with write_transaction():
        for document in db.session.scalars(select(Document)):
            services.ask_for_bytes(document, now=utcnow())


def _without_converter(app: Flask, count: int) -> Spent:
    converter, app.extensions["converter"] = app.extensions["converter"], None
    try:
        return _through_the_queue(count)
    finally:
        app.extensions["converter"] = converter


def _through_the_queue(count: int) -> Spent:
    """Until every paper is stored and recorded as ready."""
    begun = clocks()
    run_all()
    taken = spent(begun, count)
    ready = db.session.scalar(select(func.count()).where(Document.render_state == "ready"))
    assert ready == count, f"{ready} of {count} papers are ready"
    return taken


def _docxtpl(contexts: list[Mapping]) -> Spent:
    """As its manual shows it: open, fill, save; no check of the data, no lock, nothing recorded."""
    template = templates_store.load(CODE)
    filled = [fill(CODE, template.manifest.fields, context) for context in contexts]
    begun = clocks()
    for context in filled:
        environment = Environment(autoescape=True)
        environment.filters |= PaperEnvironment().filters
        paper = DocxTemplate(template.path)
        paper.render(context, environment)
        paper.save(io.BytesIO())
    return spent(begun, len(filled))


def _libreoffice(docxs: list[bytes]) -> Spent:
    """One call over all files, with no export options: nothing stored, nothing checked but how many came out."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [Path(folder) / f"{number}.docx" for number in range(len(docxs))]
        for source, docx in zip(sources, docxs, strict=True):
            source.write_bytes(docx)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [find_soffice(), "--headless", profile, "--convert-to", "pdf", "--outdir", f"{folder}/out", *sources]
        begun = clocks()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken = spent(begun, len(docxs))
        assert len(list((Path(folder) / "out").glob("*.pdf"))) == len(docxs)
    return taken
