"""The long run: judges thousands of random pairs and asks MLflow about each.

    SITEGEN_MLFLOW_PYTHON=/path/to/python python -m tests.mlflow.oracle.compat_campaign --pairs 10000 --seed 1

Prints how many pairs were judged, how many verdicts are milder than MLflow (there must be none) and how many are
harsher, by rule. Exits 1 where a verdict is milder, or harsher without a rule that is listed for it.
"""

import argparse
import itertools
import sys
from collections.abc import Iterator

from tests.mlflow.oracle.agreement import Tally, ask
from tests.mlflow.oracle.pairs import pairs
from tests.mlflow.truth.asking import PYTHONS, VARIABLE

BATCH = 1000


def campaign(count: int, seed: int, python: str) -> Tally:
    """The tally of `count` judged pairs."""
    tally, made = Tally(), pairs(seed)
    while tally.judged < count:
        batch = list(itertools.islice(made, min(BATCH, count - tally.judged)))
        for pair, answers in zip(batch, ask(batch, python), strict=True):
            tally.add(pair, answers)
    return tally


def report(tally: Tally) -> Iterator[str]:
    """The tally as lines."""
    yield f"{tally.judged} pairs judged, {tally.unloadable} more that MLflow cannot load"
    yield f"{len(tally.milder)} milder than MLflow"
    yield f"{tally.harsher} harsher ({tally.harsher / tally.judged:.2%}), {len(tally.unexplained)} of them unexplained"
    for rule, times in tally.rules.most_common():
        yield f"  {times:5} {times / tally.judged:6.2%} {rule}"
    yield f"by form: {len(tally.milder_forms)} milder; harsher:"
    yield from (f"  {tally.harsher_forms[form]:5} of {times:5} {form}" for form, times in tally.forms.most_common())
    shown = {"milder": tally.milder, "unexplained": tally.unexplained, "milder for a form": tally.milder_forms}
    yield from (f"{title}: {case}" for title, cases in shown.items() for case in cases[:5])


def main() -> int:
    """Runs a campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--python", default=PYTHONS[0] if PYTHONS else None, help="an interpreter with MLflow")
    options = parser.parse_args()
    if not options.python:
        parser.error(f"say --python, or set {VARIABLE}")
    tally = campaign(options.pairs, options.seed, options.python)
    print("\n".join(report(tally)))
    return 1 if tally.milder or tally.unexplained or tally.milder_forms else 0


if __name__ == "__main__":
    sys.exit(main())
