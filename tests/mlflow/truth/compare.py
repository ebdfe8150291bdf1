"""Compares sitegen with MLflow, and prints every difference that has no known reason.

python -m tests.mlflow.truth.compare --mlflow PYTHON [--files FOLDER ...] [--registries FOLDER ...]
"""

import argparse
import sys
from pathlib import Path

from tests.mlflow.truth.asking import PYTHONS, VARIABLE, AskedInVainError
from tests.mlflow.truth.files import compare_files, compare_scripts, mlmodels
from tests.mlflow.truth.outcome import Outcome
from tests.mlflow.truth.registries import compare_registry

SHARED = Path(__file__).parents[4] / "shared"
ORACLE = SHARED / "oracle" / "oracle.py"


def main() -> int:
    """Compare and print; exit 1 when something differs."""
    options = _options()
    pythons = options.mlflow or PYTHONS
    if not pythons:
        print(f"name a Python that has MLflow: --mlflow or {VARIABLE}", file=sys.stderr)
        return 2
    total = Outcome()
    for folder in options.files:
        paths = mlmodels([folder])
        total.add([_told(f"MLmodel files of {folder}", compare_files(pythons[0], paths), options.all)])
        if ORACLE.is_file():
            total.add([_told("  and the other script", compare_scripts(pythons[0], ORACLE, paths), options.all)])
    for registry in options.registries:
        try:
            total.add([_told(f"registry {registry}", compare_registry(pythons, registry), options.all)])
        except AskedInVainError:
            hint = "name one of the time that it was written in, too: --mlflow may be given again"
            print(f"registry {registry}: no MLflow that is named opens it; {hint}", file=sys.stderr)
            return 2
    _told("everything", total, False)
    return 1 if total.unknown() else 0


def _told(what: str, outcome: Outcome, everything: bool) -> Outcome:
    print(f"{what}: {outcome.summary()}")
    for one in outcome.differences if everything else outcome.unknown():
        print(f"  {one}")
    return outcome


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mlflow.truth.compare", description=__doc__)
    registries = SHARED / "registries"
    known = sorted(path for path in registries.iterdir() if path.is_dir()) if registries.is_dir() else []
    files = [path for path in (SHARED / "corpus", registries) if path.is_dir()]
    parser.add_argument(
        "--mlflow", action="append", metavar="PYTHON", help=f"a Python with MLflow (default: {VARIABLE})"
    )
    parser.add_argument("--files", nargs="*", type=Path, default=files, metavar="FOLDER", help="folders with MLmodels")
    parser.add_argument("--registries", nargs="*", type=Path, default=known, metavar="FOLDER", help="registries")
    parser.add_argument("--all", action="store_true", help="print the known differences too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
