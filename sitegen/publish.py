"""Building what has changed: map over models, reduce over their summaries, publish in an order that never breaks."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace

from sitegen.diagnostics import Diagnostic, SitegenError
from sitegen.listing import MANIFEST
from sitegen.locations import shown
from sitegen.outcome import Counts, Report
from sitegen.output import Output, output_at, renewed
from sitegen.pipeline import Build, Plan, name_of, paths_of
from sitegen.privacy import Redactor
from sitegen.site import gather
from sitegen.site.plan import ours
from sitegen.site.summary import Summary
from sitegen.sources.refs import ModelRef
from sitegen.state import Pages, unpacked
from sitegen.work import Built, Item, Job, build_models, manifest_lines

BATCH = 64
"""Versions that travel to a worker together."""


def publish(one: Build, planned: Plan) -> Report:
    """Build what has changed; where the state cannot be trusted, build all anew."""
    if planned.trusted:
        return _Publication(one, planned, output_at(one.root), clean=False).run()
    _refuse_foreign(one.root)
    with renewed(one.root) as output:
        return _Publication(one, planned, output, clean=True).run()


def _refuse_foreign(root: str) -> None:
    """Raises SitegenError where a clean build would throw away what sitegen did not write."""
    output = output_at(root)
    manifest = output.read(MANIFEST)
    known = {MANIFEST, *paths_of(manifest or b"")}
    for path in output.paths():
        if path not in known and not (manifest and ours(path)):
            raise SitegenError(f"{shown(root)} holds {path}, which sitegen did not write; choose another --output")


class _Publication:
    """One pass over a registry, into one output."""

    def __init__(self, one: Build, planned: Plan, output: Output, clean: bool) -> None:
        self.one, self.planned, self.output, self.clean = one, planned, output, clean
        self.state = one.state
        self.site, self.assets = gather.assets(planned.theme, one.settings, one.cache)
        self.others: tuple[Diagnostic, ...] = Redactor(one.settings.privacy).value(planned.others)
        self.before: Pages = {} if clean else self.state.header("extras") or {}
        self.there = set(output.paths()) if clean else set()  # where nothing can be swapped, the old site
        self.extras: Pages = {}
        self.counts = Counts()

    def run(self) -> Report:
        """Assets, versions, models, indexes, manifest, then deletions: no link ever leads to what is not there."""
        self.state.set_header(building=True)
        self._write(self.assets)
        gone = set(self.state.stamps()) - set(self.planned.stamps)
        lost = [*self.there] if self.clean else [path for name in gone for path in self.state.pages(name)]
        rows: dict[str, tuple[bytes, bytes]] = {}
        todo = self._todo()
        with self.one.workers(sum(len(ref.versions) for ref in todo)) as executor:
            for built in _map(executor, self._jobs(todo), self.one.ahead):
                self.state.save([built.row], ())
                rows[built.row.identity] = built.row.summary, built.row.lines
                lost += built.lost
                self.counts = self.counts.plus(built.counts)
                self.one.progress(built.versions)
        self.state.save((), gone)
        if not self.clean:
            kept = self.state.summaries()
            rows = {name: (summary, lines) for name, summary, lines in kept if name in self.planned.stamps}
        found = [(unpacked(summary, name)[0], unpacked(lines, name)) for name, (summary, lines) in rows.items()]
        return self._reduce(found, lost)

    def _todo(self) -> list[ModelRef]:
        """The models that may have changed: all, where what they share has."""
        models = self.one.discovery.models
        if self.clean or self.state.header("base") != self.planned.base:
            return list(models)
        known, stamps = self.state.stamps(), self.planned.stamps
        return [ref for ref in models if not known.get(name_of(ref)) or known[name_of(ref)] != stamps[name_of(ref)]]

    def _jobs(self, todo: Iterable[ModelRef]) -> Iterator[Job]:
        """The models in batches; what the last build knows of them is looked up when their turn comes."""
        items: list[Item] = []
        old = self._old_pages()
        for ref in todo:
            name = name_of(ref)
            stamp, slug = self.planned.stamps[name], self.planned.slugs[name]
            pages = old.get(slug, {}) if self.clean else self.state.pages(name)
            items.append(Item(name, ref, slug, stamp, pages, self.state.memory(name)))
            if sum(len(item.ref.versions) for item in items) >= BATCH:
                yield self._job(items)
                items = []
        if items:
            yield self._job(items)

    def _old_pages(self) -> dict[str, Pages]:
        """By model, what a clean build finds in place: bytes that it knows nothing of, at addresses that are linked."""
        found: dict[str, Pages] = {}
        for path in self.there:
            folder, _, rest = path.partition("/")
            if folder == "models":
                found.setdefault(rest.partition("/")[0], {})[path] = b"", ""
        return found

    def _job(self, items: list[Item]) -> Job:
        return Job(
            source=self.one.discovery.source,
            settings=self.one.settings,
            site=self.site,
            theme=self.planned.theme,
            base=self.planned.base,
            output=self.output,
            started=self.one.started,
            items=tuple(items),
        )

    def _reduce(self, found: list[tuple[Summary | None, bytes]], lost: list[str]) -> Report:
        """Write the pages about all models, then the manifest; then take away what nothing links to any more."""
        visible = sorted(
            ((summary, lines) for summary, lines in found if summary is not None),
            key=lambda pair: (pair[0].kind != "registered", pair[0].name.casefold(), pair[0].slug),
        )
        summaries, settings = [summary for summary, _ in visible], self.one.settings
        self._write(gather.indexes(summaries, self.others, self.planned.theme, settings, self.site))
        lines = b"".join(lines for _, lines in visible)
        if settings.site.base_url:
            self._write(gather.sitemap([*self.extras, *paths_of(lines)], settings.site.base_url))
        manifest = manifest_lines(self.extras) + lines
        self.output.write(MANIFEST, manifest)
        unlinked = {*lost, *self.before} - {MANIFEST}
        for path in unlinked.difference(paths_of(manifest)) if unlinked else ():
            self.output.delete(path)
        self.output.flush()
        report = Report(
            models=len(summaries),
            versions=sum(summary.versions for summary in summaries),
            pages=manifest.count(b".html\n"),
            problems=_problems(summaries, self.others),
        )
        self.state.set_header(
            extras=self.extras,
            base=self.planned.base,
            mark=self.planned.mark,
            report=report,
            manifest=hashlib.sha256(manifest).hexdigest(),
            building=False,
        )
        return replace(report, counts=self.counts)

    def _write(self, files: Iterable[gather.File]) -> None:
        """Write files whose bytes are new, and note all of them: first those nobody links to yet."""
        changed = []
        for path, data in files:
            sha256 = hashlib.sha256(data).hexdigest()
            if path in self.there or (path in self.before and self.before[path][1] != sha256):
                changed.append((path, data))
            elif path not in self.before:
                self._put(path, data)
            self.extras[path] = b"", sha256
        self.output.flush()
        for path, data in changed:
            self._put(path, data)
        self.output.flush()

    def _put(self, path: str, data: bytes) -> None:
        self.output.write(path, data)
        self.counts = self.counts.plus(Counts(written=1))


def _map(executor: Executor | None, jobs: Iterator[Job], ahead: int) -> Iterator[Built]:
    """Run the jobs, a few at a time, and give their models in order. A job whose worker died is run here."""
    waiting: deque[tuple[Job, Future[list[Built]]]] = deque()
    for job in jobs:
        future = _submitted(executor, job)
        if future is None:
            yield from build_models(job)
            continue
        waiting.append((job, future))
        if len(waiting) >= ahead:
            yield from _result(*waiting.popleft())
    while waiting:
        yield from _result(*waiting.popleft())


def _submitted(executor: Executor | None, job: Job) -> "Future[list[Built]] | None":
    try:
        return executor.submit(build_models, job) if executor else None
    except BrokenExecutor:
        return None


def _result(job: Job, future: "Future[list[Built]]") -> list[Built]:
    try:
        return future.result()
    except BrokenExecutor:
        return build_models(job)


def _problems(summaries: Iterable[Summary], others: Iterable[Diagnostic]) -> dict[str, int]:
    counts = {"error": 0, "warning": 0, "info": 0}
    for found in others:
        counts[found.severity] += 1
    for summary in summaries:
        for _, severity, count in summary.counts:
            counts[severity] += count
    return counts
