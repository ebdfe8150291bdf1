"""Pages do not move while they load, however late their scripts run."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support import sites
from tests.support.browsers import NOTE_SHIFTS, Tab, served
from tests.support.registries import mlmodel, write

PAGES = {
    "catalog": "index.html",
    "model": "models/diabetes-regression/index.html",
    "version": "models/diabetes-regression/3/index.html",
    "comparison": "models/diabetes-regression/compare/index.html",
}


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_moves_while_a_page_loads(browser: Browser, sample: Path, kind: str) -> None:
    """On a telephone and on a desk, with a slow processor."""
    moved = {}
    with served(sample) as address:
        for width, height in ((412, 823), (1440, 900)):
            tab = Tab(browser, viewport={"width": width, "height": height})
            tab.page.add_init_script(NOTE_SHIFTS)
            tab.context.new_cdp_session(tab.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
            page = tab.open(address + PAGES[kind])
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(500)
            moved[width] = page.evaluate("window.moved")
            tab.close()
    assert moved == {412: [], 1440: []}


LEAST = "() => parseFloat(getComputedStyle(document.querySelector('#models')).minWidth)"


@pytest.mark.parametrize("columns", ["many", "few"])
def test_a_catalog_is_as_wide_before_its_scripts_as_after(
    browser: Browser, sample: Path, tmp_path: Path, columns: str
) -> None:
    """Else a scrollbar comes or goes, which this browser would not show."""
    few = {"m/1/MLmodel": mlmodel(), "m/2/MLmodel": mlmodel()}
    site = sample if columns == "many" else sites.built(write(tmp_path / "registry", few), tmp_path / "site")
    tab = Tab(browser, viewport={"width": 1350, "height": 940})
    tab.page.route("**/catalog-*.js", lambda route: route.abort())
    before = tab.open((site / "index.html").as_uri()).evaluate(LEAST)
    tab.page.unroute("**/catalog-*.js")
    page = tab.open((site / "index.html").as_uri())
    page.wait_for_function("() => document.documentElement.dataset.catalog === 'ready'")
    assert page.evaluate(LEAST) == pytest.approx(before, abs=0.5)
    assert (before > 1000) == (columns == "many")
    tab.close()
