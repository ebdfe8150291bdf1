"""Measures what comparing costs: `python -m tests.campaigns.bench.compare`.

Verdicts a second, fresh (no pair judged before) and repeated; the size of a model's chart data and the time to make it;
the time from a change of a control in the chart studio until the chart is drawn anew; and the time from a change of a
large comparison's table to its layout, both in Chromium.
"""

import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import sitegen
from sitegen.cli.main import main as command
from sitegen.domain.model import Version
from sitegen.settings.settings import Settings
from sitegen.site.script_data import model_data
from sitegen.site.views.context import model_context
from sitegen.site.views.parts import SiteView
from tests.support.browsers import Tab, choose, chromium, settle
from tests.support.registries import Files, layout, mlmodel, write

VERSIONS, METRICS, COLUMNS, PAIRS, CHANGES = 60, 40, 12, 1000, 40
TABLE_CHANGES = {
    "turned": "document.querySelector('[data-name=flip]').click()",
    "only differences": "document.querySelector('[data-name=only]').click()",
    "sorted": "document.querySelector('.cmp .sort').click()",
    "another baseline": """{ const select = document.querySelector("[data-name=base]");
        select.value = select.value === "9" ? "8" : "9"; select.dispatchEvent(new Event("change")); }""",
    "a version taken away or added": "document.querySelector('.picks [data-name=\"v 7\"]').click()",
}
"""What changes the table, as script."""

TYPES = ("long", "integer", "double", "float", "string")


def registry() -> Files:
    """One model: every version has a signature of its own, 40 metrics, 10 params."""
    files: Files = {}
    for number in range(1, VERSIONS + 1):
        columns = [
            {"type": TYPES[(number * place + place) % len(TYPES)], "name": f"c{place + number % 7}", "required": True}
            for place in range(COLUMNS)
        ]
        metrics = json.dumps({f"metric {key}": (number * 7 + key) % 13 + number / 10 for key in range(METRICS)})
        params = json.dumps({f"param {key}": str(number * key % 11) for key in range(10)})
        signed = mlmodel([*columns, {"type": "long", "name": f"own {number}", "required": True}])
        files |= layout("m", str(number), MLmodel=signed, metrics_json=metrics, params_json=params)
    return files


def main() -> None:
    """Make, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder, "registry"), registry() | large())
        model = sitegen.read(str(root)).get_registered_model("m")
        pairs = list(itertools.islice(itertools.permutations(model.versions, 2), PAIRS))
        print(f"verdicts: {verdicts(pairs):,.0f} a second fresh, {verdicts(pairs):,.0f} repeated ({len(pairs)} pairs)")
        site = SiteView(title="", description="", version="", assets={})
        one = model_context(model, "m", Settings(), site)
        model_data(one)
        began = time.perf_counter()
        data = model_data(one)
        took = (time.perf_counter() - began) * 1000
        print(f"chart data: {len(data):,} bytes, {took:.1f} ms ({VERSIONS} versions, {METRICS} metrics)")
        command(["build", str(root), "--output", f"{folder}/site", "--cache", f"{folder}/cache"])
        found = redraws(Path(folder, "site/models/m/index.html"))
        print(f"redraw: median {statistics.median(found):.0f} ms, p95 {sorted(found)[int(len(found) * 0.95)]:.0f} ms")
        for name, taken in table_changes(Path(folder, "site/models/wide/compare/index.html")):
            print(f"50 versions x 200 metrics, {name}: {sorted(map(round, taken))} ms")


def large() -> Files:
    """Fifty versions of two hundred metrics."""
    files: Files = {}
    for number in range(1, 51):
        metrics = {f"m{key:03}": number * key % 17 for key in range(200)}
        files |= layout("wide", str(number), metrics_json=json.dumps(metrics))
    return files


def verdicts(pairs: list[tuple[Version, Version]]) -> float:
    """Verdicts a second."""
    began = time.perf_counter()
    for old, new in pairs:
        sitegen.compare(old, new)
    return len(pairs) / (time.perf_counter() - began)


def redraws(path: Path) -> list[float]:
    """Milliseconds of redraws: another metric, another type, another colour."""
    with chromium() as browser:
        tab = Tab(browser)
        page = tab.open(path.as_uri())
        page.click("#open-studio")
        settle(page)
        found = []
        for number in range(CHANGES):
            kind, value = (
                ("Y", f"metrics.metric {number}"),
                ("Type of chart", ("line", "bar", "scatter")[number % 3]),
                ("Colour", ("", "params.param 3")[number % 2]),
            )[number % 3]
            choose(page, kind, value)
            found.append(float(page.locator(".chart").get_attribute("data-milliseconds") or "nan"))
    return found


def table_changes(path: Path) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds of each change of a table, where the top of the page is in view and where the table is."""
    with chromium() as browser:
        fragment = urlencode([*(("v", str(number)) for number in range(1, 51)), ("only", "0")])
        page = Tab(browser).open(f"{path.as_uri()}#{fragment}")
        page.locator("#side").wait_for()
        for seen in ("the top of the page", "the table"):
            for name, change in TABLE_CHANGES.items():
                timed = f"const began = performance.now(); {change}; document.body.offsetHeight"
                found = []
                for _ in range(4):
                    page.locator(".wrap:has(> .cmp):not([aria-busy])").wait_for()
                    found.append(page.evaluate(f"() => {{ {timed}; return performance.now() - began }}"))
                yield f"{seen} in view, {name}", found
            page.locator("#side").evaluate("side => side.scrollIntoView({behavior: 'instant'})")


if __name__ == "__main__":
    main()
