"""Building what has changed: map over models, reduce over their summaries, publish in an order that never breaks."""

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from itertools import count, repeat
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from sitegen.build.loss_check import check_still_there, forget_all_but_stores, refuse_foreign
from sitegen.build.plan import Build, Plan
from sitegen.build.request import Counts, Report
from sitegen.build.session import Session
from sitegen.build.state import DIGEST, IndexRow, Pages, load, unseal
from sitegen.build.worker import Job, ModelResult, ModelTask, build_models, write
from sitegen.core import process
from sitegen.core.fingerprint import fingerprint
from sitegen.privacy.values import redact_problems
from sitegen.settings.keep import MANIFEST, Keep
from sitegen.site import assets, feeds, index_pages
from sitegen.site.model_pages import Page
from sitegen.site.summary import Summary, severities
from sitegen.site.views.parts import SiteView
from sitegen.sources.database.snapshot import ask_databases, has_database
from sitegen.sources.discovery import Source
from sitegen.sources.refs import ModelRef
from sitegen.storage.gradual import GradualWriter
from sitegen.storage.manifest import manifest_lines, manifest_paths
from sitegen.storage.output import Output
from sitegen.storage.release import open_release

if TYPE_CHECKING:
    from concurrent.futures import Executor

BATCH = 64
"""Versions that travel to a worker together."""


def publish(one: Build, planned: Plan) -> Report:
    """Build what has changed; where the state cannot be trusted, build all anew."""
    keep = Keep(one.settings.publish.keep)
    if planned.trusted:
        with suppress(_DamagedError):
            return _release(one, planned, keep, clean=False)
        forget_all_but_stores(one.state)
    refuse_foreign(one.root, keep)
    return _release(one, planned, keep, clean=True)


def _release(one: Build, planned: Plan, keep: Keep, clean: bool) -> Report:
    """Write what is new, bring it to its place, delete what is gone, and only then remember that all is done."""
    with open_release(one.root, keep, clean) as release:
        publication = _Publication(one, planned, release.output, keep, clean)
        report = publication.run()
        release.finish(publication.lost)
    one.state.set_header(**publication.facts, building=False)
    return report


class _DamagedError(Exception):
    """What the state says of some model cannot be read."""


class _Publication:
    """One pass over a registry, into one output."""

    def __init__(self, one: Build, planned: Plan, output: Output, keep: Keep, clean: bool) -> None:
        self.one, self.planned, self.output, self.clean = one, planned, output, clean
        self.state, self.known = one.state, one.state.stamps()
        self.others = redact_problems(planned.others, one.settings.privacy)
        self.before: Pages = {} if clean else self.state.header("extras") or {}
        self.there = set(output.paths(keep)) if clean else set()  # where nothing can be swapped, the old site
        self.before |= dict.fromkeys(self.there, (b"", ""))
        self.extras: Pages = {}
        self.counts = Counts()
        self.failing: set[str] = set()
        self.same = not clean and one.state.header("base") == planned.base
        self.site, self.assets = self._assets()
        self.lost: set[str] = set()
        self.facts: dict[str, object] = {}

    def run(self) -> Report:
        """Write assets, models, indexes and the manifest; then `lost` are to be deleted, and `facts` remembered."""
        todo = self._todo()
        with self._sources(todo) as sources:
            return self._run(todo, sources)

    def _run(self, todo: Mapping[str, ModelRef], sources: Iterator[Source]) -> Report:
        self.state.set_header(building=True)
        self._write(self.assets)
        if self.clean and not self.output.is_invisible and "index.html" not in self.there:
            self._announce()
        gone = set(self.known) - set(self.planned.stamps)
        lost = [*self.there] if self.clean else [path for name in gone for path in self.state.pages(name)]
        rows: list[IndexRow] = []
        versions = [len(ref.versions) for ref in todo.values()]
        with self.one.workers(sum(versions) - max(versions, default=0)) as executor:  # one model is one worker's
            kept = self.one.earlier.kept if executor is None else None
            for batch in _run_jobs(executor, self._jobs(todo, sources, kept), self.one.ahead):
                self.state.save_models(built.rest for built in batch)
                for built in batch:
                    rows.append(built.row)
                    lost += built.lost
                    self.failing |= built.failing
                    self.counts = self.counts.plus(built.counts)
                    self.one.progress(built.versions)
        check_still_there(self.one)
        self.state.save(rows, gone)
        return self._reduce(rows, lost)

    def _assets(self) -> tuple[SiteView, list[Page]]:
        """What all pages share, and the files that they load; none where they cannot have changed."""
        names: dict[str, str] | None = self.state.header("assets") if self.same else None
        paths = [path for path in (names or {}).values() if path]
        if names and self.before.keys() >= set(paths):
            self.extras |= {path: self.before[path] for path in paths}
            return assets.site_view(self.one.settings, names), []
        return assets.asset_pages(self.planned.theme, self.one.settings)

    def _announce(self) -> None:
        """Write the pages about all models as if there were none: pages of models link to them.

        What is written here is not known of them later, so that they are written again with the models.
        """
        base, settings, theme = self.planned.base, self.one.settings, self.planned.theme
        pages = [
            *index_pages.constants(theme, settings, self.site, base),
            *index_pages.indexes((), (), theme, settings, self.site, base, b""),
        ]
        gradual = GradualWriter(self.output)
        published, _ = write(pages, {}, self.output, gradual)
        gradual.flush()
        self.before |= dict.fromkeys(published, (b"", ""))

    def _todo(self) -> dict[str, ModelRef]:
        """The models that may have changed, by name: all, where what they share has."""
        refs, stamps = self.planned.refs, self.planned.stamps
        if not self.same:
            return refs
        return {name: ref for name, ref in refs.items() if self.known.get(name) != stamps[name]}

    @contextmanager
    def _sources(self, todo: Mapping[str, ModelRef]) -> Iterator[Iterator[Source]]:
        """The source of each batch. Where files are written in place, databases answer before the first of them is:
        one that is locked in the middle must not leave half of a change.
        """
        source = self.one.discovery.source
        if not has_database(source) or (self.clean and not self.there):
            yield repeat(source)
            return
        with TemporaryFile() as file:
            for batch in _batches(todo):
                pickle.dump(ask_databases(source, list(batch.values())).stores, file)
            file.seek(0)
            yield (replace(source, stores=pickle.load(file)) for _ in count())  # noqa: S301 - nobody else has the file

    def _jobs(self, todo: Mapping[str, ModelRef], sources: Iterator[Source], kept: Session | None) -> Iterator[Job]:
        """The models in batches; what the last build knows of them is looked up when their turn comes."""
        old = self._old_pages()
        for batch, source in zip(_batches(todo), sources, strict=False):
            items = []
            for name, ref in batch.items():
                stamp, slug = self.planned.stamps[name], self.planned.slugs[name]
                pages = old.get(slug, {}) if self.clean else self.state.pages(name)
                items.append(ModelTask(name, ref, slug, stamp, pages, self.state.parts(name)))
            yield self._job(items, source, kept)

    def _old_pages(self) -> dict[str, Pages]:
        """By model, what a clean build finds in place: bytes that it knows nothing of, at addresses that are linked."""
        found: dict[str, Pages] = {}
        for path in self.there:
            folder, _, rest = path.partition("/")
            if folder == "models":
                found.setdefault(rest.partition("/")[0], {})[path] = b"", ""
        return found

    def _job(self, items: list[ModelTask], source: Source, kept: Session | None) -> Job:
        return Job(
            source=source,
            settings=self.one.settings,
            site=self.site,
            theme=self.planned.theme,
            base=self.planned.base,
            output=self.output,
            started=self.one.started,
            items=tuple(items),
            kept=kept,
        )

    @process.pause_gc()
    def _reduce(self, fresh: list[IndexRow], lost: list[str]) -> Report:
        """Write the pages about all models, then the manifest; then take away what nothing links to any more."""
        one, planned = self.one, self.planned
        kept = [(row.identity, row.summary, row.lines) for row in fresh] if self.clean else self.state.summaries()
        rows = {name: (summary, lines) for name, summary, lines in kept if name in planned.stamps}
        if len(rows) < len(planned.stamps):
            raise _DamagedError
        order = sorted(rows, key=lambda name: planned.slugs[name])
        mark = fingerprint(planned.base, planned.mark, b"".join([rows[name][0][:DIGEST] for name in order]))
        self._write(index_pages.constants(planned.theme, one.settings, self.site, planned.base))
        report: Report | None = self.state.header("report")
        known: tuple[bytes, Pages] | None = None if self.clean else self.state.header("indexes")
        if report and known and known[0] == mark:
            indexes = known[1]
        else:
            report, indexes = self._indexes(_summaries((name, rows[name][0]) for name in order), mark)
        self.extras |= indexes
        lines = b"".join(_intact(rows[name][1], name) for name in order)
        if one.settings.site.base_url:
            self._write(feeds.sitemap([*self.extras, *manifest_paths(lines)], one.settings.site.base_url))
        manifest = manifest_lines(self.extras) + lines
        digest = hashlib.sha256(manifest).hexdigest()
        if self.clean or digest != self.state.header("manifest"):
            self.output.write(MANIFEST, manifest)
        self.output.flush()
        unlinked = {*lost, *self.before}.difference(self.extras, [MANIFEST])
        self.lost = unlinked.difference(manifest_paths(manifest)) if unlinked else set()
        report = replace(report, pages=manifest.count(b".html\n"))
        self.facts = {
            "assets": self.site.assets,
            "extras": self.extras,
            "base": planned.base,
            "mark": planned.mark,
            "indexes": (mark, indexes),
            "report": report,
            "manifest": digest,
            "failing": frozenset(self.failing | (self.state.header("failing") or frozenset())),
        }
        return replace(report, counts=self.counts)

    def _indexes(self, found: Iterable[Summary], mark: bytes) -> tuple[Report, Pages]:
        """Write the pages about all models that MLflow does not hide."""
        visible = sorted(found, key=lambda one: (one.kind != "registered", one.name.casefold(), one.slug))
        theme, settings, base = self.planned.theme, self.one.settings, self.planned.base
        pages = self._write(index_pages.indexes(visible, self.others, theme, settings, self.site, base, mark))
        report = Report(
            models=len(visible),
            versions=sum(summary.versions for summary in visible),
            pages=0,
            problems=severities(visible, self.others),
        )
        return report, pages

    def _write(self, pages: Iterable[Page]) -> Pages:
        """Write the files whose bytes are new."""
        gradual = None if self.output.is_invisible else GradualWriter(self.output)
        published, counts = write(pages, self.before, self.output, gradual)
        self.extras |= published
        self.counts = self.counts.plus(counts)
        if gradual:
            gradual.flush()
        return published


def _batches(todo: Mapping[str, ModelRef]) -> Iterator[dict[str, ModelRef]]:
    """The models in parts that travel together."""
    batch: dict[str, ModelRef] = {}
    versions = 0
    for name, ref in todo.items():
        batch[name] = ref
        versions += len(ref.versions)
        if versions >= BATCH:
            yield batch
            batch, versions = {}, 0
    if batch:
        yield batch


def _intact(blob: bytes, name: str) -> bytes:
    data = unseal(blob, name)
    if data is None:
        raise _DamagedError
    return data


def _summaries(rows: Iterable[tuple[str, bytes]]) -> Iterator[Summary]:
    """The summaries of models that have pages."""
    for name, blob in rows:
        values = load(blob, name)
        if values is None:
            raise _DamagedError
        if values:
            yield Summary._make((*values, blob[:DIGEST]))


def _run_jobs(executor: "Executor | None", jobs: Iterator[Job], ahead: int) -> Iterator[list[ModelResult]]:
    """The models of each job, in order: made here, or by the executor's workers."""
    if executor is None:
        return map(build_models, jobs)
    spread: Callable[..., Iterator[list[ModelResult]]] = import_module(
        "sitegen.build.executor"
    ).map_ordered  # not for small builds
    return spread(executor, jobs, ahead)
