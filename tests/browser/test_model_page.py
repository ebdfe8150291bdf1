"""The page of a model in a browser: the fold of a long card, without scripts, and the address to copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support import sites
from tests.support.registries import layout, registered, write

LINES = "\n\n".join(f"Line {number}." for number in range(30))
CARD = f"{LINES}\n\n## Inputs\n\nRooms.\n\n## Evaluation\n\n[The report](https://example.org/report)"
FILES = {"m/README.md": CARD} | layout("m", "1") | registered("rent", {})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a long card, and one of a registry."""
    folder = tmp_path_factory.mktemp("model-page")
    return sites.built(write(folder / "registry", FILES), folder / "site")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Its page, without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}models/m/index.html")
    yield page
    context.close()


def height(page: Page) -> float:
    """The height of the card."""
    box = page.locator("#card .prose").bounding_box()
    assert box
    return box["height"]


def test_a_click_shows_the_whole_card(page: Page) -> None:
    """And another one folds it again."""
    folded = height(page)
    assert 250 < folded < 330
    page.get_by_text("Show the whole card: Inputs, Evaluation").click()
    assert height(page) > 3 * folded
    page.get_by_text("Show less of the card").click()
    assert height(page) == folded


def test_focus_and_print_show_the_whole_card(page: Page) -> None:
    """Nobody tabs to a link that is hidden, and paper has no button."""
    folded = height(page)
    page.get_by_role("link", name="The report").focus()
    assert height(page) > 3 * folded
    page.get_by_role("link", name="The report").blur()
    assert height(page) == folded
    page.emulate_media(media="print")
    assert height(page) > 1.8 * folded  # letters are smaller on paper
    assert not page.get_by_text("Show the whole card").is_visible()


def test_a_button_copies_the_address_of_today(browser: Browser, address: str) -> None:
    """With scripts, and the clipboard's permission."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}models/rent/index.html")
    page.get_by_role("button", name="Copy models:/rent/1").click()
    page.get_by_text("copied", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "models:/rent/1"
    context.close()
