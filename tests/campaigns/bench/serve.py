"""How long it takes from an edit of a metric until a browser has painted it.

    python -m tests.campaigns.bench.serve --edits 40

prints the median, the 95th percentile and the maximum for 1,000 versions of ten models and of one, and for 10,000.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import ConsoleMessage

from tests.campaigns.bench.registry import generate
from tests.support.browsers import chromium, watched
from tests.support.previews import PATIENCE, preview

SIZES = ((10, 100), (1, 1000), (100, 100))
"""Models and versions of each."""


def delays(folder: Path, models: int, versions: int, edits: int) -> list[float]:
    """Milliseconds of each edit: from the moment the file is in place to the frame that shows it."""
    registry = folder / "registry"
    generate(registry, models, versions)
    found = []
    target = next(registry.iterdir()) / "7" / "metrics.json"
    with preview(registry, cwd=folder, cache=folder / "cache") as server, chromium() as browser:
        page = watched(browser)
        page.goto(f"{server.url}models/{target.parts[-3]}/7/")
        while not page.locator("#metrics").count():
            page.wait_for_timeout(100)
        for number in range(edits):
            page.wait_for_timeout(300 + number * 37 % 200)
            value = (number + 1) / 1000
            with page.expect_console_message(
                lambda said, wanted=str(value): wanted in shown(said)[1], timeout=PATIENCE * 1000
            ) as seen:
                at = edit(target, value)
            found.append(shown(seen.value)[0] - at)
    return found


def shown(message: ConsoleMessage) -> tuple[float, list[str]]:
    """When a page was painted, in milliseconds since 1970, and the numbers that it shows."""
    if not message.text.startswith("shown "):
        return 0.0, []
    at, values = json.loads(message.text.removeprefix("shown "))
    return at, values


def edit(target: Path, value: float) -> float:
    """Change a metric as editors do; when it was done."""
    metrics = json.loads(target.read_text())
    other = target.with_name(".metrics.json.swp")
    other.write_text(json.dumps({**metrics, "auc": value}, indent=1))
    os.replace(other, target)
    return time.time() * 1000


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=40)
    options = parser.parse_args()
    print("models x versions  median     p95     max  (ms)")
    for models, versions in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            found = sorted(delays(Path(folder), models, versions, options.edits))
        p95 = statistics.quantiles(found, n=20)[-1]
        size, median = f"{models} x {versions:,}", statistics.median(found)
        print(f"{size:>17}  {median:6.0f}  {p95:6.0f}  {found[-1]:6.0f}", flush=True)


if __name__ == "__main__":
    main()
