"""One build of the command line: workers, progress bar, and the lines about the result."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.build.executor import local_workers
from sitegen.build.pipeline import build
from sitegen.build.request import BuildReport, BuildRequest, Workers
from sitegen.build.session import single_build
from sitegen.build.state import State
from sitegen.cli.report import terminal
from sitegen.cli.report.words import count_of, severities
from sitegen.core import process
from sitegen.core.errors import SitegenError
from sitegen.core.process import ForkedCall
from sitegen.core.text import visible
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Settings, read_settings
from sitegen.sources.database.stamp_cache import StampCache
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.kinds import Progress, kind_of
from sitegen.storage.location import scheme, strip_credentials, to_absolute
from sitegen.storage.lock import lock_output
from sitegen.storage.output import check_output
from sitegen.storage.parallel_scan import ParallelScan

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.build.dask import Cluster
    from sitegen.site.earlier_site import EarlierSite


def run(options: Namespace, started: int, walking: ParallelScan | None, looking: ForkedCall | None) -> int:
    """Build; exit 1 with --strict when there are errors.

    `started` is when the command began, in nanoseconds since 1970; `walking`, the walk of the registry, and `looking`,
    the look at whether the last site is whole, if they have begun.
    """
    registry, root = kind_of(options.registry).identify(options.registry), to_absolute(options.output)
    check_output(root)
    _check(options, root)
    api = _find_earlier(options.previous, root)
    settings, cache = read_settings(options.config, options.base_url), cache_folder(options.cache)
    with _cluster(options.executor) as cluster:
        discovery = _discover(options, settings, cache, walking, started)
        process.freeze_gc()
        total = sum(len(ref.versions) for ref in discovery.models)
        places = registry, root
        workers = _cluster_workers(cluster, settings, places) if cluster else local_workers(options.jobs, places)
        threads = cluster.threads if cluster else options.jobs or os.cpu_count() or 1
        with lock_output(root), State(cache, registry, root) as state, _bar("versions") as show:
            request = BuildRequest(
                discovery=discovery,
                settings=settings,
                root=root,
                cache=cache,
                state=state,
                started=started,
                workers=workers,
                progress=lambda more: show(more, total),
                threads=threads,
                allow_empty=options.allow_empty,
                explain=options.explain,
                earlier=_open_earlier(options.previous, api),
            )
            report = build(request, single_build(((looking.answer() if looking else None) or b"").decode()))
    _print_report(report, options.output, started)
    return 1 if options.strict and report.problems["error"] else 0


def _discover(
    options: Namespace, settings: Settings, cache: Path, walking: ParallelScan | None, started: int
) -> Discovery:
    """Open the registry, and print what is worth knowing about it."""
    stamps = StampCache(cache, started)
    with _bar("items fetched", kind_of(options.registry).fetches) as fetched:
        discovery = open_registry(
            options.registry, cache, progress=fetched, walking=walking, settings=settings.registry, stamps=stamps
        )
    for note in discovery.notes():
        terminal.print_message(note)
    return discovery


def _find_earlier(folder: str | None, root: str) -> str | None:
    """The API of the site that `--previous` names. A wrong name is an error before anything is read or locked."""
    if folder is None:
        return None
    from sitegen.site.earlier_site import find_api

    return find_api(folder, root)


def _open_earlier(folder: str | None, api: str | None) -> "EarlierSite | None":
    """The site that `--previous` names. It may be the output: it is opened once no other build can change that."""
    if folder is None or api is None:
        return None
    from sitegen.site.earlier_site import open_earlier_site

    return open_earlier_site(folder, api)


def _print_report(report: BuildReport, output: str, started: int) -> None:
    """Print the explanation, if the user asked for it, and the line about the result."""
    if report.explanation:
        terminal.write("".join(f"{visible(line)}\n" for line in report.explanation))
    seconds = (time.time_ns() - started) / 1e9
    terminal.write_stderr(f"{_summary(report, visible(strip_credentials(output)), seconds)}\n")


def _check(options: Namespace, root: str) -> None:
    if options.jobs is not None and options.jobs < 1:
        raise SitegenError("--jobs must be at least 1")
    if options.executor and options.jobs:
        raise SitegenError("--jobs sets local processes and cannot be combined with --executor")
    for place in (root, options.registry) if options.executor else ():
        if refusal := kind_of(place).cluster_refusal:
            raise SitegenError(refusal)


# --- who does the work -----------------------------------------------------------------------------------------


def _cluster(address: str | None) -> "AbstractContextManager[Cluster | None]":
    """The cluster at the address that the user gave, if any."""
    if address is None:
        return nullcontext()
    from sitegen.build import dask  # loads Dask

    return dask.connect(address)


def _cluster_workers(cluster: "Cluster", settings: Settings, places: tuple[str, ...]) -> Workers:
    """The workers of a cluster, after a check that they see registry, output and templates."""

    @contextmanager
    def workers(_: int) -> "Iterator[Executor]":
        """The cluster itself, for any number of versions."""
        cluster.check_places(settings.site.templates, tuple(place for place in places if not scheme(place)))
        yield cluster

    return workers


def _summary(report: BuildReport, output: str, seconds: float) -> str:
    numbers = (report.models, "model"), (report.versions, "version"), (report.pages, "page")
    sizes = ", ".join(count_of(number, name) for number, name in numbers)
    written = count_of(report.counts.written, "file")
    return f"{sizes} in {output} ({written} written); {severities(report.problems)}; {seconds:.2f} s"


@contextmanager
def _bar(what: str, wanted: bool = True) -> Iterator[Progress]:
    """A progress bar on a terminal, which is told how many more are done, of how many; silence in pipes."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda *_: None
        return
    rich, console = import_module("rich.progress"), import_module("rich.console")  # only a terminal pays for it
    columns = (rich.TextColumn(what), rich.BarColumn(), rich.MofNCompleteColumn(), rich.TimeRemainingColumn())
    with rich.Progress(*columns, console=console.Console(file=terminal.ProgressStream()), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda more, total: bar.update(task, advance=more, total=total)
