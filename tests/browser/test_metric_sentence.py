"""The sentence about common metrics on the compare page: that of Python's pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from sitegen.domain.model import Model
from sitegen.settings.settings import Settings
from sitegen.site.assets import join_script
from sitegen.site.script_data import model_data
from sitegen.site.theme import load_theme
from sitegen.site.views.context import model_context
from sitegen.site.views.parts import SiteView
from tests.unit.site.test_metric_sentence import CASES, Values, version

SAY = """() => {
  const data = window.sitegenModels.m;
  const columns = data.versions.map((version, place) => ({ data, version, place, number: place }));
  return window.sitegen.metricSentence(window.sitegen.compareRows.blocksOf(columns), 0, 1);
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with the scripts of the compare page."""
    page = browser.new_page()
    page.set_content('<!doctype html><div id="compare"></div>')
    theme = load_theme("")
    for folder in ("common", "studio", "compat", "compare"):
        page.add_script_tag(content=join_script(theme, folder).decode())
    yield page
    page.close()


@pytest.mark.parametrize(("old", "new", "sentence"), CASES.values(), ids=CASES)
def test_the_script_says_what_python_says(page: Page, old: Values, new: Values, sentence: str) -> None:
    model = Model(name="m", kind="registered", versions=(version(old, "1"), version(new, "2")))
    context = model_context(model, "m", Settings(), SiteView("", "", "", {}))
    page.evaluate(model_data(context).decode())
    assert page.evaluate(SAY) == sentence
