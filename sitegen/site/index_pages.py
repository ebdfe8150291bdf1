"""The files about all models, rendered from their summaries alone: catalog, problems, about, API."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.settings import Settings
from sitegen.site import json_api
from sitegen.site.feeds import feed
from sitegen.site.model_pages import Page
from sitegen.site.render import render, render_part
from sitegen.site.summary import Summary, severities
from sitegen.site.theme import Theme, shipped_folder
from sitegen.site.views import compare as compare_module
from sitegen.site.views.catalog import CatalogPart, catalog_fingerprint, catalog_parts, catalog_path, catalog_view
from sitegen.site.views.parts import SiteView, view_fingerprint
from sitegen.site.views.reference import about_view, not_found_view, problems_view
from sitegen.version import VERSION


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
) -> Iterator[Page]:
    """The files that are about more than one model; `others` are problems of no model, and
    `runs` is the number of runs of a registry without models.

    `mark` is the fingerprint of all summaries and problems, `base` the fingerprint of settings, theme and code.
    """
    for part in catalog_parts(summaries, others, runs):
        make = partial(_catalog_page, part, theme, settings, site)
        yield Page(catalog_path(part.number), fingerprint(base, catalog_fingerprint(part)), make)
    path, problems = problems_view(summaries, others, site, settings)
    yield Page(path, fingerprint(base, view_fingerprint(problems)), partial(render, theme, "problems.html", problems))
    yield Page("api/catalog.json", mark, partial(catalog_json, summaries, others))
    yield Page("feed.xml", mark, partial(feed, summaries, settings))


def _catalog_page(part: CatalogPart, theme: Theme, settings: Settings, site: SiteView) -> bytes:
    html = render_part(theme, "catalog_rows", part.rows)
    return render(theme, "catalog.html", catalog_view(part, html, site, settings))


def catalog_json(summaries: Sequence[Summary], others: Iterable[Diagnostic]) -> bytes:
    """`api/catalog.json`, joined from the JSON objects in the summaries."""
    head = json_api.dumps({"schema_version": json_api.SCHEMA_VERSION, "generator": f"sitegen {VERSION}"})[:-1]
    models, counts = b",".join(summary.entry for summary in summaries), json_api.dumps(severities(summaries, others))
    return head + b',"models":[' + models + b'],"problems":' + counts + b"}"
