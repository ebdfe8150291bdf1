"""The work of one job, in any process: load models, render their pages, write changed files."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from sitegen.analysis.publishable import redact_and_check
from sitegen.build.packing import PackedParts, dump, dump_by_value, seal
from sitegen.build.request import NO_COUNTS, Counts
from sitegen.build.session import NO_MEMO, ModelMemo, Session, by_digest
from sitegen.build.shares import WHOLE, Share
from sitegen.build.state import IndexRow, ModelRow, Pages
from sitegen.core import process
from sitegen.settings.settings import Settings
from sitegen.site.card_images import image_copies
from sitegen.site.file_copies import copies, screen_model
from sitegen.site.model_pages import Page, model_pages, version_pages
from sitegen.site.summary import Summary, summarize
from sitegen.site.theme import Theme
from sitegen.site.views.context import ModelContext, model_context
from sitegen.site.views.parts import SiteView
from sitegen.sources.discovery import Source
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.refs import ModelRef
from sitegen.storage.gradual import GradualWriter
from sitegen.storage.listing import printable
from sitegen.storage.manifest import manifest_lines, manifest_sizes
from sitegen.storage.output import Output
from sitegen.storage.page_links import is_page


class ModelTask(NamedTuple):
    """One model to build, or a share of it, with its pages and packed parsed values of the last build."""

    identity: str
    ref: ModelRef
    slug: str
    stamp: bytes
    pages: Pages
    parts: Mapping[bytes, bytes]
    share: Share = WHOLE


@dataclass(frozen=True)
class Job:
    """Models to build, and the values that they share. `base` is the fingerprint of settings, theme and code.

    `session` is None in worker processes: it stays in the process that it belongs to.
    """

    source: Source
    settings: Settings
    site: SiteView
    theme: Theme
    base: bytes
    output: Output
    started: int
    tasks: tuple[ModelTask, ...]
    explain: bool = False
    session: Session | None = None


class ModelResult(NamedTuple):
    """A model that was built: its rows of the state, paths of pages that it has no more, the work that was done,
    the databases that did not answer all questions, and on demand one line a bundle and page that explains it.

    Its summary is empty when MLflow hides all of its versions: then it has no pages. `share` says which of its version
    pages these are.
    """

    index_row: IndexRow
    model_row: ModelRow
    versions: int
    old_paths: tuple[str, ...]
    counts: Counts
    failing: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()
    share: Share = WHOLE


class WriteResult(NamedTuple):
    """The pages, the counts of work done, and on demand one line per page that explains it."""

    pages: Pages
    counts: Counts = NO_COUNTS
    reasons: tuple[str, ...] = ()

    def plus(self, other: "WriteResult") -> "WriteResult":
        """Both together."""
        return WriteResult(self.pages | other.pages, self.counts.plus(other.counts), (*self.reasons, *other.reasons))


class _Outcome(NamedTuple):
    """Whether a page was rendered and written, and why."""

    rendered: bool
    written: bool
    reason: str


NO_CHANGE = _Outcome(False, False, "unchanged")
_SAME_BYTES = _Outcome(True, False, "rendered (fingerprint changed), not written (same bytes)")
_NEW_BYTES = _Outcome(True, True, "rendered (fingerprint changed), written (bytes changed)")
_NEW = _Outcome(True, True, "rendered (new), written (new)")


class _ModelInProgress(NamedTuple):
    """A model between the steps of a job; `context`, `written` and `failing` are set once it has pages."""

    task: ModelTask
    memo: ModelMemo
    packed: PackedParts
    cache: ParseCache
    context: ModelContext | None = None
    written: WriteResult = WriteResult({})
    failing: frozenset[str] = frozenset()


@process.pause_gc()
def run_job(job: Job) -> list[ModelResult]:
    """Build all models of a job."""
    models = [_start_model(job, task) for task in job.tasks]
    job.source.tree.ahead(file for model in models for file in model.cache.unread(model.task.ref.reading()))
    gradual = None if job.output.is_invisible else GradualWriter(job.output)
    results = [_build_model(job, model, gradual) for model in models]
    if gradual:
        gradual.flush()
    return results


def _start_model(job: Job, task: ModelTask) -> _ModelInProgress:
    memo = job.session.memo(task.identity, job.settings.privacy) if job.session else NO_MEMO
    packed = PackedParts(task.parts.values(), task.identity, memo.parts)
    cache = ParseCache(job.source.tree, packed.values(), job.started, memo.loaded)
    return _ModelInProgress(task, memo, packed, cache)


def _build_model(job: Job, model: _ModelInProgress, gradual: GradualWriter | None) -> ModelResult:
    """Load a model, redact and check it, and write its pages."""
    task, tree = model.task, job.source.tree
    loaded = load_model(job.source.stores, task.ref, model.cache)
    if loaded is None:
        return _pack_result(job, model, None)
    publishable = redact_and_check(loaded, job.settings.privacy, model.memo.redacted)
    context = model_context(screen_model(publishable, tree, job.settings), task.slug, job.settings, job.site)
    places = task.share.places(len(context.model.versions))
    pages = version_pages(context, job.theme, job.base, places)
    if task.share.number == 0:
        own = model_pages(context, job.theme, job.base)
        pages = chain(own, copies(context, tree), image_copies(context, tree), pages)
    written = write_changes(pages, task.pages, job.output, gradual, job.explain)
    problems = chain(loaded.problems, *(version.problems for version in loaded.versions))
    failing = frozenset(problem.path for problem in problems if problem.rule == "database")
    summary = summarize(context)
    memo = model.memo._replace(loaded=by_digest(loaded))
    done = model._replace(memo=memo, context=context, written=written, failing=failing)
    return _pack_result(job, done, summary)


def _pack_result(job: Job, model: _ModelInProgress, summary: Summary | None) -> ModelResult:
    """Pack the rows of a model here, in the worker: the process that collects them has little to do."""
    task, cache, pages, name = model.task, model.cache, model.written.pages, model.task.identity
    before, parts = frozenset(task.parts.values()), model.packed.repack(cache.fresh)
    if job.session and model.context:
        job.session.save_memo(name, model.memo._replace(redacted=by_digest(model.context.model), parts=parts))
    return ModelResult(
        index_row=IndexRow(
            identity=name,
            stamp=task.stamp,
            racy_files=dump(cache.racy_files, name) if cache.racy_files else b"",
            summary=dump_by_value(tuple(summary[:-1]) if summary else (), name),  # the digest marks it
            lines=seal(manifest_lines(pages), name),
            sizes=seal(manifest_sizes(pages), name),
        ),
        model_row=ModelRow(
            identity=name,
            pages=dump(pages, name),
            fresh=tuple(part for part in parts if part not in before),
            gone=tuple(key for key, part in task.parts.items() if part not in parts),
        ),
        versions=len(task.share.places(len(task.ref.versions))),
        old_paths=tuple(path for path in task.pages if path not in pages),
        counts=model.written.counts.plus(Counts(parsed=cache.parsed)),
        failing=model.failing,
        reasons=(*_explain_bundles(cache), *model.written.reasons) if job.explain else (),
        share=task.share,
    )


def _explain_bundles(cache: ParseCache) -> list[str]:
    """One line a bundle: whether it was parsed, and why. The kind of a bundle is left out for folders of models."""
    lines = []
    for name, reason in cache.reasons.items():
        kind, _, path = name.partition(" ")
        lines.append(f"bundle {printable(path) or '.'}{'' if kind == 'folder' else f' ({kind})'}: {reason}")
    return sorted(lines)


def write_changes(
    pages: Iterable[Page], known: Pages, output: Output, gradual: GradualWriter | None, explain: bool = False
) -> WriteResult:
    """Render the pages whose fingerprint is new, and write those whose bytes are new.

    `gradual` is set where files become visible one by one: then new files come before changed ones, assets before
    pages.
    """
    published: Pages = {}
    reasons: list[str] = []
    rendered = written = 0
    if gradual:
        pages = sorted(pages, key=lambda page: (page.path in known, is_page(page.path)))
        gradual.expect(page.path for page in pages if page.path not in known and is_page(page.path))
    for page in pages:
        published[page.path], outcome = _write_change(page, known.get(page.path), output, gradual)
        rendered += outcome.rendered
        written += outcome.written
        if explain:
            reasons.append(f"page {page.path}: {outcome.reason}")
    return WriteResult(published, Counts(rendered=rendered, written=written), tuple(sorted(reasons)))


def _write_change(
    page: Page, known: tuple[bytes, str, int] | None, output: Output, gradual: GradualWriter | None
) -> tuple[tuple[bytes, str, int], _Outcome]:
    """Render and write one page if necessary; returns its new fingerprint, SHA-256 and size, and the action."""
    if known is not None and known[0] == page.fingerprint:
        return known, NO_CHANGE
    data = page.make()
    sha256 = hashlib.sha256(data).hexdigest()
    published = page.fingerprint, sha256, len(data)
    if known is not None and known[1] == sha256:
        return published, _SAME_BYTES
    if gradual:
        gradual.write(page.path, data, known is None)
    else:
        output.write(page.path, data)
    return published, _NEW if known is None else _NEW_BYTES
