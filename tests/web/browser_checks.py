"""What a browser can tell about a page: accessibility, width, size of targets, errors in the console."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (360, 1366)
SMALLEST = 24  # CSS pixels, WCAG 2.2 2.5.8
MAIN = 44


def axe_problems(page: Page) -> list[str]:
    """Serious and critical findings of axe on the page as it stands, one line each."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def sideways_scroll(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def small_targets(page: Page) -> list[str]:
    """Controls under 24 × 24 px (links inside a sentence do not count), buttons and menu entries under 44 px."""
    return page.evaluate(_SMALL_TARGETS, [SMALLEST, MAIN])


_SMALL_TARGETS = """([smallest, main]) => {
  const out = [];
  for (const node of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')) {
    const box = node.getBoundingClientRect();
    if (!box.width || getComputedStyle(node).clipPath !== 'none' || node.closest('.skip')) continue;
    const inline = node.tagName === 'A' && getComputedStyle(node).display === 'inline';
    const covered = node.matches('.tasks__link');
    const need = node.matches('.btn,.nav__link,.input') ? main : smallest;
    const low = box.height < need - 0.5 && !inline && !covered;
    const thin = box.width < smallest - 0.5 && !inline;
    if (low || thin) out.push(`${Math.round(box.width)}x${Math.round(box.height)} ${node.outerHTML.slice(0, 100)}`);
  }
  return out;
}"""


def check_in_browser(page: Page, *, axe: bool = True) -> None:
    """Fail with everything wrong on the page in this window. Call it at each of ``WIDTHS``.

    Without ``axe`` only what depends on the width is looked at, which takes a hundredth of the time.
    """
    problems = [f"small target: {target}" for target in small_targets(page)]
    if wider := sideways_scroll(page):
        problems.append(f"the page scrolls sideways by {wider} px")
    if axe:
        problems += axe_problems(page)
    assert not problems, "\n".join(problems)
