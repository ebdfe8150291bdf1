"""From a registry to a site: map over models, reduce over their summaries, publish."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from sitegen.diagnostics import Diagnostic, SitegenError
from sitegen.output import Folder, Output, remove, swap
from sitegen.privacy import Redactor
from sitegen.settings import Settings
from sitegen.site import gather
from sitegen.site.pages import fingerprint
from sitegen.site.plan import Plan, identity, plan
from sitegen.site.summary import Summary
from sitegen.site.theme import Theme
from sitegen.site.view_parts import SiteView
from sitegen.sources.refs import ModelRef
from sitegen.sources.source import Discovery
from sitegen.state import Kept, Pages, Row, State
from sitegen.storage import MANIFEST
from sitegen.work import NOTHING_DONE, Built, Counts, Item, Job, build_models

BATCH = 64
"""Versions that travel to a worker together."""

Progress = Callable[[int], None]
"""Is told how many more versions are done."""


@dataclass(frozen=True)
class Report:
    """What a build did: sizes of the site, work done, problems by severity."""

    models: int
    versions: int
    pages: int
    problems: dict[str, int]
    counts: Counts = NOTHING_DONE


@dataclass(frozen=True)
class Build:
    """One build: a discovered registry on its way to the folder `root`. `cache` is the folder for local state."""

    discovery: Discovery
    settings: Settings
    root: str
    cache: Path
    state: State
    started: int
    executor: Executor | None = None
    progress: Progress = lambda _: None


def build(one: Build) -> Report:
    """Bring the site in `root` up to date, and do as little as that takes. The caller holds the lock."""
    theme = Theme(one.settings.site.templates)
    site, assets = gather.assets(theme, one.settings, one.cache)
    planned = plan(one.discovery.models)
    base = fingerprint(theme.digest(), repr(one.settings), repr(site))
    others = _others(one, planned)
    shared = _Shared(theme, site, assets, base, others, planned)
    stamps = {_name(ref): _stamp(ref, planned) for ref in one.discovery.models}
    manifest = Folder(one.root).read(MANIFEST)
    trusted = _trusted(one, manifest)
    unchanged = trusted and one.state.header("shared") == _mark(shared) and one.state.stamps() == stamps
    report: Report | None = one.state.header("report")
    if unchanged and report and b"" not in stamps.values():
        return report
    if trusted:
        return _publish(one, shared, stamps, Folder(one.root), clean=False)
    _refuse_foreign(one.root, manifest)
    staging = f"{Path(one.root).parent}/.{Path(one.root).name}.sitegen-new"
    remove(staging)
    os.makedirs(staging)
    try:
        report = _publish(one, shared, stamps, Folder(staging, fresh=True), clean=True)
        swap(staging, one.root)
    finally:
        remove(staging)
    return report


@dataclass(frozen=True)
class _Shared:
    """What is the same for all models."""

    theme: Theme
    site: SiteView
    assets: list[gather.File]
    base: bytes
    others: tuple[Diagnostic, ...]
    planned: Plan


def _mark(shared: _Shared) -> bytes:
    return fingerprint(shared.base, repr(shared.others))


def _others(one: Build, planned: Plan) -> tuple[Diagnostic, ...]:
    """Problems of no model, as they may be published."""
    found: tuple[Diagnostic, ...] = Redactor(one.settings.privacy).value(one.discovery.problems + planned.problems)
    return found


def _name(ref: ModelRef) -> str:
    return "\0".join(identity(ref))


def _stamp(ref: ModelRef, planned: Plan) -> bytes:
    """What changes whenever the listing of a model's files does, or what discovery found out about it."""
    facts = [
        (one.name, one.run_id, one.model_id, one.experiment, one.folder is None, one.run is None, one.logged is None)
        for one in ref.versions
    ]
    return fingerprint(planned.slugs[identity(ref)], repr(facts), *(bundle.digest() for bundle in ref.bundles()))


# --- what is there already -------------------------------------------------------------------------------------


def _trusted(one: Build, manifest: bytes | None) -> bool:
    """Whether the state tells the truth about the output: nobody else built there, and no file was lost."""
    if manifest is None or one.state.header("building") is not False:
        return False
    if one.state.header("manifest") != hashlib.sha256(manifest).hexdigest():
        return False
    try:
        return all(os.stat(f"{one.root}/{path}").st_size for path in _paths(manifest))
    except OSError:
        return False


def _refuse_foreign(root: str, manifest: bytes | None) -> None:
    """Raises SitegenError where a clean build would throw away what sitegen did not write."""
    ours = {MANIFEST, *_paths(manifest or b"")}
    for path in Folder(root).paths():
        if path not in ours:
            raise SitegenError(f"{root} holds {path}, which sitegen did not write; choose another --output")


# --- map, reduce, publish --------------------------------------------------------------------------------------


def _publish(one: Build, shared: _Shared, stamps: dict[str, bytes], output: Folder, clean: bool) -> Report:
    state = one.state
    state.set_header(building=True)
    before: Pages = {} if clean else state.header("extras") or {}
    extras: Pages = {}
    counts = Counts(written=_write(shared.assets, before, extras, output))
    known = {} if clean else state.stamps()
    todo = [ref for ref in one.discovery.models if not known.get(_name(ref)) or known[_name(ref)] != stamps[_name(ref)]]
    if not clean and state.header("base") != shared.base:
        todo = list(one.discovery.models)
    old: dict[str, Pages] = {}
    jobs = _jobs(one, shared, stamps, todo, output, clean, old)
    summaries: dict[str, tuple[Summary | None, bytes]] = {}
    lost: list[str] = []
    gone = set(state.stamps()) - set(stamps)
    for built in _map(one.executor, jobs):
        lines = _lines(built.pages)
        state.save([Row(built.identity, built.stamp, built.summary, lines, built.pages, built.memory)], ())
        summaries[built.identity] = built.summary, lines
        lost += [path for path in old.pop(built.identity, {}) if path not in built.pages]
        counts = counts.plus(built.counts)
        one.progress(built.summary.versions if built.summary else 0)
    if not clean:
        lost += [path for name in gone for path in state.pages(name)]
        summaries = {name: (summary, lines) for name, summary, lines in state.summaries() if name in stamps}
    state.save((), gone)
    return _reduce(one, shared, output, summaries, before, extras, lost, counts)


def _jobs(
    one: Build,
    shared: _Shared,
    stamps: dict[str, bytes],
    todo: Iterable[ModelRef],
    output: Output,
    clean: bool,
    old: dict[str, Pages],
) -> Iterator[Job]:
    """The models in batches; what the last build knows of them is looked up when their turn comes."""
    items: list[Item] = []
    size = 0

    def job() -> Job:
        return Job(
            source=one.discovery.source,
            settings=one.settings,
            site=shared.site,
            theme=shared.theme,
            base=shared.base,
            output=output,
            started=one.started,
            items=tuple(items),
        )

    for ref in todo:
        name = _name(ref)
        pages = {} if clean else one.state.pages(name)
        old[name] = pages
        slug = shared.planned.slugs[identity(ref)]
        items.append(Item(name, ref, slug, stamps[name], pages, one.state.memory(name)))
        size += len(ref.versions)
        if size >= BATCH:
            yield job()
            items, size = [], 0
    if items:
        yield job()


def _map(executor: Executor | None, jobs: Iterator[Job]) -> Iterator[Built]:
    """Run the jobs, a few at a time, and give their models in order. A job whose worker died is run here."""
    if executor is None:
        for job in jobs:
            yield from build_models(job)
        return
    waiting: deque[tuple[Job, Future[list[Built]]]] = deque()
    for job in jobs:
        waiting.append((job, executor.submit(build_models, job)))
        if len(waiting) >= 8:
            yield from _result(*waiting.popleft())
    while waiting:
        yield from _result(*waiting.popleft())


def _result(job: Job, future: "Future[list[Built]]") -> list[Built]:
    try:
        return future.result()
    except BrokenProcessPool:
        return build_models(job)


def _reduce(
    one: Build,
    shared: _Shared,
    output: Folder,
    found: dict[str, tuple[Summary | None, bytes]],
    before: Pages,
    extras: Pages,
    lost: list[str],
    counts: Counts,
) -> Report:
    """Write the pages about all models, then the manifest; then take away what nothing links to any more."""
    visible = sorted(
        ((summary, lines) for summary, lines in found.values() if summary is not None),
        key=lambda pair: (pair[0].kind != "registered", pair[0].name.casefold(), pair[0].slug),
    )
    summaries = [summary for summary, _ in visible]
    files = gather.indexes(summaries, shared.others, shared.theme, one.settings, shared.site)
    written = _write(files, before, extras, output)
    lines = b"".join(lines for _, lines in visible)
    if one.settings.site.base_url:
        paths = [*extras, *_paths(lines)]
        written += _write(gather.sitemap(paths, one.settings.site.base_url), before, extras, output)
    manifest = _lines(extras) + lines
    output.write(MANIFEST, manifest)
    for path in [*lost, *(path for path in before if path not in extras)]:
        output.delete(path)
    report = Report(
        models=len(summaries),
        versions=sum(summary.versions for summary in summaries),
        pages=manifest.count(b".html\n"),
        problems=_problems(summaries, shared.others),
    )
    one.state.set_header(
        extras=extras,
        base=shared.base,
        shared=_mark(shared),
        report=report,
        manifest=hashlib.sha256(manifest).hexdigest(),
        building=False,
    )
    return Report(**{**report.__dict__, "counts": counts.plus(Counts(written=written))})


def _write(files: Iterable[gather.File], before: Pages, extras: Pages, output: Output) -> int:
    """Write files whose bytes are new, note all of them in `extras`, and count those written."""
    written = 0
    for path, data in files:
        sha256 = hashlib.sha256(data).hexdigest()
        if path not in before or before[path].sha256 != sha256:
            output.write(path, data)
            written += 1
        extras[path] = Kept(b"", sha256)
    return written


def _lines(pages: Pages) -> bytes:
    """The lines of the manifest, which `sha256sum --check` understands."""
    return "".join(f"{kept.sha256}  {path}\n" for path, kept in sorted(pages.items())).encode()


def _paths(manifest: bytes) -> list[str]:
    return [line.partition("  ")[2] for line in manifest.decode("utf-8", "replace").splitlines()]


def _problems(summaries: Iterable[Summary], others: Iterable[Diagnostic]) -> dict[str, int]:
    counts = {"error": 0, "warning": 0, "info": 0}
    for found in others:
        counts[found.severity] += 1
    for summary in summaries:
        for _, severity, count in summary.counts:
            counts[severity] += count
    return counts
