"""The check of an uploaded template before it counts: looked through, tried with sample data, converted.

Everything that opens the file runs in the locked process or in the converter; here is decided what it means. The
report is JSON: `problems` and `remarks`, each with a kind that `template_words` has the words of.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app import flow
from app.accounts.actor import SYSTEM
from app.adapters.pdf import ConverterError, page_count
from app.core.db import db
from app.documents.models import DocumentTemplate
from app.documents.templating import guide as template_fields
from app.documents.templating import rendering
from app.documents.templating import store as templates_store
from app.documents.templating.fields import DocumentError, Field
from app.documents.templating.store import Template
from app.jobs import handles

LIMIT = 64 * 1024 * 1024
LAID_OUT_FREELY = ("certificate",)
Finding = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """What came of a check; `preview` describes the stored PDF of the trial (sha256, pages), empty without one."""

    problems: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    preview: dict[str, Any] = field(default_factory=dict)


UNLOCKED = Checked([{"kind": "no_walls"}])
"""Nothing was opened: the process that reads templates is not locked well enough on this machine."""


def check(*, now: datetime, version_id: int) -> Checked | None:
    """The slow part. None when the version waits for no check any more."""
    version = db.session.get(DocumentTemplate, version_id)
    if version is None or version.state != "checking":
        return None
    template = templates_store.load(version.template_code).with_bytes(version.sha256)
    db.session.rollback()
    return look_through(template, now=now)


@handles("documents.check_template", prepare=check)
def decide(*, now: datetime, prepared: Checked | None, version_id: int) -> None:
    """Propose the version to a second person, or refuse it with everything that was found."""
    version = db.session.get(DocumentTemplate, version_id, populate_existing=True)
    if version is None or version.state != "checking" or prepared is None:
        return
    report = {"problems": prepared.problems, "remarks": prepared.remarks}
    data = {"report": report, "preview": prepared.preview}
    if prepared.problems:
        reason = _("Kiểm tra thấy %(n)s chỗ phải sửa", n=len(prepared.problems))
        if prepared == UNLOCKED:
            reason = _("Máy chủ chưa khóa được tiến trình đọc mẫu")
        flow.fire(version, "refuse", SYSTEM, now=now, reason=reason, data=data)
    else:
        flow.fire(version, "propose", SYSTEM, now=now, data=data)


def look_through(template: Template, *, now: datetime) -> Checked:
    """Check a template that is no more than bytes so far. The trial comes last: it fails at the first error only.

    Where the process that reads it is not locked well enough, nothing is opened and the template is refused.
    """
    if not rendering.is_locked(rendering.walls()):
        return UNLOCKED
    try:
        found = rendering.inspect(template)
    except DocumentError as error:
        return Checked([_failed("unreadable", error)])
    fields = template.manifest.fields
    problems = [_with_guess(problem, fields) for problem in found["problems"]]
    problems += list(missing(fields, found))
    remarks = [*left_out(fields, found), *measured(template.code, found)]
    return Checked(problems, remarks) if problems else _tried(template, remarks, now)


def _tried(template: Template, remarks: list[Finding], now: datetime) -> Checked:
    converter = current_app.extensions["converter"]
    try:
        docx = rendering.render(template, template.sample(), made_at=now)
        if converter is None:
            return Checked(remarks=[*remarks, {"kind": "no_pdf"}])
        pdf = converter.convert(docx)
    except (DocumentError, ConverterError) as error:
        return Checked([_failed("trial", error)], remarks)
    stored = current_app.extensions["storage"].put(io.BytesIO(pdf), limit=LIMIT)
    return Checked(remarks=remarks, preview={"sha256": stored.key, "pages": page_count(pdf)})


def _failed(kind: str, error: DocumentError | ConverterError) -> Finding:
    return {"kind": kind, "message": error.message, "params": dict(error.params)}


# --- what has to be printed ---------------------------------------------------------------------------------------
def missing(fields: Iterable[Field], found: Mapping[str, Any]) -> Iterator[Finding]:
    """Required fields that the template prints nowhere; of a table at least one column has to be printed."""
    for path, one in _required(fields, ""):
        if one.type == "rows":
            is_there = any(printed.startswith(f"{path}[].") for printed in found["printed"])
        else:
            is_there = path in found["used" if one.type == "flag" else "printed"]
        if not is_there:
            yield {"kind": "missing", "label": one.label, "name": path, "tag": template_fields.usage(path, one)}


def _required(fields: Iterable[Field], prefix: str) -> Iterator[tuple[str, Field]]:
    for one in fields:
        if one.required and one.type == "group":
            yield from _required(one.fields, f"{prefix}{one.name}.")
        elif one.required:
            yield f"{prefix}{one.name}", one


def left_out(fields: Iterable[Field], found: Mapping[str, Any]) -> Iterator[Finding]:
    """Columns that are always filled and that the template does not print: the office may want it so."""
    for table in fields:
        columns = table.fields if table.type == "rows" else ()
        paths = {column.name: f"{table.name}[].{column.name}" for column in columns if column.required}
        absent = [column.label for column in columns if paths.get(column.name, "") not in {"", *found["used"]}]
        if absent and len(absent) < len(paths):
            yield {"kind": "columns", "label": table.label, "name": ", ".join(absent)}


def measured(code: str, found: Mapping[str, Any]) -> list[Finding]:
    """Where the file differs from Nghị định 30/2020/NĐ-CP, Phụ lục I, which does not lay out every kind of paper."""
    return [] if code in LAID_OUT_FREELY else found["measured"]


# --- what was meant -----------------------------------------------------------------------------------------------
def _with_guess(problem: Finding, fields: Iterable[Field]) -> Finding:
    """An unknown name with the tag that was probably meant, when one is near."""
    if problem["kind"] != "unknown":
        return problem
    scope = {problem["base"]: problem["path"]} if problem["base"] else {"": "", **problem["scope"]}
    guess = template_fields.nearest(problem["name"].rpartition(".")[2], scope, tuple(fields))
    kept = {key: value for key, value in problem.items() if key not in ("base", "path", "scope")}
    return kept | {"kind": "unknown_guess", "guess": _put(problem, guess)} if guess else kept


def _put(problem: Finding, guess: str) -> str:
    """The tag with the guessed name in place of the unknown one."""
    return problem["tag"].replace(problem["name"], guess)
