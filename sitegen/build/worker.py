"""What a worker does: load models, make their pages, write them. It needs nothing but its job."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from sitegen.analysis.publishable import redact_and_check
from sitegen.build.packing import PackedParts
from sitegen.build.request import NO_COUNTS, Counts
from sitegen.build.session import NOTHING, ModelMemo, Session, by_digest
from sitegen.build.state import IndexRow, ModelRow, Pages, dump, seal
from sitegen.core import process
from sitegen.settings.settings import Settings
from sitegen.site.file_copies import copies, screen_model
from sitegen.site.model_pages import Page, model_pages, version_pages
from sitegen.site.render import part
from sitegen.site.summary import Summary, catalog_row, summarize
from sitegen.site.theme import Theme
from sitegen.site.views.context import ModelContext, context
from sitegen.site.views.parts import SiteView
from sitegen.sources.discovery import Source
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.refs import ModelRef
from sitegen.storage.gradual import GradualWriter
from sitegen.storage.manifest import manifest_lines
from sitegen.storage.output import Output
from sitegen.storage.page_links import is_page


class ModelTask(NamedTuple):
    """One model to build, with what the last build knows of it: its pages, and packed parts of what was parsed."""

    identity: str
    ref: ModelRef
    slug: str
    stamp: bytes
    pages: Pages
    parts: Mapping[bytes, bytes]


@dataclass(frozen=True)
class Job:
    """Models to build, and all that is the same for every one. `base` is the fingerprint of what all pages share.

    `kept` is None where nothing is kept of them: it stays in the process that has it.
    """

    source: Source
    settings: Settings
    site: SiteView
    theme: Theme
    base: bytes
    output: Output
    started: int
    items: tuple[ModelTask, ...]
    kept: Session | None = None


class ModelResult(NamedTuple):
    """A model that was built: what is kept of it, packed, the pages it has no more, what was done, and the databases
    that did not answer all questions.

    Its summary is empty when MLflow hides all of its versions: then it has no pages.
    """

    row: IndexRow
    rest: ModelRow
    versions: int
    lost: tuple[str, ...]
    counts: Counts
    failing: frozenset[str] = frozenset()


class _ModelInProgress(NamedTuple):
    """A model on its way: what is known of it, and once that is done its pages."""

    item: ModelTask
    last: ModelMemo
    remembered: PackedParts
    recall: ParseCache
    shared: ModelContext | None
    pages: Pages
    counts: Counts
    failing: frozenset[str] = frozenset()


@process.pause_gc()
def build_models(job: Job) -> list[ModelResult]:
    """Build all models of a job."""
    begun = [_start_model(job, item) for item in job.items]
    job.source.tree.ahead(file for one in begun for file in one.recall.unread(one.item.ref.reading()))
    gradual = None if job.output.is_invisible else GradualWriter(job.output)
    built = [_finish(job, one, gradual) for one in begun]
    if gradual:
        gradual.flush()
    return built


def _start_model(job: Job, item: ModelTask) -> _ModelInProgress:
    last = job.kept.last(item.identity, job.settings.privacy) if job.kept else NOTHING
    remembered = PackedParts(item.parts.values(), item.identity, last.parts)
    recall = ParseCache(job.source.tree, remembered.values(), job.started, last.loaded)
    return _ModelInProgress(item, last, remembered, recall, None, {}, NO_COUNTS)


def _finish(job: Job, begun: _ModelInProgress, gradual: GradualWriter | None) -> ModelResult:
    item = begun.item
    loaded = load_model(job.source.stores, item.ref, begun.recall)
    if loaded is None:
        return _pack_result(job, begun, None)
    last = begun.last._replace(loaded=by_digest(loaded))
    model = screen_model(
        redact_and_check(loaded, job.settings.privacy, begun.last.cleared), job.source.tree, job.settings
    )
    shared = context(model, item.slug, job.settings, job.site)
    own = model_pages(shared, job.theme, job.base)
    versions = chain(copies(shared, job.source.tree), version_pages(shared, job.theme, job.base))
    pages, counts = write(chain(own, versions), item.pages, job.output, gradual)
    problems = chain(loaded.problems, *(one.problems for one in loaded.versions))
    failing = frozenset(found.path for found in problems if found.rule == "database")
    summary = summarize(shared, part(job.theme, "catalog_row", catalog_row(shared)))
    return _pack_result(
        job, begun._replace(last=last, shared=shared, pages=pages, counts=counts, failing=failing), summary
    )


def _pack_result(job: Job, draft: _ModelInProgress, summary: Summary | None) -> ModelResult:
    """Pack what is kept here, in the worker, so that the one process that gathers it has little to do."""
    item, recall, pages, name = draft.item, draft.recall, draft.pages, draft.item.identity
    before, parts = frozenset(item.parts.values()), draft.remembered.repack(recall.fresh)
    if job.kept and draft.shared:
        job.kept.keep(name, draft.last._replace(cleared=by_digest(draft.shared.model), parts=parts))
    return ModelResult(
        row=IndexRow(
            identity=name,
            stamp=item.stamp,
            racy_files=dump(recall.racy_files, name) if recall.racy_files else b"",
            summary=dump(tuple(summary[:-1]) if summary else (), name),  # its mark is the digest of what is packed
            lines=seal(manifest_lines(pages), name),
        ),
        rest=ModelRow(
            identity=name,
            pages=dump(pages, name),
            fresh=tuple(part for part in parts if part not in before),
            gone=tuple(place for place, part in item.parts.items() if part not in parts),
        ),
        versions=len(item.ref.versions),
        lost=tuple(path for path in item.pages if path not in pages),
        counts=draft.counts.plus(Counts(parsed=recall.parsed)),
        failing=draft.failing,
    )


def write(pages: Iterable[Page], known: Pages, output: Output, gradual: GradualWriter | None) -> tuple[Pages, Counts]:
    """Make the pages whose fingerprint is new, and write those whose bytes are new.

    `gradual` is there where files are seen one by one: then new files come before changed ones, loaded ones first.
    """
    published: Pages = {}
    rendered = written = 0
    if gradual:
        pages = sorted(pages, key=lambda page: (page.path in known, is_page(page.path)))
        gradual.expect(page.path for page in pages if page.path not in known and is_page(page.path))
    for page in pages:
        kept = known.get(page.path)
        if kept is None or kept[0] != page.fingerprint:
            data = page.make()
            rendered += 1
            sha256 = hashlib.sha256(data).hexdigest()
            if kept is None or kept[1] != sha256:
                if gradual:
                    gradual.write(page.path, data, kept is None)
                else:
                    output.write(page.path, data)
                written += 1
            kept = page.fingerprint, sha256
        published[page.path] = kept
    return published, Counts(rendered=rendered, written=written)
