"""Finds the Word templates and reads their manifests; a wrong manifest stops the program where it stands.

One folder per template: `template.docx`, `manifest.toml` (what it is, which fields it needs), `sample.json`
(a complete context to try it with). Fields that many papers share are described once, in `frame.toml`.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.core.db import db
from app.documents.models import DocumentTemplate
from app.documents.templating.fields import TYPES, Field
from app.organisations import queries as organisations

ROOT = Path(__file__).resolve().parents[3] / "doc_templates"

AUTHORITIES = ("collective", "head", "body")
SIGNATURES = ("single", "pair", "by_hand")
BLOCKS = ("signature", "left_signature")


class ManifestError(Exception):
    """A manifest says something that cannot be: names the file and the key."""

    def __init__(self, path: Path, key: str, problem: str):
        super().__init__(f"{path}: {key}: {problem}")
        self.path = path
        self.key = key


@dataclass(frozen=True)
class Signer:
    """Who signs in which block: `role` is a value of `workflows.spec.Role`."""

    role: str
    block: str
    label: str


@dataclass(frozen=True)
class Manifest:
    """What a template is.

    `series` is the abbreviation of the type in Nghị định 30/2020, Phụ lục III (or the office's own for papers
    outside it); `symbol` the pattern of the number, with `{number}` and `{issuer}`; `authority` whose power
    it is: `collective` (TM. …), `head` (the head in person), `body` (an advisory body or one of its persons).
    `signature` is `single`, `pair` for one more block on the left, or `by_hand` for a paper on which others sign too
    who have no key, such as those who receive money.
    """

    title: str
    series: str
    symbol: str
    authority: str
    signature: str
    numbered: bool
    signers: tuple[Signer, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Template:
    """A template: the contract and sample of its kind, and the bytes at `path`, whose hash is `sha256`.

    The bytes are those that the product ships, in `folder`, or of a version that an office uploaded.
    """

    code: str
    manifest: Manifest
    path: Path
    sha256: str
    folder: Path | None = None

    def read_bytes(self) -> bytes:
        """The .docx."""
        return self.path.read_bytes()

    def with_bytes(self, sha256: str) -> "Template":
        """The same kind of paper with the stored bytes of another version."""
        return replace(self, path=current_app.extensions["storage"].path(sha256), sha256=sha256)

    def sample(self) -> dict[str, Any]:
        """A complete context with invented people."""
        return json.loads(((self.folder or self.path.parent) / "sample.json").read_text("utf-8"))


@cache
def load(code: str, root: Path = ROOT) -> Template:
    """The template of that code. Raises KeyError when there is none, ManifestError for a wrong manifest."""
    folder = root / code
    if not code.isidentifier() or not (folder / "manifest.toml").is_file():
        raise KeyError(code)
    path = folder / "template.docx"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Template(code, read_manifest(folder / "manifest.toml", root / "frame.toml"), path, digest, folder)


def in_use(code: str, organisation_id: int) -> Template:
    """The template that papers of an organisation are drawn up with today: the version in use there, else at the
    nearest body above it, else the one that the product ships. Raises KeyError when there is no such kind."""
    built_in = load(code)
    version = versions_in_use(organisation_id, code).get(code)
    return built_in.with_bytes(version.sha256) if version else built_in


def versions_in_use(organisation_id: int, code: str = "") -> dict[str, DocumentTemplate]:
    """The uploaded version that is in use for an organisation, by kind of paper (of one kind with `code`): its own
    before those of the bodies above it, the nearest first."""
    query = select(DocumentTemplate).where(DocumentTemplate.state == "active")
    active = db.session.scalars(query.where(DocumentTemplate.template_code == code) if code else query).all()
    organisation = organisations.get(organisation_id) if active else None
    above = organisations.ancestors(organisation) if organisation else ()
    chain = [organisation_id, *(one.id for one in above)]
    found: dict[str, DocumentTemplate] = {}
    for version in sorted(
        (v for v in active if v.organisation_id in chain), key=lambda v: chain.index(v.organisation_id)
    ):
        found.setdefault(version.template_code, version)
    return found


def all_templates(root: Path = ROOT) -> tuple[Template, ...]:
    """Every template, by code."""
    return tuple(load(path.parent.name, root) for path in sorted(root.glob("*/manifest.toml")))


def read_manifest(path: Path, frame_path: Path) -> Manifest:
    """Parse one manifest with the shared fields it names. Raises ManifestError."""
    data = _toml(path)
    manifest = Manifest(
        title=_take(path, data, "title", str),
        series=_take(path, data, "series", str),
        symbol=_symbol(path, data),
        authority=_one_of(path, data, "authority", AUTHORITIES),
        signature=_one_of(path, data, "signature", SIGNATURES),
        numbered=_take(path, data, "numbered", bool),
        signers=tuple(_signer(path, s) for s in _take(path, data, "signers", list)),
        fields=_framed(path, data, frame_path) + _fields(path, "fields", _take(path, data, "fields", list)),
    )
    if data:
        raise ManifestError(path, next(iter(data)), "is not a known key")
    _check_names(path, manifest.fields)
    return manifest


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(path, "(file)", f"is not TOML: {error}") from error


def _take(path: Path, data: dict[str, Any], key: str, kind: type, default: Any = None) -> Any:
    value = data.pop(key, default)
    if type(value) is not kind or value == "":
        raise ManifestError(path, key, f"must be given as {kind.__name__}")
    return value


def _one_of(path: Path, data: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    value = _take(path, data, key, str)
    if value not in allowed:
        raise ManifestError(path, key, f"must be one of {', '.join(allowed)}, not {value}")
    return value


def _symbol(path: Path, data: dict[str, Any]) -> str:
    symbol = _take(path, data, "symbol", str)
    if symbol.count("{number}") != 1 or symbol.count("{issuer}") != 1 or symbol.count("{") != 2:
        raise ManifestError(path, "symbol", "must hold {number} and {issuer} once each")
    return symbol


def _signer(path: Path, data: Mapping[str, Any]) -> Signer:
    data = dict(data)
    role, label = _take(path, data, "role", str), _take(path, data, "label", str)
    return Signer(role, _one_of(path, data, "block", BLOCKS), label)


def _framed(path: Path, data: dict[str, Any], frame_path: Path) -> tuple[Field, ...]:
    items = _take(frame_path, _toml(frame_path), "fields", list)
    shared = {field.name: field for field in _fields(frame_path, "fields", items)}
    return tuple(_from_frame(path, shared, name) for name in _take(path, data, "frame", list))


def _from_frame(path: Path, shared: Mapping[str, Field], name: str) -> Field:
    field = shared.get(name.removesuffix("?"))
    if field is None:
        raise ManifestError(path, "frame", f"{name} is not in frame.toml")
    return Field(field.name, field.label, field.type, not name.endswith("?"), field.fields)


def _fields(path: Path, key: str, items: list[Any]) -> tuple[Field, ...]:
    return tuple(_field(path, f"{key}[{n}]", dict(item)) for n, item in enumerate(items, 1))


def _field(path: Path, key: str, data: dict[str, Any]) -> Field:
    name, label = _take(path, data, "name", str), _take(path, data, "label", str)
    kind = _one_of(path, data, "type", TYPES)
    required = _take(path, data, "required", bool, default=True)
    parts = _fields(path, f"{key}.fields", _take(path, data, "fields", list, default=[]))
    if bool(parts) != (kind in ("group", "rows")):
        raise ManifestError(path, f"{key} {name}", "groups and rows have fields, others have none")
    if data:
        raise ManifestError(path, f"{key} {name}", f"{next(iter(data))} is not a known key")
    _check_names(path, parts)
    return Field(name, label, kind, required, parts)


def _check_names(path: Path, fields: tuple[Field, ...]) -> None:
    names = [field.name for field in fields]
    for name in names:
        if not name.isidentifier() or not name.isascii() or names.count(name) > 1:
            raise ManifestError(path, name, "must be a plain name that stands once")
