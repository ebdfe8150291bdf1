"""Pages do not move while they load, however late their scripts run."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browsers import NOTE_SHIFTS, Tab, served

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
