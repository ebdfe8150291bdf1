"""`sitegen build`: build the site, and print one line about the result.

Other processes scan a large registry, verify the last site, and load the modules of a build for workers while this one
loads them, too.
"""

import os
import time
from argparse import Namespace
from contextlib import nullcontext
from functools import partial

from sitegen.build.fork_server import start_fork_server
from sitegen.core import process
from sitegen.storage import parallel_scan
from sitegen.storage.location import normalize, scheme, to_absolute


def run(options: Namespace) -> int:
    """Build; exit 1 with --strict when there are errors."""
    started = time.time_ns()
    place, output = normalize(options.registry), to_absolute(options.output)
    # No garbage collection until the registry is discovered: modules and listings are many values that stay.
    with (
        process.pause_gc(),
        parallel_scan.start_scan(os.path.abspath(place)) if os.path.isdir(place) else nullcontext() as walking,
    ):
        large = walking and walking.copies
        with process.fork(partial(_output_digest, output) if large and not scheme(output) else None) as looking:
            if large:
                if _needs_workers(options, output):
                    start_fork_server()
                from sitegen.build.pipeline import load_stages  # most builds of a small registry need none

                load_stages()
            from sitegen.cli import building  # while the helper processes work

            return building.run(options, started, walking, looking)


def _needs_workers(options: Namespace, output: str) -> bool:
    """Whether several processes will build a large registry: it has no site yet."""
    count = options.jobs or os.cpu_count() or 1
    return count > 1 and not options.executor and not scheme(output) and not os.path.exists(output)


def _output_digest(output: str) -> bytes:
    """The digest of an output as it is now."""
    from sitegen.storage.manifest import measure_output

    return measure_output(output).encode()
