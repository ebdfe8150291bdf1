"""`sitegen build`: make the site, and say in one line what was done.

A large folder is walked by other processes while this one loads what a build needs.
"""

import os
import time
from argparse import Namespace
from contextlib import nullcontext
from importlib import import_module

from sitegen.locations import named
from sitegen.walkers import begun


def run(options: Namespace) -> int:
    """Build; exit 1 with --strict when there are errors."""
    started = time.time_ns()
    place = named(options.registry)
    with begun(os.path.abspath(place)) if os.path.isdir(place) else nullcontext() as walking:
        if walking and walking.copies:
            import_module("sitegen.publish")  # while there is time for it: most builds of a small registry need none
        result: int = import_module("sitegen.commands.building").run(options, started, walking)
        return result
