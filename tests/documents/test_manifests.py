"""The contract of each template: read strictly, complete, and true of what the template prints."""

import re

import pytest

from app.documents.templating import store as templates_store
from app.documents.templating.fields import FieldError, fill, leaves
from app.documents.templating.store import ManifestError, load
from doc_templates.engine.package import CORE, read_parts
from doc_templates.engine.prepared import Prepared
from doc_templates.layout.build import BUILDERS, build
from workflows.spec import Role

GOOD = """
title = "Thử"
series = "KH"
symbol = "{number}/KH-{issuer}"
authority = "head"
signature = "single"
numbered = true
frame = ["place_date"]
signers = [{ role = "chairman", block = "signature", label = "Chủ tịch" }]
fields = [{ name = "note", label = "Ghi chú", type = "text" }]
"""
WRONG = {
    "title": ('title = "Thử"', 'title = ""'),
    "series": ('series = "KH"', "series = 3"),
    "symbol": ("{number}/KH-{issuer}", "{number}/KH"),
    "authority": ('"head"', '"nobody"'),
    "signature": ('"single"', '"triple"'),
    "numbered": ("numbered = true", 'numbered = "yes"'),
    "frame": ('"place_date"', '"unknown"'),
    "block": ('block = "signature"', 'block = "middle"'),
    "type": ('type = "text"', 'type = "picture"'),
    "fields[1] note": ('type = "text"', 'type = "rows"'),
    "place_date": ('name = "note"', 'name = "place_date"'),
    "the name": ('name = "note"', 'name = "the name"'),
    "extra": ("numbered = true", "numbered = true\nextra = 1"),
    "(file)": ("numbered = true", "numbered = "),
}


def manifest(tmp_path, text):
    path = tmp_path / "manifest.toml"
    path.write_text(text, "utf-8")
    return templates_store.read_manifest(path, templates_store.ROOT / "frame.toml")


def test_a_good_manifest_reads(tmp_path):
    read = manifest(tmp_path, GOOD)
    assert (read.title, read.authority, read.numbered) == ("Thử", "head", True)
    assert [(f.name, f.type, f.required) for f in read.fields] == [("place_date", "text", True), ("note", "text", True)]


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_manifest_names_file_and_key(tmp_path, key):
    with pytest.raises(ManifestError) as error:
        manifest(tmp_path, GOOD.replace(*WRONG[key]))
    assert error.value.key == key
    assert str(error.value).startswith(f"{tmp_path / 'manifest.toml'}: {key}: ")


def test_every_paper_of_a_contest_has_its_template():
    codes = [template.code for template in templates_store.all_templates()]
    assert codes == sorted(BUILDERS)
    assert len(codes) == 22


@pytest.mark.parametrize("unknown", ["nothing", "../plan", "layout", ""])
def test_an_unknown_code_is_no_template(unknown):
    with pytest.raises(KeyError):
        load(unknown)


def test_the_committed_template_is_what_the_code_builds(code):
    assert read_parts(load(code).read_bytes()) == read_parts(build(code))
    assert build(code) == build(code)


def test_signers_are_roles_of_the_product_and_have_their_block(code):
    template = load(code)
    names = {field.name for field in template.manifest.fields}
    assert {signer.role for signer in template.manifest.signers} <= {str(role) for role in Role}
    assert {signer.block for signer in template.manifest.signers} <= names


def test_the_template_prints_every_field_and_knows_no_other(code):
    """Each leaf of the manifest stands in the template, and each name it uses is a leaf, a loop or a filter."""
    template = load(code)
    sources = " ".join(Prepared(template.read_bytes()).sources.values())
    used = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"\{[\{%](.*?)[\}%]\}", sources))))
    declared = {path.split(".")[-1].removesuffix("[]") for path, _ in leaves(template.manifest.fields)}
    unprinted = {"head", "superior_line", "agency_lines"} if code == "certificate" else set()
    unprinted |= {"office_line"} if code in ("registration", "description") else set()
    assert declared - used == unprinted


def test_no_organisation_stands_in_a_template(code):
    """Names and levels come from the data: a ward's paper of 2024 and one of 2026 use the same template."""
    xml = read_parts(load(code).read_bytes())["word/document.xml"].decode()
    words = " ".join(re.findall(r"<w:t[^>]*>([^<]*)", xml)).lower()
    for name in ("phường", "thị xã", "tỉnh", "ubnd", "ủy ban", "trung lương", "2024"):
        assert name not in words
    assert b"python-docx" not in read_parts(load(code).read_bytes())[CORE]


def test_samples_fit_their_manifest(code):
    template = load(code)
    filled = fill(code, template.manifest.fields, template.sample())
    assert set(filled) == {field.name for field in template.manifest.fields}


MISFITS = [
    ("subject", "subject", lambda s: s.pop("subject")),
    ("blank", "subject", lambda s: s.update(subject="  \t ")),
    ("none", "subject", lambda s: s.update(subject=None)),
    ("number for text", "subject", lambda s: s.update(subject=5)),
    ("empty list", "report", lambda s: s.update(report=[])),
    ("blank in list", "report[2]", lambda s: s["report"].__setitem__(1, "")),
    ("number in list", "report[1]", lambda s: s["report"].__setitem__(0, 7)),
    ("list for rows", "winners[1]", lambda s: s.update(winners=["x"])),
    ("missing in row", "winners[3].title", lambda s: s["winners"][2].pop("title")),
    ("unknown in row", "winners[1].colour", lambda s: s["winners"][0].update(colour="x")),
    ("unknown", "extra", lambda s: s.update(extra="x")),
    ("empty group", "head", lambda s: s.update(head={})),
    ("missing in group", "signature.name", lambda s: s["signature"].pop("name")),
    ("an object", "subject", lambda s: s.update(subject=object())),
    ("a subclass of str", "subject", lambda s: s.update(subject=type("Text", (str,), {})("x"))),
]


@pytest.mark.parametrize(("field", "change"), [m[1:] for m in MISFITS], ids=[m[0] for m in MISFITS])
def test_a_context_that_does_not_fit_names_template_and_field(template, field, change):
    sample = template.sample()
    change(sample)
    with pytest.raises(FieldError) as error:
        fill(template.code, template.manifest.fields, sample)
    assert (error.value.template, error.value.field) == ("submission", field)
    assert str(error.value).startswith("Mẫu “submission”")
    assert field in str(error.value)


def test_optional_fields_become_empty(template):
    sample = template.sample()
    del sample["verify"], sample["attachments"], sample["legal_bases"]
    filled = fill(template.code, template.manifest.fields, sample)
    assert filled["verify"] == {"code": "", "url": "", "qr": ""}
    assert (filled["attachments"], filled["legal_bases"]) == ([], [])


def test_text_is_composed_and_freed_of_what_xml_cannot_hold(template):
    sample = template.sample() | {"subject": "Nguye\u0302\u0303n\x0b V\u0103n\x00\x0c \ud800A\ufffe"}
    assert fill(template.code, template.manifest.fields, sample)["subject"] == "Nguyễn Văn A"
