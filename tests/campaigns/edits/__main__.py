"""The campaign:

    python -m tests.campaigns.edits --sequences 500 --seed 1 [--only KIND] [--minutes N] [--registry FOLDER]

Sequence N of a seed has the same edits in every campaign. Prints each difference and the number of sequences of each
kind; exit 1 when there are differences.
"""

import argparse
import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.campaigns.edits.sequences import KINDS, first_difference


def main() -> int:
    """Run the campaign."""
    options = _options()
    kinds = [options.only] if options.only else list(KINDS)
    done: Counter[str] = Counter()
    differences = 0
    begun = time.monotonic()
    with TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder, "cache"))
        for number in range(options.number or 0, options.sequences if options.number is None else options.number + 1):
            if options.minutes and time.monotonic() - begun > 60 * options.minutes:
                break
            kind = kinds[number % len(kinds)]
            root = Path(folder, str(number))
            root.mkdir()
            found = first_difference(kind, options.seed * 1_000_003 + number, root, options.registry)
            done[kind] += 1
            if found:
                differences += 1
                print(f"sequence {number}: {found}", flush=True)
            shutil.rmtree(root)
    counts = ", ".join(f"{count} of a {kind}" for kind, count in sorted(done.items()))
    print(f"{done.total()} sequences ({counts}), {differences} differences, {time.monotonic() - begun:.0f} s")
    return 1 if differences else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.edits", description=__doc__)
    parser.add_argument("--sequences", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KINDS, help="edit registries of one kind")
    parser.add_argument("--number", type=int, help="run the sequence of this number alone")
    parser.add_argument("--minutes", type=float, help="stop after this time")
    parser.add_argument("--registry", type=Path, help="start from a copy of this registry")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
