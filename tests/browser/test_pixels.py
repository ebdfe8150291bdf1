"""How many pixels an image may have that a browser still shows."""

from pathlib import Path

from playwright.sync_api import Browser

from sitegen.formats.media import MAX_PIXELS
from tests.support.browsers import served
from tests.support.images import whole_png
from tests.support.registries import write

SHOWN = """(name) => new Promise((done) => {
  const image = new Image();
  image.onload = () => done(true);
  image.onerror = () => done(false);
  image.src = name;
})"""


def test_a_browser_shows_so_many_pixels_and_no_more(browser: Browser, tmp_path: Path) -> None:
    """One row decides: that is the measure by which images are refused."""
    width = 2**15
    rows = MAX_PIXELS // width
    write(tmp_path, {f"{height}.png": whole_png(width, height) for height in (rows, rows + 1)} | {"index.html": "x"})
    with served(tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        assert [page.evaluate(SHOWN, f"{height}.png") for height in (rows, rows + 1)] == [True, False]
