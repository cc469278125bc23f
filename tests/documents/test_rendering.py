"""Filling templates: the data appears as typed, a hostile template gets nowhere, equal input gives equal bytes."""

import copy
import io
import os
import subprocess
import sys
import textwrap
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from docx import Document
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError

from app.documents.templating import render_child, rendering
from app.documents.templating.fields import FieldError, clean, fill
from app.documents.templating.rendering import Limits, RenderError, render, render_many
from app.documents.templating.store import Template, load
from doc_templates.engine.environment import PaperEnvironment
from doc_templates.engine.package import PackageTooBig, Properties, read_parts
from doc_templates.engine.prepared import Prepared
from tests.documents.attacks import CANARY, NAMES, PAYLOADS
from tests.documents.word_files import find, opened, parts, text_of, with_part, with_text
from tests.processes import is_gone

PROPERTIES = Properties("t", "c", "2024-01-01T00:00:00Z")
TIGHT = Limits(cpu=2, wall=8)


@pytest.fixture
def filled(template):
    return fill(template.code, template.manifest.fields, template.sample())


@pytest.fixture
def hostile(template, tmp_path):
    """Makes a template from bytes, with the contract of a real one."""

    def make(data):
        path = tmp_path / "template.docx"
        path.write_bytes(data)
        return Template(template.code, template.manifest, path, "")

    return make


def in_body(template, text):
    return with_text(template.read_bytes(), text)


# --- as docxtpl does it, only faster


def test_the_xml_is_what_docxtpl_makes(code):
    template = load(code)
    context = fill(code, template.manifest.fields, template.sample())
    prepared, word = Prepared(template.read_bytes()), DocxTemplate(io.BytesIO(template.read_bytes()))
    word.render_init()
    environment = PaperEnvironment()
    assert prepared.render_xml("word/document.xml", context) == word.build_xml(context, environment)
    for uri in (word.HEADER_URI, word.FOOTER_URI):
        for key, xml in word.build_headers_footers_xml(context, uri, environment):
            name = str(word.docx.part.rels[key].target_part.partname).lstrip("/")
            assert prepared.render_xml(name, context).encode() == xml


def test_the_text_is_what_docxtpl_makes(code, paper):
    template = load(code)
    word, context = DocxTemplate(io.BytesIO(template.read_bytes())), template.sample()
    drawn = {"verify": context["verify"] | {"qr": "§"}}  # a picture is no text
    word.render(fill(code, template.manifest.fields, context | drawn), PaperEnvironment(), autoescape=True)
    out = io.BytesIO()
    word.save(out)
    assert said(text_of(paper)) == said(text_of(out.getvalue()).replace("§", ""))


def said(text):
    """The lines that are not empty: a cell that ends in a table has an empty one more."""
    return [line for line in text.splitlines() if line]


def test_line_breaks_become_breaks_as_with_docxtpl(template, filled):
    filled["subject"] = "dòng một\ndòng hai\tcột"
    paper = opened(Prepared(template.read_bytes()).render(filled, PROPERTIES))
    assert find(paper, "dòng một\ndòng hai\tcột")


# --- data appears as typed


def test_hostile_names_appear_as_typed(template):
    contexts = [template.sample() | {"subject": name, "report": [name]} for name in NAMES]
    for name, docx in zip(NAMES, render_many(template, contexts), strict=True):
        paper = opened(docx)
        assert find(paper, clean(name)).style.name == "DocSubject"
        assert len(paper.paragraphs) == len(opened(render_sample(template)).paragraphs) - 1


def render_sample(template):
    return Prepared(template.read_bytes()).render(
        fill(template.code, template.manifest.fields, template.sample()), PROPERTIES
    )


def test_payloads_in_data_are_text(template):
    Path(CANARY).unlink(missing_ok=True)
    contexts = []
    for payload in PAYLOADS:
        sample = template.sample() | {"subject": payload, "title": payload, "attachments": [payload]}
        sample["head"] = {"superior_line": payload, "agency_lines": [payload]}
        sample["verify"] = {"code": payload, "url": payload}
        contexts.append(sample)
    for payload, docx in zip(PAYLOADS, render_many(template, contexts), strict=True):
        assert [p.text for p in opened(docx).paragraphs if p.style.name == "DocSubject"] == [payload]
        assert opened(docx).core_properties.title == f"{payload} {payload}"
        assert payload in opened(docx).sections[0].footer.paragraphs[0].text
    assert not Path(CANARY).exists()


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip))
def test_any_text_appears_as_typed(text):
    template = load("submission")
    context = fill("submission", template.manifest.fields, template.sample() | {"subject": text})
    paper = opened(PREPARED.render(context, PROPERTIES))
    assert [p.text for p in paper.paragraphs if p.style.name == "DocSubject"] == [clean(text)]


PREPARED = Prepared(load("submission").read_bytes())


# --- templates that mean harm


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_template_does_nothing(template, filled, payload):
    """Tried without the locked process, so that the template's own language has to hold alone."""
    Path(CANARY).unlink(missing_ok=True)
    before = copy.deepcopy(filled)
    with pytest.raises((TemplateError, TypeError)) as refused:
        Prepared(in_body(template, payload)).render(filled, PROPERTIES)
    assert "endif" not in str(refused.value)
    assert filled == before
    assert not Path(CANARY).exists()


@pytest.mark.parametrize("part", ["word/header1.xml", "word/footer1.xml", "word/header2.xml"])
def test_a_payload_in_a_header_or_footer_is_refused(template, hostile, part):
    data = with_part(
        template.read_bytes(),
        part,
        lambda xml: xml.replace("</w:p>", f"<w:r><w:t>{escape(PAYLOADS[0])}</w:t></w:r></w:p>", 1),
    )
    with pytest.raises(RenderError) as error:
        render(hostile(data), template.sample())
    assert "cycler" in str(error.value)


def test_properties_of_a_template_are_never_filled(template, hostile):
    data = with_part(template.read_bytes(), "docProps/core.xml", lambda xml: xml.replace("submission", PAYLOADS[0]))
    title = opened(render(hostile(data), template.sample())).core_properties.title
    assert title.startswith("TỜ TRÌNH Về việc đề nghị")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ nguoi_ky }}", "thẻ dùng dữ liệu không có ('nguoi_ky' is undefined), ở chỗ “{{ nguoi_ky }}"),
        ("{{ head.motto }}", "thẻ dùng dữ liệu không có ('dict object' has no attribute 'motto')"),
        ("{% if %}", "thẻ viết sai (Expected an expression, got 'end of statement block')"),
        ("{{ title|tojson }}", "thẻ viết sai (No filter named 'tojson'.)"),
        ("{{ title.upper() }}", "thẻ làm việc không được phép (access to 'upper' of a str is not allowed)"),
    ],
)
def test_a_wrong_tag_is_named_in_vietnamese(template, hostile, text, message):
    with pytest.raises(RenderError) as error:
        render(hostile(in_body(template, text)), template.sample())
    assert str(error.value).startswith("Mẫu “submission”: " + message)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip at all", b"%PDF-1.7"])
def test_a_template_that_is_no_word_file_is_refused(template, hostile, data):
    with pytest.raises(RenderError, match="không phải tệp Word"):
        render(hostile(data), template.sample())


def test_a_template_that_makes_broken_xml_is_refused(template, hostile):
    data = with_part(template.read_bytes(), "word/document.xml", lambda xml: xml.replace("</w:p>", "", 1))
    with pytest.raises(RenderError):
        render(hostile(data), template.sample())


BOMBS = {
    "time": "{% for a in x %}{% for b in x %}{% for c in x %}{% for d in x %}{% for e in x %}{{ a }}"
    + "{% endfor %}" * 5,
    "memory": "{{ 'x' * 4000000000 }}",
    "doubling": "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a|length }}",
    "power": "{{ 9 ** 999999999 }}",
    "size": "{% for a in x %}{% for b in x %}{{ big }}{% endfor %}{% endfor %}",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_stopped(template, hostile, bomb):
    text = "{% set x = report %}{% set big = subject %}" + BOMBS[bomb]
    sample = template.sample() | {"report": ["x"] * 400, "subject": "y" * 20000}
    with pytest.raises(RenderError) as error:
        render(hostile(in_body(template, text)), sample, limits=TIGHT)
    assert error.value.message in (rendering.TOO_MUCH, rendering.TOO_BIG, rendering.BROKEN)


def test_an_archive_that_unpacks_to_gigabytes_is_refused(template, hostile):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    with pytest.raises(PackageTooBig):
        read_parts(out.getvalue())
    with pytest.raises(RenderError, match="quá lớn"):
        render(hostile(out.getvalue()), template.sample())


def test_an_archive_of_very_many_parts_is_refused(template):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(500):
            archive.writestr(f"word/{number}.xml", b"")
    with pytest.raises(PackageTooBig):
        read_parts(out.getvalue())


def test_a_template_that_sleeps_is_ended_with_its_children(template, monkeypatch, tmp_path):
    """Should code ever run in the child: the wall clock ends it and whatever it started."""
    script = tmp_path / "child.py"
    script.write_text("import os, time\nos.fork()\ntime.sleep(60)\n")
    monkeypatch.setattr(rendering, "_CHILD", script)
    with pytest.raises(RenderError, match="đã bị dừng"):
        render(template, template.sample(), limits=Limits(wall=0.5))
    assert is_gone(str(script))


def test_a_child_that_cannot_start_is_not_blamed_on_the_template(template, monkeypatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text("raise SystemExit('thiếu thư viện')\n")
    monkeypatch.setattr(rendering, "_CHILD", script)
    with pytest.raises(RenderError, match="thiếu thư viện"):
        render(template, template.sample())


# --- the locked process

ESCAPES = {
    "open a file": "open('/etc/passwd').read()",
    "write a file": f"open({CANARY!r}, 'w')",
    "make a socket": "import socket; socket.socket()",
    "connect": "import socket; socket.create_connection(('127.0.0.1', 80), 1)",
    "start a program": "import subprocess; subprocess.run(['/bin/true'])",
    "take back descriptors": "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))",
    "become root": "os.setuid(0) if os.getuid() else 1/0",
    "take memory": "bytearray(700 * 1024 * 1024)",
    "remove a file": "os.unlink(VICTIM)",
    "rename a file": "os.rename(VICTIM, VICTIM + 'x')",
    "empty a file": "os.truncate(VICTIM, 0)",
    "make a folder": f"os.mkdir({CANARY!r} + 'x')",
    "signal its parent": "os.kill(os.getppid(), 0)",
    "become another process": "os.fork()",
    "read another process": "call(310, os.getppid(), 0, 0, 0, 0, 0)",
    "trace another process": "call(101, 16, os.getppid(), 0, 0)",
    "put up another filter": "call(157, 22, 2, 0, 0, 0)",
    "ask for a namespace": "call(272, 0x10000000)",
}
REFUSALS = ("OSError", "PermissionError", "BlockingIOError", "MemoryError", "ValueError", "LookupError")


@pytest.mark.parametrize("escape_", ESCAPES)
def test_the_locked_process_can_reach_nothing(escape_):
    """Code running in the child after the lock: what an escape from the template language would meet."""
    victim = f"{CANARY}-{os.getpid()}"
    program = textwrap.dedent(
        f"""
        import ctypes, os, resource, runpy, socket, subprocess
        VICTIM = {victim!r}
        kernel = ctypes.CDLL(None, use_errno=True)
        def call(*numbers):
            if kernel.syscall(*numbers) < 0:
                raise OSError(ctypes.get_errno(), "refused")
        child = runpy.run_path({render_child.__file__!r})
        child["_lock"]({vars(Limits())!r})
        try:
            {ESCAPES[escape_]}
        except (OSError, MemoryError, ValueError, LookupError) as error:
            os.write(1, type(error).__name__.encode())
        else:
            os.write(1, b"reached")
        """
    )
    there = "VICTIM" in ESCAPES[escape_]
    Path(CANARY).unlink(missing_ok=True)
    if there:
        Path(victim).write_text("whole")
        Path(victim).chmod(0o666)
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, cwd="/")
    assert done.stdout.decode() in REFUSALS
    assert not Path(CANARY).exists()
    if there:
        assert Path(victim).read_text() == "whole"
        Path(victim).unlink()


def test_this_machine_has_every_wall():
    """Elsewhere fewer may stand; the page on the system's health tells which."""
    assert rendering.walls() == {"no_root": True, "no_network": True, "no_calls": True}


def test_without_rights_of_root_the_filter_stands_too(template, monkeypatch, tmp_path):
    """As on a server whose worker is an ordinary user: nobody, before the walls are put up."""
    if os.getuid() != 0:
        pytest.skip("only root can become nobody")
    script = tmp_path / "child.py"
    loaded = f"import os, runpy\nchild = runpy.run_path({render_child.__file__!r})\n"
    script.write_text(f"{loaded}child['_load_the_late']()\nos.setgid(65534)\nos.setuid(65534)\nchild['main']()\n")
    monkeypatch.setattr(rendering, "_CHILD", script)
    assert rendering.walls()["no_calls"]
    assert render(template, template.sample()).startswith(b"PK")


def test_where_the_process_cannot_start_no_wall_stands(monkeypatch, tmp_path):
    monkeypatch.setattr(rendering, "_CHILD", tmp_path / "nowhere.py")
    assert rendering.walls() == {"no_root": False, "no_network": False, "no_calls": False}


@pytest.mark.parametrize("no_root", [True, False])
@pytest.mark.parametrize("no_network", [True, False])
@pytest.mark.parametrize("no_calls", [True, False])
def test_one_wall_against_everything_is_asked_for(no_root, no_network, no_calls):
    stand = {"no_root": no_root, "no_network": no_network, "no_calls": no_calls}
    assert rendering.is_locked(stand) == (stand in ENOUGH)


ENOUGH = [
    {"no_root": True, "no_network": True, "no_calls": True},
    {"no_root": True, "no_network": True, "no_calls": False},
    {"no_root": True, "no_network": False, "no_calls": True},
]


def test_the_child_gets_no_environment(template, monkeypatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text("import os\nraise SystemExit(','.join(sorted(os.environ)))\n")
    monkeypatch.setattr(rendering, "_CHILD", script)
    monkeypatch.setenv("FLASK_SECRET_KEY", "secret")
    with pytest.raises(RenderError) as error:
        render(template, template.sample())
    assert error.value.tag in ("LANG", "LANG,LC_CTYPE")


# --- same input, same bytes


def test_equal_input_gives_equal_bytes(code, paper):
    template = load(code)
    assert render(template, template.sample()) == paper


def test_the_date_of_making_and_the_data_stand_in_the_properties(template):
    made_at = datetime(2024, 10, 21, 3, 5, tzinfo=UTC)
    properties = opened(render(template, template.sample(), made_at)).core_properties
    assert properties.modified == made_at
    assert properties.author == "BAN TỔ CHỨC CUỘC THI"
    assert properties.title.startswith("TỜ TRÌNH Về việc đề nghị công nhận kết quả")


def test_a_batch_gives_what_single_papers_give():
    template = load("certificate")
    contexts = [template.sample() | {"recipient_name": f"Ông Nguyễn Văn {n}"} for n in range(5)]
    assert list(render_many(template, contexts)) == [render(template, context) for context in contexts]
    assert list(render_many(template, [])) == []


def test_a_batch_is_checked_before_the_first_paper():
    template = load("certificate")
    contexts = [template.sample(), template.sample() | {"recipient_name": ""}]
    with pytest.raises(FieldError, match="recipient_name"):
        render_many(template, contexts)


def test_nothing_of_the_machine_stands_in_a_paper(paper):
    everything = b"".join(parts(paper).values())
    for trace in (b"python-docx", os.getcwd().encode(), b"/tmp", b"{{", b"{%"):
        assert trace not in everything


def test_a_table_grows_with_its_judges_and_keeps_its_width():
    template = load("score_summary")
    for count in (1, 3, 7, 12):
        judges = [{"short": f"GK{n}", "name": f"Giám khảo {n}"} for n in range(1, count + 1)]
        rows = [row | {"scores": ["90,5"] * count} for row in template.sample()["rows"]]
        paper = opened(render(template, template.sample() | {"judges": judges, "rows": rows}))
        table = paper.tables[1]
        assert [len(row.cells) for row in table.rows] == [8 + count] * 8
        assert len({cell._tc for cell in table.rows[-1].cells}) == 1  # what closes the list
        assert sum(cell.width.mm for cell in table.rows[0].cells) == pytest.approx(247, abs=0.5)
        assert [cell.width for cell in table.rows[0].cells] == [column.width for column in table.columns]


def test_a_template_from_word_with_split_tags_is_filled(hostile, template):
    """Word breaks tags over runs; the paper comes out all the same."""
    document = Document(io.BytesIO(template.read_bytes()))
    paragraph = document.add_paragraph()
    for piece in ("{{ tit", "le", " }", "}"):
        paragraph.add_run(piece)
    out = io.BytesIO()
    document.save(out)
    paper = opened(render(hostile(out.getvalue()), template.sample()))
    assert paper.paragraphs[-1].text == "TỜ TRÌNH"
