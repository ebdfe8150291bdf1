"""The files about all models, rendered from their summaries alone: catalog, problems, about, API."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic, Severity
from sitegen.settings.settings import Settings
from sitegen.site import json_api, urls
from sitegen.site.catalog_scripts import catalog_scripts
from sitegen.site.feeds import feed
from sitegen.site.model_pages import Page
from sitegen.site.render import render, render_part
from sitegen.site.summary import Summary, severities
from sitegen.site.theme import Theme, shipped_folder
from sitegen.site.views import compare as compare_module
from sitegen.site.views.catalog import CatalogPart, catalog_fingerprint, catalog_parts, catalog_path, catalog_view
from sitegen.site.views.news import News
from sitegen.site.views.parts import SiteView, view_fingerprint
from sitegen.site.views.reference import about_view, not_found_view, problems_view
from sitegen.version import VERSION

MAX_MODELS = 2000
"""Models in one file of the API."""


def fixed_pages(theme: Theme, settings: Settings, site: SiteView, base: bytes) -> Iterator[Page]:
    """The files that are the same for every registry."""
    path, compare = compare_module.site_compare_view(site, settings)
    yield Page(path, fingerprint(base, view_fingerprint(compare)), partial(render, theme, "compare.html", compare))
    path, about = about_view(site, settings)
    yield Page(path, fingerprint(base, view_fingerprint(about)), partial(render, theme, "about.html", about))
    for schema in sorted((shipped_folder() / "api").glob("*.json")):
        yield Page(f"api/schema/{schema.name}", base, schema.read_bytes)
    if settings.site.base_url:
        path, missing = not_found_view(site, settings)
        yield Page(path, fingerprint(base, view_fingerprint(missing)), partial(render, theme, "404.html", missing))


def index_pages(
    summaries: Sequence[Summary],
    others: Sequence[Diagnostic],
    runs: int,
    theme: Theme,
    settings: Settings,
    site: SiteView,
    base: bytes,
    mark: bytes,
    news: News | None = None,
) -> Iterator[Page]:
    """The files that are about more than one model; `others` are problems of no model, `runs` is the number of runs
    of a registry without models, and `news` is what differs from an earlier site.

    `mark` is the fingerprint of all summaries and problems, `base` the fingerprint of settings, theme and code.
    """
    for part in catalog_parts(summaries, others, runs, news):
        make = partial(_catalog_page, part, theme, settings, site)
        yield Page(catalog_path(part.number), fingerprint(base, catalog_fingerprint(part)), make)
    path, problems = problems_view(summaries, others, site, settings)
    yield Page(path, fingerprint(base, view_fingerprint(problems)), partial(render, theme, "problems.html", problems))
    yield from catalog_scripts(summaries, settings.metrics.directions, base)
    yield from catalog_files(summaries, others, mark)
    yield Page("feed.xml", mark, partial(feed, summaries, settings, news.entries if news else ()))


def _catalog_page(part: CatalogPart, theme: Theme, settings: Settings, site: SiteView) -> bytes:
    twins = frozenset(part.twins)
    html = render_part(theme, "catalog_rows", [(row, row.slug in twins) for row in part.rows])
    return render(theme, "catalog.html", catalog_view(part, html, site, settings))


def catalog_files(summaries: Sequence[Summary], others: Iterable[Diagnostic], mark: bytes) -> Iterator[Page]:
    """`api/catalog.json` and the files that continue it, joined from the JSON objects in the summaries."""
    counts = severities(summaries, others)
    entries = [summary.entry for summary in summaries]
    parts = list(json_api.file_parts([len(entry) for entry in entries], MAX_MODELS))
    for number, (start, end) in enumerate(parts, 1):
        following = urls.api_catalog(number + 1) if number < len(parts) else None
        make = partial(catalog_json, entries[start:end], counts, following)
        yield Page(urls.api_catalog(number), fingerprint(mark, str(number)), make)


def catalog_json(entries: Iterable[bytes], counts: Mapping[Severity, int], following: str | None) -> bytes:
    """One file of the catalog in the API; `following` is the path of the next one."""
    head = {"schema_version": json_api.SCHEMA_VERSION, "generator": f"sitegen {VERSION}", "next": following}
    models = b",".join(entries)
    return json_api.dumps(head)[:-1] + b',"models":[' + models + b'],"problems":' + json_api.dumps(counts) + b"}"
