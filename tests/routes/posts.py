"""Every form that the demonstration shows, sent as nobody meant it: without token, by others, with hostile content."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tests.routes.addresses import Addresses
from tests.routes.world import NOBODY, Answer, World
from tests.web.page_checks import page_problems

TYPED = ("text", "search", "email", "tel", "number", "date", "url", "time", "datetime-local")
MARK = "dấu"
"""Stands in every hostile text, so that it can be found again on the page."""

OWN_AFFAIRS = ("accounts.", "public", "intake.start", "notifications.read_all")
"""Endpoints that act on whoever sends them: nobody is the wrong person."""


@dataclass(frozen=True)
class Form:
    """A form as it stood on a page: who saw it, where it goes, its fields as they were filled."""

    who: str
    page: str
    action: str
    endpoint: str
    values: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]
    hidden: tuple[str, ...]
    chosen: tuple[str, ...]
    passwords: tuple[str, ...]
    options: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> tuple:
        """Forms of one kind differ only in the object they are about."""
        act = urlsplit(self.action).path.rpartition("/")[2] if "/thao-tac/" in self.action else ""
        return self.endpoint, act, frozenset(name.rpartition("-")[2] for name, _ in self.values), bool(self.typed)


def forms_of(found, world: World) -> list[Form]:
    """One form of each kind, with all accounts that were shown one with the same goal in `seen_by`."""
    kinds: dict[tuple, Form] = {}
    for label, who, answer in found.pages():
        if answer.status == 200:
            for form in _forms_on(world, who, found.addresses[label], answer):
                kinds.setdefault(form.kind, form)
    return list(kinds.values())


def _forms_on(world: World, who: str, page: str, answer: Answer) -> Iterator[Form]:
    for form in answer.html.xpath("//form[@method='post']"):
        for action in {form.get("action") or page, *form.xpath(".//button/@formaction")}:
            goal = urljoin(page, action)
            names = {name: [] for name in ("typed", "hidden", "chosen", "passwords")}
            for box in form.xpath(".//input[@name]|.//textarea[@name]|.//select[@name]"):
                _sort_in(names, box)
            values = tuple((name, value) for name, value in form.form_values() if name != "csrf_token")
            unique = {kind: tuple(dict.fromkeys(found)) for kind, found in names.items()}
            yield Form(who, page, goal, endpoint_of(world, goal), values, **unique, options=_options(form))


def _sort_in(names: dict[str, list[str]], box) -> None:
    kind = box.get("type", "text") if box.tag == "input" else box.tag
    name = box.get("name")
    if kind in (*TYPED, "textarea"):
        names["typed"].append(name)
    elif kind == "hidden" and name != "csrf_token":
        names["hidden"].append(name)
    elif kind == "password":
        names["passwords"].append(name)
    elif kind in ("select", "radio", "checkbox"):
        names["chosen"].append(name)


def _options(form) -> tuple[tuple[str, str], ...]:
    """The first value of each choice."""
    first: dict[str, str] = {}
    for box in form.xpath(".//input[@type='radio' or @type='checkbox']|.//select/option[@value!='']"):
        name = box.get("name") if box.tag == "input" else box.xpath("ancestor::select/@name")[0]
        first.setdefault(name, box.get("value") or "on")
    return tuple(first.items())


def endpoint_of(world: World, address: str) -> str:
    """The endpoint that answers a POST to the address, "" for none."""
    try:
        return world.app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")[0]
    except HTTPException:
        return ""


def token_of(world: World, who: str) -> str:
    """A token for forms of this account."""
    page = "/dang-nhap" if who == NOBODY else "/tai-khoan"
    return world.get(who, page).html.xpath("//input[@name='csrf_token']/@value")[0]


# --- without a token ----------------------------------------------------------------------------------------------
def posted(world: World) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of one object for every route that takes a POST."""
    known = Addresses(world)
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "POST" in rule.methods:
            label, address = next(known.of(rule), ("", ""))
            assert label, f"no address for {rule}"
            yield rule.endpoint, address


# --- by others ----------------------------------------------------------------------------------------------------
def by_others(world: World, forms: list[Form], found, others: tuple[str, ...]) -> list[str]:
    """Send each form as accounts that were not shown it; say where that was not refused."""
    shown = _goals_shown(world, found)
    tokens = {who: token_of(world, who) for who in others}
    problems = []
    for form in forms:
        if form.endpoint.startswith(OWN_AFFAIRS):
            continue
        for who in others:
            if urlsplit(form.action).path in shown.get(who, ()):
                continue
            data = MultiDict([*form.values, ("csrf_token", tokens[who])])
            answer = world.ask(who, "POST", form.action, data=data)
            if answer.status not in ((302,) if who == NOBODY else (403, 404)):
                problems.append(f"{form.action} of {form.who} as {who}: {answer.status} {answer.failure}")
    return problems


def _goals_shown(world: World, found) -> dict[str, set[str]]:
    shown: dict[str, set[str]] = {}
    for label, who, answer in found.pages():
        if answer.status == 200:
            page = found.addresses[label]
            for action in answer.html.xpath("//form[@method='post']/@action|//button/@formaction"):
                shown.setdefault(who, set()).add(urlsplit(urljoin(page, action)).path)
            shown.setdefault(who, set()).add(page)
            shown[who] |= {urlsplit(link).path for link in answer.html.xpath("//a/@href")}
    return shown


# --- with hostile content -----------------------------------------------------------------------------------------
TEXTS = {
    "decomposed": unicodedata.normalize("NFD", f"Hồ sơ {MARK}"),
    "script": f"<script>alert(1)</script> {MARK}",
    "attribute": f"\" onfocus='alert(1)' {MARK}",
    "template": f"{{{{7*7}}}} {{% raise %}} {MARK}",
    "formula": f"=1+1 {MARK}",
    "long": f"{MARK} " + "dài " * 25_000,
    "control": f"a\x00b\x07\x1b[31m\r\n{MARK}",
    "bidi": f"\u202eevil\u2066 {MARK}",
    "huge number": "9" * 5000,
    "wide number": "99999999999999999999",
    "negative": "-1",
    "not a number": "NaN",
    "infinite": "1e999",
    "other digits": "９９",
    "empty": "",
    "date of no year": "31/02/2026",
    "year 0": "01/01/0000",
    "far year": "31/12/9999",
}
CHOICES = ("999999999999999999999", "-1", "<b>", "x" * 5000, "")
HIDDEN = ("9" * 5000, "x" * 500, "\x00", "-1", "abc", "²", "")


WORST = ("script", "long", "control", "huge number", "not a number")


def attacks(form: Form, *, every: bool) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(name, fields) of the hostile ways to send the form: every one, or the worst."""
    for name in TEXTS if every else WORST:
        if form.typed:
            yield f"{name} text", _with(form, form.typed, TEXTS[name])
    for value in CHOICES if every else CHOICES[:1]:
        if form.chosen:
            yield f"choice {value:.20}", _with(form, form.chosen, value)
    for value in HIDDEN if every else HIDDEN[:1]:
        if form.hidden:
            yield f"hidden {value:.20}", _with(form, form.hidden, value)
    yield "no fields", []
    yield "every field twice", [*form.values, *form.values]
    yield "arrays", [(f"{name}[]", value) for name, value in form.values] + [("a[b][c]", "1")]
    yield "foreign fields", [*form.values, *((name, "1") for name in FOREIGN)]


FOREIGN = ("state", "id", "created_by_id", "unit_id", "contest_id", "judge_id", "rank", "prize_id", "total", "role")


def _with(form: Form, names: tuple[str, ...], value: str) -> list[tuple[str, str]]:
    kept = [(name, old) for name, old in form.values if name not in names]
    return [*kept, *((name, value) for name in names)]


def assail(world: World, form: Form, *, every: bool) -> list[str]:
    """Send the attacks; say what failed, showed markup raw, or lost what was typed."""
    problems = []
    token = ""
    for name, fields in attacks(form, every=every):
        token = token or token_of(world, form.who)
        data = MultiDict([*fields, ("csrf_token", token)])
        answer = world.ask(form.who, "POST", form.action, data=data)
        problems += [f"{form.action} as {form.who}, {name}: {text}" for text in _wrong(form, name, answer)]
        if answer.status < 400 and answer.wrote:
            problems += [f"{form.action} as {form.who}, {name}: {text}" for text in _shown(world, form, answer)]
            world.restore()
            token = ""
    return problems


def _wrong(form: Form, name: str, answer: Answer) -> Iterator[str]:
    if answer.status >= 500:
        yield f"{answer.status} {answer.failure}"
    elif answer.status >= 400 and answer.media_type == "text/html":
        page = answer.content.decode()
        yield from (
            f"{check}: {text}"
            for check, text in page_problems(page)
            if check != ALIKE and (check, name) not in TOLERATED
        )
        if name == "script text" and answer.status in (409, 422) and MARK not in page:
            yield f"{answer.status}, and what was typed is gone"


TOLERATED = {("leftovers", "template text"), ("inline_code", "attribute text")}
"""What was typed comes back as text, where the checks of pages take it for a mistake of ours."""

ALIKE = "links"
"""Where every field is wrong in the same way, the links to them say the same."""


def _shown(world: World, form: Form, answer: Answer) -> Iterator[str]:
    """The page after an accepted attack."""
    if answer.location:
        after = world.get(form.who, answer.location)
        if after.status >= 500:
            yield f"accepted, then {after.status} {after.failure}"
        elif after.media_type == "text/html" and after.status == 200 and b"<script>alert" in after.content:
            yield "accepted, and shown as markup"
