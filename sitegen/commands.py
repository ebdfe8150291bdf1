"""The commands: from options to output and exit code."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from sitegen.diagnostics import SEVERITIES, Diagnostic, SitegenError
from sitegen.insight.checks import checked
from sitegen.insight.compat import compare as compare_versions
from sitegen.output import locked
from sitegen.pipeline import Build, Progress
from sitegen.pipeline import build as build_site
from sitegen.privacy import redact_model
from sitegen.report import changes
from sitegen.report import diagnostics as report
from sitegen.settings import read_settings
from sitegen.site.plan import plan
from sitegen.site.summary import all_problems
from sitegen.sources.folders import read_version
from sitegen.sources.load import load_model
from sitegen.sources.recall import Recall
from sitegen.sources.source import Discovery, open_registry
from sitegen.state import State, cache_folder

WORTH_WORKERS = 400
"""Versions from which on starting worker processes pays."""


def build(options: Namespace) -> int:
    """`sitegen build`: make the site, and say in one line what was done."""
    begun, started = time.perf_counter(), time.time_ns()
    settings = read_settings(options.config, options.base_url)
    root, cache = os.path.abspath(options.output), cache_folder(options.cache)
    discovery = open_registry(options.registry)
    versions = sum(len(ref.versions) for ref in discovery.models)
    with (
        locked(root),
        State(cache, os.path.abspath(options.registry), root) as state,
        _workers(options.jobs, versions) as executor,
        _progress(versions) as progress,
    ):
        done = build_site(Build(discovery, settings, root, cache, state, started, executor, progress))
    seconds = time.perf_counter() - begun
    found = ", ".join(_count(done.problems[name], name if name != "info" else "note") for name in SEVERITIES)
    print(
        f"{_count(done.models, 'model')}, {_count(done.versions, 'version')}, {_count(done.pages, 'page')} in "
        f"{options.output} ({done.counts.written} files written); {found}; {seconds:.2f} s",
        file=sys.stderr,
    )
    return 1 if options.strict and done.problems["error"] else 0


def check(options: Namespace) -> int:
    """`sitegen check`: print the problems of a registry; exit 1 when some are as bad as `--fail-on`."""
    settings = read_settings(options.config)
    discovery = open_registry(options.registry)
    found = list(_problems(discovery, settings.privacy))
    text = {"text": report.text, "json": report.json, "github": report.github}[options.format](found)
    sys.stdout.write(text)
    limit = SEVERITIES.index(options.fail_on)
    return 1 if any(SEVERITIES.index(one.severity) <= limit for one in found) else 0


def compare(options: Namespace) -> int:
    """`sitegen compare`: print what changes from one model to another; exit 1 when that breaks somebody."""
    found = compare_versions(read_version(options.old), read_version(options.new))
    text = {"text": changes.text, "json": changes.json, "markdown": changes.markdown}[options.format](found)
    sys.stdout.write(text)
    verdict = found.verdict
    return 1 if "breaking" in (verdict.python, verdict.rest, verdict.outputs) else 0


def _problems(discovery: Discovery, privacy: object) -> Iterator[Diagnostic]:
    yield from discovery.problems
    yield from plan(discovery.models).problems
    for ref in discovery.models:
        model = load_model(discovery.source.stores, ref, Recall(discovery.source.tree, {}, 0))
        if model:
            yield from all_problems(checked(redact_model(model, privacy)))  # type: ignore[arg-type]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@contextmanager
def _workers(jobs: int, versions: int) -> Iterator[Executor | None]:
    """Worker processes where they pay; None to work in this one."""
    if jobs < 0:
        raise SitegenError("--jobs must be at least 1")
    count = jobs or os.cpu_count() or 1
    if count == 1 or (not jobs and versions < WORTH_WORKERS):
        yield None
        return
    method = "fork" if sys.platform == "linux" else "spawn"
    with ProcessPoolExecutor(count, mp_context=get_context(method)) as executor:
        yield executor


@contextmanager
def _progress(versions: int) -> Iterator[Progress]:
    """A progress bar on a terminal; silence in pipes."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("versions"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("versions", total=versions)
        yield lambda done: bar.advance(task, done)
