"""The files about all models (assets, pages, API, feed, sitemap, manifest), and the deletions."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sitegen.build.context import BuildContext
from sitegen.build.model_stage import ModelsResult
from sitegen.build.packing import DIGEST, load, unseal
from sitegen.build.plan import explain_models
from sitegen.build.request import BuildReport
from sitegen.build.state import UNKNOWN_PAGE, DamagedStateError, Pages
from sitegen.build.worker import WriteResult
from sitegen.core import process
from sitegen.core.fingerprint import fingerprint
from sitegen.privacy.values import redact_problems
from sitegen.settings.keep import MANIFEST
from sitegen.site import feeds, index_pages, urls
from sitegen.site.summary import Summary, severities
from sitegen.site.views.news import News
from sitegen.storage.manifest import manifest_lines, manifest_paths, manifest_sizes, output_digest
from sitegen.storage.output import output_at


class IndexResult(NamedTuple):
    """The report, the paths to delete, and the facts that the state keeps of the whole build."""

    report: BuildReport
    deletions: set[str]
    facts: dict[str, object]


class _IndexRows(NamedTuple):
    """By identity, in order of the slugs, all sealed: the summary of every model, its lines of the manifest, and the
    sizes of their files.
    """

    summaries: dict[str, bytes]
    lines: dict[str, bytes]
    sizes: dict[str, bytes]


def write_assets(context: BuildContext) -> WriteResult:
    """Write style sheets and scripts that may have changed."""
    return context.write(context.assets) if context.assets else context.reuse(context.kept_assets)


def announce(context: BuildContext) -> BuildContext:
    """Where a new site appears file by file, write the pages about all models as if there were none.

    Pages of models link to them. The context knows that these pages exist but not their bytes, so that they are
    written again with the models.
    """
    if not context.clean or context.output.is_invisible or "index.html" in context.files_in_place:
        return context
    plan, settings, site = context.plan, context.request.settings, context.site
    pages = [
        *index_pages.fixed_pages(plan.theme, settings, site, plan.base),
        *index_pages.index_pages((), (), 0, plan.theme, settings, site, plan.base, b""),
    ]
    written = replace(context, pages={}).write(pages)
    return replace(context, pages=context.pages | dict.fromkeys(written.pages, UNKNOWN_PAGE))


@process.pause_gc()
def build_indexes(context: BuildContext, assets: WriteResult, models: ModelsResult) -> IndexResult:
    """Write the pages about all models, then the manifest.

    Raises DamagedStateError where the state does not have the rows of all models.
    """
    plan, settings, state = context.plan, context.request.settings, context.request.state
    rows = _read_rows(context, models)
    fixed = context.write(index_pages.fixed_pages(plan.theme, settings, context.site, plan.base))
    lines, sizes = (b"".join(_unseal(blob, name) for name, blob in part.items()) for part in (rows.lines, rows.sizes))
    mark = _mark(context, rows)
    report, indexes = _build_catalog(context, rows.summaries, lines, mark)
    written = assets.plus(fixed).plus(indexes)
    if settings.site.base_url:
        paths = [*written.pages, *manifest_paths(lines)]
        written = written.plus(context.write(feeds.sitemap(paths, settings.site.base_url)))
    manifest = manifest_lines(written.pages) + lines
    digest = hashlib.sha256(manifest).hexdigest()
    if context.clean or digest != state.header("manifest"):
        context.output.write(MANIFEST, manifest)
    context.output.flush()
    report = replace(report, pages=manifest.count(b".html\n"))
    facts = {
        "assets": context.site.assets,
        "extras": written.pages,
        "base": plan.base,
        "mark": plan.problems_mark,
        "indexes": (mark, indexes.pages),
        "report": report,
        "manifest": digest,
        "output": output_digest(manifest, manifest_sizes(written.pages) + sizes),
        "failing": models.failing | (state.header("failing") or frozenset()),
    }
    old_paths = {*models.old_paths, *context.pages}.difference(written.pages, [MANIFEST])
    deletions = old_paths.difference(manifest_paths(manifest)) if old_paths else set()
    explanation = _explain(context, models, written, deletions) if context.request.explain else ()
    report = replace(report, counts=models.counts.plus(written.counts), explanation=explanation)
    return IndexResult(report, deletions, facts)


def _explain(
    context: BuildContext, models: ModelsResult, written: WriteResult, deletions: Iterable[str]
) -> tuple[str, ...]:
    """One line per model, bundle and page: the action, and the reason. The order is the same for every executor."""
    gone = (identity.rpartition("\0")[2] for identity in context.stamps.keys() - context.plan.stamps.keys())
    return (
        *explain_models(context.plan.slugs, context.reasons),
        *sorted(f"model {name}: deleted (not in the registry)" for name in gone),
        *models.reasons,
        *sorted(written.reasons),
        *(f"page {path}: deleted" for path in sorted(deletions)),
    )


def _read_rows(context: BuildContext, models: ModelsResult) -> _IndexRows:
    """The rows of all models: of this build where it is clean, else of the state."""
    plan = context.plan
    if context.clean:
        rows = {row.identity: (row.summary, row.lines, row.sizes) for row in models.rows}
    else:
        saved = context.request.state.summaries()
        rows = {name: (summary, lines, sizes) for name, summary, lines, sizes in saved if name in plan.stamps}
    if len(rows) < len(plan.stamps):
        raise DamagedStateError
    order = sorted(rows, key=lambda name: plan.slugs[name])
    return _IndexRows(*({name: rows[name][number] for name in order} for number in range(3)))


def _mark(context: BuildContext, rows: _IndexRows) -> bytes:
    """The fingerprint of everything that the pages about all models show; of all files of models, where they are
    compared with those of an earlier site.
    """
    parts = (rows.summaries, rows.lines) if context.request.earlier else (rows.summaries,)
    digests = (b"".join([blob[:DIGEST] for blob in part.values()]) for part in parts)
    return fingerprint(context.plan.base, context.plan.problems_mark, *digests)


def _build_catalog(
    context: BuildContext, summaries: Mapping[str, bytes], lines: bytes, mark: bytes
) -> tuple[BuildReport, WriteResult]:
    """Write the pages about all models that MLflow does not hide, unless `mark` is that of the last build.

    `lines` are the lines of the manifest with the files of all models.
    """
    state, settings, plan = context.request.state, context.request.settings, context.plan
    report: BuildReport | None = state.header("report")
    last: tuple[bytes, Pages] | None = None if context.clean else state.header("indexes")
    if report and last and last[0] == mark:
        return report, context.reuse(last[1])
    problems = redact_problems(plan.problems, settings.privacy)
    visible = sorted(_load_summaries(summaries), key=_rank)
    runs = context.request.discovery.runs
    found = _find_news(context, visible, lines)
    pages = index_pages.index_pages(visible, problems, runs, plan.theme, settings, context.site, plan.base, mark, found)
    report = BuildReport(
        models=len(visible),
        versions=sum(summary.versions for summary in visible),
        pages=0,
        problems=severities(visible, problems),
    )
    return report, context.write(pages)


def _find_news(context: BuildContext, summaries: Sequence[Summary], lines: bytes) -> News | None:
    """What differs from the earlier site; None without one."""
    request = context.request
    if request.earlier is None:
        return None
    from sitegen.site.api_digests import digests_in_manifest
    from sitegen.site.api_files import ApiFiles
    from sitegen.site.news import NewSite, find_news

    catalog = index_pages.catalog_json((one.entry for one in summaries), severities(summaries, ()), None)

    def read(path: str) -> bytes | None:
        """A file of the new site, which is in the output already or waits to be moved there."""
        if path == urls.api_catalog(1):
            return catalog
        data = context.output.read(path)
        return data if data is not None or context.clean else output_at(request.root).read(path)

    stores = {one.slug: one.store for one in summaries}
    new = NewSite(ApiFiles(request.root, read), digests_in_manifest(lines), stores)
    return find_news(request.earlier, new, request.settings)


def _rank(summary: Summary) -> tuple[bool, str, str]:
    """The place of a model in the catalog: registered models first, then by name."""
    return summary.kind != "registered", summary.name.casefold(), summary.slug


def _load_summaries(summaries: Mapping[str, bytes]) -> Iterator[Summary]:
    """The summaries of models that have pages."""
    for name, blob in summaries.items():
        values = load(blob, name)
        if values is None:
            raise DamagedStateError
        if values:
            yield Summary._make((*values, blob[:DIGEST]))


def _unseal(blob: bytes, name: str) -> bytes:
    data = unseal(blob, name)
    if data is None:
        raise DamagedStateError
    return data
