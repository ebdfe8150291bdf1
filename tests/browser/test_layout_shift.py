"""Pages do not move while they load, however slowly they arrive and however late their scripts run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support import sites
from tests.support.browsers import NOTE_SHIFTS, Tab, launch, served
from tests.support.registries import mlmodel, write

PAGES = {
    "catalog": "index.html",
    "model": "models/diabetes-regression/index.html",
    "version": "models/diabetes-regression/3/index.html",
    "comparison": "models/diabetes-regression/compare/index.html",
    "problems": "problems/index.html",
    "glossary": "about/index.html",
}

WINDOWS = ((412, 823), (768, 1024), (1350, 940))
"""A telephone, a tablet, and a window of a desk, as Lighthouse has it."""


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Browser]:
    """A browser with scrollbars, which may come and go."""
    found = launch(browser.browser_type, ignore_default_args=["--hide-scrollbars"])
    yield found
    found.close()


def moved(browser: Browser, address: str, width: int, height: int) -> Any:
    """What moves while a page loads, with a slow processor."""
    tab = Tab(browser, viewport={"width": width, "height": height})
    tab.page.add_init_script(NOTE_SHIFTS)
    tab.context.new_cdp_session(tab.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page = tab.open(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    found = page.evaluate("window.moved")
    tab.close()
    return found


@pytest.mark.parametrize("slowly", [False, True], ids=["at once", "in pieces"])
@pytest.mark.parametrize("kind", PAGES)
def test_nothing_moves_while_a_page_loads(desk: Browser, sample: Path, kind: str, slowly: bool) -> None:
    with served(sample, slowly) as address:
        found = {width: moved(desk, address + PAGES[kind], width, height) for width, height in WINDOWS}
    assert found == {width: [] for width, _ in WINDOWS}


def test_nothing_moves_in_a_catalog_of_few_columns(desk: Browser, tmp_path: Path) -> None:
    """It needs less room than the others before its scripts run, too."""
    few = {"m/1/MLmodel": mlmodel(), "m/2/MLmodel": mlmodel()}
    site = sites.built(write(tmp_path / "registry", few), tmp_path / "site")
    with served(site) as address:
        found = {width: moved(desk, address, width, height) for width, height in WINDOWS}
    assert found == {width: [] for width, _ in WINDOWS}


LEAST = "() => parseFloat(getComputedStyle(document.querySelector('#models')).minWidth)"


@pytest.mark.parametrize("columns", ["many", "few"])
def test_a_catalog_is_as_wide_before_its_scripts_as_after(
    browser: Browser, sample: Path, tmp_path: Path, columns: str
) -> None:
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
