"""A person with a browser for tests: opens pages, fills the forms that are on them, presses buttons.

Every page is checked (`tests/web/page_checks.py`), and after each request the database session must be clean.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

import lxml.html
from flask.testing import FlaskClient

from app.accounts import sessions
from app.core.clock import utcnow
from app.core.db import begin_writing, db
from tests.web.page_checks import check_page


class Visitor:
    """Signed in as `user` when given. `page` is the last page as an lxml tree, `status` its answer."""

    def __init__(self, app, user=None):
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.page = None
        self.response = None
        if user is not None:
            self.sign_in(user)

    def sign_in(self, user) -> None:
        """Begin a session for the person without the sign-in page."""
        token = sessions.begin(user, now=utcnow(), address="127.0.0.1", agent="test")
        db.session.commit()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True

    @property
    def status(self) -> int:
        """Status of the last answer."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """Visible text of the last page with single spaces."""
        return " ".join(self.page.text_content().split())

    @property
    def heading(self) -> str:
        """The h1 of the last page."""
        return " ".join(self.page.xpath("//h1")[0].text_content().split())

    def visit(self, path: str, status: int = 200) -> "Visitor":
        """Open a page, following redirects; fails on another status."""
        return self._answer(self._request("get", path), status)

    def fetch(self, path: str):
        """The raw answer of a GET, for files and fragments."""
        return self._request("get", path, follow=False)

    def post(self, path: str, data: Mapping | None = None, status: int = 200) -> "Visitor":
        """Send a POST with the token of the last page but nothing else filled in by itself."""
        token = self.page.xpath("//input[@name='csrf_token']/@value")[0] if self.page is not None else ""
        return self._answer(self._request("post", path, {"csrf_token": token, **(data or {})}), status)

    def submit(self, data: Mapping | None = None, button: str = "", status: int = 200) -> "Visitor":
        """Fill the form that holds `button` (its visible text or data-action; default: the only form in main)."""
        form = self._form(button)
        values = dict(_filled(form))
        for name, value in (data or {}).items():
            assert _has_field(form, name), f"the form has no field {name}: {sorted(form.fields.keys())}"
            values[name] = value
        pressed = self._button(form, button)
        if pressed is not None and pressed.get("name"):
            values[pressed.get("name")] = pressed.get("value") or ""
        path = (pressed.get("formaction") if pressed is not None else None) or form.get("action") or self._path()
        method = (form.get("method") or "get").lower()
        return self._answer(self._request(method, path, values), status)

    def link(self, text: str) -> str:
        """Address of the link with this text or data-action."""
        for link in self.page.xpath("//a[@href]"):
            if text in (" ".join(link.text_content().split()), link.get("data-action")):
                return link.get("href")
        raise AssertionError(f"no link {text!r} on the page")

    def follow(self, text: str, status: int = 200) -> "Visitor":
        """Press a link."""
        return self.visit(self.link(text), status)

    def actions(self) -> list[str]:
        """Acts offered on the page, as `workflow.action`."""
        return [str(action) for action in self.page.xpath("//*[@data-action]/@data-action")]

    def _path(self) -> str:
        return self.response.request.path

    def _request(self, method: str, path: str, data: Mapping | None = None, follow: bool = True):
        db.session.remove()
        options = {"query_string" if method == "get" else "data": data} if data else {}
        response = self._open(method, path, **options)
        while follow and response.status_code in (301, 302, 303):
            response = self._open("get", response.location)
        begin_writing()
        return response

    def _open(self, method: str, path: str, **options):
        """One request in a context of its own: in the test's one `g` would live on from request to request."""
        with self.app.app_context():
            return getattr(self.client, method)(urlsplit(path)._replace(fragment="").geturl(), **options)

    def _answer(self, response, status: int) -> "Visitor":
        self.response = response
        self.page = None
        if response.mimetype == "text/html" and response.data:
            html = response.get_data(as_text=True)
            self.page = lxml.html.fromstring(html)
            assert response.status_code == status, f"{response.status_code} on {self._path()}: {self.text[:600]}"
            check_page(html)
        assert response.status_code == status
        return self

    def _form(self, button: str):
        forms = self.page.xpath("//main//form")
        if not button:
            assert len(forms) == 1, f"{len(forms)} forms on the page; name a button"
            return forms[0]
        for form in forms:
            if self._button(form, button) is not None:
                return form
        raise AssertionError(f"no button {button!r} on the page: {self.actions()}")

    @staticmethod
    def _button(form, text: str):
        buttons = form.xpath(".//button[not(@type='button')]")
        if not text:
            return None
        return next((b for b in buttons if text in (" ".join(b.text_content().split()), b.get("data-action"))), None)


def _has_field(form, name: str) -> bool:
    return bool(form.xpath(".//*[@name=$name]", name=name))


def _filled(form):
    """Names and values as a browser would send them untouched; several values of a name become a list."""
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    for box in form.xpath(".//input[@type='file']/@name"):
        values.pop(box, None)
    return {name: many if len(many) > 1 else many[0] for name, many in values.items()}
