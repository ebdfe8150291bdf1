"""Numbers in scripts of pages: the texts that Python's pages have."""

import math
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sitegen.site import display
from sitegen.site.theme import load_theme
from tests.support import numbers

SHOW = """(columns) => columns.map((column) => {
  const { digitsOf, shownNumber } = window.sitegen.numbers, digits = digitsOf(column);
  return column.map((value) => shownNumber(value, digits));
})"""

CHANGES = """(pairs) => pairs.map(([change, column]) => {
  const { digitsOf, shownChange } = window.sitegen.numbers;
  return shownChange(change, digitsOf(column));
})"""


@pytest.fixture
def page(browser: Browser) -> Any:
    """An empty page that has the script."""
    page = browser.new_page()
    page.evaluate("window.sitegen = {}")
    page.add_script_tag(content=load_theme("").asset("common/numbers.js").decode())
    yield page
    page.close()


def data(column: Any) -> list[float | str]:
    """A column as data.js has it: NaN and infinities are texts."""
    named = {math.inf: "Infinity", -math.inf: "-Infinity"}
    return ["NaN" if math.isnan(value) else named.get(value, value) for value in column]


def test_the_examples(page: Page) -> None:
    found = page.evaluate(SHOW, [data(column) for column in numbers.COLUMNS])
    assert dict(zip(numbers.COLUMNS, map(tuple, found), strict=True)) == numbers.COLUMNS


def test_the_examples_of_differences(page: Page) -> None:
    """Pages ask for none where there is no difference."""
    examples = {example: text for example, text in numbers.DIFFERENCES.items() if example[0]}
    found = page.evaluate(CHANGES, [[change, data(column)] for change, column in examples])
    assert dict(zip(examples, found, strict=True)) == examples


@pytest.mark.parametrize("seed", range(3))
def test_any_column(page: Page, seed: int) -> None:
    columns = list(numbers.columns(seed, 2000))
    expected = []
    for column in columns:
        digits = display.digits_of(column)
        expected.append([display.number(value, digits) for value in column])
    assert page.evaluate(SHOW, columns) == expected
