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
from sitegen.build.request import NO_COUNTS, Counts
from sitegen.build.session import Session
from sitegen.build.state import UNKNOWN_PAGE, DamagedStateError, IndexRow, Pages
from sitegen.build.worker import Job, ModelTask, run_job
from sitegen.sources.database.snapshot import ask_databases, has_database
from sitegen.sources.discovery import Source
from sitegen.sources.refs import ModelRef

BATCH = 64
"""Versions that travel to a worker together."""


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
    versions = [len(ref.versions) for name, ref in context.plan.refs.items() if context.reasons[name]]
    with request.workers(sum(versions) - max(versions, default=0)) as executor:  # one model is one worker's
        session = context.session if executor is None and context.session.max_versions else None
        for results in run_in_order(executor, run_job, _jobs(context, sources, session), request.ahead):
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


def _batches(context: BuildContext) -> Iterator[dict[str, ModelRef]]:
    """The models to read, in groups that travel together."""
    batch: dict[str, ModelRef] = {}
    versions = 0
    for name, ref in context.plan.refs.items():
        if not context.reasons[name]:
            continue
        batch[name] = ref
        versions += len(ref.versions)
        if versions >= BATCH:
            yield batch
            batch, versions = {}, 0
    if batch:
        yield batch


def _jobs(context: BuildContext, sources: Iterator[Source], session: Session | None) -> Iterator[Job]:
    """One job a batch; the state of its models is read when their turn comes."""
    plan, state = context.plan, context.request.state
    in_place = _pages_in_place(context)
    for batch, source in zip(_batches(context), sources, strict=False):
        tasks = []
        for name, ref in batch.items():
            pages = in_place.get(plan.slugs[name], {}) if context.clean else _old_pages(context, name)
            tasks.append(ModelTask(name, ref, plan.slugs[name], plan.stamps[name], pages, state.parts(name)))
        yield Job(
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


def _pages_in_place(context: BuildContext) -> Mapping[str, Pages]:
    """By slug, the pages that a clean build finds in place. Their bytes are unknown; links lead to them."""
    pages: dict[str, Pages] = {}
    for path in context.files_in_place:
        folder, _, rest = path.partition("/")
        if folder == "models":
            pages.setdefault(rest.partition("/")[0], {})[path] = UNKNOWN_PAGE
    return pages
