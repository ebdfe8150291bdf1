"""Put small faults into the package, one at a time, and run the tests that run the changed line.

    python -m tests.campaigns.mutants --mutants 200 --seed 1 --minutes 90 [--before REVISION]

The package is that of a commit, unpacked into a temporary folder. With `--before`, only lines that exist in both
revisions are changed, and each fault is tried in both: the tests of today must notice what those of the earlier
revision noticed. Only the tests of `tests/unit`, `tests/cases` and `tests/site` are run, or those that became them. All
of them run once before the first fault. Exit 1 when a fault that was noticed before is not noticed now.
"""

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from tests.campaigns.mutants.covering import Outcome, Tests, find_tests, run_tests
from tests.campaigns.mutants.mutation import Mutation, apply, mutations
from tests.campaigns.mutants.trees import files, former_lines, former_paths, git, unpack

TESTS = ("tests/unit", "tests/cases", "tests/site")


@dataclass(frozen=True)
class Tree:
    """A revision that faults are put into: its folder, its tests, and a folder for what they write."""

    folder: Path
    tests: Tests
    work: Path


@dataclass(frozen=True)
class Place:
    """A fault in a file, and the same one at the earlier revision."""

    path: str
    mutation: Mutation
    old_path: str = ""
    old_mutation: Mutation | None = None


def candidates(revision: str, before: str | None) -> list[Place]:
    """Every fault that can be tried: in both revisions, where there are two."""
    if before is None:
        paths = files(revision, "sitegen")
        return [Place(path, fault) for path in paths for fault in mutations(git("show", f"{revision}:{path}"))]
    found = []
    for path, old in sorted(former_paths(before, revision, "sitegen").items()):
        lines = former_lines(before, old, revision, path)
        for fault in mutations(git("show", f"{revision}:{path}")):
            former = [lines.get(number, 0) for number in range(fault.line, fault.end_line + 1)]
            if former == [*range(former[0], former[0] + len(former))] and former[0]:
                found.append(Place(path, fault, old, fault.move(former[0])))
    return found


def shuffle(places: list[Place], chance: random.Random) -> list[Place]:
    """The places in a random order in which each kind of fault has its turn: most faults would be in constants."""
    kinds: dict[str, list[Place]] = {}
    for place in places:
        kinds.setdefault(place.mutation.kind, []).append(place)
    groups = [chance.sample(group, len(group)) for _, group in sorted(kinds.items())]
    return [place for place in chain.from_iterable(zip_longest(*groups)) if place]


def try_fault(tree: Tree, path: str, mutation: Mutation, limit: float) -> Outcome | None:
    """What the tests say of a fault; None where no test runs its lines, or it is no Python."""
    tests = tree.tests.covering(path, range(mutation.line, mutation.end_line + 1))
    file = tree.folder / path
    source, facts = file.read_text(), file.stat()
    if not tests:
        return None
    try:
        file.write_text(apply(source, mutation))
        stamp = facts.st_mtime_ns + random.randrange(10**9, 10**15)  # else Python takes the compiled file of the source
        os.utime(file, ns=(stamp, stamp))
        return run_tests(tree.folder, tests, tree.work, limit)
    except SyntaxError:
        return None
    finally:
        file.write_text(source)
        os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def prepare(name: str, revision: str, tests: list[str], sources: list[str], root: Path) -> Tree:
    """A revision and its tests, which run once without a fault."""
    key = hashlib.sha256(repr((git("rev-parse", revision), tests, sources)).encode()).hexdigest()[:16]
    folder, work = root / key / name, root / key / "work"
    if not folder.exists():
        unpack(revision, folder)
        work.mkdir()
    found = find_tests(folder, tests, sources, work)
    print(f"{name}: {len(found.seconds)} tests pass, in {sum(found.seconds.values()):.0f} s", flush=True)
    return Tree(folder, found, work)


def former_tests(before: str, revision: str) -> list[str]:
    """The files of tests at the earlier revision that became tests of the tiers that are run."""
    paths = former_paths(before, revision, "tests")
    return sorted({old for new, old in paths.items() if new.startswith(TESTS) and "/test_" in old})


def try_all(options: argparse.Namespace, root: Path) -> Iterator[tuple[Place, Outcome | None, Outcome]]:
    """The faults that could be tried, with what the tests said before and say now."""
    drawn = shuffle(candidates(options.revision, options.before), random.Random(options.seed))[: 3 * options.mutants]
    now = prepare("now", options.revision, list(TESTS), sorted({place.path for place in drawn}), root)
    then: Tree | None = None
    if options.before:
        tests = former_tests(options.before, options.revision)
        then = prepare("before", options.before, tests, sorted({place.old_path for place in drawn}), root)
    done, end = 0, time.monotonic() + 60 * options.minutes
    for place in drawn:
        if done == options.mutants or time.monotonic() > end:
            return
        before: Outcome | None = None
        if then and place.old_mutation:
            before = try_fault(then, place.old_path, place.old_mutation, options.limit)
            if before is None:
                continue
        after = try_fault(now, place.path, place.mutation, options.limit)
        if after is None and before is None:
            continue
        done += 1
        yield place, before, after or "survived"  # no test runs the line any more


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=200, metavar="N", help="faults to try (default: 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=90, help="stop after so many minutes of trying (default: 90)")
    parser.add_argument("--limit", type=float, default=300, help="seconds for the tests of one fault (default: 300)")
    parser.add_argument("--revision", default="HEAD", help="the revision to try faults in (default: HEAD)")
    parser.add_argument("--before", metavar="REVISION", help="an earlier revision to compare with")
    parser.add_argument("--work", type=Path, help="a folder that keeps what was prepared (default: a temporary one)")
    options = parser.parse_args()
    counts: Counter[tuple[Outcome | None, Outcome]] = Counter()
    lost = []
    with tempfile.TemporaryDirectory() as temporary:
        for place, before, after in try_all(options, options.work or Path(temporary)):
            counts[before, after] += 1
            line = f"{place.path}:{place.mutation.line}: {place.mutation.kind}: {place.mutation.text!r}"
            said = f"{before} before, {after} now" if options.before else after
            print(f"{counts.total()}. {line}: {said}", flush=True)
            if (before, after) == ("killed", "survived") or (not options.before and after == "survived"):
                lost.append(line)
    print(f"{counts.total()} mutants, seed {options.seed}")
    if options.before:
        print(f"{sum(n for (before, _), n in counts.items() if before == 'killed')} killed before")
    print(f"{sum(n for (_, after), n in counts.items() if after == 'killed')} killed now")
    print(f"{sum(n for pair, n in counts.items() if 'undecided' in pair)} not decided within {options.limit:.0f} s")
    print(f"{len(lost)} {'killed before but surviving now' if options.before else 'surviving'}")
    print("".join(f"  {line}\n" for line in lost), end="")
    return 1 if lost and options.before else 0


if __name__ == "__main__":
    sys.exit(main())
