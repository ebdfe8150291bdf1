"""The scripts of the page in a real browser: what they say of payloads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.browsers import chromium

SCRIPTS = Path(__file__).resolve().parents[3] / "templates" / "assets" / "use"

ENTRY = ("report.js", "panel.js")
"""The scripts that need a page; all others are pure functions."""

JUDGE = """
([texts, signature]) => texts.map((text) => {
  const found = window.sitegenUse.check(text, signature);
  return { rest: found.rest, python: found.python, casts: found.casts && found.casts.code, after: found.afterCasts,
    why: found.findings.map((one) => one.where + ": " + one.why).join(" | ") };
})
"""


@contextmanager
def scripted() -> Iterator[Page]:
    """An empty page that has the scripts."""
    with chromium() as browser:
        page = browser.new_page()
        load_scripts(page)
        yield page


def load_scripts(page: Page) -> None:
    """Adds the pure scripts to a page."""
    names = (SCRIPTS / "files.txt").read_text(encoding="utf-8").split()
    for name in names:
        if name not in ENTRY:
            page.add_script_tag(content=(SCRIPTS / name).read_text(encoding="utf-8"))


def judge(page: Page, texts: list[str], signature: dict[str, Any]) -> list[dict[str, Any]]:
    """What the page says of each payload."""
    found: list[dict[str, Any]] = page.evaluate(JUDGE, [texts, signature])
    return found
