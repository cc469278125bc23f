"""Holds the code to the rules of the house, and each rule to an example that breaks it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards import rules

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(path for folder in ("app", "doc_templates", "workflows") for path in (ROOT / folder).rglob("*.py"))
TEMPLATES = sorted((ROOT / "app").rglob("*.html"))
SCRIPTS = sorted(path for path in (ROOT / "app").rglob("*.js") if not path.name.endswith(".min.js"))


def relative(path):
    return path.relative_to(ROOT).as_posix()


def broken(rule, paths, read):
    """Every place that breaks a rule, as lines one can click on."""
    return [
        f"{relative(path)}:{line} {sentence}"
        for path in paths
        for line, sentence in rule(relative(path), read(path.read_text(encoding="utf-8")))
    ]


def tracked_text_files():
    """The files that git knows and that are text; a copy without git has nothing to check."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            content = path.read_bytes()
            if b"\0" not in content:
                yield path


@pytest.mark.parametrize("rule", rules.TREE_RULES, ids=lambda rule: rule.__name__)
def test_code_follows(rule):
    assert broken(rule, CODE, ast.parse) == []


@pytest.mark.parametrize("rule", rules.TEXT_RULES, ids=lambda rule: rule.__name__)
def test_files_follow(rule):
    assert broken(rule, CODE, str) == []


def test_templates_are_strict():
    assert broken(rules.strict_templates, TEMPLATES, str) == []


def test_own_scripts_are_strict():
    assert broken(rules.strict_script, SCRIPTS, str) == []


def test_nothing_speaks_of_a_machine():
    assert broken(rules.no_machine_paths, tracked_text_files(), str) == []


def test_imports_point_downwards():
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())",
    ]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


BROKEN_CODE = [
    (rules.only_the_engine_assigns_state, "app/entries/services.py", "entry.state = 'scored'"),
    (rules.only_the_engine_assigns_state, "app/entries/services.py", "a, entry.state = 1, 'scored'"),
    (rules.only_the_engine_assigns_state, "app/entries/services.py", "setattr(entry, 'state', 'scored')"),
    (rules.only_the_engine_assigns_state, "app/entries/services.py", "update(Entry).values(state='scored')"),
    (rules.only_audit_writes_the_trail, "app/entries/services.py", "db.session.add(AuditEvent(action='x'))"),
    (rules.only_audit_writes_the_trail, "app/entries/services.py", "delete(models.AuditEvent)"),
    (rules.only_the_edge_commits, "app/entries/views.py", "db.session.commit()"),
    (rules.no_unsafe_calls, "app/entries/services.py", "eval(text)"),
    (rules.no_unsafe_calls, "app/entries/services.py", "from pickle import loads"),
    (rules.no_unsafe_calls, "app/entries/services.py", "subprocess.run(line, shell=True)"),
    (rules.no_unsafe_calls, "app/entries/services.py", "subprocess.run(line, shell=flag)"),
    (rules.no_unsafe_calls, "app/entries/services.py", "Markup(title)"),
    (rules.no_unsafe_calls, "app/entries/services.py", "Markup(f'<b>{title}</b>')"),
    (rules.one_clock, "app/entries/services.py", "now = datetime.now(UTC)"),
    (rules.one_clock, "app/entries/services.py", "today = datetime.date.today()"),
    (rules.no_request_below_views, "app/entries/services.py", "from flask import g, request"),
    (rules.no_request_below_views, "workflows/entry.py", "from flask_login import current_user"),
    (rules.slices_meet_in_services, "app/ranking/services.py", "from app.scoring.views import sheet"),
    (rules.slices_meet_in_services, "app/inbox/queries.py", "import app.entries.policy"),
    (rules.one_import_of_the_machine, "app/flow/engine.py", "from transitions import Machine"),
    (rules.short_functions, "app/entries/views.py", "def long():\n" + "    x = 1\n" * 60),
]

SOUND_CODE = [
    (rules.only_the_engine_assigns_state, "app/flow/engine.py", "subject.state = 'scored'"),
    (rules.only_the_engine_assigns_state, "app/core/db.py", "class Stateful:\n    state: str = 'draft'"),
    (rules.only_audit_writes_the_trail, "app/audit/services.py", "AuditEvent(action='x')"),
    (rules.only_audit_writes_the_trail, "app/entries/queries.py", "select(AuditEvent)"),
    (rules.only_the_edge_commits, "app/core/writes.py", "db.session.commit()"),
    (
        rules.no_unsafe_calls,
        "app/web/macros.py",
        "Markup('<br>')\nsubprocess.run([a], shell=False)\nre.compile('x')",
    ),
    (rules.one_clock, "app/core/clock.py", "datetime.now(UTC)"),
    (rules.no_request_below_views, "app/entries/views.py", "from flask import request"),
    (rules.slices_meet_in_services, "app/ranking/services.py", "from app.scoring import queries"),
    (rules.slices_meet_in_services, "app/ranking/views.py", "from app.ranking.forms import LockForm"),
    (rules.short_functions, "app/entries/views.py", "def short():\n" + "    x = 1\n" * 59),
]

BROKEN_MARKUP = [
    "{{ title|safe }}",
    "{{ title | safe }}",
    "{% autoescape false %}{{ title }}{% endautoescape %}",
    '<p style="color: red">',
    '<p class="{% if a > b %}x{% endif %}" style="{{ rule }}">',
    '<button\n  onclick="go()">',
    "<style>p { color: red }</style>",
    "<script>go()</script>",
    '<script type="module"></script>',
    '<a href="javascript:go()">',
]


@pytest.mark.parametrize(("rule", "path", "code"), BROKEN_CODE)
def test_code_rule_bites(rule, path, code):
    assert len(rule(path, ast.parse(code))) >= 1


@pytest.mark.parametrize(("rule", "path", "code"), SOUND_CODE)
def test_code_rule_spares_sound_code(rule, path, code):
    assert rule(path, ast.parse(code)) == []


@pytest.mark.parametrize("markup", BROKEN_MARKUP)
def test_template_rule_bites(markup):
    assert len(rules.strict_templates("page.html", markup)) >= 1


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="{{ static_url("app.js") }}" defer></script>',
        "<p>{{ safe_name }} on= style= {# onclick= #}</p>",
        '<option value="only">{% if a > b %}x{% endif %}</option>',
    ],
)
def test_template_rule_spares_sound_markup(markup):
    assert rules.strict_templates("page.html", markup) == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.short_files, "app/entries/views.py", "x = 1\n" * 401),
        (rules.no_leftovers, "app/entries/views.py", "# " + "TO" + "DO later"),
        (rules.telling_names, "app/core/utils.py", ""),
        (rules.telling_names, "app/common/text.py", ""),
        (rules.strict_script, "app/web/static/app.js", "box.innerHTML = answer;"),
        (rules.no_machine_paths, "docs/x.md", "see /" + "home/an/notes"),
    ],
)
def test_text_rule_bites(rule, path, text):
    assert len(rule(path, text)) == 1


def pins(name):
    """Locked name → version with its conditions; a line without a hash is a mistake in itself."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert [line for line in lines if "--hash=sha256:" not in line] == []
    return dict(
        re.match(r"([A-Za-z0-9._-]+(?:\[[^]]*\])?)==(\S+(?: ; [^-]+?)?)\s+--hash", line).groups() for line in lines
    )


def test_development_lock_holds_everything_of_the_other_one():
    run, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: development.get(name) for name in run} == run


def test_uv_is_locked():
    assert list(pins("deploy/uv.txt")) == ["uv"]
