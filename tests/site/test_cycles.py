"""The values of a page are free as soon as it is rendered: builds pause the garbage collector, which is slow."""

import gc

import pytest

from sitegen.core import process
from sitegen.site.assets import ASSET_NAMES
from sitegen.site.model_pages import Page, model_pages, version_pages
from sitegen.site.theme import load_theme
from sitegen.site.views.context import model_context
from sitegen.site.views.parts import SiteView
from tests.support import everywhere

ASSETS = dict.fromkeys((*ASSET_NAMES, "charts.js", "vega.js", "custom.css"), "a")
SITE = SiteView(title="t", description="d", version="1", assets=ASSETS)


def pages() -> list[Page]:
    """The files of a model whose fields all hold something."""
    model, settings = everywhere.model(str), everywhere.settings(str)
    context, theme = model_context(model, "m", settings, SITE), load_theme("")
    return [*version_pages(context, theme, b""), *model_pages(context, theme, b"")]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.path)
def test_rendering_a_page_leaves_no_cycles(page: Page) -> None:
    """Nothing is left for the garbage collector. The first rendering also loads templates."""
    page.make()
    gc.collect()
    with process.pause_gc():
        page.make()
        assert gc.collect() == 0
