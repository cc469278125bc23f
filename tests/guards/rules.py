"""The rules of the house that a reader of the syntax tree can check.

Each rule takes a file's path (relative to the repository) and its tree or text, and returns what breaks it as
`(line, sentence)` pairs.
"""

import ast
import re

COMMITTERS = {"app/core/writes.py", "app/core/db.py", "app/jobs/worker.py"}
STEPS = {"contests", "entries", "screening", "scoring", "ranking", "handover"}
SLICES = STEPS | {"inbox", "reports", "public", "admin"}
SHARED_FILES = {"services", "queries", "models"}
BELOW_VIEWS = {"services.py", "queries.py", "models.py", "policy.py", "documents.py", "jobs.py"}
FORBIDDEN_NAMES = {"common", "util", "utils", "helper", "helpers", "misc", "manager", "managers"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle"}
UNSAFE_CALLS = {
    "eval",
    "exec",
    "__import__",
    "os.system",
    "os.popen",
    "yaml.load",
    "yaml.unsafe_load",
    "tempfile.mktemp",
}
CLOCK_CALLS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def dotted(node):
    """`a.b.c` of a chain of names; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f".{node.attr}"
    return ""


def calls(tree):
    """Every call with its dotted name."""
    return [(node, dotted(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def imports(tree):
    """Every imported dotted name with its line: `from a import b` gives `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def assigned(tree):
    """Every target of an assignment, also inside tuples."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.NamedExpr):
            targets = [node.target]
        else:
            continue
        for target in targets:
            yield from ast.walk(target)


def only_the_engine_assigns_state(path, tree):
    """A state changes by a declared transition only, so nobody gets past rights, trail and messages."""
    if path == "app/flow/engine.py":
        return []
    found = [(node.lineno, "assigns .state") for node in assigned(tree) if getattr(node, "attr", "") == "state"]
    for node, name in calls(tree):
        constants = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name.endswith("setattr") and "state" in constants:
            found.append((node.lineno, "sets the attribute state"))
        if name.endswith((".values", ".update")) and any(keyword.arg == "state" for keyword in node.keywords):
            found.append((node.lineno, "updates the column state"))
    return found


def only_audit_writes_the_trail(path, tree):
    """One writer keeps one chain."""
    if path.startswith("app/audit/"):
        return []
    found = []
    for node, name in calls(tree):
        made = name.split(".")[-1] == "AuditEvent"
        given = [dotted(argument).split(".")[-1] for argument in node.args]
        written = name.split(".")[-1] in {"insert", "update", "delete"} and "AuditEvent" in given
        if made or written:
            found.append((node.lineno, "writes an AuditEvent"))
    return found


def only_the_edge_commits(path, tree):
    """An act, its trail and its jobs are one transaction, closed in one place."""
    if path in COMMITTERS:
        return []
    return [(node.lineno, "commits") for node, name in calls(tree) if name.endswith(".commit")]


def no_unsafe_calls(path, tree):
    """Nothing runs, unpickles or trusts what came from outside."""
    found = [(line, f"imports {name}") for line, name in imports(tree) if name.split(".")[0] in UNSAFE_MODULES]
    for node, name in calls(tree):
        if name in UNSAFE_CALLS:
            found.append((node.lineno, f"calls {name}"))
        if name.split(".")[-1] == "Markup" and not all(isinstance(a, ast.Constant) for a in node.args):
            found.append((node.lineno, "marks data as safe markup"))
        for keyword in node.keywords:
            if keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value):
                found.append((node.lineno, "runs a shell"))
    return found


def one_clock(path, tree):
    """`now` is passed in; only the clock reads the time."""
    if path == "app/core/clock.py":
        return []
    ends = {tuple(name.split(".")) for name in CLOCK_CALLS}
    return [
        (node.lineno, f"reads the time with {name}")
        for node, name in calls(tree)
        if tuple(name.split(".")[-2:]) in ends
    ]


def no_request_below_views(path, tree):
    """The actor and the data are arguments, so a job or a command can do what a page does."""
    name = path.rpartition("/")[2]
    if name not in BELOW_VIEWS and not path.startswith("workflows/"):
        return []
    of_request = {"flask.request", "flask.session", "flask.g", "flask_login.current_user"}
    return [(line, f"imports {imported}") for line, imported in imports(tree) if imported in of_request]


def slices_meet_in_services(path, tree):
    """Of another slice only its services, queries and models are imported."""
    parts = path.split("/")
    if parts[0] != "app" or parts[1] not in SLICES:
        return []
    others = SLICES - {parts[1]}
    return [
        (line, f"imports {name}")
        for line, name in imports(tree)
        if (target := name.split("."))[0] == "app" and len(target) > 2
        if target[1] in others and target[2] not in SHARED_FILES
    ]


def one_import_of_the_machine(path, tree):
    """`transitions` has traps; workflows/machine.py knows them."""
    if path == "workflows/machine.py":
        return []
    return [(line, f"imports {name}") for line, name in imports(tree) if name.split(".")[0] == "transitions"]


def short_functions(path, tree):
    """What does not fit on a screen does two things."""
    return [
        (node.lineno, f"{node.name} has {length} lines")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
    ]


TREE_RULES = (
    only_the_engine_assigns_state,
    only_audit_writes_the_trail,
    only_the_edge_commits,
    no_unsafe_calls,
    one_clock,
    no_request_below_views,
    slices_meet_in_services,
    one_import_of_the_machine,
    short_functions,
)


def short_files(path, text):
    """A file that grows past this has lost its subject."""
    length = text.count("\n")
    return [(length, f"has {length} lines")] if length > LONGEST_FILE else []


def no_leftovers(path, text):
    """What is not done is an issue, not a comment."""
    lines = enumerate(text.splitlines(), 1)
    return [(number, "has a leftover mark") for number, line in lines if re.search(r"\b(TODO|FIXME)\b", line)]


def telling_names(path, text):
    """A room without a subject collects everything."""
    parts = re.split(r"[/.]", path)
    return [(1, f"is called {part}") for part in parts if part in FORBIDDEN_NAMES]


TEXT_RULES = (short_files, no_leftovers, telling_names)

JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TEMPLATE_PATTERNS = {
    r"\|\s*safe\b": "turns escaping off with |safe",
    r"\{%-?\s*autoescape\s+false": "turns escaping off for a block",
}
MARKUP_PATTERNS = {
    r"<[a-z][^<>]*\sstyle\s*=": "has an inline style",
    r"<[a-z][^<>]*\son[a-z]+\s*=": "has an inline event handler",
    r"<style\b": "has a style element",
    r"<script\b[^<>]*>\s*[^\s<]": "has a script in the page",
    r"<script\b(?![^<>]*\ssrc\s*=)[^<>]*>": "has a script without src",
    r"=\s*[\"']?\s*javascript:": "links to a script",
}


def blank(match):
    """Keeps the lines of a Jinja part and nothing else, so that a `>` in it does not end a tag."""
    return "\n" * match.group().count("\n")


def strict_templates(path, text):
    """The content security policy allows nothing inline, and everything shown is escaped."""
    found = []
    for source, patterns in ((text, TEMPLATE_PATTERNS), (JINJA.sub(blank, text), MARKUP_PATTERNS)):
        for pattern, sentence in patterns.items():
            for match in re.finditer(pattern, source, re.IGNORECASE):
                found.append((source[: match.start()].count("\n") + 1, sentence))
    return found


def strict_script(path, text):
    """Own script runs no text and writes no markup made of data."""
    pattern = re.compile(r"\beval\(|new Function\b|document\.write\b|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML")
    lines = enumerate(text.splitlines(), 1)
    return [(number, f"uses {match.group()}") for number, line in lines if (match := pattern.search(line))]


MACHINE_PATTERN = re.compile(
    r"(?<![\w.])/(?:home|Users|root|work)/\w|[A-Z]:\\Users\\|\bpypi\.org|pythonhosted\.org|registry\.npmjs"
)


def no_machine_paths(path, text):
    """The repository speaks of the product, not of the machine it was written on."""
    lines = enumerate(text.splitlines(), 1)
    return [(number, f"names {match.group()}") for number, line in lines if (match := MACHINE_PATTERN.search(line))]
