"""Real addresses for every route that can be opened: each parameter gets objects of the demonstration by a label.

A label is what stands in the reviewed table: codes that are the same in every loading as they are, others by what
they mean (`{plan-2024}`), so that the table reads and stays.
"""

from collections.abc import Iterator
from itertools import product

from sqlalchemy import select
from werkzeug.routing import Rule

from app.contests.models import Contest
from app.documents import relations
from app.documents.models import Document, DocumentBatch
from app.entries.models import Entry, EntryFile
from app.handover.models import Package
from app.scoring.models import ScoreSheet
from tests.routes.world import World
from workflows import CONTEST, DOCUMENT, ENTRY, HANDOVER, SCORECARD, TEMPLATE

LEFT_OUT = {
    "web.macros": "the page of all macros exists for developers only, without any data",
    "web.macros_done": "as above",
    "web.static": "files of the face, tried in tests/web",
}
"""Endpoints of no interest here, with the reason."""

OWN = ("SK-2023-0005", "SK-2024-0014")
"""Entries of the account `tacgia`, in two states."""

PARTS = {
    "entries.part": ("ten-linh-vuc", "tac-gia", "mo-ta", "hieu-qua", "minh-chung", "xac-nhan"),
    "contests.part": ("ke-hoach", "thoi-han", "tieu-chi", "giai-thuong", "cac-ban"),
}


class Addresses:
    """Labelled objects of the loaded demonstration."""

    def __init__(self, world: World):
        self.world = world
        self.entries = dict(world.rows(select(Entry.code, Entry.state).order_by(Entry.id)))
        self.contests = dict(world.rows(select(Contest.code, Contest.state).order_by(Contest.id)))
        self.sheets = dict(world.rows(select(ScoreSheet.code, ScoreSheet.state).order_by(ScoreSheet.id)))
        self.packages = self._labelled(select(Package.state, Package.code).order_by(Package.id))
        batches = select(DocumentBatch.template_code, DocumentBatch.code).order_by(DocumentBatch.id)
        self.batches = self._labelled(batches)
        self.papers = self._papers()

    def _labelled(self, query) -> dict[str, str]:
        found: dict[str, str] = {}
        for label, code in self.world.rows(query):
            found.setdefault(f"{{{label}}}", code)
        return found

    def _papers(self) -> dict[str, str]:
        query = (
            select(Document.template_code, Contest.year, Document.code, Document.state)
            .join(Contest, Contest.id == Document.contest_id)
            .order_by(Document.id)
        )
        found: dict[str, str] = {}
        for template, year, code, state in self.world.rows(query):
            label = f"{{{template}-{year}-{state}}}"
            found.setdefault(label, code)
        return found

    def one_entry_a_state(self) -> list[str]:
        """The first entry in each state, and those of `tacgia`."""
        first: dict[str, str] = {}
        for code, state in self.entries.items():
            first.setdefault(state, code)
        return sorted({*first.values(), *OWN})

    def of(self, rule: Rule) -> Iterator[tuple[str, str]]:
        """(label, address) of each object that the rule is tried on."""
        values = [self._values(rule, name) for name in sorted(rule.arguments)]
        for chosen in product(*values):
            named = dict(zip(sorted(rule.arguments), chosen, strict=True))
            if self._fits(rule.endpoint, {name: label for name, (label, _value) in named.items()}):
                labels, values = ({n: pair[place] for n, pair in named.items()} for place in (0, 1))
                yield _filled(rule, labels), _filled(rule, values)

    def few_of(self, rule: Rule) -> list[tuple[str, str]]:
        """Some of `of`: of an entry's page each state, of other pages the first and the last object."""
        every = list(self.of(rule))
        if rule.endpoint == "entries.show":
            codes = self.one_entry_a_state()
            return [pair for pair in every if pair[0].rpartition("/")[2] in codes]
        return every if len(every) < 3 else [every[0], every[-1]]

    def _values(self, rule: Rule, name: str) -> list[tuple[str, str]]:
        slice_name, endpoint = rule.endpoint.split(".")[0], rule.endpoint
        if name == "name":
            return _same(PARTS.get(endpoint, ("tac-gia", "khong-co")))
        if name == "action":
            return _same(sorted({t.action for t in self._workflow(endpoint).transitions if t.offered}))
        if name == "kind":
            return _same(("zip", "pdf") if endpoint == "documents.batch_file" else ("docx", "pdf"))
        if name == "template":
            return _same(("plan", "board_decision"))
        if name == "relation":
            return _same(relations.FATES)
        if name == "file_id":
            return self._files()
        if name in (
            "organisation_id",
            "user_id",
            "grant_id",
            "signatory_id",
            "job_id",
            "message_id",
            "number",
            "version_id",
            "certificate_id",
        ):
            return [("1", "1")]
        if name == "token":
            return [("khong-co", "khong-co")]
        if name == "contest_code" or slice_name in ("contests", "ranking"):
            return _same(self.contests)
        if name == "entry_code" or slice_name == "entries" or rule.rule.startswith(("/ket-qua/", "/hoi-dong/chenh")):
            return _same(self.entries if rule.rule.count("/") == 2 else self.one_entry_a_state())
        return self._coded(slice_name, rule.rule)

    def _coded(self, slice_name: str, path: str) -> list[tuple[str, str]]:
        if slice_name == "screening":
            return _same(self.one_entry_a_state())
        if slice_name in ("scoring", "panel"):
            return _same(["SK-2024-0005-GK1", "SK-2023-0001-GK1", "SK-2024-0002-GK1", "SK-2024-0005-GK3"])
        if slice_name == "handover":
            return list(self.packages.items())
        if path.startswith("/van-ban/dot/"):
            return list(self.batches.items())
        if path.startswith("/xac-minh/"):
            known = [(f"{{{name}}}", self._verify_code(name)) for name in ("plan", "receipt", "certificate")]
            return [*known, ("KHONGCO", "KHONGCO")]
        return list(self.papers.items())

    def _verify_code(self, template: str) -> str:
        query = select(Document.verify_code).where(Document.template_code == template, Document.state == "issued")
        return self.world.rows(query.order_by(Document.id))[0][0]

    def _files(self) -> list[tuple[str, str]]:
        query = select(EntryFile.id, Entry.code).join(Entry, Entry.id == EntryFile.entry_id).order_by(EntryFile.id)
        first: dict[str, str] = {}
        for file_id, code in self.world.rows(query):
            first.setdefault(code, str(file_id))
        return [(f"{{{code}}}", file_id) for code, file_id in first.items()]

    def _workflow(self, endpoint: str):
        return {
            "entries.act": ENTRY,
            "handover.answer": ENTRY,
            "contests.act": CONTEST,
            "documents.act": DOCUMENT,
            "documents.template_act": TEMPLATE,
            "handover.act": HANDOVER,
            "scoring.act": SCORECARD,
        }[endpoint]

    def _fits(self, endpoint: str, labels: dict[str, str]) -> bool:
        """Leaves out pairs that say nothing: acts that do not leave the object's state, files of other entries."""
        if "file_id" in labels:
            return labels["file_id"] == f"{{{labels['code']}}}"
        if endpoint == "handover.answer":
            return labels["action"] == "acknowledge" or self.entries[labels["entry_code"]] in ("received",)
        if "action" not in labels or "version_id" in labels:
            return True
        state = self._state(endpoint, labels["code"])
        return any(t.action == labels["action"] for t in self._workflow(endpoint).leaving(state) if t.offered)

    def _state(self, endpoint: str, label: str) -> str:
        if endpoint == "documents.act":
            return label.strip("{}").split("-")[-1]
        if endpoint == "handover.act":
            return label.strip("{}")
        return {**self.entries, **self.contests, **self.sheets}[label]


def _same(codes) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]


def _filled(rule: Rule, values: dict[str, str]) -> str:
    text = rule.rule
    for name, value in values.items():
        for converter in ("", "int:", "path:"):
            text = text.replace(f"<{converter}{name}>", value)
    return text


def opened(world: World) -> list[Rule]:
    """Every rule that answers GET and is of interest."""
    rules = (rule for rule in world.app.url_map.iter_rules() if "GET" in rule.methods)
    return sorted((rule for rule in rules if rule.endpoint not in LEFT_OUT), key=lambda rule: rule.rule)
