"""Attacks on signing in: foreign tokens, redirects away, secrets that are none."""

import os
import re

import pytest
import sqlalchemy as sa

from app import create_app
from app.accounts.models import GRANTED
from app.accounts.redirects import local_target
from app.accounts.views import blueprint
from app.config import ConfigError
from app.core.db import db
from tests.factories.people import kept, make_organisation, make_user
from workflows.spec import Role

EVIL = ("evil.example", "evil.example/", "evil.example/tai-khoan", "user@evil.example", "evil.example:443")
BEFORE = (
    "http://",
    "https://",
    "HTTPS://",
    "//",
    "///",
    "////",
    "/\\",
    "\\\\",
    "/\\/",
    "\\/\\/",
    "/\t/",
    "/\n/",
    "/\r\n/",
    "\t//",
    " //",
    "/ /",
    "https:",
    "https:/",
    "https:\\\\",
    "http:///",
    "//\\",
    "/.//",
    "/..//",
    "/%2f",
    "/%5c",
    "//%2f",
    "/\u2044/",
    "/\u2215/",
    "/\uff0f",
    "\uff0f\uff0f",
    "/\u3002/",
    "/\x00/",
    "/\u200b/",
    "//localhost@",
    "https://localhost@",
    "https://localhost.",
    "javascript://",
    "ftp://",
)
OTHER = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "/tai-khoan\r\nLocation: https://evil.example",
    "/tai-khoan\nSet-Cookie: a=b",
    "/dang-xuat",
    "/khong-co-trang-nay",
    "tai-khoan",
    "?next=//evil.example",
    "#//evil.example",
    "",
)
PAYLOADS = [f"{start}{host}" for start in BEFORE for host in EVIL] + list(OTHER)


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 200


def test_no_payload_leaves_the_host(app):
    with app.test_request_context("/dang-nhap"):
        answers = {local_target(payload, "/tai-khoan") for payload in PAYLOADS}
        assert answers == {"/tai-khoan"}
        assert local_target("/tai-khoan/mat-khau?a=1#b", "/") == "/tai-khoan/mat-khau?a=1#b"


@pytest.mark.parametrize("payload", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
def test_sign_in_stays_here(visitor, app, monkeypatch, payload):
    mai = make_user("mai", home=make_organisation())
    monkeypatch.setattr("app.accounts.passwords.is_right", lambda password, stored: stored is not None)
    kept(mai)
    person = visitor().visit("/dang-nhap")
    form = {"name": "mai", "password": "x", "csrf_token": person.page.xpath("//input[@name='csrf_token']/@value")[0]}
    with app.app_context():
        answer = person.client.post("/dang-nhap", data=form, query_string={"next": payload})
    assert answer.status_code == 303
    assert re.fullmatch(r"/[a-z-]*", answer.headers["Location"])


def unsafe_routes(app):
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"} and rule.endpoint != "static"
    ]


def filled(rule):
    """The rule's address with some value for each part."""
    return re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: "1" if m[1] == "int" else "x", rule.rule)


def rows(app):
    """Number of rows of every table and the text of each, to see that nothing moved."""
    with app.app_context():
        # When a person was last here, and how often a code was guessed, is kept on opening too.
        own = ("user_session", "sign_in_attempt")
        tables = [table for table in db.metadata.sorted_tables if table.name not in own]
        found = {table.name: [tuple(row) for row in db.session.execute(sa.select(table)).all()] for table in tables}
        db.session.rollback()
    return found


@pytest.mark.parametrize("token", ["", "foreign", "garbage"])
def test_no_unsafe_request_without_an_own_token(visitor, app, token):
    admin = kept(make_user("quantri", *(role for role in Role if role in GRANTED), at=make_organisation()))
    other = visitor().visit("/dang-nhap")
    tokens = {
        "": {},
        "foreign": {"csrf_token": other.page.xpath("//input[@name='csrf_token']/@value")[0]},
        "garbage": {"csrf_token": "x" * 90},
    }
    person = visitor(admin)
    person.visit("/tai-khoan")
    db.session.remove()
    before = rows(app)
    routes = unsafe_routes(app)
    assert len(routes) > 10
    answers = {}
    for rule in routes:
        with app.app_context():
            answers[rule.endpoint] = person.client.post(filled(rule), data=tokens[token]).status_code
    # Signing software has no session and no form: its one-time token in the address stands for both.
    assert answers.pop("documents.receive_from_signing_software") == 404
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}
    assert rows(app) == before


def test_get_changes_nothing(visitor, app, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    admin = kept(make_user("quantri", Role.ADMIN, at=make_organisation()))
    person = visitor(admin)
    before = rows(app)
    pages = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    for rule in pages:
        with app.app_context():
            person.client.get(filled(rule))
    assert rows(app) == before


def test_every_view_of_this_slice_says_who_may_open_it(app):
    views = [
        app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(blueprint.name + ".")
    ]
    assert len(views) >= 6
    assert all(hasattr(view, "access") for view in views)


@pytest.mark.parametrize("secret", ["x" * 31, "dev", "changeme", " " * 40])
def test_no_start_with_a_short_secret(tmp_path, secret):
    environ = {"FLASK_DATA_DIR": str(tmp_path), "FLASK_SECRET_KEY": secret}
    if secret.strip():
        with pytest.raises(ConfigError, match="FLASK_SECRET_KEY"):
            create_app(environ)
    else:
        assert len(create_app(environ).config["SECRET_KEY"]) >= 32


def test_no_start_with_a_secret_that_others_can_read(tmp_path):
    create_app({"FLASK_DATA_DIR": str(tmp_path)})
    key = tmp_path / "secret_key"
    assert os.stat(key).st_mode & 0o777 == 0o600
    first = key.read_text()
    assert create_app({"FLASK_DATA_DIR": str(tmp_path)}).config["SECRET_KEY"] == first
    key.chmod(0o644)
    with pytest.raises(ConfigError, match="0600"):
        create_app({"FLASK_DATA_DIR": str(tmp_path)})


def test_each_installation_has_its_own_secret_and_no_account(tmp_path):
    one, two = (create_app({"FLASK_DATA_DIR": str(tmp_path / name)}) for name in "ab")
    assert one.config["SECRET_KEY"] != two.config["SECRET_KEY"]
    assert not one.debug
    assert one.config.get("DEMO_ACCOUNTS", ()) == ()


@pytest.mark.parametrize(("secure", "name"), [("1", "__Host-sk_session"), ("0", "sk_session")])
def test_behind_https_the_cookie_is_bound_to_this_host(tmp_path, secure, name):
    app = create_app({"FLASK_DATA_DIR": str(tmp_path), "FLASK_SESSION_COOKIE_SECURE": secure})
    (cookie,) = app.test_client().get("/dang-nhap", base_url="https://sk.example").headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")}
    assert cookie.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert ("Secure" in parts) == (secure == "1")
    assert not any(part.startswith("Domain") for part in parts)
