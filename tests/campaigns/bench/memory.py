"""The memory of a clean build, all processes together, and of a build without a change.

    python -m tests.campaigns.bench.memory [--models 1000] [--versions 100]

A page that processes share counts once (PSS of Linux), sampled every 50 ms.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.campaigns.bench.registry import generate

SECONDS = 0.05


def children(process: int) -> Iterator[int]:
    """A process and all that come from it."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from children(int(child))


def memory(process: int) -> int:
    """Kibibytes that a process has of its own, and its share of what it has with others."""
    with suppress(OSError, IndexError):
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0])
    return 0


def peak(command: list[str], cache: Path) -> tuple[float, float]:
    """The most MiB that a command has at one time, and its seconds. Raises CalledProcessError where it fails."""
    began, most = time.monotonic(), 0
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None:
            most = max(most, sum(map(memory, children(running.pid))))
            time.sleep(SECONDS)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    return most / 1024, time.monotonic() - began


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--versions", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generate(folder / "registry", options.models, options.versions)
        build = [sys.executable, "-m", "sitegen", "build", str(folder / "registry"), "--output", str(folder / "site")]
        for name in ("clean build", "without a change"):
            mebibytes, seconds = peak(build, folder / "cache")
            print(f"{options.models} x {options.versions}, {name}: {mebibytes:.0f} MiB, {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
