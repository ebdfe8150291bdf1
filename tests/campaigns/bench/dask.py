"""Measure what a second Dask worker brings where pages are heavy.

    python -m tests.campaigns.bench.dask [--rounds 3] [--models 64] [--versions 25] [--columns 300]

Each round builds the same registry on one worker and on two, one after the other, so that a slow moment of the machine
hits both. Starting the command and asking the cluster takes the same two seconds for either, so that a small registry
says little; with only two cores in all, the process that gathers takes its share of them, too.
"""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path
from statistics import median

from tests.campaigns.bench import registry
from tests.campaigns.bench.__main__ import cost, forget
from tests.support import sites
from tests.support.clusters import started


def heavy(root: Path, models: int, versions: int, columns: int) -> None:
    """A registry whose versions have many columns: its pages are long, its steps are judged column by column."""
    registry.generate(root, models, versions)
    for path in root.glob("*/*/MLmodel"):
        kinds, version = registry.TYPES[:6], int(path.parent.name) % 3
        wide = [{"type": kinds[one % 6], "name": f"column_{one}_{version}", "required": True} for one in range(columns)]
        head, _, rest = path.read_text(encoding="utf-8").partition("  inputs: '")
        tail = rest.partition("'\n")[2]
        path.write_text(f"{head}  inputs: '{json.dumps(wide)}'\n{tail}", encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("rounds", 3), ("models", 64), ("versions", 25), ("columns", 300)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sitegen-bench-") as work:
        root = Path(work)
        heavy(root / "registry", options.models, options.versions, options.columns)
        found: dict[int, list[float]] = {1: [], 2: []}
        for number in range(options.rounds + 1):
            for workers in found:
                with started(root, workers) as cluster:
                    shutil.rmtree(root / "site", ignore_errors=True)
                    forget(root / "cache")
                    arguments = ["build", str(root / "registry"), "--output", str(root / "site")]
                    command = [*sites.SITEGEN, *arguments, "--executor", cluster.address]
                    wall = cost(command, root / "cache").wall
                if number:  # the first round warms up
                    found[workers].append(wall)
    ratio = median(one / two for one, two in zip(found[1], found[2], strict=True))
    count = options.models * options.versions
    print(f"{count:,} versions of {options.columns} columns, {options.rounds} rounds, {os.cpu_count()} cores")
    print(f"one worker {median(found[1]):.2f} s, two workers {median(found[2]):.2f} s: {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()
