"""Opening every address as every account, once; the tests of this package read what came back."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.routes.addresses import Addresses, opened
from tests.routes.world import Answer, World
from tests.web.page_checks import page_problems

MATRIX = Path(__file__).with_name("matrix.txt")


@dataclass
class Crawl:
    """Every answer by (label of the address, account)."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def table(self, accounts: list[str]) -> list[str]:
        """One line an address: its label, then the status for each account."""
        width = 64
        lines = [" ".join([f"{'address':{width}}", *(f"{_short(who):>4}" for who in accounts)])]
        for label in sorted(self.addresses):
            statuses = (f"{self.answers[label, who].status:>4}" for who in accounts)
            lines.append(" ".join([f"{label:{width}}", *statuses]))
        return lines

    def pages(self):
        """(label, account, answer) of every page of HTML."""
        for (label, who), answer in self.answers.items():
            if answer.media_type == "text/html" and answer.status not in (301, 302, 303):
                yield label, who, answer


def _short(who: str) -> str:
    return {"giamkhao": "gk", "vanphong": "vp", "truongban": "tb", "chutich": "ct", "chutich2026": "ct26"}.get(
        who, who.replace("giamkhao", "gk")[:4]
    )


def crawl(world: World, *, every: bool = False) -> Crawl:
    """Open some objects of each route, or every one."""
    found, known = Crawl(), Addresses(world)
    for rule in opened(world):
        for label, address in known.of(rule) if every else known.few_of(rule):
            found.addresses[label] = address
            for who in world.accounts:
                found.answers[label, who] = world.get(who, address)
    return found


def problems_of(found: Crawl) -> list[str]:
    """What is wrong on the pages, each page with the same content checked once."""
    seen: set[bytes] = set()
    problems = []
    for label, who, answer in found.pages():
        if answer.content not in seen:
            seen.add(answer.content)
            problems += [f"{label} as {who}: {name}: {text}" for name, text in page_problems(answer.content.decode())]
    return problems


def links_of(found: Crawl, *, every: bool) -> dict[str, dict[str, str]]:
    """For each account, addresses inside the application that its pages lead to, with the page that does.

    Without `every`, of links of one shape on pages of one shape only the first.
    """
    links: dict[str, dict[str, str]] = {}
    shapes: set[tuple[str, str, str]] = set()
    for label, who, answer in found.pages():
        if answer.status != 200:
            continue
        for link in answer.html.xpath("//a/@href"):
            parts = urlsplit(urljoin(found.addresses[label], link))
            if parts.scheme in ("", "http") and parts.netloc in ("", "localhost"):
                address = parts._replace(scheme="", netloc="", fragment="").geturl()
                shape = (who, _shape(label), _shape(address))
                if every or shape not in shapes:
                    links.setdefault(who, {}).setdefault(address, label)
                shapes.add(shape)
    return links


def _shape(address: str) -> str:
    """The address without what names the object."""
    return re.sub(r"\{[^}]*\}|[A-Z]{2,}-[\w-]+|(?<==)[^&]*|(?<=/)\d+", "*", address)
