"""The models that changed: in batches to workers, and their results to the state."""

import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import count, repeat
from tempfile import TemporaryFile
from typing import NamedTuple

from sitegen.build.context import BuildContext
from sitegen.build.executor import run_in_order
from sitegen.build.loss_check import check_still_there
from sitegen.build.packing import dump, load, seal
from sitegen.build.request import NO_COUNTS, Counts
from sitegen.build.session import Session
from sitegen.build.shares import LARGE_MODEL, Share, count_shares
from sitegen.build.state import UNKNOWN_PAGE, DamagedStateError, IndexRow, Pages
from sitegen.build.worker import Job, ModelResult, ModelTask, run_job
from sitegen.sources.database.snapshot import ask_databases, has_database
from sitegen.sources.discovery import Source
from sitegen.sources.refs import ModelRef
from sitegen.storage.manifest import manifest_lines, manifest_sizes

BATCH = 64
"""Versions that travel to a worker together."""

MIN_AHEAD = 8
"""Jobs that wait for a worker, at least."""


class ModelsResult(NamedTuple):
    """The rows of all models that were read, paths that they have no more, databases that did not answer all
    questions, the work that was done, and on demand one line a bundle and page that explains it.
    """

    rows: list[IndexRow]
    old_paths: list[str]
    failing: frozenset[str]
    counts: Counts
    reasons: list[str]


@contextmanager
def open_sources(context: BuildContext) -> Iterator[Iterator[Source]]:
    """The source of each batch.

    Where files are written in place, databases answer before the first of them is written: a database that is locked
    in the middle must not leave half of a change.
    """
    source = context.request.discovery.source
    if not has_database(source) or (context.clean and not context.files_in_place):
        yield repeat(source)
        return
    with TemporaryFile() as file:
        for batch in _batches(context):
            pickle.dump(ask_databases(source, list(batch.values())).stores, file)
        file.seek(0)
        yield (replace(source, stores=pickle.load(file)) for _ in count())  # noqa: S301 - nobody else has the file


def _old_pages(context: BuildContext, name: str) -> Pages:
    """The pages of a model in the last build; none of a new one.

    Raises DamagedStateError where the state has lost them: nobody else knows which files to delete.
    """
    pages = context.request.state.readable_pages(name)
    if pages is None and name in context.stamps:
        raise DamagedStateError
    return pages or {}


def build_models(context: BuildContext, sources: Iterator[Source]) -> ModelsResult:
    """Build all models that may have changed, and save their results."""
    request, state = context.request, context.request.state
    gone = set(context.stamps) - set(context.plan.stamps)
    old_paths = (
        [*context.files_in_place] if context.clean else [path for name in gone for path in _old_pages(context, name)]
    )
    rows: list[IndexRow] = []
    failing: set[str] = set()
    reasons: list[str] = []
    counts = NO_COUNTS
    versions = {name: len(ref.versions) for name, ref in context.plan.refs.items() if context.reasons[name]}
    shares = _shares(context, versions)
    alone = max((number for name, number in versions.items() if name not in shares), default=0)
    with request.workers(sum(versions.values()) - alone) as executor:  # a model that is not shared is one worker's
        session = context.session if executor is None and context.session.max_versions else None
        jobs = _jobs(context, sources, session, shares if executor else {})
        done = run_in_order(executor, run_job, jobs, max(MIN_AHEAD, 2 * request.threads))
        for results in _join_shares(done):
            state.save_models(result.model_row for result in results)
            for result in results:
                rows.append(result.index_row)
                old_paths += result.old_paths
                failing |= result.failing
                reasons += result.reasons
                counts = counts.plus(result.counts)
                request.progress(result.versions)
    check_still_there(request)
    state.save(rows, gone)
    return ModelsResult(rows, old_paths, frozenset(failing), counts, reasons)


def _shares(context: BuildContext, versions: Mapping[str, int]) -> dict[str, int]:
    """By identity, among how many workers a model is shared, where there is more than one.

    Only in a build that writes all pages into a new place: elsewhere few pages of a large model change, and files that
    are visible at once have an order.
    """
    if not context.clean or not context.output.is_invisible or context.files_in_place or context.request.explain:
        return {}
    total, workers = sum(versions.values()), context.request.threads
    counts = {name: count_shares(number, total, workers) for name, number in versions.items()}
    return {name: count for name, count in counts.items() if count > 1}


def _join_shares(batches: Iterator[list[ModelResult]]) -> Iterator[list[ModelResult]]:
    """The results of the jobs, with the shares of each model joined to one result."""
    parts: list[ModelResult] = []
    for results in batches:
        if results[0].share.total == 1:
            yield results
            continue
        parts += results
        if len(parts) == results[0].share.total:
            yield [_join(parts)]
            parts = []


def _join(parts: list[ModelResult]) -> ModelResult:
    """One result of all shares of a model: the first has everything but the version pages of the others.

    Where a file changed between their readings it has no stamp, so that the next build reads the model again.
    """
    first, name = parts[0], parts[0].index_row.identity
    pages: Pages = {}
    for part in parts:
        pages |= load(part.model_row.pages, name)
    counts = first.counts
    for part in parts[1:]:
        counts = counts.plus(part.counts._replace(parsed=0))
    same = len({(part.index_row.summary, part.index_row.racy_files, part.model_row.fresh) for part in parts}) == 1
    lines, sizes = seal(manifest_lines(pages), name), seal(manifest_sizes(pages), name)
    stamp = first.index_row.stamp if same else b""
    return first._replace(
        index_row=first.index_row._replace(stamp=stamp, lines=lines, sizes=sizes),
        model_row=first.model_row._replace(pages=dump(pages, name)),
        versions=sum(part.versions for part in parts),
        counts=counts,
        failing=frozenset().union(*(part.failing for part in parts)),
    )


def _batches(context: BuildContext) -> Iterator[dict[str, ModelRef]]:
    """The models to read, in groups that travel together; one that may be shared travels alone."""
    batch: dict[str, ModelRef] = {}
    versions = 0
    for name, ref in context.plan.refs.items():
        if not context.reasons[name]:
            continue
        if batch and len(ref.versions) >= LARGE_MODEL:
            yield batch
            batch, versions = {}, 0
        batch[name] = ref
        versions += len(ref.versions)
        if versions >= BATCH:
            yield batch
            batch, versions = {}, 0
    if batch:
        yield batch


def _jobs(
    context: BuildContext, sources: Iterator[Source], session: Session | None, shares: Mapping[str, int]
) -> Iterator[Job]:
    """One job a batch, or one a share of a model; the state of its models is read when their turn comes."""
    plan, state = context.plan, context.request.state
    in_place = _pages_in_place(context)
    for batch, source in zip(_batches(context), sources, strict=False):
        tasks = []
        for name, ref in batch.items():
            pages = in_place.get(plan.slugs[name], {}) if context.clean else _old_pages(context, name)
            tasks.append(ModelTask(name, ref, plan.slugs[name], plan.stamps[name], pages, state.parts(name)))
        job = Job(
            source=source,
            settings=context.request.settings,
            site=context.site,
            theme=plan.theme,
            base=plan.base,
            output=context.output,
            started=context.request.started,
            tasks=tuple(tasks),
            explain=context.request.explain,
            session=session,
        )
        if tasks[0].identity not in shares:
            yield job
            continue
        workers = shares[tasks[0].identity]
        for number in range(workers):
            yield replace(job, tasks=(tasks[0]._replace(share=Share(number, workers)),))


def _pages_in_place(context: BuildContext) -> Mapping[str, Pages]:
    """By slug, the pages that a clean build finds in place. Their bytes are unknown; links lead to them."""
    pages: dict[str, Pages] = {}
    for path in context.files_in_place:
        folder, _, rest = path.partition("/")
        if folder == "models":
            pages.setdefault(rest.partition("/")[0], {})[path] = UNKNOWN_PAGE
    return pages
