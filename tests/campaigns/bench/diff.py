"""How long `sitegen diff` takes between two commits of a git repository.

    python -m tests.campaigns.bench.diff --rounds 5

prints medians for a registry of 10,000 versions, of which one, or 5,000, differ; each round is a process of its own.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from tests.campaigns.bench.registry import generate
from tests.support.repositories import commit, repository
from tests.support.sites import SITEGEN

MODELS, VERSIONS = 100, 100
CHANGES = (1, 5000)
"""Versions that differ."""


def change(root: Path, count: int) -> None:
    """Another value of a metric, and a signature that asks for another column, in `count` versions of all models."""
    folders = sorted(root.glob("*/*/MLmodel"), key=lambda path: (int(path.parts[-2]), path.parts[-3]))
    for file in folders[:count]:
        metrics = file.with_name("metrics.json")
        metrics.write_text(json.dumps({**json.loads(metrics.read_text()), "auc": 0.123}))
        text = file.read_text()
        file.write_text(text.replace("inputs: '[", 'inputs: \'[{"type": "double", "name": "more", "required": true}, '))


def measure(root: Path, head: str, form: str, rounds: int) -> tuple[float, float, int]:
    """Medians of wall and CPU seconds, and the bytes of the answer."""
    walls, cpus, size = [], [], 0
    for _ in range(rounds):
        before, began = os.times(), time.perf_counter()
        done = subprocess.run([*SITEGEN, "diff", "main", head, "--format", form], cwd=root, capture_output=True)
        walls.append(time.perf_counter() - began)
        after = os.times()
        cpus.append(after.children_user + after.children_system - before.children_user - before.children_system)
        assert done.returncode == 1, done.stderr
        size = len(done.stdout)
    return statistics.median(walls), statistics.median(cpus), size


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description="Measure reviews of changes in git.")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print("| versions that differ | format | wall s | CPU s | bytes |\n|---|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "registry")
        generate(root, MODELS, VERSIONS)
        repository(root, {})
        for count in CHANGES:
            subprocess.run(["git", "checkout", "--quiet", "main"], cwd=root, check=True)
            subprocess.run(["git", "checkout", "--quiet", "-b", f"change-{count}"], cwd=root, check=True)
            change(root, count)
            commit(root, {})
            for form in ("text", "json", "markdown"):
                wall, cpu, size = measure(root, f"change-{count}", form, options.rounds)
                print(
                    f"| {count:,} of {MODELS * VERSIONS:,} | {form} | {wall:.2f} | {cpu:.2f} | {size:,} |", flush=True
                )


if __name__ == "__main__":
    main()
