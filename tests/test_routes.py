"""Every route with every role on the demonstration: one file, so that one test process loads it once.

The reviewed tables are in `tests/routes/`. After a wanted change write them anew with
`ROUTES_REWRITE=1 pytest tests/test_routes.py` and read the difference.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.db import db
from app.documents.models import Document
from app.documents.templating.store import all_templates
from tests.routes import acts, canaries, posts
from tests.routes import crawl as crawling
from tests.routes.routes import ROUTES, route_lines, undeclared, unkept
from tests.routes.world import NOBODY, demonstration


@pytest.fixture(scope="module")
def loaded(shared_app, database, tmp_path_factory):
    """The demonstration at a fixed moment."""
    with demonstration(shared_app, database, tmp_path_factory.mktemp("demo")) as world:
        yield world


@pytest.fixture
def world(loaded):
    """The demonstration as it was loaded."""
    loaded.restore()
    return loaded


@pytest.fixture(scope="module")
def found(loaded):
    """Every address opened as every account."""
    loaded.restore()
    canaries.plant(loaded)
    before = loaded.digest()
    found = crawling.crawl(loaded)
    found.changed = [name for name, digest in loaded.digest().items() if before[name] != digest]
    return found


def same_as_reviewed(lines: list[str], path: Path) -> None:
    """Compare with a reviewed table, or write it."""
    if os.environ.get("ROUTES_REWRITE"):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    reviewed = path.read_text(encoding="utf-8").splitlines()
    new = [f"+ {line}" for line in lines if line not in reviewed]
    gone = [f"- {line}" for line in reviewed if line not in lines]
    assert lines == reviewed, "\n".join([f"{path.name} differs", *gone, *new])


def nothing(problems) -> None:
    """Fail with the list."""
    problems = list(problems)
    assert not problems, f"{len(problems)}:\n" + "\n".join(problems[:60])


# --- the list of routes -------------------------------------------------------------------------------------------
def test_the_routes_are_the_reviewed_ones(shared_app):
    same_as_reviewed(route_lines(shared_app), ROUTES)


def test_every_view_says_who_may_open_it(shared_app):
    assert undeclared(shared_app) == ["web.macros", "web.macros_done", "web.static"]


def test_every_view_that_takes_a_post_commits_at_the_edge(shared_app):
    assert unkept(shared_app) == []


# --- what each account gets ---------------------------------------------------------------------------------------
def test_each_account_gets_the_reviewed_answer(found, loaded):
    reviewed = crawling.MATRIX.read_text(encoding="utf-8").splitlines()
    nothing(line for line in found.table(loaded.accounts) if line not in reviewed)


@pytest.mark.slow
def test_each_account_gets_the_reviewed_answer_for_every_object(world):
    every = crawling.crawl(world, every=True)
    same_as_reviewed(every.table(world.accounts), crawling.MATRIX)
    nothing(f"{label} as {who}: {a.failure}" for (label, who), a in every.answers.items() if a.status >= 500)


def test_nothing_fails(found):
    nothing(f"{label} as {who}: {a.failure}" for (label, who), a in found.answers.items() if a.status >= 500)


def test_every_page_is_sound(found):
    nothing(crawling.problems_of(found))


def test_opening_changes_nothing(found):
    nothing(f"{label} as {who}: {answer.wrote}" for (label, who), answer in found.answers.items() if answer.wrote)
    assert found.changed == []


def test_nobody_reads_what_is_not_theirs(found, loaded):
    nothing(canaries.leaks(found, loaded.accounts))


def test_every_secret_is_read_by_somebody_who_may(found):
    nothing(canaries.unread(found))


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_no_link_leads_nowhere(found, world, every):
    known = {(found.addresses[label], who): answer.status for (label, who), answer in found.answers.items()}
    dead = []
    for who, links in crawling.links_of(found, every=every).items():
        for address, page in links.items():
            status = known.get((address, who)) or world.get(who, address).status
            if status >= 400:
                dead.append(f"{page} as {who} leads to {address}: {status}")
    nothing(dead)


# --- the papers of the demonstration ------------------------------------------------------------------------------
def test_a_newcomer_sees_every_kind_of_paper_and_what_may_become_of_one(loaded):
    with loaded.app.app_context():
        rows = db.session.execute(select(Document.template_code, Document.state, Document.relation)).all()
        db.session.remove()
    kinds = {template.code for template in all_templates()}
    assert {code for code, _state, _relation in rows} == kinds
    followed = Counter(relation for _code, state, relation in rows if state == "issued" and relation)
    assert followed == {"replaces": 1, "corrects": 1, "revokes": 1}
    ended = Counter(state for _code, state, _relation in rows if state in ("replaced", "revoked"))
    assert ended == {"replaced": 1, "revoked": 1}


# --- what is sent -------------------------------------------------------------------------------------------------
OTHERS = (NOBODY, "tacgia", "vanphong", "giamkhao5", "captren", "quantri", "chutich2026")


@pytest.fixture(scope="module")
def forms(found, loaded):
    """A form of each kind that any account was shown."""
    return posts.forms_of(found, loaded)


BY_ONE_TIME_TOKEN = {"documents.receive_from_signing_software"}
"""Signing software has no session and no form: a token in the address stands for both, and a wrong one is not found."""


def test_nothing_is_taken_without_a_token(world):
    before = world.digest()
    foreign = posts.token_of(world, "giamkhao2")
    taken = []
    for endpoint, address in posts.posted(world):
        for who in (NOBODY, "vanphong", "quantri"):
            for data in ({}, {"csrf_token": foreign}, {"csrf_token": ""}):
                answer = world.ask(who, "POST", address, data=data)
                if answer.status != (404 if endpoint in BY_ONE_TIME_TOKEN else 400):
                    taken.append(f"{endpoint} {address} as {who} with {sorted(data)}: {answer.status}")
    nothing(taken)
    assert world.digest() == before


def test_nobody_sends_the_form_of_another(found, forms, world):
    before = world.digest()
    nothing(posts.by_others(world, forms, found, OTHERS))
    assert world.digest() == before


def test_what_is_sent_twice_or_too_late_is_done_once(forms, loaded):
    problems, sent = [], set()
    for form in forms:
        if not form.endpoint.startswith(posts.OWN_AFFAIRS) and form.endpoint not in acts.REPEATABLE:
            could, found = acts.twice(loaded, form)
            problems += found
            sent |= {form.kind[:2]} if could else set()
    nothing(problems)
    assert acts.SENT - {" ".join(kind).strip() for kind in sent} == set()


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_hostile_input_is_answered(forms, world, every):
    problems = []
    for form in forms:
        world.restore()
        problems += posts.assail(world, form, every=every)
    nothing(problems)
