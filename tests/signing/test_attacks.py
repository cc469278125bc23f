"""Whoever is not the signer, at the page, with the password just given, signs nothing on any path; and what is signed
is what was shown."""

import copy
import hashlib
import io
import json
from datetime import timedelta
from itertools import chain, cycle, islice, zip_longest

import pytest
import time_machine

from app.accounts.models import User
from app.adapters import signing as pdf_signing
from app.audit.models import AuditEvent
from app.core.clock import utcnow
from app.core.db import db
from app.documents import queries, services
from app.documents.models import SigningSession
from app.documents.signing import services as signing
from app.documents.signing import signatures
from app.jobs import run_all
from tests.factories.documents import PASSWORD
from tests.factories.people import make_organisation, make_user
from tests.signing import keys
from tests.signing.conftest import person_mark
from tests.signing.desk import make_desk, page_of, pdf_of, sent, told
from tests.signing.test_ways import fresh, plain, post
from tests.visitor import Visitor
from workflows.spec import Role

GIVEN_LATER = ("number_text", "place_date", "annex_reference", "verify")


@pytest.fixture
def desk(app, visitor, monkeypatch):
    """A ward whose chairman has a key at the server, and one with him."""
    desk = make_desk(app, visitor, monkeypatch)
    desk.register(person="server")
    desk.give_key(desk.world.chairman, keys.issued("Nguyễn Công Lộc", under="CA khác"), "external")
    return desk


# --- what is signed is what was shown -----------------------------------------------------------------------------
def leaves(value, path=()):
    """The path of every text in the data of a paper."""
    if isinstance(value, dict):
        return [leaf for name, part in value.items() for leaf in leaves(part, (*path, name))]
    if isinstance(value, list):
        return [leaf for number, part in enumerate(value) for leaf in leaves(part, (*path, number))]
    return [path]


def with_other_text(data, path):
    """The field on the first level, with one text in it changed: a score, a name, an amount."""
    changed = copy.deepcopy(data[path[0]])
    holder = {path[0]: changed}
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = f"{holder[path[-1]]}1"
    return holder[path[0]] if len(path) == 1 else changed


class Changes:
    """What may change between the page and the signature: each makes its change and says how to take it back."""

    def __init__(self, desk, paper):
        self.world, self.paper = desk.world, paper
        self.data = json.loads(paper.data)
        self.pdf = pdf_of(paper)

    def facts(self):
        """A score, a name or any other text that the paper prints is something else today."""
        for path in leaves(self.data):
            if path[0] not in GIVEN_LATER:
                yield f"fact {path}", lambda path=path: self._fact(path)

    def _fact(self, path):
        self.world.overrides[path[0]] = with_other_text(self.data, path)
        return lambda: self.world.overrides.pop(path[0])

    def bytes(self):
        """One byte of the PDF is another: the paper was made anew, by another template or from another number."""
        for position in range(50, len(self.pdf), len(self.pdf) // 60):
            yield f"byte {position}", lambda position=position: self._byte(position)

    def _byte(self, position):
        self._keep(self.pdf[:position] + bytes([self.pdf[position] ^ 1]) + self.pdf[position + 1 :])
        return lambda: self._keep(self.pdf)

    def _keep(self, pdf):
        services.keep_bytes(self.paper.row, "draft", [{"kind": "pdf"} | signing.stored(pdf)], now=utcnow())

    def columns(self):
        """A column of the paper was changed, and its version with it, as any act on it does."""
        for name in ("template_sha256", "data", "series", "subject", "signer_name"):
            yield f"column {name}", lambda name=name: self._column(name)

    def _column(self, name):
        before = getattr(self.paper.row, name)
        setattr(self.paper.row, name, before.replace("2024", "2025") if name == "data" else "khác")
        return lambda: setattr(self.paper.row, name, before)

    def some(self, count):
        """So many of them, of every kind in turn; all different."""
        kinds = zip_longest(self.facts(), self.columns(), self.bytes())
        return list(islice((change for change in chain.from_iterable(kinds) if change), count))


@pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_any_change_between_page_and_signature_is_refused(desk, count):
    paper = desk.awaiting()
    page = page_of(paper)
    ways = cycle((("thao-tac/sign", "document.sign"), ("ky-so", "document.sign_server")))
    changes = Changes(desk, paper).some(count)
    assert len({name for name, _ in changes}) == count
    chairman = desk.chairman(paper)
    for (name, make), (path, button) in zip(changes, ways, strict=False):
        chairman.visit(f"{page}/{path}")
        db.session.rollback()
        take_back = make()
        db.session.commit()
        chairman.submit(button=button, status=409)
        assert (paper.state, told(paper)) == ("awaiting_signature", []), name
        take_back()
        db.session.commit()
    _signs_what_is_shown(chairman, paper, page)


def _signs_what_is_shown(chairman, paper, page):
    """Without a change the same page signs, and the event holds the hash of the bytes that it showed."""
    chairman.visit(f"{page}/ky-so")
    shown = hashlib.sha256(chairman.fetch(f"{page}/ky-so/tep.pdf").data).hexdigest()
    chairman.submit(button="document.sign_server")
    event = db.session.query(AuditEvent).filter_by(action="document.sign").one()
    assert json.loads(event.changes)["signed_sha256"] == ["", shown]
    (kept,) = signatures.live(paper.id)
    assert kept.shown_sha256 == shown
    assert hashlib.sha256(pdf_of(paper)).hexdigest() == kept.file_sha256 != shown


# --- nobody else, on no path --------------------------------------------------------------------------------------
def paths(paper):
    """Every address that may lead to a signature of the chairman."""
    page = page_of(paper)
    steps = ("may-chu", "tai-len", "chuan-bi", "hoan-tat", "phien", "ket-qua")
    return [f"{page}/thao-tac/sign", "/trinh-ky", *(f"{page}/ky-so/{step}" for step in steps)]


def values_for(browser, paper, path, signed, **more):
    """What the signer's own browser would send there."""
    sha256 = queries.signable_sha256(paper.id)
    values = {
        "csrf_token": browser.page.xpath("string(//input[@name='csrf_token']/@value)"),
        "sha256": sha256,
        "version": str(paper.version),
        "key": "k" * 20,
        "paper": f"{paper.code}:{paper.version}:{sha256}",
        "token": "x" * 43,
        "signature": "eA==",
    }
    return values | more | ({"file": sent(signed)} if path.endswith("tai-len") else {})


def try_all(browser, paper, signed, **more):
    """The statuses of a try on every path; nothing is signed by any."""
    statuses = []
    for path in paths(paper):
        answer = post(browser, path, values_for(browser, paper, path, signed, **more))
        statuses.append(answer.status_code)
        assert (paper.state, told(paper)) == ("awaiting_signature", []), path
    assert db.session.query(SigningSession).count() == 0
    return statuses


def rightly_signed(paper, folder):
    """The file signed with the chairman's key, as it may have been lost."""
    who = keys.person()
    return pdf_signing.sign(pdf_of(paper), [person_mark()], keys.key_file(folder, who), keys.mark_of(who))


def test_who_is_not_the_signer_signs_on_no_path_even_with_the_password_given(desk, visitor, tmp_path):
    """The assistant, the secretary, the clerk, an administrator, a deputy whom the paper does not name, the chairman of
    another ward, and nobody."""
    paper = desk.awaiting()
    signed = rightly_signed(paper, tmp_path)
    world, elsewhere = desk.world, make_organisation("phuongkhac")
    others = [
        world.office,
        make_user("thuky", Role.SECRETARY, at=world.ward),
        world.clerk,
        make_user("quantri", Role.ADMIN, at=world.ward),
        make_user("pho", Role.DEPUTY, at=world.ward),
        make_user("chutichkhac", Role.CHAIRMAN, at=elsewhere),
    ]
    for user in others:
        user.password_hash = world.chairman.password_hash
    db.session.commit()
    ids = [user.id for user in others]
    for user_id in [*ids, None]:
        browser = visitor(db.session.get(User, user_id) if user_id else None).visit("/tra-cuu")
        assert 200 not in try_all(browser, paper, signed, password=PASSWORD)


def test_the_chairman_himself_signs_on_no_path_once_the_password_was_given_too_long_ago(desk, tmp_path):
    paper = desk.awaiting()
    signed = rightly_signed(paper, tmp_path)
    chairman = desk.chairman()
    chairman.visit(f"{page_of(paper)}/ky-so")
    chairman.submit({"password": PASSWORD, "file": sent(b"x")}, button="document.sign_upload", status=422)
    assert not chairman.visit(f"{page_of(paper)}/ky-so").page.xpath("//input[@type='password']")
    with time_machine.travel(utcnow() + timedelta(minutes=5, seconds=1)):
        assert chairman.visit(f"{page_of(paper)}/ky-so").page.xpath("//input[@type='password']")
        assert set(try_all(chairman, paper, signed)) == {409, 422}
        assert set(try_all(chairman, paper, signed, password="sai")) <= {409, 422}


def stolen(browser, **headers) -> Visitor:
    """Another client with a copy of the cookie."""
    name = browser.app.config["SESSION_COOKIE_NAME"]
    thief = Visitor(browser.app)
    thief.client.set_cookie(name, browser.client.get_cookie(name).value)
    thief.client.environ_base |= headers
    return thief


CLIENTS = ({"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_USER_AGENT": "Mozilla/5.0 (another)"})


@pytest.mark.parametrize("client", CLIENTS, ids=["address", "browser"])
def test_a_stolen_cookie_signs_nothing_while_the_password_still_holds_for_its_owner(desk, tmp_path, client):
    paper = desk.awaiting()
    signed = rightly_signed(paper, tmp_path)
    chairman = desk.chairman(paper)
    thief = stolen(chairman, **client).visit("/tra-cuu")
    assert set(try_all(thief, paper, signed)) == {409, 422}
    chairman.visit(f"{page_of(paper)}/ky-so").submit(button="document.sign_server")
    assert len(told(paper)) == 1


def test_a_stolen_cookie_is_worth_nothing_after_signing_out_or_a_new_password(desk, tmp_path):
    paper = desk.awaiting()
    signed = rightly_signed(paper, tmp_path)
    for leave in (sign_out, change_password):
        chairman = desk.chairman(paper)
        chairman.visit("/tra-cuu")
        thief = stolen(chairman).visit("/tra-cuu")
        leave(desk, chairman)
        assert 200 not in try_all(thief, paper, signed, password=PASSWORD)


def sign_out(_desk, browser):
    """The owner leaves."""
    browser.post("/dang-xuat")


def change_password(desk, _browser):
    """The owner chooses a new password at another computer, which ends this session."""
    new = "mật khẩu mới của chủ tịch"
    form = {"old_password": PASSWORD, "new_password": new}
    desk.chairman().visit("/tai-khoan/mat-khau").submit(form)


# --- replayed -----------------------------------------------------------------------------------------------------
def test_a_form_that_was_used_signs_nothing_again_after_the_paper_came_back(desk):
    paper = desk.awaiting()
    world = desk.world
    chairman = desk.chairman(paper).visit(f"{page_of(paper)}/ky-so")
    values = plain(chairman.page.xpath("//main//form")[0])
    assert post(chairman, f"{page_of(paper)}/ky-so/may-chu", values).status_code == 303
    world.act(paper, world.clerk, "return", utcnow(), reason="Sai")
    run_all()
    world.act(paper, world.office, "revise", utcnow())
    world.act(paper, world.office, "initial", utcnow())
    world.act(paper, world.office, "request_signature", utcnow())
    for replay in (values, values | {"version": str(paper.version), "sha256": queries.signable_sha256(paper.id)}):
        post(chairman, f"{page_of(paper)}/ky-so/may-chu", replay)
        post(chairman, f"{page_of(paper)}/thao-tac/sign", replay)
        assert (paper.state, told(paper)) == ("awaiting_signature", [])


def test_a_token_of_another_paper_or_of_an_earlier_round_signs_nothing(desk, tmp_path):
    first = desk.awaiting()
    chairman = desk.chairman(first)
    base = fresh(chairman, first)
    started = post(chairman, f"{page_of(first)}/ky-so/phien", base).get_json()
    signed = {"f": (io.BytesIO(rightly_signed(first, tmp_path)), "x.pdf")}
    assert post(Visitor(chairman.app), f"/ky-so/{started['token']}/nhan", signed).status_code == 200
    desk.world.next_contest("CT-2027")
    second = desk.awaiting()
    form = plain(chairman.visit(f"{page_of(second)}/ky-so").page.xpath("//main//form")[0])
    for values in (form, form | {"key": "k" * 20}):
        answer = post(chairman, f"{page_of(second)}/ky-so/ket-qua", values | {"token": started["token"]})
        assert answer.status_code == 404
        assert (second.state, told(second)) == ("awaiting_signature", [])
    with time_machine.travel(utcnow() + timedelta(minutes=10, seconds=1)):
        values = plain(chairman.visit(f"{page_of(first)}/ky-so").page.xpath("//main//form")[0])
        late = post(
            chairman, f"{page_of(first)}/ky-so/ket-qua", values | {"token": started["token"], "password": PASSWORD}
        )
        assert late.status_code == 409
        assert (first.state, told(first)) == ("awaiting_signature", [])
