"""Figures of the pages of sites: Lighthouse, axe, valid HTML, links, weights. Exit code 1 where a limit is missed.

    python -m tests.campaigns.bench.pages [--registry sample 100x100 10000x1 1x10000] [--runs 5] [--no-scores]

Each site is built with `--base-url` and served on loopback below a path, compressed as static hosts do. Performance is
the best of at most `--runs` runs of Lighthouse; everything else must hold in each run. Accessibility is looked at in
both themes and two widths. On a machine that does something else meanwhile performance is lower: see the load.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.campaigns.bench.pages.figures import Figure, contents, faults, scores, table
from tests.campaigns.bench.pages.host import hosted
from tests.campaigns.bench.registry import generate
from tests.support import sites
from tests.support.browsers import chromium
from tests.support.options import ROOT

PAGES = {
    "sample": {
        "catalog": "",
        "model": "models/diabetes-regression/",
        "version": "models/diabetes-regression/3/",
        "compare": "models/diabetes-regression/compare/",
    },
    "100x100": {
        "catalog": "",
        "model": "models/churn-00000/",
        "version": "models/churn-00000/100/",
        "compare": "models/churn-00000/compare/",
    },
    "10000x1": {
        "catalog": "",
        "model": "models/churn-00000/",
        "version": "models/churn-00000/1/",
        "compare": "compare/#m=churn-00000@1&m=credit-00001@1",
    },
    "1x10000": {
        "catalog": "",
        "model": "models/churn-00000/",
        "version": "models/churn-00000/10000/",
        "compare": "models/churn-00000/compare/",
    },
}
"""The pages of each registry, below the address of its site."""


def registry(name: str, work: Path) -> Path:
    """The folder of a registry: the sample, or one that is made there."""
    if name == "sample":
        return ROOT / "sample_registry"
    models, versions = map(int, name.split("x"))
    generate(work / "registry", models, versions)
    return work / "registry"


def measure(name: str, work: Path, runs: int) -> Iterator[Figure]:
    """Build and serve a site, and measure its pages; without runs Lighthouse is left out."""
    site, pages = work / "site", PAGES[name]
    with hosted(site) as address:
        sites.built(registry(name, work), site, "--base-url", address)
        if runs:
            yield from scores(address, pages, runs)
        with chromium() as browser:
            yield from faults(browser, address, pages)
    yield from contents(site, pages)


def main() -> None:
    """Print a table for each registry, and what missed its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--registry", nargs="+", default=["sample"], choices=PAGES, help="models x versions")
    parser.add_argument("--runs", type=int, default=5, help="of Lighthouse, for a page and a form")
    parser.add_argument("--no-scores", action="store_true", help="leave out Lighthouse, which takes most of the time")
    options = parser.parse_args()
    missed = []
    for name in options.registry:
        with tempfile.TemporaryDirectory(prefix="sitegen-pages-") as work:
            load = f"{os.getloadavg()[0]:.1f}"
            found = list(measure(name, Path(work), 0 if options.no_scores else options.runs))
        print(f"### {name}\n\nLoad of the machine before: {load}\n\n{table(found, PAGES[name])}\n", flush=True)
        missed += [(name, figure) for figure in found if figure.missed]
    for name, figure in missed:
        print(f"missed: {name}: {figure.name}: {figure.place}", *figure.details[:20], sep="\n  ")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
