"""Measure builds in rounds, each thing once a round, so that a slow moment of the machine hits all of them.

    python -m tests.campaigns.bench [--rounds 5] [--sizes 10x100 100x100 10000x1 1x10000] [--output FILE]

Wall times are medians; ratios are medians of the ratios within a round. Each command starts once the disk has what was
written before; after the clean builds the registry is listed once uncounted, for whoever lists it first takes longer.
"""

import argparse
import compileall
import ctypes
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

import sitegen
from sitegen.sources.parse_cache import RACY_WINDOW
from tests.campaigns.bench import hugo, registry

SIZES = ("10x100", "100x100", "10000x1", "1x10000")
BIN = Path(sys.executable).parent


PR_SET_CHILD_SUBREAPER = 36
"""Linux's prctl(2): processes that lose their parent become children of the one that asks for it."""


class Cost(NamedTuple):
    """What a command took: wall and CPU seconds with its children, and the peak MiB of its largest process."""

    wall: float
    cpu: float
    peak: float


def cost(command: list[str], cache: Path) -> Cost:
    """Run a command in a process that has no other children, once the disk has what was written before."""
    os.sync()  # else a build without changes would pay for the gigabyte of the clean builds before it
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what outlives the command counts, too
        began = time.perf_counter()
        done = subprocess.run(command, env=os.environ | {"XDG_CACHE_HOME": str(cache)}, capture_output=True)
        wall = time.perf_counter() - began
        with suppress(ChildProcessError):
            while os.wait():
                pass
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, f"{done.returncode} {wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        code, *numbers = answer.read().split()
    os.waitpid(child, 0)
    if code != "0":
        sys.exit(f"{' '.join(command)} failed")
    return Cost(*map(float, numbers))


def forget(cache: Path) -> None:
    """Take away what sitegen knows of registries; the scripts of charts and compiled templates stay."""
    for path in (cache / "sitegen").glob("*.db*"):
        path.unlink()


def rounds(models: int, versions: int, count: int, work: Path) -> Iterator[dict[str, Cost]]:
    """Measure everything once a round; the first round warms up and is not counted."""
    source, project, output, cache = work / "registry", work / "hugo", work / "out", work / "cache"
    registry.generate(source, models, versions)
    hugo.prepare(source, project)
    build = [str(BIN / "sitegen"), "build", str(source), "--output", str(output / "sitegen")]
    find = ["find", str(source), "-type", "f", "-printf", "%s %T@\n"]
    binary = next(BIN.parent.glob("lib/python*/site-packages/hugo/binaries/hugo"))
    other = [str(binary), "--quiet", "-s", str(project), "--cacheDir", str(cache / "hugo"), "-d", str(output / "hugo")]
    edited = next(source.glob("*/1/metrics.json"))
    for number in range(count + 1):
        shutil.rmtree(output, ignore_errors=True)
        shutil.rmtree(cache / "hugo", ignore_errors=True)
        forget(cache)
        found = {"cold": cost(build, cache), "Hugo": cost(other, cache)}
        cost(find, cache)  # not counted
        found |= {"no-op": cost(build, cache), "find": cost(find, cache)}
        edited.write_text(f'{{"auc": 0.{number + 1}}}', encoding="utf-8")
        found["one changed"] = cost(build, cache)
        time.sleep(
            RACY_WINDOW / 1e9
        )  # else the next build could not trust the time of that file, and the no-op would read it
        if number:
            yield found


def table(size: str, found: list[dict[str, Cost]]) -> str:
    """The figures of one size as Markdown."""
    models, versions = map(int, size.split("x"))
    lines = [
        f"### {models:,} models x {versions:,} versions",
        "",
        "| | wall s | CPU s | peak MiB |",
        "|---|--:|--:|--:|",
    ]
    for name in found[0]:
        wall, cpu, peak = (median(one[name][part] for one in found) for part in range(3))
        lines.append(f"| {name} | {wall:.3f} | {cpu:.3f} | {peak:.0f} |")
    cold = median(one["cold"].wall / one["Hugo"].wall for one in found)
    nothing = median(one["no-op"].wall / one["find"].wall for one in found)
    change = median(one["one changed"].wall - one["no-op"].wall for one in found)
    used = median(one["cold"].cpu for one in found) / (models * versions)
    lines += [
        "",
        f"cold / Hugo {cold:.2f}; no-op / find {nothing:.2f}; one changed - no-op {1000 * change:.0f} ms; "
        f"CPU a version {1000 * used:.2f} ms",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="models x versions")
    parser.add_argument("--output", type=Path, help="a file for the tables")
    options = parser.parse_args()
    compileall.compile_dir(sitegen.__path__[0], quiet=1)  # as pip does; not all environments do
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    command = f"python -m tests.campaigns.bench --rounds {options.rounds} --sizes {' '.join(options.sizes)}"
    parts = [f"Measured by `{command}`: {machine}.\n"]
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="sitegen-bench-") as work:
            models, versions = map(int, size.split("x"))
            parts.append(table(size, list(rounds(models, versions, options.rounds, Path(work)))))
        print(parts[-1], flush=True)
    if options.output:
        options.output.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
