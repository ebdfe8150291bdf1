"""How long the catalog's search takes from a keystroke to the painted list: the 95th percentile of 200 keystrokes.

    python -m tests.campaigns.bench.keystrokes FOLDER --models 10000 --runs 5

FOLDER gets a generated registry whose models have descriptions, and its site; what is there already is used again.
"""

import argparse
import itertools
import json
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.campaigns.bench.registry import THEMES, generate
from tests.support import sites
from tests.support.browsers import Tab, chromium

STROKES = 200
WORDS = ("churn 012", "sklearn", "column 7", "weekly report", "fraud team", "vision 99", "pricing", "metrics.auc < 0.5")

NOTE_TIMES = """() => {
  window.strokes = [];
  addEventListener("input", (event) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.strokes.push(performance.now() - event.timeStamp);
    requestAnimationFrame(() => channel.port2.postMessage(null)); /* arrives when the frame is painted */
  }, true);
}"""


def describe(registry: Path) -> None:
    """Give every model a description of its own."""
    for number, folder in enumerate(sorted(registry.iterdir())):
        theme = THEMES[number % len(THEMES)]
        text = (
            f"Model {number} of the {theme} team: a weekly report with the values of column {number % 97}, by region."
        )
        (folder / "model.yaml").write_text(json.dumps({"description": text}), encoding="utf-8")


def measure(browser: Browser, site: Path) -> list[float]:
    """Milliseconds of each keystroke; texts are typed and removed letter by letter."""
    tab = Tab(browser, viewport={"width": 1440, "height": 900})
    page = tab.open(f"file://{site}/index.html")
    page.wait_for_function("() => document.documentElement.dataset.catalog === 'ready'")
    page.focus("#q")
    page.evaluate("() => window.sitegen.catalog.loadTexts()")
    page.evaluate(NOTE_TIMES)
    keys = itertools.cycle(key for word in WORDS for key in (*word, *["Backspace"] * len(word)))
    for count, key in enumerate(itertools.islice(keys, STROKES), 1):
        page.keyboard.press(key)
        _wait(page, count)
    found: list[float] = page.evaluate("() => window.strokes")
    tab.close()
    return found


def _wait(page: Page, count: int) -> None:
    page.wait_for_function("(count) => window.strokes.length === count", arg=count)


def main() -> None:
    """Print the percentile of each run, and their median."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    registry, site = options.folder / "registry", options.folder / "site"
    if not registry.exists():
        generate(registry, options.models, 1)
        describe(registry)
    if not site.exists():
        done = sites.sitegen("build", registry, "--output", site)
        assert done.code == 0, done.err
    with chromium() as browser:
        runs = [sorted(measure(browser, site)) for _ in range(options.runs)]
    high = [times[STROKES * 95 // 100 - 1] for times in runs]
    for times, limit in zip(runs, high, strict=True):
        print(f"median {statistics.median(times):.0f} ms, 95 % {limit:.0f} ms, worst {times[-1]:.0f} ms")
    print(f"median of the 95th percentiles: {statistics.median(high):.0f} ms")


if __name__ == "__main__":
    main()
