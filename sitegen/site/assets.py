"""Style sheets and scripts that pages load, joined and hashed by name."""

from functools import partial

from sitegen.settings.settings import Settings
from sitegen.site.charts.scripts import chart_scripts
from sitegen.site.model_pages import Page
from sitegen.site.theme import Theme, asset_name
from sitegen.site.views.parts import SiteView
from sitegen.version import VERSION

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


def asset_pages(theme: Theme, settings: Settings) -> tuple[SiteView, list[Page]]:
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
