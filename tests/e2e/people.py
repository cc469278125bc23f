"""People in front of a browser: each has a browser of their own, signs in through the page, and presses buttons.

Every page that somebody comes to is held to what every page must be, at both widths, the first time it is seen.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.e2e.world import PATIENCE, World, wait_until
from tests.web.browser_checks import WIDTHS, check_in_browser

PASSWORD = "sangkien-demo"
HEIGHT = 900
LONGEST_WAIT = 15_000  # milliseconds for anything to appear
CODE = re.compile(r"[^/]*\d[^/]*")


class Company:
    """All people of one run, and which pages they have looked at."""

    def __init__(self, world: World, browser: Browser, strict: bool = True):
        self.world = world
        self.browser = browser
        self.strict = strict
        self.people: dict[str, Person] = {}
        self.seen: set[tuple[str, str]] = set()

    def __getitem__(self, name: str) -> Person:
        """The person with this account, signed in when first needed."""
        if name not in self.people:
            self.people[name] = Person(self, name)
        return self.people[name]

    def visitor(self) -> Person:
        """Somebody who does not sign in."""
        return Person(self, "")


class Person:
    """One person and one browser window."""

    def __init__(self, company: Company, name: str, script: bool = True):
        self.company = company
        self.name = name
        self.context = company.browser.new_context(
            base_url=company.world.address,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=script,
            viewport={"width": WIDTHS[-1], "height": HEIGHT},
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(LONGEST_WAIT)
        self.script = script
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.path}: {error}"))
        self.page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.url}")

    @property
    def path(self) -> str:
        """Where the person is."""
        return urlsplit(self.page.url).path

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.locator("main")

    @property
    def heading(self) -> str:
        """The h1."""
        return " ".join(self.page.locator("h1").inner_text().split())

    def go(self, path: str, status: int = 200) -> Person:
        """Open a page; who is asked to sign in does so and comes back to it."""
        answer = self.page.goto(path)
        if self.name and self.path == "/dang-nhap":
            self.sign_in()
            answer = self.page.goto(path)
        assert answer.status == status, f"{self.name} at {path}: {answer.status}"
        return self.look()

    def sign_in(self) -> None:
        """Give name and password on the sign-in page."""
        if self.path != "/dang-nhap":
            self.page.goto("/dang-nhap")
        self.look()
        self.fill("Tên đăng nhập hoặc thư điện tử", self.name)
        self.fill("Mật khẩu", PASSWORD)
        self.press("accounts.sign_in")

    def look(self) -> Person:
        """Hold a page that nobody has seen yet to the rules of all pages: layout at both widths, axe at one."""
        assert not self.troubles, self.troubles
        if not (self.script and self.company.strict):
            return self
        where = (CODE.sub("*", self.path), re.sub(r"\d+", "*", self.heading))
        if where not in self.company.seen:
            self.company.seen.add(where)
            for width in WIDTHS:
                self.page.set_viewport_size({"width": width, "height": HEIGHT})
                try:
                    check_in_browser(self.page, axe=width == WIDTHS[-1])
                except AssertionError as error:
                    raise AssertionError(f"{self.page.url} at {width} px: {error}") from None
        return self

    def button(self, action: str) -> Locator:
        """The control of an act."""
        return self.main.locator(f'[data-action="{action}"]')

    def press(self, action: str, nth: int = 0) -> Person:
        """Press the control of an act; the page that comes is looked at."""
        return self.click(self.button(action).nth(nth))

    def click(self, target: Locator) -> Person:
        """Press something that leads to another page."""
        with self.page.expect_navigation():
            target.click()
        return self.look()

    def follow(self, text: str) -> Person:
        """Follow a link in the content by its words."""
        return self.click(self.main.get_by_role("link", name=text).first)

    def push(self, text: str) -> Person:
        """Press a button in the content by its words."""
        return self.click(self.main.get_by_role("button", name=text).first)

    def field(self, label: str) -> Locator:
        """Fields by their whole label, whether or not it says that they may stay empty."""
        plain = re.sub(r"([^\w\s])", r"\\\1", label)
        return self.main.get_by_label(re.compile(rf"^\s*{plain}(\s*\(không bắt buộc\))?\s*$"))

    def fill(self, label: str, text: str, nth: int = 0) -> None:
        """Write into a field by its label."""
        self.field(label).nth(nth).fill(text)

    def choose(self, label: str, text: str, nth: int = 0) -> None:
        """Choose in a list by the beginning of what it shows."""
        box = self.field(label).nth(nth)
        shown = next(option for option in box.locator("option").all_inner_texts() if option.startswith(text))
        box.select_option(label=shown)

    def sees(self, text: str) -> None:
        """The words stand on the page."""
        expect(self.main).to_contain_text(text)

    def waits_for(self, text: str, patience: float = PATIENCE) -> Person:
        """Ask for the page until the words stand on it: something happens by itself. Then load it once."""

        def is_there() -> bool:
            return text in self.page.request.get(self.page.url).text()

        if text not in self.main.inner_text():
            wait_until(is_there, f"{self.page.url} never says {text!r}: {self.main.inner_text()}", patience)
            self.page.reload()
            self.sees(text)
        return self.look()
