"""The files about all models, made of their summaries alone: catalog, problems, API, feed, sitemap."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from markupsafe import escape

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic
from sitegen.formats.times import iso
from sitegen.settings.settings import Settings
from sitegen.site import json_api
from sitegen.site.charts.scripts import chart_scripts
from sitegen.site.model_pages import Page
from sitegen.site.render import render
from sitegen.site.summary import Summary, severities
from sitegen.site.theme import Theme, asset_name, shipped_folder
from sitegen.site.views import compare as compare_module
from sitegen.site.views.catalog import (
    CatalogPart,
    about_view,
    catalog_parts,
    catalog_path,
    catalog_view,
    not_found_view,
    problems_view,
)
from sitegen.site.views.parts import SiteView
from sitegen.version import VERSION

MOST_FEED = 100
"""Versions in the feed."""

MOST_IN_SITEMAP = 50_000
"""Addresses in one sitemap, as the protocol has it."""

STUDIO = ("numbers", "labels", "fields", "state", "look", "chart", "sentence", "panel")
COMPARE = ("rows", "cells", "growing", "table", "models", "choice", "picker", "verdict", "side")
ASSET_PARTS: dict[str, tuple[str, ...]] = {
    "icon.svg": ("icon.svg",),
    "site.css": ("site.css",),
    "site.js": ("site.js",),
    "model.js": ("model.js",),
    "studio.js": (*(f"studio_{name}.js" for name in STUDIO), "studio.js", "studio_page.js"),
    "compare.js": (*(f"compare_{name}.js" for name in COMPARE), "compare.js"),
}
"""What pages load of our own, and the files that each is joined of, in the order in which they need each other."""


def assets(theme: Theme, settings: Settings) -> tuple[SiteView, list[Page]]:
    """What all pages share, and the style sheets and scripts that they load."""
    data = {name: b"\n".join(map(theme.asset, parts)) for name, parts in ASSET_PARTS.items()} | chart_scripts()
    custom = theme.custom_style()
    if custom:
        data["custom.css"] = custom
    names = {name: asset_name(name, content) for name, content in sorted(data.items())}
    pages = [Page(names[name], names[name].encode(), partial(bytes, content)) for name, content in data.items()]
    return site_view(settings, {"custom.css": "", **names}), pages


def site_view(settings: Settings, assets: dict[str, str]) -> SiteView:
    """What all pages share, where it is known which `assets` they load."""
    return SiteView(
        title=settings.site.title,
        description=settings.site.description,
        version=VERSION,
        assets=assets,
    )


def constants(theme: Theme, settings: Settings, site: SiteView, base: bytes) -> Iterator[Page]:
    """The files that are the same for every registry."""
    path, compare = compare_module.of_models(site, settings)
    yield Page(path, base, partial(render, theme, "compare.html", compare))
    path, about = about_view(site, settings)
    yield Page(path, base, partial(render, theme, "about.html", about))
    for schema in sorted((shipped_folder() / "api").glob("*.json")):
        yield Page(f"api/schema/{schema.name}", base, schema.read_bytes)
    if settings.site.base_url:
        path, missing = not_found_view(site, settings)
        yield Page(path, base, partial(render, theme, "404.html", missing))


def indexes(
    summaries: Sequence[Summary],
    others: Sequence[Diagnostic],
    theme: Theme,
    settings: Settings,
    site: SiteView,
    base: bytes,
    mark: bytes,
) -> Iterator[Page]:
    """The files that are about more than one model; `others` are problems of no model.

    `mark` stands for all summaries and problems, `base` for what all pages share.
    """
    for part in catalog_parts(summaries, others):
        own = fingerprint(base, repr(part._replace(rows=())))
        yield Page(catalog_path(part.number), own, partial(_catalog_page, part, theme, settings, site))
    path, problems = problems_view(summaries, others, site, settings)
    yield Page(path, mark, partial(render, theme, "problems.html", problems))
    yield Page("api/catalog.json", mark, partial(catalog_json, summaries, others))
    yield Page("feed.xml", mark, partial(feed, summaries, settings))


def _catalog_page(part: CatalogPart, theme: Theme, settings: Settings, site: SiteView) -> bytes:
    return render(theme, "catalog.html", catalog_view(part, site, settings))


def catalog_json(summaries: Sequence[Summary], others: Iterable[Diagnostic]) -> bytes:
    """`api/catalog.json`, joined of the models' own objects."""
    head = json_api.dumps({"schema_version": json_api.SCHEMA_VERSION, "generator": f"sitegen {VERSION}"})[:-1]
    models, counts = b",".join(one.entry for one in summaries), json_api.dumps(severities(summaries, others))
    return head + b',"models":[' + models + b'],"problems":' + counts + b"}"


def feed(summaries: Iterable[Summary], settings: Settings) -> bytes:
    """An Atom feed of the newest versions. Its dates are the versions', its ids do not change with the address."""
    entries = sorted((entry for one in summaries for entry in one.feed), key=lambda entry: (-entry[0], entry[3]))
    base, title = settings.site.base_url, xml(settings.site.title)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{title}</title>",
        f"<id>urn:sitegen:{json_api.urn(settings.site.title)}</id>",
        f"<updated>{iso(entries[0][0] if entries else 0)}</updated>",
        f"<author><name>{title}</name></author>",
    ]
    if base:
        lines.append(f'<link href="{escape(base)}"/>')
    for created, name, path, identity, text in entries[:MOST_FEED]:
        url = base + path.removesuffix("index.html") if base else path
        lines += [
            "<entry>",
            f"<title>{xml(name)}</title>",
            f"<id>urn:sitegen:{json_api.urn(identity)}</id>",
            f"<updated>{iso(created)}</updated>",
            f'<link href="{escape(url)}"/>',
            f"<summary>{xml(text)}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""]).encode("utf-8", "replace")


def xml(text: str) -> str:
    """A text inside XML, without what XML cannot hold, not even escaped: control characters and no characters."""
    return str(escape(_NOT_IN_XML.sub("", text)))


_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def sitemap(paths: Iterable[str], base: str) -> Iterator[Page]:
    """The sitemap of all pages, in parts and with an index where one is not enough."""
    pages = [path.removesuffix("index.html") for path in paths if path.endswith("index.html")]
    parts = [pages[start : start + MOST_IN_SITEMAP] for start in range(0, len(pages), MOST_IN_SITEMAP)]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)] if len(parts) > 1 else ["sitemap.xml"]
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for name, part in zip(names, parts, strict=True):
        rows = "\n".join(f"<url><loc>{escape(base + page)}</loc></url>" for page in part)
        yield _file(name, f'<?xml version="1.0" encoding="utf-8"?>\n<urlset {space}>\n{rows}\n</urlset>\n')
    if len(parts) > 1:
        rows = "\n".join(f"<sitemap><loc>{escape(base + name)}</loc></sitemap>" for name in names)
        yield _file(
            "sitemap.xml", f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex {space}>\n{rows}\n</sitemapindex>\n'
        )


def _file(path: str, text: str) -> Page:
    return Page(path, fingerprint(text), text.encode)
