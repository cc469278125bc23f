"""Papers: ours, filled in a locked process, against docxtpl called for each paper with the same template and text."""

import io
import resource
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from docxtpl import DocxTemplate
from jinja2 import Environment

from app.documents.templating import store as templates_store
from app.documents.templating.fields import fill
from app.documents.templating.rendering import render_many
from app.documents.templating.store import Template
from doc_templates.engine.environment import PaperEnvironment
from tests.bench.pairs import Ratio, compare

BATCH = 500
BARE = 10
PAIRS = 5


def measure_all() -> Iterator[Ratio]:
    """One decision, and a batch of certificates; times are for one paper."""
    yield _measure("a decision, one", "result_decision", 1, 1, goal=1.0, note="goal: no slower than docxtpl")
    yield _measure(
        "certificates, 500 in one run", "certificate", BATCH, BARE, goal=1 / 40, note="goal: 40 times faster"
    )


def _measure(name: str, code: str, many: int, few: int, *, goal: float, note: str) -> Ratio:
    template = templates_store.load(code)
    contexts = [_context(template, n) for n in range(many)]
    filled = [fill(code, template.manifest.fields, context) for context in contexts[:few]]
    _ours(template, contexts[:1]), _bare(template, filled[:1])
    taken = [(_ours(template, contexts), _bare(template, filled)) for _ in range(PAIRS)]
    cpu = sum(ours[1] for ours, _ in taken) / sum(bare[1] for _, bare in taken)
    ratio = compare(name, [(ours[0], bare[0]) for ours, bare in taken], cpu=cpu, goal=goal)
    rates = f"{1000 / ratio.ours_ms:.0f} against {1000 / ratio.floor_ms:.0f} a second; {note}"
    return replace(ratio, note=rates)


def _context(template: Template, n: int) -> Mapping:
    """The template's own sample, its text different in each paper."""
    sample = template.sample()
    return sample | {"book_number": f"{n + 1}/GCN-2026"} if "book_number" in sample else sample


def _ours(template: Template, contexts: list[Mapping]) -> tuple[float, float]:
    begun = clocks()
    made = list(render_many(template, contexts))
    return spent(begun, len(made))


def _bare(template: Template, contexts: list[Mapping]) -> tuple[float, float]:
    """docxtpl as its manual shows it: open, fill, save. It borrows the filters that our templates use."""
    begun = clocks()
    for context in contexts:
        environment = Environment(autoescape=True)
        environment.filters |= PaperEnvironment().filters
        paper = DocxTemplate(template.path)
        paper.render(context, environment)
        paper.save(io.BytesIO())
    return spent(begun, len(contexts))


def clocks() -> tuple[float, float]:
    """The wall clock and the processor time of this process and its ended children, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)


def spent(begun: tuple[float, float], papers: int) -> tuple[float, float]:
    now = clocks()
    return (now[0] - begun[0]) / papers, (now[1] - begun[1]) / papers
