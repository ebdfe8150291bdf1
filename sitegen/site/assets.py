"""Style sheets and scripts that pages load, joined and hashed by name."""

from functools import partial

from sitegen.settings.settings import Settings
from sitegen.site.charts.scripts import chart_scripts
from sitegen.site.compat_script import compat_rules
from sitegen.site.model_pages import Page
from sitegen.site.theme import Theme, asset_name
from sitegen.site.views.parts import SiteView
from sitegen.version import VERSION

FILES = ("icon.svg", "site.css", "use.css", "catalog.css", "compare.css")
"""Files of `assets/` that are published unchanged."""

SCRIPTS = {
    "site.js": "common",
    "catalog.js": "catalog",
    "model.js": "model",
    "studio.js": "studio",
    "compat.js": "compat",
    "compare.js": "compare",
    "use.js": "use",
    "code.js": "code",
}
"""The scripts that pages load, each joined from the files in one folder of `assets/`."""

ASSET_NAMES = (*FILES, *SCRIPTS)


def asset_pages(theme: Theme, settings: Settings) -> tuple[SiteView, list[Page]]:
    """The view that all pages share, and the style sheets and scripts that they load."""
    data = {name: theme.asset(name) for name in FILES}
    data |= {name: join_script(theme, folder) for name, folder in SCRIPTS.items()} | chart_scripts()
    data["compat.js"] = compat_rules() + data["compat.js"]
    custom = theme.custom_style()
    if custom:
        data["custom.css"] = custom
    names = {name: asset_name(name, content) for name, content in sorted(data.items())}
    pages = [Page(names[name], names[name].encode(), partial(bytes, content)) for name, content in data.items()]
    return site_view(settings, {"custom.css": "", **names}), pages


def join_script(theme: Theme, folder: str) -> bytes:
    """Join the files in a folder of `assets/` to one script, in the order of the names in its `files.txt`."""
    names = theme.asset(f"{folder}/files.txt").decode("utf-8", "replace").split()
    return b"\n".join(theme.asset(f"{folder}/{name}") for name in names)


def site_view(settings: Settings, assets: dict[str, str]) -> SiteView:
    """The view that all pages share; `assets` are the paths of the assets that they load."""
    return SiteView(
        title=settings.site.title,
        description=settings.site.description,
        version=VERSION,
        assets=assets,
    )
