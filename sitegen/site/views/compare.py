"""The views of the comparison pages: for versions of one model, and for versions of different models."""

from typing import NamedTuple

from sitegen.settings.settings import Settings
from sitegen.site.views.context import ModelContext, shell
from sitegen.site.views.parts import Link, Shell, SiteView


class CompareView(NamedTuple):
    """The frame of a comparison page; a script fills it. `model` and `slug` are empty on the page for all models."""

    shell: Shell
    model: Link | None
    slug: str


def model_compare_view(context: ModelContext) -> CompareView:
    """The page that compares versions of the model."""
    path = f"models/{context.slug}/compare/index.html"
    title, text = f"{context.model.name} compared", f"Versions of {context.model.name} side by side"
    shell = context.shell(path, title, text)
    return CompareView(shell=shell, model=Link(context.model.name, "../index.html"), slug=context.slug)


def site_compare_view(site: SiteView, settings: Settings) -> tuple[str, CompareView]:
    """The page that compares versions of different models."""
    path = "compare/index.html"
    frame = shell(site, settings, path, "Compare", "Versions of different models side by side", "")
    return path, CompareView(shell=frame, model=None, slug="")
