"""Pages in Chromium as Debian has it: a plain server, what a page complains about, and what it shows when."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserType, Error, Page, sync_playwright

from tests.support.previews import PATIENCE

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (one) => violations.push(one.violatedDirective + " " + one.blockedURI));
"""

NOTE_SHIFTS = """
window.moved = [];
new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput)
        window.moved.push(one.value + ": " + one.sources.map(({ node }) =>
            node ? (node.outerHTML || node.textContent).slice(0, 80) : "?").join("; "));
}).observe({ type: "layout-shift", buffered: true });
"""
"""Has a page list the parts that move without being asked to."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


def launch(kind: BrowserType, **options: Any) -> Browser:
    """Start the browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed: apt-get install chromium"
    return kind.launch(executable_path=path, args=list(FLAGS), timeout=1000 * PATIENCE, **options)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


class _Slow(_Silent):
    """Sends pages in pieces, so that a browser shows what has arrived."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        while piece := source.read(PIECE if self.path.endswith(("/", ".html")) else -1):
            outputfile.write(piece)
            outputfile.flush()
            time.sleep(PAUSE)


PIECE, PAUSE = 700, 0.03
"""Bytes of a page that arrive at a time, and the seconds between them."""


@contextmanager
def served(folder: Path, slowly: bool = False) -> Iterator[str]:
    """The address of a server for a folder, on this machine alone. `slowly`: pages arrive in pieces."""
    handler = _Slow if slowly else _Silent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


AXE = {"preload": False, "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All rules that axe has by default, and the size of targets, which Lighthouse asks for, too."""


class Tab:
    """A page of a site, and everything that it complained about."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.add_init_script(NOTE_VIOLATIONS)
        self.said: list[str] = []
        self.page.on("console", lambda one: self.said.append(f"{one.type}: {one.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def open(self, address: str) -> Page:
        """Go to an address, anew even where only the part behind the # changes."""
        self.page.goto("about:blank")
        self.page.goto(address)
        return self.page

    def complaints(self) -> list[str]:
        """Errors and warnings of the console, and violations of the page's policy."""
        found: list[str] = [one for one in self.said if one.startswith(("error", "warning"))]
        return found + list(self.page.evaluate("window.violations"))

    def faults(self) -> list[str]:
        """What axe finds, and whether the page is wider than its window.

        At the top of the page: below, links that pass under a bar which stays would count as too small.
        """
        self.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in Axe().run(self.page, options=AXE).response["violations"]
            for node in rule["nodes"]
        ]
        return found + ([f"{wide} px too wide"] if wide > 0 else [])

    def close(self) -> None:
        """Close the tab and forget what it stored."""
        self.context.close()


WIDTHS = (390, 1440)
THEMES = ("light", "dark")


def faults_of(browser: Browser, address: str, prepare: Callable[[Page], object]) -> dict[tuple[str, int], list[str]]:
    """The faults of a page by theme and width of the window, where it has any; those of the console have the width 0.

    `prepare` is called with the open page.
    """
    found = {}
    for theme in THEMES:
        tab = Tab(browser, color_scheme=theme)
        page = tab.open(address)
        prepare(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found[theme, width] = tab.faults()
        found[theme, 0] = tab.complaints()
        tab.close()
    return {place: faults for place, faults in found.items() if faults}


SETTLED = """() => {
  const charts = [...document.querySelectorAll(".chart")];
  return charts.length > 0 && charts.every((one) => one.dataset.drawn === "yes");
}"""


def go(page: Page, fragment: str) -> None:
    """Change the part of the address behind the #, and wait until the page has been told."""
    page.evaluate(
        """(fragment) => new Promise((told) => {
            addEventListener("hashchange", () => told(), { once: true });
            location.hash = fragment;
        })""",
        fragment,
    )


def hash_of(page: Page) -> str:
    """The part of the address behind the #, as the page has it: playwright hears of a change a little later."""
    found: str = page.evaluate("location.hash.slice(1)")
    return found


def settle(page: Page) -> None:
    """Wait until every chart shows what is chosen."""
    page.wait_for_function(SETTLED)


def specification(page: Page, number: int = 0) -> dict[str, Any]:
    """The Vega-Lite specification of a chart as it is drawn."""
    settle(page)
    found: dict[str, Any] = page.evaluate(f"window.sitegen.openStudio.specifications()[{number}]")
    return found


def rows(page: Page, number: int = 0) -> list[dict[str, Any]]:
    """The rows that a chart is drawn from."""
    found: list[dict[str, Any]] = specification(page, number)["datasets"]["rows"]
    return found


def choose(page: Page, label: str, value: str, number: int = 0) -> None:
    """Fill in one of the blanks of a chart's sentence."""
    chart = page.locator(".chart").nth(number)
    blank = chart.get_by_label(label, exact=True)
    if not blank.is_visible():
        chart.get_by_text("More choices").click()
    if label == "Title":
        blank.fill(value)
    else:
        blank.select_option(value)
    settle(page)


STEP = 5.0
"""Seconds after which `until` asks anew."""


REPORTS = """
const report = () => requestAnimationFrame(() => requestAnimationFrame(() => {
  const shown = Array.from(document.querySelectorAll("data[value]")).map((element) => element.value);
  console.log("shown " + JSON.stringify([performance.timeOrigin + performance.now(), shown]));
}));
addEventListener("DOMContentLoaded", () => {
  report();
  new MutationObserver(report).observe(document.body, { childList: true, subtree: true });
});
"""
"""Has a page say which numbers it shows, and when, once it is painted."""


def watched(browser: Browser) -> Page:
    """A page that tells what it shows."""
    page = _patient(browser.new_page())
    page.add_init_script(REPORTS)
    return page


def _patient(page: Page) -> Page:
    """A page on which each step may take as long as anything else."""
    page.set_default_timeout(1000 * PATIENCE)
    return page


@contextmanager
def shown(browser: Browser, url: str) -> Iterator[Page]:
    """A page; it must load nothing from elsewhere and complain of nothing. It goes where it is sent without gliding."""
    page = _patient(browser.new_page(viewport={"width": 1000, "height": 500}, reduced_motion="reduce"))
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    leave(page)
    assert complaints == []


def leave(page: Page) -> None:
    """Close a page from where nothing loads it anew: one that is closed in the middle of that may never be closed."""
    until(page, lambda: page.goto("about:blank") is None)
    page.close()


def until(page: Page, seen: Callable[[], object]) -> None:
    """Wait for what must happen, and let the browser work meanwhile."""
    end = time.monotonic() + PATIENCE
    while not _seen(page, seen):
        assert time.monotonic() < end, f"it never happened; the page says {page.inner_text('body')[:500]!r}"
        page.wait_for_timeout(30)


def _seen(page: Page, seen: Callable[[], object]) -> bool:
    """Whether it has happened; not yet where the page is just loaded anew, or what was asked for is gone again."""
    page.set_default_timeout(1000 * STEP)
    try:
        return bool(seen())
    except Error:
        return False
    finally:
        _patient(page)
