"""Every payload in every place of a template: nothing of it runs, also without the locked process around.

`test_rendering.py` has the payloads in the body and in the data, `test_template_check.py` the look before filling.
"""

import io
import zipfile
from dataclasses import asdict
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from jinja2 import TemplateError

from app.documents.templating.fields import fill
from app.documents.templating.store import load
from doc_templates.engine.inspecting import inspect
from doc_templates.engine.package import Properties, read_parts
from doc_templates.engine.prepared import Prepared
from tests.documents.attacks import CANARY, PAYLOADS
from tests.documents.word_files import opened, parts

CODE = "submission"
PROPERTIES = Properties("t", "c", "2024-01-01T00:00:00Z")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FOOTNOTES = f"<w:footnotes {W}><w:footnote w:id='2'><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:footnote></w:footnotes>"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
REFUSALS = (TemplateError, TypeError)


def repacked(changes):
    """The built-in template with parts changed or added: name to a function of the text there was."""
    out, known = io.BytesIO(), parts(load(CODE).read_bytes())
    with zipfile.ZipFile(out, "w") as archive:
        for name in {**known, **changes}:
            content = known.get(name, b"")
            archive.writestr(name, changes[name](content.decode()) if name in changes else content)
    return out.getvalue()


def in_part(name):
    run = "<w:r><w:t>%s</w:t></w:r></w:p>"
    return lambda text: repacked({name: lambda xml: xml.replace("</w:p>", run % escape(text), 1)})


def in_footnote(text):
    link = f'<Relationship Id="rId88" Type="{RELATION}" Target="footnotes.xml"/></Relationships>'
    kind = f'<Override PartName="/word/footnotes.xml" ContentType="{KIND}"/></Types>'
    return repacked(
        {
            "word/footnotes.xml": lambda _none: FOOTNOTES % escape(text),
            "word/_rels/document.xml.rels": lambda xml: xml.replace("</Relationships>", link),
            "[Content_Types].xml": lambda xml: xml.replace("</Types>", kind),
        }
    )


EVERY = [payload if n % 8 == 0 else pytest.param(payload, marks=pytest.mark.slow) for n, payload in enumerate(PAYLOADS)]
"""All of them take a minute; each eighth is tried every time."""

PLACES = {"header": in_part("word/header1.xml"), "footer": in_part("word/footer1.xml"), "footnote": in_footnote}


@pytest.fixture(autouse=True)
def canary():
    """Whatever a payload would leave behind."""
    Path(CANARY).unlink(missing_ok=True)
    yield
    assert not Path(CANARY).exists()


@pytest.fixture(scope="module")
def filled():
    return fill(CODE, load(CODE).manifest.fields, load(CODE).sample())


def contract():
    return [asdict(field) for field in load(CODE).manifest.fields]


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("place", PLACES)
def test_a_right_tag_in_each_place_is_filled(place, filled):
    """So that the refusals below are not for another reason."""
    data = PLACES[place]("{{ subject }}")
    assert inspect(data, contract())["problems"] == []
    name = {"header": "word/header1.xml", "footer": "word/footer1.xml", "footnote": "word/footnotes.xml"}[place]
    assert filled["subject"] in read_parts(Prepared(data).render(filled, PROPERTIES))[name].decode()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payload", EVERY)
def test_no_payload_runs_wherever_it_stands(place, payload, filled):
    data = PLACES[place](payload)
    assert inspect(data, contract())["problems"] != []
    with pytest.raises(REFUSALS):
        Prepared(data).render(filled, PROPERTIES)


@pytest.mark.parametrize("payload", EVERY)
def test_properties_are_never_filled(payload, filled):
    """The title of a template is replaced; a tag in it is told all the same."""
    text = escape(payload)
    data = repacked(
        {
            "docProps/core.xml": lambda xml: xml.replace(
                "</cp:coreProperties>", f"<dc:subject>{text}</dc:subject></cp:coreProperties>"
            ),
            "docProps/app.xml": lambda xml: xml.replace("</Properties>", f"<Company>{text}</Company></Properties>"),
        }
    )
    paper = Prepared(data).render(filled, PROPERTIES)
    assert opened(paper).core_properties.title == "t"
    assert opened(paper).core_properties.subject == ""
    assert text in read_parts(paper)["docProps/app.xml"].decode()
    assert [problem["kind"] for problem in inspect(data, contract())["problems"]] == ["unfilled"] * 2
