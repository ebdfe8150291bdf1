"""Making a site as a command does: with workers and progress, and a line that says what was done."""

import os
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING

from sitegen.build.pipeline import build
from sitegen.build.plan import Build, Earlier, Workers
from sitegen.build.request import Report
from sitegen.build.state import State
from sitegen.cli.report import terminal
from sitegen.cli.report.words import count_of, severities
from sitegen.core import process
from sitegen.core.errors import SitegenError
from sitegen.core.process import ForkedCall
from sitegen.core.text import visible
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Settings, read_settings
from sitegen.sources.discovery import open_registry
from sitegen.sources.kinds import Progress, kind_of
from sitegen.storage.location import HERE, is_remote, scheme, strip_credentials, to_absolute
from sitegen.storage.lock import lock_output
from sitegen.storage.output import check_output
from sitegen.storage.parallel_scan import ParallelScan

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.build.dask import Cluster

WORTH_WORKERS = 400
"""Versions from which on starting worker processes pays."""


def run(options: Namespace, started: int, walking: ParallelScan | None, looking: ForkedCall | None) -> int:
    """Build; exit 1 with --strict when there are errors.

    `started` is when the command began, in nanoseconds since 1970; `walking`, the walk of the registry, and `looking`,
    the look at whether the last site is whole, if they have begun.
    """
    kind = kind_of(options.registry)
    registry, root = kind.identify(options.registry), to_absolute(options.output)
    check_output(root)
    _check(options, root)
    settings, cache = read_settings(options.config, options.base_url), cache_folder(options.cache)
    with _cluster(options.executor) as cluster:
        with _bar("items fetched", kind.fetches) as fetched:
            exclude = settings.registry.exclude
            discovery = open_registry(options.registry, cache, progress=fetched, walking=walking, exclude=exclude)
        if discovery.note:
            terminal.say(discovery.note)
        process.freeze_gc()
        total = sum(len(ref.versions) for ref in discovery.models)
        workers = _away(cluster, settings, (registry, root)) if cluster else _here(options.jobs, (registry, root))
        ahead = max(8, 2 * (cluster.threads if cluster else options.jobs or os.cpu_count() or 1))
        with lock_output(root), State(cache, registry, root) as state, _bar("versions") as show:
            earlier = Earlier(whole=((looking.answer() if looking else None) or b"").decode())
            one = Build(
                discovery,
                settings,
                root,
                cache,
                state,
                started,
                workers,
                lambda more: show(more, total),
                ahead,
                earlier,
                options.allow_empty,
            )
            done = build(one)
    terminal.complain(
        f"{_summary(done, visible(strip_credentials(options.output)), (time.time_ns() - started) / 1e9)}\n"
    )
    return 1 if options.strict and done.problems["error"] else 0


def _check(options: Namespace, root: str) -> None:
    if options.jobs is not None and options.jobs < 1:
        raise SitegenError("--jobs must be at least 1")
    if options.executor and options.jobs:
        raise SitegenError("--jobs is about processes of this machine; a cluster has its own: drop one of the flags")
    for place in (root, options.registry) if options.executor else ():
        if refusal := kind_of(place).cluster_refusal:
            raise SitegenError(refusal)


# --- who does the work -----------------------------------------------------------------------------------------


def _cluster(address: str | None) -> "AbstractContextManager[Cluster | None]":
    """The cluster that the user wants, if any."""
    if address is None:
        return nullcontext()
    found: AbstractContextManager[Cluster] = import_module("sitegen.build.dask").connect(address)  # brings Dask
    return found


def _away(cluster: "Cluster", settings: Settings, places: tuple[str, ...]) -> Workers:
    """The workers of a cluster, once they are known to see what they need."""

    @contextmanager
    def workers(_: int) -> "Iterator[Executor]":
        """The cluster itself, for however many versions."""
        cluster.check_places(settings.site.templates, tuple(place for place in places if not scheme(place)))
        yield cluster

    return workers


def _here(jobs: int | None, places: tuple[str, ...]) -> Workers:
    """Processes of this machine, where they pay; `jobs` None leaves the choice."""

    @contextmanager
    def workers(versions: int) -> "Iterator[Executor | None]":
        """Processes for so many versions that can be shared; None where they do not pay."""
        count = 1 if HERE in map(scheme, places) else jobs or os.cpu_count() or 1
        if count == 1 or (not jobs and versions < WORTH_WORKERS):
            yield None
            return
        with processes(count, near=not any(map(is_remote, places))) as executor:
            yield executor

    return workers


def processes(count: int, near: bool = True) -> "Executor":
    """Worker processes of this machine.

    They are copies of a small process rather than of this one, whose listing of a large registry each would keep. Where
    the storage is far, `near` False, each starts afresh: a copy would have the credentials of an earlier moment.
    """
    futures, processing = import_module("concurrent.futures"), import_module("multiprocessing")  # not for small builds
    context = processing.get_context("forkserver" if near and sys.platform == "linux" else "spawn")
    if near and sys.platform == "linux":
        context.set_forkserver_preload(["sitegen.build.publish"])
    executor: Executor = futures.ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)
    return executor


def _end_with_parent() -> None:
    """Have this worker end when its build does, even by SIGKILL: it would wait for work for ever.

    Ctrl-C is sent to all processes of a terminal; what it means to a build is for the build to say.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = import_module("multiprocessing").parent_process()
    connection, threading = import_module("multiprocessing.connection"), import_module("threading")

    def watch() -> None:
        """Wait until the build has ended."""
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _summary(done: Report, output: str, seconds: float) -> str:
    sizes = f"{count_of(done.models, 'model')}, {count_of(done.versions, 'version')}, {count_of(done.pages, 'page')}"
    written = count_of(done.counts.written, "file")
    return f"{sizes} in {output} ({written} written); {severities(done.problems)}; {seconds:.2f} s"


@contextmanager
def _bar(what: str, wanted: bool = True) -> Iterator[Progress]:
    """A progress bar on a terminal, which is told how many more are done, of how many; silence in pipes."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda *_: None
        return
    rich, console = import_module("rich.progress"), import_module("rich.console")  # only a terminal pays for it
    columns = (rich.TextColumn(what), rich.BarColumn(), rich.MofNCompleteColumn(), rich.TimeRemainingColumn())
    with rich.Progress(*columns, console=console.Console(file=terminal.Steady()), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda more, total: bar.update(task, advance=more, total=total)
