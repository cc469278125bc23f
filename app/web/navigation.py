"""The frame around every page: who I am, where I may go, whom to call.

Slices register their entries in ``init_app(app)``; the accounts slice sets ``g.actor`` and may set
``g.work_count``. Without an actor the public frame is shown.

Entries of one part stand behind one word in the main row; the pages of the part one is in stand in a second row,
so that whoever has many duties finds everything within two clicks and never sees more than eight words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.i18n import LANGUAGES
from workflows.spec import N_

PARTS = {
    "entries": N_("Hồ sơ"),
    "judging": N_("Chấm và xếp hạng"),
    "papers": N_("Văn bản"),
}
"""Words of the main row behind which several entries stand; a part with a single page for a person shows that page."""


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation.

    ``label`` is a message id. ``roles`` empty: every signed-in person; else those for whom
    ``g.actor.holds(*roles)``. ``public``: also people who are not signed in. ``counted``: shows ``g.work_count``
    (only ``Việc của tôi`` may). Lower ``order`` stands further left. ``part``: a key of ``PARTS``.
    ``covers``: beginnings of the endpoints of further pages that belong to this entry.
    """

    endpoint: str
    label: str
    roles: Collection[str] = ()
    order: int = 50
    counted: bool = False
    public: bool = False
    part: str = ""
    covers: Collection[str] = ()


@dataclass(frozen=True)
class NavLink:
    """A navigation entry ready to be drawn; ``current`` is "page", "true" (same part) or "".

    ``pages``: what stands behind it, when that is more than one page.
    """

    url: str
    label: str
    current: str
    count: int | None
    pages: Sequence[NavLink] = ()


@dataclass
class Registered:
    """What slices handed down: navigation, facts for the frame, endpoints of its links, words on conflicts."""

    items: list[NavItem] = field(default_factory=list)
    facts: Callable[[], Mapping[str, Any]] = dict
    links: dict[str, str] = field(default_factory=dict)
    explain: Callable[[object, int | None], Sequence[str]] | None = None


def init_app(app: Flask) -> None:
    """Prepare the registry and hand ``frame`` to every page."""
    app.extensions["web"] = Registered()
    app.context_processor(lambda: {"frame": Frame()})


def register(app: Flask, *items: NavItem) -> None:
    """Add entries to the main navigation."""
    known = app.extensions["web"].items
    known.extend(items)
    known.sort(key=lambda item: item.order)


def provide_facts(app: Flask, facts: Callable[[], Mapping[str, Any]]) -> None:
    """``facts()`` is asked at most once per page.

    Keys: ``organisation``, ``contest``, ``help_phone`` (str) and ``demo`` (bool); each may be absent.
    """
    app.extensions["web"].facts = facts


def set_links(app: Flask, **endpoints: str) -> None:
    """Endpoints of the frame's own links; a link without an endpoint is not shown.

    Names: ``sign_in``, ``sign_out`` (POST), ``profile``, ``switch_role``, ``search``, ``help``,
    ``accessibility``, ``privacy``.
    """
    app.extensions["web"].links.update(endpoints)


class Frame:
    """What ``base.html`` shows around the content; each part is worked out only when it is drawn.

    A bare frame asks nobody (no database, no session): error pages use it when all else fails.
    """

    def __init__(self, *, bare: bool = False) -> None:
        self.bare = bare

    @cached_property
    def _facts(self) -> Mapping[str, Any]:
        return {} if self.bare else _registered().facts()

    @property
    def organisation(self) -> str:
        """Name of the organisation that runs the contest, "" when not known."""
        return self._facts.get("organisation") or ""

    @property
    def contest(self) -> str:
        """Name of the contest, else what this system is for."""
        return self._facts.get("contest") or _("Sáng kiến cải cách hành chính")

    @property
    def help_phone(self) -> str:
        """Telephone of the office, "" when not set."""
        return self._facts.get("help_phone") or ""

    @property
    def demo(self) -> bool:
        """True when the data are for demonstration."""
        return bool(self._facts.get("demo"))

    @cached_property
    def actor(self) -> Any | None:
        """The signed-in person or None."""
        actor = None if self.bare else g.get("actor")
        return actor if actor is not None and actor.is_authenticated else None

    @cached_property
    def language(self) -> str:
        """Language code of the page."""
        return str(get_locale() or "vi")

    @property
    def other_languages(self) -> list[tuple[str, str, str]]:
        """(code, own name, address of this page in it) of the languages not shown now."""
        return [(code, name, _in_language(code)) for code, name in LANGUAGES.items() if code != self.language]

    @cached_property
    def nav(self) -> list[NavLink]:
        """What this person may use: single entries and parts, in their order."""
        if self.bare:
            return []
        items = [item for item in _registered().items if _shown_to(item, self.actor)]
        here = _current(items)
        return [_group(group, here) for group in _by_part(items)]

    @property
    def part(self) -> NavLink | None:
        """The part in which this page is, when it has several pages."""
        return next((link for link in self.nav if link.pages and link.current), None)

    def link(self, name: str) -> str:
        """Address of one of the frame's own links, "" when no slice offers it."""
        endpoint = _registered().links.get(name)
        return url_for(endpoint) if endpoint else ""


def _registered() -> Registered:
    return current_app.extensions["web"]


def _shown_to(item: NavItem, actor: Any | None) -> bool:
    if actor is None:
        return item.public
    return not item.roles or actor.holds(*item.roles)


def _by_part(items: Iterable[NavItem]) -> list[list[NavItem]]:
    """Entries of one part together, where the first of them stands."""
    groups: dict[str, list[NavItem]] = {}
    for item in items:
        groups.setdefault(item.part or item.endpoint, []).append(item)
    return list(groups.values())


def _current(items: Sequence[NavItem]) -> NavItem | None:
    """The entry of this page: the one with its very endpoint, else the one that covers it most closely."""
    if not has_request_context() or request.endpoint is None:
        return None
    best = max(items, key=_closeness, default=None)
    return best if best is not None and _closeness(best) else None


def _closeness(item: NavItem) -> int:
    """How much of the page's endpoint the entry names; its own slice counts least, 0 stands for nothing."""
    endpoint = request.endpoint or ""
    if item.endpoint == endpoint:
        return len(endpoint) + 1
    named = [len(beginning) for beginning in item.covers if endpoint.startswith(beginning)]
    same_slice = item.endpoint.partition(".")[0] == endpoint.partition(".")[0]
    return max(named, default=int(same_slice))


def _group(items: list[NavItem], here: NavItem | None) -> NavLink:
    links = [_link(item, here) for item in items]
    if len(links) == 1:
        return links[0]
    current = "true" if any(link.current for link in links) else ""
    return NavLink(links[0].url, _(PARTS[items[0].part]), current, None, links)


def _link(item: NavItem, here: NavItem | None) -> NavLink:
    current = ""
    if item is here:
        current = "page" if item.endpoint == request.endpoint else "true"
    count = g.get("work_count") if item.counted else None
    return NavLink(url_for(item.endpoint), _(item.label), current, count)


def _in_language(code: str) -> str:
    query = request.args.to_dict(flat=False) | {"lang": [code]}
    return f"{request.script_root}{request.path}?{urlencode(query, doseq=True)}"
