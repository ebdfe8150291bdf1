"""Valid HTML, as the W3C's validator sees it: pages as they are built, and as their scripts leave them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_pages import PAGES, odd
from tests.support import sites
from tests.support.browsers import Tab
from tests.support.registries import write
from tests.support.validator import html_errors


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """A folder with the sites of the sample and of models with odd facts."""
    root = tmp_path_factory.mktemp("html")
    (root / "sample").symlink_to(sample)
    sites.built(write(root / "registry", odd()), root / "odd")
    return root


def test_pages_are_valid(folder: Path) -> None:
    """All of them."""
    pages = [page for site in ("sample", "odd") for page in sorted((folder / site).rglob("*.html"))]
    assert len(pages) > 100
    assert html_errors(pages) == []


def test_pages_are_valid_when_their_scripts_have_run(browser: Browser, folder: Path) -> None:
    """The elements that scripts add, too: tables, filters, menus, drawings."""
    tab, made = Tab(browser), []
    for number, place in enumerate(PAGES.values()):
        path, _, state = place.partition("#")
        page = tab.open((folder / path).absolute().as_uri() + (f"#{state}" if state else ""))
        page.wait_for_load_state("networkidle")
        made.append(folder / f"{number}.html")
        made[-1].write_text(page.content(), encoding="utf-8")
    assert tab.complaints() == []
    tab.close()
    assert html_errors(made) == []


def test_the_validator_finds_an_error(tmp_path: Path) -> None:
    """A label on an element that may have none."""
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><title>t</title><pre aria-label="x">y</pre>', encoding="utf-8")
    assert [error.split(": ")[1][:20] for error in html_errors([page])] == ["The “aria-label” att"]
