"""Rebuild every template: `python -m doc_templates.layout`."""

from pathlib import Path

from .build import BOOKS, BUILDERS, build

ROOT = Path(__file__).resolve().parents[1]

for code in BUILDERS | BOOKS:
    (ROOT / code / "template.docx").write_bytes(build(code))
    print(code)
