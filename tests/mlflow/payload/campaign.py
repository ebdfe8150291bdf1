"""Compares what pages say of payloads with what MLflow does: `python -m tests.mlflow.payload.campaign --payloads 2000`.

SITEGEN_MLFLOW_PYTHON names a Python that has MLflow. Prints the counts of each signature, then every disagreement.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from tests.mlflow.payload.pages import judge, scripted
from tests.mlflow.payload.payloads import Maker
from tests.mlflow.payload.signatures import CASES, Case
from tests.mlflow.truth.asking import PYTHONS, SETTINGS, VARIABLE

ORACLE = Path(__file__).parent / "mlflow_payloads.py"


@dataclass
class Tally:
    """The counts of one signature. `rest` and `python` count MLflow's verdicts, `casts` the casts that were tried."""

    name: str
    rest: Counter[str] = field(default_factory=Counter)
    python: Counter[str] = field(default_factory=Counter)
    casts: int = 0
    disagreements: list[str] = field(default_factory=list)

    def add(self, text: str, page: dict[str, Any], truth: dict[str, Any]) -> None:
        """One payload."""
        self.rest[truth["rest"]] += 1
        self.python[truth["python"]] += 1
        self.casts += bool(page["casts"])
        for route, said, done in (
            ("rest", page["rest"], truth["rest"]),
            ("python", page["python"], truth["python"]),
            ("casts", page["after"], truth["casts"]),
        ):
            if said != done:
                why = f"page: {page['why'][:400]}; MLflow: {truth['why'].get(route, '')}"
                self.disagreements.append(f"{route}: page {said}, MLflow {done}: {text[:500]}\n      {why}")


def payloads(case: Case, count: int, seed: int) -> list[str]:
    """Payloads of a signature; each second one is a near miss."""
    maker = Maker(case, seed)
    return [maker.payload(near_miss=bool(number % 2)) for number in range(count)]


def ask(python: str, cases: Iterable[Case], asked: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """MLflow's answers, one for each question."""
    lines = [json.dumps([case.texts() for case in cases]), *map(json.dumps, asked)]
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [os.path.abspath(python), ORACLE],
            cwd=folder,
            env={**os.environ, **SETTINGS},
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    answers = [line for line in done.stdout.splitlines() if line.startswith('{"rest"')]
    assert len(answers) == len(lines) - 1, done.stderr[-3000:]
    return map(json.loads, answers)


def campaign(count: int, seed: int, python: str, page: Page, cases: tuple[Case, ...] = CASES) -> list[Tally]:
    """The tallies of all signatures, `count` payloads for each."""
    texts = {case: payloads(case, count, seed) for case in cases}
    said = {case: judge(page, texts[case], case.api()) for case in cases}
    asked = [
        {"signature": number, "text": text, "casts": one["casts"]}
        for number, case in enumerate(cases)
        for text, one in zip(texts[case], said[case], strict=True)
    ]
    answers = ask(python, cases, asked)
    tallies = []
    for case in cases:
        tally = Tally(case.name)
        for text, one in zip(texts[case], said[case], strict=True):
            tally.add(text, one, next(answers))
        tallies.append(tally)
    return tallies


def report(tallies: list[Tally], limit: int = 20) -> str:
    """The tallies as text."""
    lines = []
    for one in tallies:
        counts = ", ".join(f"{name} {number}" for name, number in sorted(one.rest.items()))
        python = ", ".join(f"{name} {number}" for name, number in sorted(one.python.items()))
        lines.append(
            f"{one.name}: REST {counts}; Python {python}; casts {one.casts}; disagreements {len(one.disagreements)}"
        )
        lines += [f"  {text}" for text in one.disagreements[:limit]]
    return "\n".join(lines)


def main() -> int:
    """Runs the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payloads", type=int, default=2000, help="payloads for each signature")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=20, help="disagreements that are printed for each signature")
    parser.add_argument("--only", help="part of a signature's name")
    chosen = parser.parse_args()
    if not PYTHONS:
        print(f"{VARIABLE} names no Python that has MLflow", file=sys.stderr)
        return 2
    cases = tuple(case for case in CASES if not chosen.only or chosen.only in case.name)
    with scripted() as page:
        tallies = campaign(chosen.payloads, chosen.seed, PYTHONS[0], page, cases)
    print(report(tallies, chosen.limit).encode("utf-8", "backslashreplace").decode())
    return int(any(one.disagreements for one in tallies))


if __name__ == "__main__":
    sys.exit(main())
