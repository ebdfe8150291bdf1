"""`sitegen build`: make the site, and say in one line what was done."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from sitegen.cache import cache_folder
from sitegen.diagnostics import SEVERITIES, SitegenError
from sitegen.outcome import Report
from sitegen.output import locked
from sitegen.pipeline import Build, build
from sitegen.settings import read_settings
from sitegen.sources.source import Fetching, identity, open_registry
from sitegen.sources.tracking_address import is_address
from sitegen.state import State

if TYPE_CHECKING:
    from concurrent.futures import Executor

WORTH_WORKERS = 400
"""Versions from which on starting worker processes pays."""


def run(options: Namespace) -> int:
    """Build; exit 1 with --strict when there are errors."""
    begun, started = time.perf_counter(), time.time_ns()
    if options.jobs < 0:
        raise SitegenError("--jobs must be at least 1")
    settings = read_settings(options.config, options.base_url)
    root, cache = os.path.abspath(options.output), cache_folder(options.cache)
    with _bar("items fetched", is_address(options.registry)) as fetched:
        discovery = open_registry(options.registry, cache, progress=fetched)
    total = sum(len(ref.versions) for ref in discovery.models)

    @contextmanager
    def workers(versions: int) -> "Iterator[Executor | None]":
        count = options.jobs or os.cpu_count() or 1
        if count == 1 or (not options.jobs and versions < WORTH_WORKERS):
            yield None
            return
        with processes(count) as executor:
            yield executor

    registry = identity(options.registry)
    with locked(root), State(cache, registry, root) as state, _bar("versions") as show:
        one = Build(discovery, settings, root, cache, state, started, workers, lambda more: show(more, total))
        done = build(one)
    print(_summary(done, options.output, time.perf_counter() - begun), file=sys.stderr)
    return 1 if options.strict and done.problems["error"] else 0


def processes(count: int) -> "Executor":
    """Worker processes of this machine.

    They are copies of a small process rather than of this one, whose listing of a large registry each would keep.
    """
    futures, processing = import_module("concurrent.futures"), import_module("multiprocessing")  # not for small builds
    context = processing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    if sys.platform == "linux":
        context.set_forkserver_preload(["sitegen.publish"])
    executor: Executor = futures.ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)
    return executor


def _end_with_parent() -> None:
    """Have this worker end when its build does, even by SIGKILL: it would hold the lock of the output for ever."""
    parent = import_module("multiprocessing").parent_process()
    connection, threading = import_module("multiprocessing.connection"), import_module("threading")

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _summary(done: Report, output: str, seconds: float) -> str:
    found = ", ".join(_count(done.problems[name], name if name != "info" else "note") for name in SEVERITIES)
    sizes = f"{_count(done.models, 'model')}, {_count(done.versions, 'version')}, {_count(done.pages, 'page')}"
    return f"{sizes} in {output} ({_count(done.counts.written, 'file')} written); {found}; {seconds:.2f} s"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@contextmanager
def _bar(what: str, wanted: bool = True) -> Iterator[Fetching]:
    """A progress bar on a terminal, which is told how many more are done, of how many; silence in pipes."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda *_: None
        return
    rich, console = import_module("rich.progress"), import_module("rich.console")  # only a terminal pays for it
    columns = (rich.TextColumn(what), rich.BarColumn(), rich.MofNCompleteColumn(), rich.TimeRemainingColumn())
    with rich.Progress(*columns, console=console.Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda more, total: bar.update(task, advance=more, total=total)
