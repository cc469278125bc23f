"""Sending a form twice, and sending one that was opened before somebody else's act."""

from werkzeug.datastructures import MultiDict

from tests.routes.posts import Form, token_of
from tests.routes.world import Answer, World

DONE = 303
REFUSED = (403, 404, 409, 422)
PASSWORD = "sangkien-demo"


def filled(form: Form) -> list[tuple[str, str]]:
    """The form as a person in a hurry fills it: what is empty gets something, each choice its first value."""
    given = {name for name, value in form.values if value}
    typed = [(name, _typed(name)) for name in form.typed if name not in given]
    chosen = [(name, value) for name, value in form.options if name not in given]
    kept = [(name, value) for name, value in form.values if value]
    return [*kept, *typed, *chosen, *((name, PASSWORD) for name in form.passwords)]


def _typed(name: str) -> str:
    if name.endswith(("_on", "_date", "valid_from", "valid_to", "due")) or "ngay" in name:
        return "30/12/2026"
    if "score" in name or "diem" in name or name.startswith(("c-", "score-")):
        return "1"
    return "Nội dung thử"


def send(world: World, form: Form, fields: list[tuple[str, str]], token: str) -> Answer:
    """One press of the button."""
    return world.ask(form.who, "POST", form.action, data=MultiDict([*fields, ("csrf_token", token)]))


def twice(world: World, form: Form) -> tuple[bool, list[str]]:
    """Whether the form could be sent at all, and what is wrong when it is sent again, and again with another key."""
    world.restore()
    token, fields = token_of(world, form.who), filled(form)
    first = send(world, form, fields, token)
    if first.status != DONE or not first.wrote:
        return False, []
    after = world.digest()
    problems = []
    again = send(world, form, fields, token)
    if again.status not in (DONE, *REFUSED):
        problems.append(f"{form.action} as {form.who}, sent twice: {again.status} {again.failure}")
    problems += _changed(world, after, f"{form.action} as {form.who}, sent twice")
    if "version" in form.hidden:
        stale = [(name, value) for name, value in fields if name != "key"] + [("key", "another-key")]
        answer = send(world, form, stale, token)
        if answer.status not in REFUSED:
            problems.append(f"{form.action} as {form.who}, with an old version: {answer.status} {answer.failure}")
        problems += _changed(world, after, f"{form.action} as {form.who}, with an old version")
    return True, problems


def _changed(world: World, before: dict[str, str], what: str) -> list[str]:
    changed = [name for name, digest in world.digest().items() if before[name] != digest]
    return [f"{what}: {', '.join(changed)} changed"] if changed else []


REPEATABLE = {
    "scoring.paper": "makes the same draft anew",
    "ranking.invitation": "makes the same draft anew",
}
"""Forms that may be sent again on purpose, with what that does."""

SENT = {
    "admin.add_organisation",
    "admin.add_signatory",
    "admin.disable_person",
    "admin.grant_role",
    "admin.revoke_role",
    "documents.act initial",
    "entries.remove",
    "handover.act acknowledge",
    "handover.prepare",
    "panel.assign",
    "panel.remind",
    "scoring.save",
}
"""Forms that this filling is enough for, by endpoint and act; the others are sent by the tests of their slices."""
